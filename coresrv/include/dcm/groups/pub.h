/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DCM_GROUPS_PUB_H
#define DCM_GROUPS_PUB_H

/* Groups of endpoints. As in dcm/dcm_api.h, everything returns rcUnimplemented. */

#include <dcm/dcm_api.h>

__RTL_BEGIN_DECLS

Retcode DcmPublishGroupEndpoints(DcmHandle dcm, const char *group, DcmHandle *pub);
Retcode DcmListenGroupPub(DcmHandle pub, rtl_uint32_t msecs, DcmHandle *connection);

__RTL_END_DECLS

#endif /* DCM_GROUPS_PUB_H */
