/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "kx_control.h"
#include "rt.h"

static void ring(void *unused)
{
	uint64_t one = 1;
	int state;

	(void)unused;
	/* A thread that is to end must not end here, with its request posted. */
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	(void)!write(KX_FD_BELL, &one, sizeof(one));
	(void)pthread_setcancelstate(state, NULL);
}

void kx_rt_ring_kernel(void)
{
	/* K1 (pairs with K2 in kernel/relay/peer.c): published before, link_arm is read here. */
	if (kx_load(&kx_rt.page->link_arm) != KX_ARM_AWAKE)
		ring(NULL);
}

enum kx_result kx_rt_ask(struct kx_rt_thread *thread)
{
	struct kx_port port = {.arm = &kx_rt.page->link_arm, .ring = ring, .relays = true};
	struct kx_patience patience = {.waiter = &thread->waiter};

	kx_hint_store(&kx_rt_up(thread)->cpu_client, kx_wait_cpu());
	thread->gen = KX_SLOT_NEXT_GEN(thread->gen);
	return kx_client_exchange(kx_rt_up(thread), thread->gen, &port, &patience);
}

static Retcode answer(struct kx_rt_thread *thread, uint32_t args[KX_CALL_ARGS], void *out,
		      uint32_t *out_size)
{
	struct kx_up_tag *tag = kx_rt_up_tag(thread);
	struct kx_head head;

	memcpy(args, tag->args, sizeof(tag->args));
	if (tag->rc != rcOk)
		return tag->rc;
	kx_message_head(kx_rt_up(thread), &head);
	if (!kx_head_fits(&head, kx_rt.message_max) || kx_head_body(&head) != 0)
		return rcInternalError;
	if (!out_size)
		return rcOk;
	if (head.arena > *out_size)
		return rcBufferTooSmall;
	kx_message_read(kx_rt_up(thread), kx_rt_up_payload(thread), &head, out, out);
	*out_size = head.arena;
	return rcOk;
}

static Retcode ask(struct kx_rt_thread *thread, uint32_t op, uint32_t args[KX_CALL_ARGS],
		   const void *in, uint32_t in_size, void *out, uint32_t *out_size)
{
	struct kx_outgoing request = {
		.head = {.ex = KX_EX(KX_MESSAGE_MIN, 0, 0), .arena = in_size},
		.arena = in,
	};
	struct kx_up_tag *tag = kx_rt_up_tag(thread);
	enum kx_result result;

	tag->op = op;
	memcpy(tag->args, args, sizeof(tag->args));
	if (kx_message_write(kx_rt_up(thread), kx_rt_up_payload(thread), kx_rt.message_max,
			     &request) != KX_OK)
		return rcBufferTooLarge;
	result = kx_rt_ask(thread);
	return result == KX_OK ? answer(thread, args, out, out_size) : kx_rt_code(result);
}

Retcode kx_rt_kcall(uint32_t op, uint32_t args[KX_CALL_ARGS], const void *in, uint32_t in_size,
		    void *out, uint32_t *out_size)
{
	struct kx_rt_thread *thread = kx_rt_thread();
	Retcode rc;

	if (!thread)
		return kx_rt_thread_rc();
	if (!kx_rt_begin_asking(thread))
		return rcInvalidThreadState;
	rc = ask(thread, op, args, in, in_size, out, out_size);
	kx_rt_end_asking(thread);
	return rc;
}
