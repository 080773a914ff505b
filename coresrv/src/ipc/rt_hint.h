/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_RT_HINT_H
#define KX_RT_HINT_H

/*
 * What a program did wrong and is told by a code alone, said in words on standard
 * error: which process, what, and what to do. Each thing once in a process, in one write, so
 * that a loop does not drown in it. Only where a call fails already; any thread.
 *
 * The write waits while standard error is full. So a hint is given when nobody waits for this
 * thread any more: behind the answer, behind the slot. It is no cancellation point.
 */

#include <coresrv/syscalls.h>
#include <nk/types.h>

#include "rt.h"

#define KX_COLD __attribute__((cold))

enum kx_hint {
	KX_HINT_CONNECT,
	KX_HINT_REGISTER,
	KX_HINT_ENDPOINT,
	KX_HINT_CALL_HANDLE,
	KX_HINT_SERVER_ENDED,
	KX_HINT_RECV_HANDLE,
	KX_HINT_RECV_MESSAGE,
	KX_HINT_REQUEST_ROOM,
	KX_HINT_RESPONSE_ROOM,
	KX_HINT_REQUEST,
	KX_HINT_HANDLER,
	KX_HINT_EXCEPTION,
	KX_HINT_REPLY,
	KX_HINT_ARENA,
	KX_HINT_KINDS,
};

/*
 * "kosix: NAME OF THE PROCESS: what @format makes", once for each @what of a @kind, and of a kind
 * for four: a channel that a program only tries does not hide a misspelt one.
 */
void kx_hint(enum kx_hint kind, uint64_t what, const char *format, ...)
	__attribute__((cold, format(printf, 3, 4)));
uint64_t kx_hint_of_name(const char *name) KX_COLD;
bool kx_hint_given(enum kx_hint kind);

/* Recv got @handle, which names no listener of this process. */
void kx_hint_recv_handle(Handle handle) KX_COLD;
/* Call got @handle, which names no channel of this process. */
void kx_hint_call_handle(Handle handle) KX_COLD;
/* Call over @handle found that its server has ended. */
void kx_hint_server_ended(Handle handle) KX_COLD;
/* A request of @head was larger than what Recv was given, though it is as declared. */
void kx_hint_request_room(const struct kx_class *blob, const struct kx_head *head,
			  uint32_t fixed_size, uint32_t arena_size) KX_COLD;
/* The same for a response of @head to what was @called. */
void kx_hint_response_room(const struct kx_class *blob, const struct kx_head *called,
			   const struct kx_head *head, uint32_t fixed_size,
			   uint32_t arena_size) KX_COLD;
/* The request @out was refused: is it built as declared? */
void kx_hint_request(const struct kx_class *blob, const struct kx_outgoing *out) KX_COLD;
/* The reply @head to @owed was refused; generated code may have left in @res why. */
void kx_hint_reply(const struct kx_owed *owed, const struct kx_head *head,
		   const struct nk_message *res) KX_COLD;

/* Called by kosipc/detail/generated.h: an implementation threw something that carries no code. */
void __kosipc_hint_exception(const char *what) KX_COLD;

/* Called by nk/arena.h, whose own declaration is weak: a definition that saw it would be, too. */
void __nk_hint_arena_full(nk_size_t size, nk_size_t used, nk_size_t room) KX_COLD;

#endif /* KX_RT_HINT_H */
