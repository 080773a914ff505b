/* SPDX-License-Identifier: Apache-2.0 */
#ifndef QCBOR_QCBOR_ENCODE_H
#define QCBOR_QCBOR_ENCODE_H

/* Hand-written security modules include this; what it encodes, nobody reads here. */

#endif /* QCBOR_QCBOR_ENCODE_H */
