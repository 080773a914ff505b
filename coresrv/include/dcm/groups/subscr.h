/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DCM_GROUPS_SUBSCR_H
#define DCM_GROUPS_SUBSCR_H

/* Groups of endpoints. As in dcm/dcm_api.h, everything returns rcUnimplemented. */

#include <dcm/dcm_api.h>

__RTL_BEGIN_DECLS

Retcode DcmSubscribeGroup(DcmHandle dcm, const char *group, DcmHandle *subscription);

__RTL_END_DECLS

#endif /* DCM_GROUPS_SUBSCR_H */
