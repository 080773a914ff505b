/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_RT_MESSAGE_H
#define KX_RT_MESSAGE_H

/*
 * Between a program's buffers and a slot, on the path of every call. The program's
 * own memory is believed: a wrong pointer there is its own fault.
 */

#include <coresrv/syscalls.h>
#include <string.h>

#include "rt.h"

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

/* What goes out; rcInvalidArgument, rcBufferTooLarge. */
static inline Retcode kx_rt_outgoing(const SMsgHdr *msg, struct kx_outgoing *out)
{
	struct kx_rt_buffers buffers;
	struct kx_rt_header header;

	if (!msg)
		return rcInvalidArgument;
	kx_rt_parts(msg, &buffers);
	if (!buffers.fixed || buffers.fixed_size < KX_MESSAGE_MIN)
		return rcInvalidArgument;
	memcpy(&header, buffers.fixed, sizeof(header));
	out->head.iid = header.iid;
	out->head.mid = header.mid;
	out->head.ex = (header.ex & ~0x0fffffffu) | (buffers.fixed_size & 0x0fffffffu);
	out->head.arena = buffers.arena_size;
	out->body = buffers.fixed + KX_MESSAGE_MIN;
	out->arena = buffers.arena;
	return kx_head_fits(&out->head, kx_rt.message_max) ? rcOk : rcBufferTooLarge;
}

/* What there is room for; rcInvalidArgument. */
static inline Retcode kx_rt_incoming(SMsgHdr *msg, struct kx_rt_buffers *in)
{
	if (!msg)
		return rcInvalidArgument;
	kx_rt_parts(msg, in);
	return in->fixed && in->fixed_size >= KX_MESSAGE_MIN ? rcOk : rcInvalidArgument;
}

/* After the bytes are there: sizes, and the header's fields but self. */
static inline void kx_rt_received(SMsgHdr *msg, const struct kx_rt_buffers *in,
				  const struct kx_head *head)
{
	struct kx_rt_header header = {.iid = head->iid, .mid = head->mid, .ex = head->ex};

	memcpy(in->fixed, &header, sizeof(header));
	if (msg->immSize) {
		msg->immSize = KX_EX_SIZE(head->ex);
		return;
	}
	msg->indirDescs[0].size = KX_EX_SIZE(head->ex);
	msg->indirDescs[1].size = head->arena;
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
	if (KX_EX_SIZE(head->ex) > in->fixed_size || head->arena > in->arena_size)
		return rcBufferTooSmall;
	kx_message_read(slot, payload, head, in->fixed + KX_MESSAGE_MIN, in->arena);
	return rcOk;
}

/* What is refused after it was copied is not left where the program could take it for a message. */
static inline void kx_rt_wipe(const struct kx_rt_buffers *in, const struct kx_head *head)
{
	memset(in->fixed + KX_MESSAGE_MIN, 0, KX_EX_SIZE(head->ex) - KX_MESSAGE_MIN);
	if (head->arena)
		memset(in->arena, 0, head->arena);
}

/*
 * A reply that is only a code: ex is 0 and the code stands in `arena`. Used where
 * a receiver must answer a message it cannot take.
 */
static inline bool kx_rt_is_code(const struct kx_head *head)
{
	return head->ex == 0;
}

#endif /* KX_RT_MESSAGE_H */
