/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Messages and numbers made up, each with the answer that it must get:
 *
 *   forge  a server: replies of other generations, in other slots, twice, too late, to nothing,
 * each with FORGED in it; then the right one. Its client must never see FORGED (M-07) pairs  a
 * client: every two fields of a message with every two of their edges (M-08) guess  a client:
 * handles it was never given (H-01)
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hostile.h"
#include "kx_control.h"
#include "kx_rc.h"

static uint32_t draw(void)
{
	static uint64_t state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16);
}

static _Noreturn void wrong(const char *what, unsigned a, unsigned b)
{
	fprintf(stderr, "FAIL hostile: %s 0x%x 0x%x\n", what, a, b);
	exit(1);
}

/* --- M-07 ------------------------------------------------------------------------------------- */

#define FORGED UINT64_C(0xf0f0f0f0f0f0f0f0)

static unsigned long forged;
/* A reply of another generation in its only client's slot breaks the channel: at the end. */
static bool lies;

static void put_word(struct kx_slot *slot, uint32_t gen, enum kx_slot_state state)
{
	kx_store(&slot->w, KX_SLOT_WORD(gen & KX_SLOT_GEN_LAST, state));
	wake(&slot->w);
	forged++;
}

/* Not the one asked for. */
static uint32_t other_generation(uint32_t gen)
{
	switch (draw() % 4) {
	case 0:
		return gen + 1;
	case 1:
		return gen - 1;
	case 2:
		return 0;
	default:
		return gen ^ (1 + draw() % 0xffffff);
	}
}

/* As a reply it is whole and of the declared size: only whose it is is wrong. */
static void forge_reply(struct kx_slot *slot, uint32_t gen)
{
	const uint64_t number = FORGED;

	memcpy(slot->bytes, &number, sizeof(number));
	put_word(slot, gen, KX_SLOT_REPLIED);
	ring();
}

/* The numbers by which the kernel process knows the request. */
static void forge_tag(struct kx_slot *slot)
{
	struct kx_down_tag *tag = (struct kx_down_tag *)(void *)slot->tag;

	tag->listener = draw() % 16;
	tag->sender = draw() % 8;
	tag->thread = draw() % 8;
	tag->channel = draw() % 8;
	tag->self_handle = draw() % 64;
}

static void reply_rightly(struct kx_slot *slot, uint32_t gen, uint64_t number)
{
	memcpy(slot->bytes, &number, sizeof(number));
	put_word(slot, gen, KX_SLOT_REPLIED);
	put_word(slot, gen, KX_SLOT_REPLIED); /* twice */
	ring();
}

/* One request over the region: its client believes one word, and no other ends well. */
static void forge_directly(struct kx_slot *slot)
{
	uint32_t w = kx_load(&slot->w);
	uint64_t number;

	if (!KX_SLOT_IS_POSTED(w))
		return;
	memcpy(&number, slot->bytes, sizeof(number));
	if (draw() % 32 == 0)
		wait_a_moment(4000); /* so late that it has given up */
	if (lies && draw() % 2)
		forge_reply(slot, other_generation(KX_SLOT_GEN(w)));
	else if (kx_load(&slot->w) == w)
		reply_rightly(slot, KX_SLOT_GEN(w), number);
}

/* One relayed request: the kernel process waits for the right word. */
static void forge_relayed(struct kx_slot *slot)
{
	uint32_t w = kx_load(&slot->w);
	uint64_t number;

	if (KX_SLOT_STATE(w) == KX_SLOT_JUDGED || KX_SLOT_STATE(w) == KX_SLOT_POISON ||
	    KX_SLOT_STATE(w) == KX_SLOT_ABANDONED) {
		put_word(slot, KX_SLOT_GEN(w), KX_SLOT_FREE);
		ring();
	}
	if (!KX_SLOT_IS_POSTED(w))
		return;
	memcpy(&number, slot->bytes, sizeof(number));
	if (draw() % 32 == 0)
		wait_a_moment(4000);
	if (kx_load(&slot->w) != w)
		return; /* taken back */
	forge_tag(slot);
	for (unsigned i = 0; i < 16; i++)
		forge_reply(slot, other_generation(KX_SLOT_GEN(w)));
	reply_rightly(slot, KX_SLOT_GEN(w), number);
}

/* Replies to what nobody has asked, far from the slots that its one client uses. */
static void reply_to_nothing(void)
{
	for (uint32_t i = KX_DOWN_SLOTS / 2; i < KX_DOWN_SLOTS; i++) {
		forge_tag(&link_region->down[i]);
		forge_reply(&link_region->down[i], draw());
	}
	for (uint32_t i = KX_CHANNEL_SLOTS / 2; region && i < KX_CHANNEL_SLOTS; i++)
		forge_reply(&region->slots[i], draw());
}

static void forge_all(void)
{
	if (!region)
		region = next_region(KX_PACKET_CHANNEL, true);
	for (uint32_t i = 0; region && i < KX_CHANNEL_SLOTS / 2; i++)
		forge_directly(&region->slots[i]);
	for (uint32_t i = 0; i < KX_DOWN_SLOTS / 2; i++)
		forge_relayed(&link_region->down[i]);
	if (draw() % 4 == 0)
		reply_to_nothing();
}

void forge(void)
{
	while (!time_is_up())
		forge_all();
	lies = true;
	for (unsigned i = 0; i < 500; i++) {
		forge_all();
		wait_a_moment(100);
	}
	fprintf(stderr, "FORGED %lu\n", forged);
}

/* --- asking many at once --------------------------------------------------------------------- */

static int32_t answer_of(uint32_t slot)
{
	struct kx_slot *up = &link_region->up[slot];

	for (unsigned i = 0; KX_SLOT_STATE(kx_load(&up->w)) != KX_SLOT_REPLIED; i++) {
		if (i > 1000)
			wait_a_moment(50);
		if (i > 100000)
			wrong("no answer in slot", slot, kx_load(&up->w));
	}
	return ((const struct kx_up_tag *)(const void *)up->tag)->rc;
}

static void put_question(uint32_t slot, uint32_t op, uint32_t handle)
{
	static uint32_t generation;
	struct kx_up_tag *tag = (struct kx_up_tag *)(void *)link_region->up[slot].tag;

	tag->op = op;
	tag->handle = tag->args[0] = handle;
	tag->timeout_ms = UINT32_MAX;
	tag->sync = UINT32_MAX;
	generation = (generation + 1) & KX_SLOT_GEN_LAST;
	kx_store(&link_region->up[slot].w, KX_SLOT_WORD(generation, KX_SLOT_POSTED));
}

/* --- M-08 ------------------------------------------------------------------------------------- */

enum { ECHO = 0, ASKED = 1, BYTES = 2, NUMBER_SIZE = 32, CHUNK = 64, BYTES_MOST = 65536 };
enum field { IID, MID, SIZE, CAPS, ERR, ARENA, OFFSET, LENGTH, FIELDS };

/* The first value of each is right: one call of Bytes. 0 where there are no more. */
static const struct {
	unsigned count;
	uint32_t values[12];
} edges[FIELDS] = {
	[IID] = {5, {0, 1, 0x7fff, 0xfffe, 0xffff}},
	[MID] = {7, {BYTES, ECHO, 8, 9, 0x7fff, 0xfffe, 0xffff}},
	[SIZE] = {12, {NUMBER_SIZE, 0, 1, 23, 24, 25, 31, 33, 40, 4096, 0xffffffe, 0xfffffff}},
	[CAPS] = {4, {0, 1, 2, 7}},
	[ERR] = {2, {0, 1}},
	[ARENA] = {9, {CHUNK, 0, 1, 63, 65, 4095, 0x7fffffff, 0xfffffffe, 0xffffffff}},
	[OFFSET] = {8, {0, 1, 63, 64, 65, 0x80000000, 0xffffffc0, 0xffffffff}},
	[LENGTH] = {9, {CHUNK, 0, 1, 63, 65, 0x80000000, 0xffffffc0, 0xfffffffe, 0xffffffff}},
};

static bool is_valid(const uint32_t v[FIELDS])
{
	if (v[IID] != 0 || v[SIZE] != NUMBER_SIZE || v[CAPS] || v[ERR] ||
	    (uint64_t)v[SIZE] + v[ARENA] > page->message_max)
		return false;
	if (v[MID] != BYTES)
		return v[MID] == ECHO;
	return v[LENGTH] == 0 ||
	       ((uint64_t)v[OFFSET] + v[LENGTH] <= v[ARENA] && v[LENGTH] <= BYTES_MOST);
}

static int32_t send(const uint32_t v[FIELDS], uint32_t handle)
{
	struct kx_slot *up = &link_region->up[0];
	uint8_t *payload = (uint8_t *)link_region + KX_LINK_PAYLOAD;

	write_head(up, KX_EX(v[SIZE], v[CAPS], v[ERR]), v[ARENA]);
	up->iid = (uint16_t)v[IID];
	up->mid = (uint16_t)v[MID];
	memset(payload, 0x5a, 8192);
	memcpy(payload, &v[OFFSET], sizeof(uint32_t));
	memcpy(payload + 4, &v[LENGTH], sizeof(uint32_t));
	memcpy(up->bytes, payload, 8);
	put_question(0, KX_CALL_RELAY, handle);
	ring();
	return answer_of(0);
}

static void right_values(uint32_t v[FIELDS])
{
	for (unsigned i = 0; i < FIELDS; i++)
		v[i] = edges[i].values[0];
}

/* All values of two fields, the others being right; how many of them were. */
static unsigned long send_pair(enum field a, enum field b, uint32_t handle)
{
	unsigned long valid = 0;
	uint32_t v[FIELDS];

	right_values(v);
	for (unsigned i = 0; i < edges[a].count; i++)
		for (unsigned j = 0; j < edges[b].count; j++) {
			int32_t rc;

			v[a] = edges[a].values[i];
			v[b] = edges[b].values[j];
			rc = send(v, handle);
			valid += is_valid(v);
			if (rc == (int32_t)(is_valid(v) ? KX_RC_OK : KX_RC_INVALID_ARGUMENT))
				continue;
			fprintf(stderr, "fields %d %d values 0x%x 0x%x\n", a, b, v[a], v[b]);
			wrong("answer", (unsigned)rc, is_valid(v));
		}
	return valid;
}

/* At the end the server is asked whether it got that many (scenario "paired"). */
void pairs(void)
{
	unsigned long valid = 0;
	uint32_t handle = 0;
	uint32_t v[FIELDS];

	(void)my_channel(&handle);
	for (unsigned a = 0; a < FIELDS; a++)
		for (unsigned b = a + 1; b < FIELDS; b++)
			valid += send_pair(a, b, handle);
	right_values(v);
	v[MID] = ASKED;
	v[ARENA] = 0;
	v[OFFSET] = (uint32_t)valid; /* the low half of its number */
	v[LENGTH] = 0;
	(void)send(v, handle);
}

/* --- H-01 ------------------------------------------------------------------------------------- */

enum { AT_ONCE = 64, ROUNDS_MOST = 4096 };
enum kind { ANY, NEIGHBOUR, STALE, OTHERS, KINDS };

static bool is_mine(uint32_t value)
{
	const struct kx_handle_entry *entry = &page->handles[KX_HANDLE_INDEX(value)];

	return kx_load((kx_word *)(uintptr_t)&entry->state) ==
	       (KX_HANDLE_GEN(value) << 2 | KX_HANDLE_OPEN);
}

/* @handle is one that it has. */
static uint32_t guess_one(enum kind kind, uint32_t handle)
{
	switch (kind) {
	case NEIGHBOUR:
		return handle + 1 + draw() % 64;
	case STALE:
		return handle ^ (1 + draw() % 0xfffff) << 12;
	case OTHERS: /* what the first handles of an entity look like */
		return KX_HANDLE_VALUE(1 + draw() % 32, draw() % 4);
	default:
		return draw();
	}
}

/* A message that is right for @op. */
static void ask_about(uint32_t slot, uint32_t op, uint32_t handle)
{
	uint32_t size = op == KX_CALL_RELAY ? NUMBER_SIZE : KX_MESSAGE_MIN;

	write_head(&link_region->up[slot], KX_EX(size, 0, 0), 0);
	put_question(slot, op, handle);
}

/* Microseconds that as many guesses of a kind took together. */
static uint64_t guess_many(enum kind kind, uint32_t handle)
{
	static const uint32_t ops[] = {KX_CALL_HANDLE_GET_SID, KX_CALL_HANDLE_CLOSE,
				       KX_CALL_HANDLE_REVOKE, KX_CALL_RELAY};
	uint32_t op = ops[draw() % 4];
	struct timespec start;
	struct timespec end;

	for (uint32_t i = 0; i < AT_ONCE; i++) {
		uint32_t value = guess_one(kind, handle);

		while (is_mine(value))
			value = draw();
		ask_about(i, op, value);
	}
	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	ring();
	for (uint32_t i = 0; i < AT_ONCE; i++) {
		int32_t rc = answer_of(i);

		if (rc != (int32_t)KX_RC_INVALID_ARGUMENT)
			wrong("a handle was guessed", op, (unsigned)rc);
	}
	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	return (uint64_t)(end.tv_sec - start.tv_sec) * 1000000u + (uint64_t)end.tv_nsec / 1000u -
	       (uint64_t)start.tv_nsec / 1000u;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The medians say whether some guesses are nearer than others. */
void guess(void)
{
	static uint64_t times[KINDS][ROUNDS_MOST];
	unsigned long rounds = 0;
	uint32_t handle = 0;
	int32_t rc;

	(void)my_channel(&handle);
	for (; !time_is_up(); rounds++)
		for (unsigned kind = 0; kind < KINDS; kind++)
			times[kind][rounds % ROUNDS_MOST] = guess_many(kind, handle);
	for (unsigned kind = 0; kind < KINDS; kind++) {
		unsigned long count = rounds < ROUNDS_MOST ? rounds : ROUNDS_MOST;

		qsort(times[kind], count, sizeof(uint64_t), compare);
		fprintf(stderr, "MEDIAN %u of %u guesses took %lu us\n", kind, AT_ONCE,
			(unsigned long)times[kind][count / 2]);
	}
	ask_about(0, KX_CALL_HANDLE_GET_SID, handle);
	ring();
	rc = answer_of(0);
	if (rc != KX_RC_OK)
		wrong("its own handle is gone", handle, (unsigned)rc);
	fprintf(stderr, "GUESSED %lu\n", rounds * KINDS * AT_ONCE);
}
