/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_HANDLE_HANDLE_API_H
#define CORESRV_HANDLE_HANDLE_API_H

/*
 * Handles: making, copying, closing, revoking. Source: CE 1.1, 1.2 "Managing
 * handles". Every call asks the kernel process, is judged by the policy
 * (kl.core.Core, kl.core.Handle), is thread-safe, and blocks only for that.
 *
 * Codes that all of them may return, with nothing done: rcInvalidArgument (no
 * such handle, NULL), rcHandleRevoked, rcSecurityDisallow (policy, or the handle
 * lacks the right), rcQuotaExceeded (4,096 handles per process), rcOutOfMemory,
 * rcNotReady (not started as an entity).
 */

#include <handle/handletype.h>
#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stdbool.h>
#include <rtl/stdint.h>
#include <services/ocap.h>

__RTL_BEGIN_DECLS

/*
 * A new user resource; its root handle. @type: HANDLE_TYPE_USER_FIRST to _LAST,
 * without effect. @context comes back as the badge when a descendant is sent to
 * this process (nk_get_badge_op).
 */
Retcode KnHandleCreateUserObject(rtl_uint32_t type, rtl_uint32_t rights, void *context,
				 Handle *handle);

/*
 * The same, bound to the server or listener handle @ipcChannel and the endpoint
 * @riid: who receives it with OCAP_IPC_CALL can use it in Call.
 */
Retcode KnHandleCreateUserObjectEx(rtl_uint32_t type, rtl_uint32_t rights, void *context,
				   Handle ipcChannel, rtl_uint32_t riid, Handle *handle);

/*
 * Makes a channel whose both ends are this process's. @listener: needs OCAP_IPC_ATTACH;
 * INVALID_HANDLE: a new listener. Results may be NULL where they are not wanted.
 */
Retcode KnHandleConnect(Handle listener, Handle *outListener, Handle *outServer, Handle *outClient);

/*
 * The same between two processes, of which one may be the caller (INVALID_HANDLE) and who
 * else takes part does not run yet; task handles are those of KosTaskGetHandle(). The
 * channel has no name: the results are handles of those processes, who must be told, by an
 * argument for instance. @listener is one of the server's, and needs OCAP_IPC_ATTACH.
 * Also rcInvalidOperation: one of them runs; rcInvalidArgument also: both are the caller.
 */
Retcode KnHandleConnectEx(Handle serverTask, Handle listener, Handle clientTask,
			  Handle *outListener, Handle *outServer, Handle *outClient);

/*
 * Frees the handle; descendants stay valid and move up to its parent. Whoever waits in Recv
 * on it gets rcInvalidArgument. Of an IPC synchronisation object (coresrv/ipc/ipc_api.h) it
 * ends the waits with rcIpcInterrupt, and neither kernel process nor policy is asked.
 */
Retcode KnHandleClose(Handle handle);

/* Closes the handle and makes every descendant, in any process, answer rcHandleRevoked. */
Retcode KnHandleRevoke(Handle handle);

/* CE 1.4: with @close as KnHandleRevoke(); without it the handle itself stays. */
Retcode KnHandleRevokeEx(Handle handle, rtl_bool close);

/* Revokes only what was sent or copied with the transfer context @badge. */
Retcode KnHandleRevokeSubtree(Handle handle, Handle badge);

/*
 * A descendant in this process with no more than @newRights; needs OCAP_HANDLE_COPY.
 * @copyBadge: the transfer context that it is made with, for KnHandleRevokeSubtree() and the
 * events of KnHandleCreateBadge(); INVALID_HANDLE: none.
 */
Retcode KnHandleCopy(Handle inHandle, rtl_uint32_t newRights, Handle copyBadge, Handle *outHandle);

/* The resource's security ID; needs OCAP_HANDLE_GET_SID. */
Retcode KnHandleGetSidByHandle(Handle handle, rtl_uint32_t *sid);

/*
 * Makes a resource-transfer context: an object to name when a handle is sent, so
 * that @notice learns under @eventId when all that was sent with it is closed or
 * revoked (EVENT_OBJECT_DESTROYED) and when @handle is closed (EVENT_BADGE_CLOSED).
 * Returns rcOk, rcInvalidArgument, rcResourceNotFound (@notice was dropped),
 * rcOutOfMemory, rcQuotaExceeded.
 */
Retcode KnHandleCreateBadge(Notice notice, rtl_uintptr_t eventId, void *context, Handle *handle);

/* What NkKosSecurityTransport_Init() does without them. Not offered: rcUnimplemented. */
Retcode KnHandleSecurityConnect(Handle handle, Handle *outHandle);
Retcode KnHandleSecurityDisconnect(Handle handle);

__RTL_END_DECLS

#endif /* CORESRV_HANDLE_HANDLE_API_H */
