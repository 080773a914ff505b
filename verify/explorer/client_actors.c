/* SPDX-License-Identifier: Apache-2.0 */

/* Clients: an honest one, a hostile one, and who interrupts. */

#include <string.h>

#include "kx_task_page.h"
#include "stage.h"

/* What a request says, and what its reply must say. */
static uint32_t request_text(unsigned client, unsigned call)
{
	return 0x100u * (client + 1) + call;
}

static void ask_kernel(void *context)
{
	(void)context;
	(void)kx_add(&kx_stage->kick, 1);
}

static void check_reply(const struct kx_slot *slot, unsigned client, unsigned call)
{
	uint32_t text;

	memcpy(&text, slot->bytes, sizeof(text));
	if (text != (request_text(client, call) | 0x80000000u))
		kx_sim_fail("a client got a reply that is not its own");
	if (kx_stage->served[client][call] != 1)
		kx_sim_fail("a client got a reply to a request that was not served once");
}

static void check_given_up(unsigned client, unsigned call, const struct kx_patience *patience)
{
	if (!patience->abandoned && kx_stage->served[client][call])
		kx_sim_fail("a request was taken back and served all the same");
}

/* True: go on calling. */
static bool check(unsigned client, unsigned call, struct kx_slot *slot, enum kx_result rc,
		  const struct kx_patience *patience)
{
	switch (rc) {
	case KX_OK:
		check_reply(slot, client, call);
		return true;
	case KX_EPEER:
		if (!kx_sim_dead(SERVER_PROCESS))
			kx_sim_fail("a client is told that a living server is dead");
		return false;
	case KX_ETIME:
		if (!patience->deadline)
			kx_sim_fail("a client without a deadline timed out");
		check_given_up(client, call, patience);
		return true;
	case KX_EINTERRUPT:
		if (!patience->interrupt)
			kx_sim_fail("a client that nobody interrupts was interrupted");
		check_given_up(client, call, patience);
		return true;
	default:
		kx_sim_fail("an honest client saw a protocol violation");
		return false;
	}
}

/* A slot whose last request was abandoned stays out of use until the server frees it. */
static unsigned free_slot(const bool abandoned[KX_CHANNEL_SLOTS], struct kx_slot *slots)
{
	for (unsigned i = 0; i < KX_CHANNEL_SLOTS; i++)
		if (!abandoned[i] || KX_SLOT_STATE(kx_load(&slots[i].w)) == KX_SLOT_FREE)
			return i;
	return KX_CHANNEL_SLOTS;
}

void kx_client_body(void *context)
{
	static const struct timespec soon = {.tv_sec = 1};
	unsigned client = (unsigned)(uintptr_t)context;
	struct kx_channel_region *region = kx_stage->regions[client];
	bool abandoned[KX_CHANNEL_SLOTS] = {false};
	const struct kx_port port = {
		.arm = &region->arm,
		.bell = &region->bell,
		.state = &kx_stage->client_state[client],
		.alive = KX_CHANNEL_DIRECT,
		.ring = ask_kernel,
	};
	struct kx_waiter waiter = {0};

	kx_stage_begin();
	for (unsigned call = 0; call < kx_plot.rounds; call++) {
		struct kx_patience patience = {
			.waiter = &waiter,
			.deadline = client == 0 && kx_plot.deadline ? &soon : NULL,
			.interrupt = client == 0 && kx_plot.interrupt ? &kx_stage->interrupt : NULL,
			.may_abandon = kx_plot.may_abandon,
		};
		unsigned index = free_slot(abandoned, region->slots);
		struct kx_slot *slot = &region->slots[index];
		uint32_t text = request_text(client, call);
		enum kx_result rc;

		if (index == KX_CHANNEL_SLOTS)
			return; /* all abandoned: a real client would wait for a free one */
		memcpy(slot->bytes, &text, sizeof(text));
		rc = kx_client_exchange(slot, ++kx_stage->gen[client][index], &port, &patience);
		abandoned[index] = patience.abandoned;
		kx_sim_note("result", (uint32_t)-rc);
		if (!check(client, call, slot, rc, &patience))
			return;
	}
}

/* Anything on any word of its own region, woken or not. */
void kx_hostile_body(void *context)
{
	struct kx_channel_region *region = kx_stage->regions[0];
	kx_word *const words[] = {&region->slots[0].w, &region->arm, &region->bell};
	static const uint32_t values[] = {
		0,
		KX_SLOT_WORD(1, KX_SLOT_POSTED),
		KX_SLOT_WORD(1, KX_SLOT_TAKEN) | KX_SLOT_SLEEP,
		KX_SLOT_WORD(1, KX_SLOT_ABANDONED),
		KX_SLOT_WORD(2, KX_SLOT_POSTED) | KX_SLOT_SLEEP,
		UINT32_MAX,
	};

	(void)context;
	kx_stage_begin();
	for (unsigned i = 0; i < kx_plot.hostile; i++) {
		unsigned word = kx_sim_choose(3);
		unsigned value = kx_sim_choose(sizeof(values) / sizeof(values[0]));

		kx_situation(KX_SEEN_HOSTILE);
		(void)kx_exchange(words[word], values[value]);
		if (word == 2 && kx_sim_choose(2))
			kx_futex_wake(&region->bell);
	}
}

/* Stores the reason, then wakes whoever sleeps on it. */
void kx_interrupter_body(void *context)
{
	kx_word *word = kx_plot.interrupt ? &kx_stage->interrupt : &kx_stage->interrupt_server;

	(void)context;
	kx_store(word, 1);
	kx_futex_wake(word);
}
