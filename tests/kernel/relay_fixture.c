/* SPDX-License-Identifier: Apache-2.0 */
#include "relay_fixture.h"

#include <string.h>

#include "balance.h"
#include "channel.h"
#include "hooks.h"
#include "module.h"

struct kx_task *anna;
struct kx_task *ben;
struct kx_task *server;
uint32_t handles[2];

int relay_setup(void **state)
{
	char error[256];
	int result = kernel_setup(state);

	assert_true(kx_module_load("allow-all", error));
	kx_settings.message_max = LONG;
	kx_hooks.task_added = kx_peer_add;
	kx_hooks.task_ending = kx_peer_ending;
	kx_hooks.task_removed = kx_peer_remove;
	kx_hooks.channel_removed = kx_relay_channel_dead;
	kx_hooks.listener_removed = kx_relay_listener_dead;
	anna = make_task("Anna");
	ben = make_task("Ben");
	server = make_task("Server");
	assert_int_equal(kx_task_connect(anna, server, "anna"), KX_RC_OK);
	assert_int_equal(kx_task_connect(ben, server, "ben"), KX_RC_OK);
	pump();
	handles[0] = kx_channel_find(anna, server, "anna")->client_handle;
	handles[1] = kx_channel_find(ben, server, "ben")->client_handle;
	return result;
}

int relay_teardown(void **state)
{
	int result = kernel_teardown(state);

	/* Whatever became of them: no call is forgotten, and no decision. */
	assert_true(kx_balance_agrees(&kx_balance));
	kx_module_unload();
	return result;
}

bool one_round(void)
{
	bool found = kx_peers_look();

	found |= kx_mailbox_run(&kx_ipc_mailbox, 16) != 0;
	found |= kx_relay_copy_step();
	return found || !kx_peers_arm();
}

void all_rounds(void)
{
	for (unsigned idle = 0; idle < 4; idle++) {
		while (one_round())
			idle = 0;
		pump();
	}
}

struct kx_peer *peer_of(struct kx_task *task)
{
	return task->ipc;
}

struct kx_slot *up(struct kx_task *task, uint32_t slot)
{
	return &task->link->up[slot];
}

uint8_t *payload(struct kx_task *task, uint32_t slot)
{
	return (uint8_t *)task->link + KX_LINK_PAYLOAD + (size_t)slot * LONG;
}

uint8_t *down_payload(uint32_t slot)
{
	return payload(server, KX_UP_SLOTS + slot);
}

void ring(struct kx_task *task)
{
	if (kx_load(&task->page->link_arm) == KX_ARM_RING)
		kx_peer_rung(task->ipc);
}

void fill(struct kx_slot *slot, uint8_t *bytes, uint32_t arena, uint8_t seed)
{
	uint8_t *at = arena > KX_INLINE ? bytes : slot->bytes;

	slot->iid = slot->mid = 0;
	slot->ex = KX_EX(KX_MESSAGE_MIN, 0, 0);
	slot->arena = arena;
	for (uint32_t i = 0; i < arena; i++)
		at[i] = (uint8_t)(seed + i / 4096 + i);
}

bool holds(struct kx_slot *slot, const uint8_t *bytes, uint32_t arena, uint8_t seed)
{
	const uint8_t *at = arena > KX_INLINE ? bytes : slot->bytes;

	for (uint32_t i = 0; i < arena; i++)
		if (at[i] != (uint8_t)(seed + i / 4096 + i))
			return false;
	return slot->arena == arena;
}

void ask(struct kx_task *client, uint32_t slot, uint32_t arena, uint8_t seed, uint32_t timeout_ms)
{
	struct kx_up_tag tag = {
		.op = KX_CALL_RELAY, .handle = handles[client == ben], .timeout_ms = timeout_ms};

	fill(up(client, slot), payload(client, slot), arena, seed);
	memcpy(up(client, slot)->tag, &tag, sizeof(tag));
	(void)kx_slot_post(up(client, slot), GEN, false);
	ring(client);
}

bool is_answered(struct kx_task *client, uint32_t slot, int32_t *rc)
{
	uint32_t w;

	*rc = ((struct kx_up_tag *)(void *)up(client, slot)->tag)->rc;
	return kx_slot_replied(up(client, slot), GEN, &w) == KX_OK;
}

int posted_for(const struct kx_task *client)
{
	for (int i = 0; i < (int)KX_DOWN_SLOTS; i++) {
		struct kx_slot *slot = &server->link->down[i];
		struct kx_down_tag *tag = (struct kx_down_tag *)(void *)slot->tag;

		if (KX_SLOT_IS_POSTED(kx_load(&slot->w)) && tag->sender == client->number)
			return i;
	}
	return -1;
}

int next_posted(void)
{
	uint64_t best = UINT64_MAX;
	int found = -1;

	for (int i = 0; i < (int)KX_DOWN_SLOTS; i++) {
		struct kx_slot *slot = &server->link->down[i];
		struct kx_down_tag *tag = (struct kx_down_tag *)(void *)slot->tag;

		if (KX_SLOT_IS_POSTED(kx_load(&slot->w)) && tag->turn < best) {
			best = tag->turn;
			found = i;
		}
	}
	return found;
}

uint32_t sender_of(int down)
{
	return ((struct kx_down_tag *)(void *)server->link->down[down].tag)->sender;
}

void serve(int down, uint32_t arena, uint8_t seed)
{
	struct kx_slot *slot = &server->link->down[down];
	bool wake;
	uint32_t gen = 0;

	assert_int_equal(kx_slot_take(slot, &gen), KX_OK);
	fill(slot, down_payload((uint32_t)down), arena, seed);
	assert_int_equal(kx_slot_reply(slot, gen, &wake), KX_OK);
	ring(server);
}
