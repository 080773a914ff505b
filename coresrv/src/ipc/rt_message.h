/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_RT_MESSAGE_H
#define KX_RT_MESSAGE_H

/*
 * Between a program's buffers and a slot, on the path of every call. The program's
 * own memory is believed: a wrong pointer there is its own fault.
 */

#include <coresrv/syscalls.h>
#include <nk/arena.h>
#include <stddef.h>
#include <string.h>

#include "rt.h"

/* Larger than any message may be: a size that only an uninitialised header has. */
#define KX_RT_SIZE_LIMIT (16u << 20)

/* What an SMsgHdr says, in one form. */
struct kx_rt_buffers {
	uint8_t *fixed;
	uint32_t fixed_size;
	uint8_t *arena;
	uint32_t arena_size;
};

/* The message header as programs lay it out (nk_message). */
struct kx_rt_header {
	uint16_t iid;
	uint16_t mid;
	uint32_t ex;
	uint8_t self[16];
};

_Static_assert(sizeof(struct kx_rt_header) == KX_MESSAGE_MIN, "message header resized");
_Static_assert(offsetof(struct kx_rt_header, self) == sizeof(((struct kx_head *)0)->first),
	       "a head begins as a message header does");

static inline void kx_rt_parts(const SMsgHdr *msg, struct kx_rt_buffers *buffers)
{
	if (msg->immSize) {
		buffers->fixed = (uint8_t *)(uintptr_t)msg->imm.payload;
		buffers->fixed_size = msg->immSize;
		buffers->arena = NULL;
		buffers->arena_size = 0;
		return;
	}
	buffers->fixed = msg->indirDescs[0].buf;
	buffers->fixed_size = msg->indirDescs[0].size;
	buffers->arena = msg->indirDescs[1].buf;
	buffers->arena_size = msg->indirDescs[1].buf ? msg->indirDescs[1].size : 0;
}

/*
 * The parts of a message that goes out; rcInvalidArgument (and a head of zeros), rcBufferTooLarge.
 *
 * SUBTLE: each field of the header is fetched by itself, wherever it stands. Programs fill it
 * in field by field right before the call, and a load that is wider than the stores before it
 * waits until all of them have left the store buffer.
 */
static inline Retcode kx_rt_outgoing_parts(const struct kx_rt_buffers *from,
					   struct kx_outgoing *out)
{
	const uint8_t *fixed = from->fixed;
	uint32_t ex;

	if (!fixed || from->fixed_size < KX_MESSAGE_MIN) {
		out->head = (struct kx_head){0};
		return rcInvalidArgument;
	}
	ex = kx_alone32(fixed + offsetof(struct kx_rt_header, ex));
	ex = (ex & ~0x0fffffffu) | (from->fixed_size & 0x0fffffffu);
	out->head.first = kx_head_first(kx_alone16(fixed + offsetof(struct kx_rt_header, iid)),
					kx_alone16(fixed + offsetof(struct kx_rt_header, mid)), ex);
	out->head.arena = from->arena_size;
	out->body = fixed + KX_MESSAGE_MIN;
	out->arena = from->arena;
	return kx_head_fits(&out->head, kx_rt.message_max) ? rcOk : rcBufferTooLarge;
}

/* What goes out; rcInvalidArgument, rcBufferTooLarge. */
static inline Retcode kx_rt_outgoing(const SMsgHdr *msg, struct kx_outgoing *out)
{
	struct kx_rt_buffers buffers;

	if (!msg) {
		out->head = (struct kx_head){0};
		return rcInvalidArgument;
	}
	kx_rt_parts(msg, &buffers);
	return kx_rt_outgoing_parts(&buffers, out);
}

/* The same for a message and an arena as generated code has them; either may be NULL. */
static inline Retcode kx_rt_outgoing_nk(const struct nk_message *message,
					const struct nk_arena *arena, struct kx_outgoing *out)
{
	nk_size_t used = nk_arena_allocated_size(arena);
	struct kx_rt_buffers buffers = {
		.fixed = (uint8_t *)(uintptr_t)message,
		.fixed_size = message ? message->ex.size_ex : 0,
		.arena = used ? arena->start : NULL,
		.arena_size = used > UINT32_MAX ? UINT32_MAX : (uint32_t)used,
	};

	return kx_rt_outgoing_parts(&buffers, out);
}

/* What there is room for; rcInvalidArgument. */
static inline Retcode kx_rt_incoming(const SMsgHdr *msg, struct kx_rt_buffers *in)
{
	if (!msg)
		return rcInvalidArgument;
	kx_rt_parts(msg, in);
	return in->fixed && in->fixed_size >= KX_MESSAGE_MIN ? rcOk : rcInvalidArgument;
}

static inline Retcode kx_rt_incoming_nk(struct nk_message *message, struct nk_arena *arena,
					struct kx_rt_buffers *in)
{
	nk_size_t room = nk_arena_capacity(arena);

	*in = (struct kx_rt_buffers){
		.fixed = (uint8_t *)message,
		.fixed_size = message ? message->ex.size_ex : 0,
		.arena = room ? arena->start : NULL,
		.arena_size = room > UINT32_MAX ? UINT32_MAX : (uint32_t)room,
	};
	return in->fixed_size >= KX_MESSAGE_MIN && in->fixed_size <= KX_RT_SIZE_LIMIT
		       ? rcOk
		       : rcInvalidArgument;
}

/* After the bytes are there: the header's fields but self, and how much came. */
static inline void kx_rt_received(struct kx_rt_buffers *in, const struct kx_head *head)
{
	const size_t self = offsetof(struct kx_rt_header, self);

	memcpy(in->fixed, &head->first, self);
	memset(in->fixed + self, 0, KX_MESSAGE_MIN - self);
	in->fixed_size = KX_EX_SIZE(kx_head_ex(head));
	in->arena_size = head->arena;
}

/* What came, into what said how much room there was. */
static inline void kx_rt_sizes(SMsgHdr *msg, const struct kx_rt_buffers *in)
{
	if (msg->immSize) {
		msg->immSize = in->fixed_size;
		return;
	}
	msg->indirDescs[0].size = in->fixed_size;
	msg->indirDescs[1].size = in->arena_size;
}

static inline void kx_rt_sizes_nk(struct nk_arena *arena, const struct kx_rt_buffers *in)
{
	if (arena)
		arena->current = in->arena ? in->arena + in->arena_size : (uint8_t *)arena->start;
}

/*
 * Copies the message of @slot into @in; @head was fetched from it by kx_message_head(),
 * once, and is what counts. rcOk; nothing was copied: rcInvalidArgument for an impossible
 * head, rcBufferTooSmall.
 */
static inline Retcode kx_rt_copy_out(struct kx_slot *slot, const void *payload, uint32_t max,
				     const struct kx_rt_buffers *in, const struct kx_head *head)
{
	if (!kx_head_fits(head, max))
		return rcInvalidArgument;
	if (KX_EX_SIZE(kx_head_ex(head)) > in->fixed_size || head->arena > in->arena_size)
		return rcBufferTooSmall;
	kx_message_read(slot, payload, head, in->fixed + KX_MESSAGE_MIN, in->arena);
	return rcOk;
}

/* What is refused after it was copied is not left where the program could take it for a message. */
static inline void kx_rt_wipe(const struct kx_rt_buffers *in, const struct kx_head *head)
{
	memset(in->fixed + KX_MESSAGE_MIN, 0, KX_EX_SIZE(kx_head_ex(head)) - KX_MESSAGE_MIN);
	if (head->arena)
		memset(in->arena, 0, head->arena);
}

/*
 * A reply that is only a code: ex is 0 and the code stands in `arena`. Used where
 * a receiver must answer a message it cannot take.
 */
static inline bool kx_rt_is_code(const struct kx_head *head)
{
	return kx_head_ex(head) == 0;
}

#endif /* KX_RT_MESSAGE_H */
