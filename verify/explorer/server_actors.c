/* SPDX-License-Identifier: Apache-2.0 */

/* The server's threads. */

#include <string.h>

#include "kx_task_page.h"
#include "stage.h"
#include "verdict.h"

/* Who asks, and the how manieth request it is; false: not one of the honest ones. */
static bool read_request(const struct kx_taken *taken, unsigned *client, unsigned *call)
{
	uint32_t text;

	memcpy(&text, taken->slot->bytes, sizeof(text));
	/* What handle() leaves there: who posts again writes a request over it. */
	if ((text & 0x80000000u) && !(kx_plot.hostile && taken->end && taken->end->channel == 0))
		kx_sim_fail("a request was served twice");
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
	if (!taken->end)
		kx_situation(KX_SEEN_RELAY);
	kx_stage->grown = 1;
	if (kx_stage->served[client][call]++)
		kx_sim_fail("a request was served twice");
	if (kx_plot.busy && client == 0 && call + 1 == kx_plot.rounds)
		kx_sim_until(other_is_served, NULL);
	memcpy(&text, taken->slot->bytes, sizeof(text));
	text |= 0x80000000u;
	memcpy(taken->slot->bytes, &text, sizeof(text));
}

/* As publish_locked() and await_verdict() of coresrv/src/ipc/rt_recv.c. */
static void leave_down_slot(struct kx_taken *taken, enum kx_result rc)
{
	const struct kx_down_tag *tag = (const struct kx_down_tag *)taken->slot->tag;
	uint32_t poison = KX_SLOT_WORD(taken->gen, KX_SLOT_POISON);

	if (rc == KX_EPEER)
		(void)kx_cas(&taken->slot->w, &poison, KX_SLOT_WORD(taken->gen, KX_SLOT_FREE));
	if (rc == KX_OK && (tag->flags & KX_DOWN_JUDGED) &&
	    kx_verdict_await(taken->slot, taken->gen, NULL) != (int32_t)taken->gen)
		kx_sim_fail("the server reads a verdict that is not on its reply");
}

/* As is_for_nobody() there. */
static bool is_for_nobody(const struct kx_taken *taken)
{
	return taken->end && kx_load(taken->end->state) != KX_CHANNEL_DIRECT;
}

/* The owner's mark goes first: once the reply is out, the slot may be posted again. */
static void answer(struct kx_taken *taken)
{
	bool wake = false;
	enum kx_result rc;

	if (is_for_nobody(taken)) {
		kx_inbox_forsake(taken);
		return;
	}
	kx_inbox_release(taken);
	rc = kx_slot_reply(taken->slot, taken->gen, &wake);
	if (rc == KX_OK && wake)
		kx_futex_wake(&taken->slot->w);
	if (!taken->end)
		leave_down_slot(taken, rc);
	if (rc == KX_EPROTO)
		kx_situation(KX_SEEN_HOSTILE_FOUND);
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
