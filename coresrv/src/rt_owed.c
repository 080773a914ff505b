/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Requests received and not yet answered. A thread keeps the one it received
 * last in a place of its own, so that the usual server (one thread, receive,
 * answer) takes no lock; further ones go to a table.
 *
 * A token is place + 1 | count << 13: the count of a place grows with every
 * request kept there, so an old token finds nothing.
 */

#include <string.h>

#include "rt.h"

#define PLACES          8191u
#define PLACE_BITS      13
#define PLACE_OF(token) (((token)&PLACES) - 1u)

enum { EMPTY, FULL, CHANGING };

struct place {
	_Atomic uint8_t state;
	/* What others than whoever fills or empties the place look at. */
	_Atomic uint32_t count;
	struct kx_rt_inbox *_Atomic inbox;
	_Atomic uint64_t order;
	struct kx_owed owed;
};

static struct place places[PLACES];
static _Atomic uint64_t order;

static uint32_t token_of(uint32_t number)
{
	return atomic_load_explicit(&places[number].count, memory_order_relaxed) << PLACE_BITS |
	       (number + 1);
}

static bool change(struct place *place, uint8_t from)
{
	if (kx_alone()) {
		if (atomic_load_explicit(&place->state, memory_order_relaxed) != from)
			return false;
		atomic_store_explicit(&place->state, CHANGING, memory_order_relaxed);
		return true;
	}
	return atomic_compare_exchange_strong(&place->state, &from, CHANGING);
}

/* The caller owns the place: it is empty and nobody else fills it. */
static uint32_t fill(uint32_t number, struct kx_rt_inbox *inbox, const struct kx_owed *owed)
{
	struct place *place = &places[number];
	/* Two threads may draw one number: "oldest" is then either of them. */
	uint64_t now = atomic_load_explicit(&order, memory_order_relaxed);
	uint32_t count;

	atomic_store_explicit(&order, now + 1, memory_order_relaxed);
	if (owed != &place->owed)
		place->owed = *owed;
	atomic_store_explicit(&place->inbox, inbox, memory_order_relaxed);
	atomic_store_explicit(&place->order, now, memory_order_relaxed);
	count = atomic_load_explicit(&place->count, memory_order_relaxed) + 1;
	atomic_store_explicit(&place->count, count & (UINT32_MAX >> PLACE_BITS),
			      memory_order_relaxed);
	atomic_store_explicit(&place->state, FULL, memory_order_release);
	return token_of(number);
}

static uint32_t add_to_table(struct kx_rt_inbox *inbox, const struct kx_owed *owed)
{
	for (uint32_t i = KX_UP_SLOTS; i < PLACES; i++)
		if (change(&places[i], EMPTY))
			return fill(i, inbox, owed);
	return 0;
}

/* Only this thread fills its own place, so that takes no lock. */
static bool is_own_empty(const struct kx_rt_thread *thread)
{
	return atomic_load_explicit(&places[thread->number].state, memory_order_acquire) == EMPTY;
}

struct kx_owed *kx_owed_room(const struct kx_rt_thread *thread, struct kx_owed *other)
{
	return is_own_empty(thread) ? &places[thread->number].owed : other;
}

uint32_t kx_owed_add(struct kx_rt_thread *thread, struct kx_rt_inbox *inbox,
		     const struct kx_owed *owed)
{
	thread->last_owed = is_own_empty(thread) ? fill(thread->number, inbox, owed)
						 : add_to_table(inbox, owed);
	return thread->last_owed;
}

/* Of the request in a full place, at a moment: it may be gone by now, or be another. */
static const struct kx_rt_inbox *inbox_of(const struct place *place)
{
	return atomic_load_explicit(&place->inbox, memory_order_relaxed);
}

/* Takes a place out if it still holds @token's request for @inbox. */
static struct kx_owed *take(uint32_t token, const struct kx_rt_inbox *inbox)
{
	uint32_t number = PLACE_OF(token);
	struct place *place = &places[number];

	if (number >= PLACES || !change(place, FULL))
		return NULL;
	if (token_of(number) == token && inbox_of(place) == inbox)
		return &place->owed;
	atomic_store_explicit(&place->state, FULL, memory_order_release);
	return NULL;
}

void kx_owed_done(struct kx_owed *owed)
{
	struct place *place = (struct place *)((uint8_t *)owed - offsetof(struct place, owed));

	atomic_store_explicit(&place->state, EMPTY, memory_order_release);
}

static uint64_t order_of(const struct place *place)
{
	return atomic_load_explicit(&place->order, memory_order_relaxed);
}

static uint32_t oldest(const struct kx_rt_inbox *inbox)
{
	uint64_t best = UINT64_MAX;
	uint32_t token = 0;

	for (uint32_t i = 0; i < PLACES; i++) {
		if (atomic_load(&places[i].state) != FULL || inbox_of(&places[i]) != inbox ||
		    order_of(&places[i]) >= best)
			continue;
		best = order_of(&places[i]);
		token = token_of(i);
	}
	return token;
}

bool kx_owed_names(const struct kx_rt_inbox *inbox)
{
	for (uint32_t i = 0; i < PLACES; i++) {
		uint8_t state = atomic_load(&places[i].state);

		if (state == CHANGING || (state == FULL && inbox_of(&places[i]) == inbox))
			return true;
	}
	return false;
}

static struct kx_owed *take_unnamed(struct kx_rt_thread *thread, const struct kx_rt_inbox *inbox)
{
	uint32_t token = thread->last_owed;
	struct kx_owed *owed = token ? take(token, inbox) : NULL;

	if (owed) {
		thread->last_owed = 0;
		return owed;
	}
	token = oldest(inbox);
	return token ? take(token, inbox) : NULL;
}

struct kx_owed *kx_owed_take(struct kx_rt_thread *thread, struct kx_rt_inbox *inbox, uint32_t token)
{
	return token ? take(token, inbox) : take_unnamed(thread, inbox);
}

void kx_owed_thread_ends(struct kx_rt_thread *thread)
{
	struct place *place = &places[thread->number];

	if (!change(place, FULL))
		return;
	kx_rt_reply_code(&place->owed, rcNotConnected);
	kx_owed_done(&place->owed);
}
