/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_NK_TRANSPORT_KOS_H
#define CORESRV_NK_TRANSPORT_KOS_H

/*
 * The transport of generated proxies and servers over Call, Recv and Reply.
 *
 * A client transport keeps no state of a call: threads may share it. A server
 * transport remembers whom to answer: one per thread. Source: CE 1.1, 1.2
 * "Transport code"; layout as in CE 1.2.
 */

#include <coresrv/syscalls.h>
#include <coresrv/time/time_api.h>
#include <handle/handletype.h>
#include <nk/arena.h>
#include <nk/assert.h>
#include <nk/errno.h>
#include <nk/transport.h>
#include <nk/types.h>
#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stdbool.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>
#include <services/rtl/nk_msg.h>
#include <thread/tidtype.h>

typedef struct NkKosTransport {
	struct nk_transport base;
	Handle handle;       /* client handle, or listener handle */
	Handle reply_handle; /* server: of the request to be answered */
	Tid thread;          /* server: which request; 0 none, see NkKosTransport_Init() */
	rtl_uint32_t recvTimeout;
	rtl_uint32_t callTimeout;
	Handle callSyncHandle;
	Handle recvSyncHandle;
} NkKosTransport;

__RTL_BEGIN_DECLS

/*
 * Binds @transport to @handle. @buffer and @size are not used (pass NK_NULL, 0).
 *
 * After NK_EPERM of nk_transport_reply() over it @thread says what has happened. 0: the policy
 * denied the answer, and the request is ended. Else @reply_handle is none to reply with
 * (OCAP_IPC_REPLY): nothing was sent, the client still waits; set one that is, and reply again.
 */
void NkKosTransport_Init(NkKosTransport *transport, Handle handle, void *buffer, nk_size_t size);

/* The same, with interrupt objects (coresrv/ipc/ipc_api.h) for Call and for Recv. */
void NkKosTransportSync_Init(NkKosTransport *transport, Handle handle, Handle callSyncHandle,
			     Handle recvSyncHandle);

/* Milliseconds, or INFINITE_TIMEOUT (the initial value of both). */
void NkKosSetTransportTimeouts(NkKosTransport *transport, rtl_uint32_t callTimeout,
			       rtl_uint32_t recvTimeout);

/* Stores @string with its zero in @arena; NK_ENOMEM when it does not fit. */
nk_err_t NkKosCopyStringToArena(struct nk_arena *arena, nk_ptr_t *field, const char *string);

/*
 * What a Retcode is called in nk's world: rcOk NK_EOK, rcSecurityDisallow
 * NK_EPERM, rcNotConnected NK_ENOTCONN, rcOutOfMemory NK_ENOMEM,
 * rcInvalidArgument NK_EINVAL, rcResourceNotFound NK_ENOENT, rcBusy, rcTimeout
 * and rcIpcInterrupt NK_EAGAIN, anything else NK_EBADMSG.
 */
nk_err_t KosRetcodeToNkError(Retcode rc);

__RTL_END_DECLS

#endif /* CORESRV_NK_TRANSPORT_KOS_H */
