/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_NK_TRANSPORT_KOS_SECURITY_H
#define CORESRV_NK_TRANSPORT_KOS_SECURITY_H

/*
 * The transport for a task's security interface (`security Iface` in its EDL): a
 * proxy over it asks the security module, which decides by the "security" rules of
 * the policy. Granted is NK_EOK, denied NK_EPERM; there is no response to read.
 */

#include <coresrv/nk/transport-kos.h>

typedef struct NkKosSecurityTransport {
	struct nk_transport base;
} NkKosSecurityTransport;

__RTL_BEGIN_DECLS

/* Arguments behind the first are accepted and not used. Returns NK_EOK. Does not block. */
nk_err_t NkKosSecurityTransport_Init(NkKosSecurityTransport *transport, ...);

/* The transport may not be used afterwards. */
void NkKosSecurityTransport_Deinit(NkKosSecurityTransport *transport);

__RTL_END_DECLS

#endif /* CORESRV_NK_TRANSPORT_KOS_SECURITY_H */
