/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_DCM_DCM_API_H
#define CORESRV_DCM_DCM_API_H

/* The same under its CE 1.4 name. */

#include <dcm/dcm_api.h>

#endif /* CORESRV_DCM_DCM_API_H */
