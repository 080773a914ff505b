/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Between a program's buffers and a slot. The program's own memory is believed:
 * a wrong pointer there is its own fault.
 */

#include <coresrv/syscalls.h>
#include <string.h>
#include <time.h>

#include "rt.h"

/* The message header as programs lay it out (nk_message). */
struct header {
	uint16_t iid;
	uint16_t mid;
	uint32_t ex;
	uint8_t self[16];
};

_Static_assert(sizeof(struct header) == KX_MESSAGE_MIN, "message header resized");

static void parts(const SMsgHdr *msg, struct kx_rt_buffers *buffers)
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

Retcode kx_rt_outgoing(const SMsgHdr *msg, struct kx_outgoing *out)
{
	struct kx_rt_buffers buffers;
	struct header header;

	if (!msg)
		return rcInvalidArgument;
	parts(msg, &buffers);
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

Retcode kx_rt_incoming(SMsgHdr *msg, struct kx_rt_buffers *in)
{
	if (!msg)
		return rcInvalidArgument;
	parts(msg, in);
	return in->fixed && in->fixed_size >= KX_MESSAGE_MIN ? rcOk : rcInvalidArgument;
}

void kx_rt_received(SMsgHdr *msg, const struct kx_rt_buffers *in, const struct kx_head *head)
{
	struct header header = {.iid = head->iid, .mid = head->mid, .ex = head->ex};

	memcpy(in->fixed, &header, sizeof(header));
	if (msg->immSize) {
		msg->immSize = KX_EX_SIZE(head->ex);
		return;
	}
	msg->indirDescs[0].size = KX_EX_SIZE(head->ex);
	msg->indirDescs[1].size = head->arena;
}

Retcode kx_rt_copy_out(struct kx_slot *slot, const void *payload, uint32_t max,
		       const struct kx_rt_buffers *in, struct kx_head *head)
{
	kx_message_head(slot, head);
	if (!kx_head_fits(head, max))
		return rcInvalidArgument;
	if (KX_EX_SIZE(head->ex) > in->fixed_size || head->arena > in->arena_size)
		return rcBufferTooSmall;
	kx_message_read(slot, payload, head, in->fixed + KX_MESSAGE_MIN, in->arena);
	return rcOk;
}

const struct timespec *kx_rt_deadline(uint32_t mdelay, struct timespec *deadline)
{
	if (mdelay == INFINITE_TIMEOUT)
		return NULL;
	(void)clock_gettime(CLOCK_MONOTONIC, deadline);
	deadline->tv_sec += mdelay / 1000;
	deadline->tv_nsec += (long)(mdelay % 1000) * 1000000;
	if (deadline->tv_nsec >= 1000000000) {
		deadline->tv_nsec -= 1000000000;
		deadline->tv_sec++;
	}
	return deadline;
}

Retcode kx_rt_code(enum kx_result result)
{
	switch (result) {
	case KX_OK:
		return rcOk;
	case KX_EINVAL:
		return rcInvalidArgument;
	case KX_EAGAIN:
		return rcBusy;
	case KX_EPROTO:
	case KX_EPEER:
		return rcNotConnected;
	case KX_ENOMEM:
		return rcOutOfMemory;
	case KX_ETIME:
		return rcTimeout;
	case KX_EINTERRUPT:
		return rcIpcInterrupt;
	case KX_ESPACE:
		return rcBufferTooSmall;
	}
	return rcInternalError;
}
