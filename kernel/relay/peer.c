/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What the IPC thread keeps per entity, and how it finds work on many links: the
 * links served last at every look, and a few others in turn, so that a thousand
 * idle entities cost a busy one next to nothing.
 */

#include <stdlib.h>
#include <string.h>

#include "kx_rc.h"
#include "log.h"
#include "relay.h"
#include "stamp.h"

#define HOT_PEERS  4u
#define COLD_PEERS 4u
/*
 * What is taken from one entity in a window of time while all processors are taken, in parts.
 * A thread that asks again when it has its answer, and nobody beside it, may have four times as
 * many requests as several: it waits as those do that compute, and what it gets comes in bursts.
 * Who has many requests waiting at the end of a window floods, and from then on has one in every
 * fourth, so that little is asked of the others. What others make an entity send is the smallest
 * part: a client whose messages its server must refuse does not use up what the server may ask for.
 */
#define REPORT        1u
#define SAME_THREAD   2u
#define REQUEST       8u
#define WINDOW_MOST   (8u * REQUEST)
#define FLOOD_MOST    REQUEST
#define FLOOD_EVERY   4u   /* windows */
#define FLOOD_WAITING 128u /* more than an entity has threads that wait for answers, mostly */
#define FLOOD_WINDOWS 50u  /* for so many it is remembered */
/* Of so many looks one is at every slot of one entity: new threads post where nobody was. */
#define LOOKS_AT_ALL 64u

static struct {
	struct kx_peer **at;
	uint32_t count;
	uint32_t room;
	struct kx_peer *hot[HOT_PEERS];
	uint32_t cold;
	uint32_t looks;
	uint32_t whole;             /* whose slots are all looked at next */
	struct cds_list_head loose; /* who is not armed, by loose_link */
	uint16_t cpu;
	bool pressed; /* there is a window */
	bool held;    /* somebody has had all that the window gives */
} peers = {.loose = CDS_LIST_HEAD_INIT(peers.loose)};

bool kx_peer_add(struct kx_task *task)
{
	struct kx_peer *peer = calloc(1, sizeof(*peer));

	if (peers.count == peers.room) {
		uint32_t room = peers.room ? peers.room * 2 : 64;
		struct kx_peer **at = realloc(peers.at, room * sizeof(struct kx_peer *));

		if (at) {
			peers.at = at;
			peers.room = room;
		}
	}
	if (!peer || peers.count == peers.room) {
		free(peer);
		return false;
	}
	peer->task = task;
	peer->link = task->link;
	peer->message_max = task->page->message_max;
	peer->payload = (uint8_t *)task->link + KX_LINK_PAYLOAD;
	peer->used_up = 1;
	for (unsigned i = 0; i < KX_DOWN_SLOTS; i++)
		peer->down_gen[i] = KX_SLOT_GEN_BEFORE;
	peer->position = peers.count;
	CDS_INIT_LIST_HEAD(&peer->calls);
	CDS_INIT_LIST_HEAD(&peer->own_queues);
	CDS_INIT_LIST_HEAD(&peer->queues);
	CDS_INIT_LIST_HEAD(&peer->jobs);
	peers.at[peers.count++] = peer;
	task->ipc = peer;
	/* It has not run: it rings for its first request, and until then nothing is read of it. */
	peer->armed = true;
	kx_store(&task->page->link_arm, KX_ARM_RING);
	return true;
}

void kx_peer_remove(struct kx_task *task)
{
	struct kx_peer *peer = task->ipc;

	if (!peer)
		return;
	peer->dead = true;
	kx_relay_client_dead(peer);
	kx_relay_server_dead(peer);
	kx_relay_copy_forget(peer);
	kx_kcall_forget(peer);
	for (unsigned i = 0; i < HOT_PEERS; i++)
		if (peers.hot[i] == peer)
			peers.hot[i] = NULL;
	peers.at[peer->position] = peers.at[--peers.count];
	peers.at[peer->position]->position = peer->position;
	if (!peer->armed)
		cds_list_del(&peer->loose_link);
	task->ipc = NULL;
	free(peer);
}

bool kx_peer_ending(struct kx_task *task)
{
	struct kx_peer *peer = task->ipc;

	if (!peer)
		return false;
	kx_replies_take(peer);
	return peer->replies_copied != 0;
}

struct kx_peer *kx_peer_at(uint32_t position)
{
	return peers.at[position];
}

uint32_t kx_peers_count(void)
{
	return peers.count;
}

uint16_t kx_peers_cpu(void)
{
	return peers.cpu;
}

static void heat(struct kx_peer *peer)
{
	struct kx_peer *moved = peers.hot[0];

	if (moved == peer)
		return;
	peers.hot[0] = peer;
	for (unsigned i = 1; i < HOT_PEERS && moved; i++) {
		struct kx_peer *next = peers.hot[i];

		peers.hot[i] = moved;
		if (next == peer)
			return;
		moved = next;
	}
}

void kx_peer_answer(struct kx_peer *peer, uint32_t slot, uint32_t gen, int32_t rc)
{
	enum kx_result result;
	bool wake = false;

	kx_peer_up_tag(peer, slot)->rc = rc;
	peer->owned[slot / 64] &= ~(1ull << slot % 64);
	kx_hint_store(&peer->link->up[slot].cpu_server, kx_wait_cpu());
	/* Anything but KX_OK: the entity wrote over its own slot and gets what it asked for. */
	result = kx_slot_reply(&peer->link->up[slot], gen, &wake);
	kx_stamp(KX_STAMP_K_ANSWERED, gen);
	if (result == KX_OK && wake)
		kx_futex_wake(&peer->link->up[slot].w);
	kx_stamp(KX_STAMP_K_WOKE, 0);
}

/* The entity is being served: it need not ring while the kernel process is awake. */
static void disarm(struct kx_peer *peer)
{
	if (!peer->armed)
		return;
	peer->armed = false;
	cds_list_add(&peer->loose_link, &peers.loose);
	kx_store(&peer->task->page->link_arm, KX_ARM_AWAKE);
}

/* @same: by the thread that asked last. */
static uint32_t share_of(uint32_t op, bool same)
{
	switch (op) {
	case KX_CALL_DROPPED:
	case KX_CALL_ERROR_DENIED:
	case KX_CALL_CANCEL:
		return REPORT;
	default:
		return same ? SAME_THREAD : REQUEST;
	}
}

static bool is_held(const struct kx_peer *peer)
{
	return peer->taken >= (peer->floods ? FLOOD_MOST : WINDOW_MOST);
}

static bool has_many_waiting(struct kx_peer *peer)
{
	uint32_t parts = 0;

	for (uint32_t slot = 0; slot < KX_UP_SLOTS && parts < FLOOD_WAITING * REQUEST; slot++)
		if (KX_SLOT_IS_POSTED(kx_load(&peer->link->up[slot].w)))
			parts += share_of(kx_fetch32(&kx_peer_up_tag(peer, slot)->op), false);
	return parts >= FLOOD_WAITING * REQUEST;
}

static bool serve_up(struct kx_peer *peer, uint32_t slot)
{
	struct kx_slot *up = &peer->link->up[slot];
	uint64_t bit = 1ull << slot % 64;
	bool same = peer->next_up == slot + 1;
	uint32_t gen;
	uint32_t op;

	if ((peer->requests_copied && kx_relay_is_long(up)) || kx_slot_take(up, &gen) != KX_OK)
		return false;
	peer->owned[slot / 64] |= bit;
	peer->next_up = slot + 1;
	if (slot >= peer->used_up)
		peer->used_up = slot + 1;
	disarm(peer);
	peers.cpu = kx_hint_load(&up->cpu_client);
	op = kx_fetch32(&kx_peer_up_tag(peer, slot)->op);
	if (peers.pressed)
		peer->taken += share_of(op, same);
	if (op == KX_CALL_RELAY)
		kx_relay_begin(peer, slot, gen);
	else
		kx_kcall_begin(peer, slot, gen, op);
	return true;
}

/*
 * A slot whose request was not answered yet is passed over unread: an entity that posts there
 * all the same wants to keep the kernel process busy.
 */
static bool look_between(struct kx_peer *peer, uint32_t from, uint32_t to)
{
	for (uint32_t first = from & ~63u; first < to; first += 64) {
		uint64_t rest = ~peer->owned[first / 64];

		if (first < from)
			rest &= ~0ull << (from - first);
		if (to - first < 64)
			rest &= (1ull << (to - first)) - 1;
		for (; rest; rest &= rest - 1) {
			uint32_t slot = first + (uint32_t)__builtin_ctzll(rest);

			if (KX_SLOT_IS_POSTED(kx_load(&peer->link->up[slot].w)) &&
			    serve_up(peer, slot))
				return true;
		}
	}
	return false;
}

/* From behind the slot served last on: the answered ones before it need not all be looked at. */
static bool look_at_up(struct kx_peer *peer, uint32_t up_slots)
{
	uint32_t from = peer->next_up < up_slots ? peer->next_up : 0;

	if (is_held(peer)) {
		peers.held = true;
		return false;
	}
	return look_between(peer, from, up_slots) || look_between(peer, 0, from);
}

/* At most one new request per entity and round, so that none can hold the others off. */
static bool look_at(struct kx_peer *peer, uint32_t up_slots)
{
	uint64_t busy = peer->down_busy;
	bool found = false;

	/* What is passed over now must be looked at before the next sleep, rung for or not. */
	if (peer->requests_copied || peer->replies_copied)
		disarm(peer);
	while (busy) {
		uint32_t slot = (uint32_t)__builtin_ctzll(busy);

		busy &= busy - 1;
		if (kx_reply_look(peer, slot)) {
			disarm(peer);
			found = true;
		}
	}
	found |= look_at_up(peer, up_slots);
	if (found)
		heat(peer);
	return found;
}

bool kx_peers_look(void)
{
	bool found = false;

	for (unsigned i = 0; i < HOT_PEERS && peers.hot[i]; i++)
		found |= look_at(peers.hot[i], peers.hot[i]->used_up);
	for (unsigned i = 0; i < COLD_PEERS && i < peers.count; i++) {
		struct kx_peer *peer = peers.at[peers.cold++ % peers.count];

		found |= look_at(peer, peer->used_up);
	}
	if (peers.count && ++peers.looks % LOOKS_AT_ALL == 0)
		found |= look_at(peers.at[peers.whole++ % peers.count], KX_UP_SLOTS);
	return found;
}

/*
 * K2 (pairs with K1, an entity that publishes and then reads link_arm): the arm
 * words are written, fence, then the slots are read. An entity that was armed
 * before needs no look: whatever it published since has rung its bell.
 */
bool kx_peers_arm(void)
{
	CDS_LIST_HEAD(round);
	struct kx_peer *peer;
	bool found = false;

	cds_list_for_each_entry(peer, &peers.loose, loose_link)
	{
		peer->armed = true;
		cds_list_add(&peer->round_link, &round);
		kx_store(&peer->task->page->link_arm, KX_ARM_RING);
	}
	CDS_INIT_LIST_HEAD(&peers.loose);
	kx_fence();
	cds_list_for_each_entry(peer, &round, round_link)
	{
		found |= look_at(peer, KX_UP_SLOTS);
	}
	return !found;
}

bool kx_peer_rung(struct kx_peer *peer)
{
	(void)look_at(peer, KX_UP_SLOTS);
	return !is_held(peer);
}

static void begin_window(struct kx_peer *peer)
{
	bool held = is_held(peer);

	/* What was held back is looked at before the next sleep, rung for or not. */
	if (held)
		disarm(peer);
	if (held && has_many_waiting(peer))
		peer->floods = FLOOD_WINDOWS;
	else if (peer->floods)
		peer->floods--;
	if (!peers.pressed)
		peer->floods = 0;
	peer->passed = peer->floods ? (peer->passed + 1) % FLOOD_EVERY : 0;
	peer->taken = peer->passed ? FLOOD_MOST : 0;
}

void kx_peers_window(bool pressed)
{
	peers.pressed = pressed;
	peers.held = false;
	for (uint32_t i = 0; i < peers.count; i++)
		begin_window(peers.at[i]);
}

bool kx_peers_held(void)
{
	return peers.held;
}
