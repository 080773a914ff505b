/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DCM_DCM_API_H
#define DCM_DCM_API_H

/*
 * Dynamic connections over the program kl.core.DCM, in C. Not offered: every function
 * returns rcUnimplemented, and nothing has happened. Use kosipc in C++
 * (kosipc/connect_dcm_publication.h), or coresrv/ns/ns_api.h and coresrv/cm/cm_api.h.
 */

#include <handle/handletype.h>
#include <nk/types.h>
#include <rtl/compiler.h>
#include <rtl/if_time.h>
#include <rtl/retcode.h>

typedef Handle DcmHandle;

#define DCM_INVALID_HANDLE INVALID_HANDLE

__RTL_BEGIN_DECLS

Retcode DcmInit(DcmHandle *dcm);
Retcode DcmCloseHandle(DcmHandle handle);

/* Server: offers @endpoint of the interface @type, waits for a client, accepts it. */
Retcode DcmPublishEndpoint(DcmHandle dcm, const char *type, const char *server,
			   const char *endpoint, DcmHandle *pub);
Retcode DcmListen(DcmHandle pub, rtl_uint32_t msecs, DcmHandle *connection);
Retcode DcmAccept(DcmHandle connection, Handle callable);

/* Client: what has been published of the interface @type. */
Retcode DcmReadPubQueue(DcmHandle dcm, const char *type, rtl_uint32_t msecs, DcmHandle *pub);

__RTL_END_DECLS

#endif /* DCM_DCM_API_H */
