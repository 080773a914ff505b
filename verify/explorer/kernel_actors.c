/* SPDX-License-Identifier: Apache-2.0 */

/* The kernel process: rings, deaths, relayed requests. */

#include <string.h>

#include "kx_task_page.h"
#include "stage.h"

static void ring_server(void)
{
	(void)kx_add(&kx_stage->kbell, 1);
	if (kx_load(&kx_stage->karm))
		kx_futex_wake(&kx_stage->kbell);
}

/* D1: the reason first, then the slots that only the dead could move on, then always a wake. */
static void bury_server(void)
{
	for (unsigned i = 0; i < kx_plot.clients; i++) {
		kx_store(&kx_stage->client_state[i], KX_CHANNEL_DEAD);
		kx_fence();
		for (unsigned s = 0; s < KX_CHANNEL_SLOTS; s++) {
			kx_slot_poison(&kx_stage->regions[i]->slots[s]);
			kx_futex_wake(&kx_stage->regions[i]->slots[s].w);
		}
	}
	kx_slot_poison(kx_stage->down);
}

static bool has_work(void *seen)
{
	return kx_sim_next_death(false) >= 0 || kx_stage->kick != *(uint32_t *)seen;
}

void kx_kernel_body(void *context)
{
	uint32_t seen = 0;

	(void)context;
	for (;;) {
		int dead;

		kx_sim_until(has_work, &seen);
		dead = kx_sim_next_death(true);
		if (dead == SERVER_PROCESS) {
			bury_server();
		} else if (dead >= 0) {
			kx_store(&kx_stage->server_state[dead], KX_CHANNEL_DEAD);
			ring_server();
		} else {
			seen = kx_load(&kx_stage->kick);
			ring_server();
		}
	}
}

static uint32_t relayed_text(unsigned call)
{
	return 0x100u * (RELAYED + 1) + call;
}

static bool down_is_over(void *context)
{
	uint32_t state = KX_SLOT_STATE(kx_stage->down->w);

	(void)context;
	return state == KX_SLOT_REPLIED || state == KX_SLOT_POISON;
}

static bool down_is_left(void *context)
{
	uint32_t state = KX_SLOT_STATE(kx_stage->down->w);

	(void)context;
	return state == KX_SLOT_REPLIED || state == KX_SLOT_FREE;
}

static bool down_is_free(void *context)
{
	(void)context;
	return KX_SLOT_STATE(kx_stage->down->w) == KX_SLOT_FREE;
}

/* As give_verdict() of kernel/relay/reply.c; the server then frees the slot. */
static void judge(unsigned call)
{
	struct kx_down_tag *tag = (struct kx_down_tag *)kx_stage->down->tag;

	tag->rc = (int32_t)call + 1;
	if (kx_slot_judge(kx_stage->down, call + 1))
		kx_futex_wake(&kx_stage->down->w);
	kx_sim_until(down_is_free, NULL);
}

/*
 * The caller is gone or waits no longer: as withdraw() of kernel/relay/relay.c and take_orphan()
 * of kernel/relay/reply.c, whichever of them the server's reply comes before.
 */
static void withdraw(unsigned call)
{
	if (kx_slot_cancel(kx_stage->down, call + 1))
		return;
	if (kx_sim_choose(2)) {
		kx_slot_poison(kx_stage->down);
		kx_futex_wake(&kx_stage->down->w);
		ring_server();
	} else {
		(void)kx_slot_abandon(kx_stage->down, call + 1);
	}
	kx_sim_until(down_is_left, NULL);
	if (kx_plot.judged && KX_SLOT_STATE(kx_stage->down->w) == KX_SLOT_REPLIED)
		judge(call);
}

/* False: the server is dead. */
static bool take_reply(unsigned call)
{
	uint32_t text;

	kx_sim_until(down_is_over, NULL);
	if (KX_SLOT_STATE(kx_stage->down->w) == KX_SLOT_POISON)
		return false;
	memcpy(&text, kx_stage->down->bytes, sizeof(text));
	if (text != (relayed_text(call) | 0x80000000u))
		kx_sim_fail("a relayed request got a reply that is not its own");
	if (kx_plot.judged)
		judge(call);
	return true;
}

/* K3: the request is posted and kbell grows before karm is read. */
void kx_relay_body(void *context)
{
	struct kx_down_tag *tag = (struct kx_down_tag *)kx_stage->down->tag;

	(void)context;
	for (unsigned call = 0; call < kx_plot.relayed; call++) {
		uint32_t text = relayed_text(call);

		memcpy(kx_stage->down->bytes, &text, sizeof(text));
		*tag = (struct kx_down_tag){.listener = 1,
					    .flags = kx_plot.judged ? KX_DOWN_JUDGED : 0};
		if (KX_SLOT_STATE(kx_slot_post(kx_stage->down, call + 1, true)) == KX_SLOT_POISON)
			return;
		ring_server();
		if (kx_plot.withdraws && kx_sim_choose(2))
			withdraw(call);
		else if (!take_reply(call))
			return;
	}
}
