/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KSS_SECURITY_GEN_API_H
#define KSS_SECURITY_GEN_API_H

/* What generated security modules use beside kss/kss.h; here they have their own. */

#include <kss/kss.h>

#endif /* KSS_SECURITY_GEN_API_H */
