/* SPDX-License-Identifier: Apache-2.0 */

/* The server's threads and the kernel process. */

#include <string.h>

#include "kx_task_page.h"
#include "stage.h"

/* Who asks, and the how manieth request it is; false: not one of the honest ones. */
static bool read_request(const struct kx_taken *taken, unsigned *client, unsigned *call)
{
	uint32_t text;

	memcpy(&text, taken->slot->bytes, sizeof(text));
	if (text < 0x100u || text >= 0x100u * (KX_STAGE_CHANNELS + 2))
		return false;
	*client = text / 0x100u - 1;
	*call = text % 0x100u;
	if (taken->end && *client != taken->end->channel) {
		kx_sim_fail("a request came by another client's channel");
		return false;
	}
	return *call < KX_STAGE_CALLS;
}

static bool other_is_served(void *context)
{
	(void)context;
	return kx_stage->served[1][kx_plot.rounds - 1] != 0;
}

static void handle(const struct kx_taken *taken)
{
	unsigned client;
	unsigned call;
	uint32_t text;

	if (!read_request(taken, &client, &call))
		return;
	kx_sim_note("serves client", client);
	kx_stage->grown = 1;
	if (kx_stage->served[client][call]++)
		kx_sim_fail("a request was served twice");
	if (kx_plot.busy && client == 0 && call + 1 == kx_plot.rounds)
		kx_sim_until(other_is_served, NULL);
	memcpy(&text, taken->slot->bytes, sizeof(text));
	text |= 0x80000000u;
	memcpy(taken->slot->bytes, &text, sizeof(text));
}

/* The owner's mark goes first: once the reply is out, the slot may be posted again. */
static void answer(struct kx_taken *taken)
{
	bool wake = false;
	enum kx_result rc;

	kx_inbox_release(taken);
	rc = kx_slot_reply(taken->slot, taken->gen, &wake);
	if (rc == KX_OK && wake)
		kx_futex_wake(&taken->slot->w);
	if (rc == KX_EPROTO && !(kx_plot.hostile && taken->end && taken->end->channel == 0))
		kx_sim_fail("the server takes an honest client for a hostile one");
}

static bool has_grown(void *context)
{
	(void)context;
	return kx_stage->grown;
}

void kx_server_body(void *context)
{
	bool interruptible = (uintptr_t)context == 0 && kx_plot.interrupt_server;
	const struct kx_receive_patience patience = {
		.interrupt = interruptible ? &kx_stage->interrupt_server : NULL,
	};

	if (kx_plot.grows && (uintptr_t)context != 0)
		kx_sim_until(has_grown, NULL);
	for (;;) {
		struct kx_taken taken = {0};
		enum kx_result rc;

		if (kx_plot.busy)
			kx_sim_rest();
		rc = kx_inbox_receive(&kx_stage->inbox, &patience, &taken);

		if (rc == KX_EINTERRUPT && interruptible)
			return;
		if (rc != KX_OK) {
			kx_sim_fail("a server's wait ended without a request");
			return;
		}
		handle(&taken);
		answer(&taken);
	}
}

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

static bool down_is_over(void *context)
{
	uint32_t state = KX_SLOT_STATE(kx_stage->down->w);

	(void)context;
	return state == KX_SLOT_REPLIED || state == KX_SLOT_POISON;
}

/* K3: the request is posted and kbell grows before karm is read. */
void kx_relay_body(void *context)
{
	struct kx_down_tag *tag = (struct kx_down_tag *)kx_stage->down->tag;

	(void)context;
	for (unsigned call = 0; call < kx_plot.relayed; call++) {
		uint32_t text = 0x100u * (RELAYED + 1) + call;

		memcpy(kx_stage->down->bytes, &text, sizeof(text));
		tag->listener = 1;
		if (KX_SLOT_STATE(kx_slot_post(kx_stage->down, call + 1, true)) == KX_SLOT_POISON)
			return;
		ring_server();
		kx_sim_until(down_is_over, NULL);
		if (KX_SLOT_STATE(kx_stage->down->w) == KX_SLOT_POISON)
			return;
		memcpy(&text, kx_stage->down->bytes, sizeof(text));
		if (text != ((0x100u * (RELAYED + 1) + call) | 0x80000000u))
			kx_sim_fail("a relayed request got a reply that is not its own");
	}
}
