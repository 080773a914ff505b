/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_RT_OWED_H
#define KX_RT_OWED_H

/*
 * Requests received and not yet answered. A thread keeps the one it received
 * last in a place of its own, so that the usual server (one thread, receive,
 * answer) takes no lock; further ones go to a table (rt_owed.c).
 *
 * A token is place + 1 | count << 13: the count of a place grows with every
 * request kept there, so an old token finds nothing.
 */

#include <stddef.h>

#include "rt.h"

#define KX_PLACES     8191u
#define KX_PLACE_BITS 13

enum kx_place_state { KX_PLACE_EMPTY, KX_PLACE_FULL, KX_PLACE_CHANGING };

struct kx_place {
	_Atomic uint8_t state;
	/* What others than whoever fills or empties the place look at. */
	_Atomic uint32_t count;
	struct kx_rt_inbox *_Atomic inbox;
	_Atomic uint64_t order;
	struct kx_owed owed;
};

extern struct kx_place kx_places[KX_PLACES];
extern _Atomic uint64_t kx_place_order;

/* The further ones: a request that no own place takes, and a reply that names none. */
uint32_t kx_owed_add_to_table(struct kx_rt_inbox *inbox, const struct kx_owed *owed)
	__attribute__((cold));
struct kx_owed *kx_owed_take_unnamed(struct kx_rt_thread *thread, const struct kx_rt_inbox *inbox);

static inline uint32_t kx_place_token(uint32_t number)
{
	uint32_t count = atomic_load_explicit(&kx_places[number].count, memory_order_relaxed);

	return count << KX_PLACE_BITS | (number + 1);
}

static inline bool kx_place_change(struct kx_place *place, uint8_t from)
{
	if (!kx_alone())
		return atomic_compare_exchange_strong(&place->state, &from, KX_PLACE_CHANGING);
	if (atomic_load_explicit(&place->state, memory_order_relaxed) != from)
		return false;
	atomic_store_explicit(&place->state, KX_PLACE_CHANGING, memory_order_relaxed);
	return true;
}

/* Keeps @owed in a place that the caller owns: it is empty and nobody else fills it. */
static inline uint32_t kx_place_fill(uint32_t number, struct kx_rt_inbox *inbox,
				     const struct kx_owed *owed)
{
	struct kx_place *place = &kx_places[number];
	/* Two threads may draw one number: "oldest" is then either of them. */
	uint64_t now = atomic_load_explicit(&kx_place_order, memory_order_relaxed);
	uint32_t count = atomic_load_explicit(&place->count, memory_order_relaxed) + 1;

	atomic_store_explicit(&kx_place_order, now + 1, memory_order_relaxed);
	if (owed != &place->owed)
		place->owed = *owed;
	atomic_store_explicit(&place->inbox, inbox, memory_order_relaxed);
	atomic_store_explicit(&place->order, now, memory_order_relaxed);
	atomic_store_explicit(&place->count, count & (UINT32_MAX >> KX_PLACE_BITS),
			      memory_order_relaxed);
	atomic_store_explicit(&place->state, KX_PLACE_FULL, memory_order_release);
	return kx_place_token(number);
}

/* Only this thread fills its own place, so that takes no lock. */
static inline bool kx_place_is_empty(const struct kx_place *place)
{
	return atomic_load_explicit(&place->state, memory_order_acquire) == KX_PLACE_EMPTY;
}

/*
 * Where @thread may receive a request into, so that kx_owed_add() need not copy it; @other
 * if there is no such place.
 */
static inline struct kx_owed *kx_owed_room(const struct kx_rt_thread *thread, struct kx_owed *other)
{
	struct kx_place *own = &kx_places[thread->number];

	return kx_place_is_empty(own) ? &own->owed : other;
}

/* Keeps @owed, which came in by @inbox; its token, 0 when there is no room. */
static inline uint32_t kx_owed_add(struct kx_rt_thread *thread, struct kx_rt_inbox *inbox,
				   const struct kx_owed *owed)
{
	const struct kx_place *own = &kx_places[thread->number];

	if (owed == &own->owed || kx_place_is_empty(own))
		thread->last_owed = kx_place_fill(thread->number, inbox, owed);
	else
		thread->last_owed = kx_owed_add_to_table(inbox, owed);
	return thread->last_owed;
}

/* Of the request in a full place, at a moment: it may be gone by now, or be another. */
static inline const struct kx_rt_inbox *kx_place_inbox(const struct kx_place *place)
{
	return atomic_load_explicit(&place->inbox, memory_order_relaxed);
}

/* Takes a place out if it still holds @token's request for @inbox. */
static inline struct kx_owed *kx_owed_take_named(const struct kx_rt_inbox *inbox, uint32_t token)
{
	uint32_t number = (token & KX_PLACES) - 1u;
	struct kx_place *place = &kx_places[number];

	if (number >= KX_PLACES || !kx_place_change(place, KX_PLACE_FULL))
		return NULL;
	if (kx_place_token(number) == token && kx_place_inbox(place) == inbox)
		return &place->owed;
	atomic_store_explicit(&place->state, KX_PLACE_FULL, memory_order_release);
	return NULL;
}

/*
 * The request named by @token (0: see Reply) on @inbox, for the caller to answer and then
 * to give to kx_owed_done(); NULL: none.
 */
static inline struct kx_owed *kx_owed_take(struct kx_rt_thread *thread, struct kx_rt_inbox *inbox,
					   uint32_t token)
{
	return token ? kx_owed_take_named(inbox, token) : kx_owed_take_unnamed(thread, inbox);
}

static inline void kx_owed_done(struct kx_owed *owed)
{
	struct kx_place *place =
		(struct kx_place *)((uint8_t *)owed - offsetof(struct kx_place, owed));

	atomic_store_explicit(&place->state, KX_PLACE_EMPTY, memory_order_release);
}

#endif /* KX_RT_OWED_H */
