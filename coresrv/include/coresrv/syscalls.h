/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_SYSCALLS_H
#define CORESRV_SYSCALLS_H

/*
 * Call, Recv, Reply: the three system calls that processes talk with.
 *
 *   client                         server
 *   Call(client handle, ...)  -->  Recv(listener handle, ...)
 *        blocked                   serves the request
 *   Call returns              <--  Reply(listener handle, ...)
 *
 * Every request and every response is judged by the security module; a message
 * that it denies never arrives. Which code comes when, and what is decided here
 * where KasperskyOS's documentation is silent: docs/ipc-semantics.md.
 *
 * All calls may be made by any thread, and by several on one handle at a time.
 * POSIX signals do not interrupt them. In a signal handler only if that interrupted none of them
 * in its thread: else, and from then on in a thread that left one by longjmp, all of them, and
 * what asks the kernel, return rcInvalidThreadState, and nothing was done [our decision].
 * Source of the semantics: CE 1.1 "Call", "Recv", "Reply"; CE 1.2 "libkos
 * syscalls" for the Ex forms.
 */

#include <ipc/if_rend.h>
#include <rtl/compiler.h>
#include <rtl/if_time.h>
#include <rtl/retcode.h>
#include <rtl/stdint.h>

__RTL_BEGIN_DECLS

/*
 * Sends the request @msgOut and waits for the response in @msgIn.
 *
 * @handle  client handle of a channel, or a callable handle
 *
 * Returns rcOk, or, with @msgIn's bytes undefined:
 *   rcInvalidArgument    no such handle, NULL, or the request or the response is not
 *                        built as its declaration says; a bad request was not delivered
 *   rcSecurityDisallow   the policy denied the request (the server did not see it) or
 *                        the response (it did), or the handle lacks OCAP_IPC_CALL
 *   rcNotConnected       the server's end of the channel is closed, or the server
 *                        ended before it answered; the request may have been served
 *   rcHandleRevoked      the handle was revoked
 *   rcBufferTooSmall     the request does not fit the server's buffers (not served) or
 *                        the response does not fit @msgIn (served)
 *   rcBufferTooLarge     request over the message limit; nothing was sent
 *   rcOutOfMemory        nothing was sent
 *   rcQuotaExceeded      more than 256 threads of this process call, or the server's table of
 *                        handles is full, or too many long requests wait: not served
 *   rcNotReady           this program was not started as an entity
 *
 * Handles in a request that fails before the server has received it stay with the caller.
 * Blocks until the server answers or is gone, also before the server's first Recv.
 */
Retcode Call(Handle handle, const SMsgHdr *msgOut, SMsgHdr *msgIn);

/*
 * Call with an end: @mdelay in milliseconds (INFINITE_TIMEOUT: none), @syncHandle
 * an IPC synchronisation object (coresrv/ipc/ipc_api.h) or INVALID_HANDLE.
 *
 * Returns as Call(), or:
 *   rcTimeout        @mdelay passed. The request was taken back if the server had not
 *                    received it; otherwise its late reply is dropped
 *   rcIpcInterrupt   @syncHandle was set before the server received the request
 */
Retcode CallEx(Handle handle, const SMsgHdr *msgOut, SMsgHdr *msgIn, rtl_uint32_t mdelay,
	       Handle syncHandle);

/*
 * Waits for a request on @handle, a listener or server handle. Fills @msgIn's
 * buffers, replyHandle, sender and threadId.
 *
 * Returns rcOk, or, with no request taken:
 *   rcInvalidArgument   no such handle, not a listener, NULL, or room for less than a header
 *   rcSecurityDisallow  the handle lacks OCAP_IPC_RECV
 *   rcHandleRevoked     revoked, also while waiting
 *   rcQuotaExceeded     more than 256 threads of this process use such calls
 *   rcOutOfMemory       at the first use of @handle
 *   rcNotReady          this program was not started as an entity
 *
 * A request that does not fit the buffers ends its caller's Call with
 * rcBufferTooSmall; the wait goes on. Without clients it goes on for ever.
 */
Retcode Recv(Handle handle, SMsgHdr *msgIn);

/* Recv with an end: rcTimeout after @mdelay ms, rcIpcInterrupt when @syncHandle is set. */
Retcode RecvEx(Handle handle, SMsgHdr *msgIn, rtl_uint32_t mdelay, Handle syncHandle);

/*
 * Answers a request received on @handle: the one named by @msgOut->threadId, or if
 * that is 0 the one this thread received last on it, else the oldest unanswered.
 * Any thread may answer. Does not wait for the client.
 *
 * Returns rcOk, or:
 *   rcInvalidOperation   there is no such unanswered request; nothing was done
 *   rcInvalidArgument    no such handle, NULL, or the response is not built as
 *                        declared; in the last case the client's Call ends so too
 *   rcSecurityDisallow   the policy denied the response, and so ends the client's Call; or
 *                        the handle lacks OCAP_IPC_REPLY, and the request is still to be answered
 *   rcNotConnected       the client is gone or gave up; the response was dropped
 *   rcHandleRevoked      the handle was revoked; nothing was done
 *   rcQuotaExceeded      more than 256 threads of this process use such calls
 *   rcOutOfMemory        nothing was done
 *   rcNotReady           this program was not started as an entity
 */
Retcode Reply(Handle handle, const SMsgHdr *msgOut);

__RTL_END_DECLS

#endif /* CORESRV_SYSCALLS_H */
