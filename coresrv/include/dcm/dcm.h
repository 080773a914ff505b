/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DCM_DCM_H
#define DCM_DCM_H

/* The same under its other name. */

#include <dcm/dcm_api.h>

#endif /* DCM_DCM_H */
