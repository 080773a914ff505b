/* SPDX-License-Identifier: Apache-2.0 */

/* Requests owed beyond the one that each thread keeps in a place of its own; see rt_owed.h. */

#include "rt_owed.h"

struct kx_place kx_places[KX_PLACES];
_Atomic uint64_t kx_place_order;

uint32_t kx_owed_add_to_table(struct kx_rt_inbox *inbox, const struct kx_owed *owed)
{
	for (uint32_t i = KX_UP_SLOTS; i < KX_PLACES; i++)
		if (kx_place_change(&kx_places[i], KX_PLACE_EMPTY))
			return kx_place_fill(i, inbox, owed);
	return 0;
}

static uint64_t order_of(const struct kx_place *place)
{
	return atomic_load_explicit(&place->order, memory_order_relaxed);
}

static uint32_t oldest(const struct kx_rt_inbox *inbox)
{
	uint64_t best = UINT64_MAX;
	uint32_t token = 0;

	for (uint32_t i = 0; i < KX_PLACES; i++) {
		const struct kx_place *place = &kx_places[i];

		if (atomic_load(&place->state) != KX_PLACE_FULL || kx_place_inbox(place) != inbox ||
		    order_of(place) >= best)
			continue;
		best = order_of(place);
		token = kx_place_token(i);
	}
	return token;
}

bool kx_owed_names(const struct kx_rt_inbox *inbox)
{
	for (const struct kx_place *place = kx_places; place < kx_places + KX_PLACES; place++) {
		uint8_t state = atomic_load(&place->state);

		if (state == KX_PLACE_CHANGING ||
		    (state == KX_PLACE_FULL && kx_place_inbox(place) == inbox))
			return true;
	}
	return false;
}

struct kx_owed *kx_owed_take_unnamed(struct kx_rt_thread *thread, const struct kx_rt_inbox *inbox)
{
	uint32_t token = thread->last_owed;
	struct kx_owed *owed = token ? kx_owed_take_named(inbox, token) : NULL;

	if (owed) {
		thread->last_owed = 0;
		return owed;
	}
	token = oldest(inbox);
	return token ? kx_owed_take_named(inbox, token) : NULL;
}

void kx_owed_thread_ends(struct kx_rt_thread *thread)
{
	struct kx_place *place = &kx_places[thread->number];

	if (!kx_place_change(place, KX_PLACE_FULL))
		return;
	kx_rt_reply_code(&place->owed, rcNotConnected);
	kx_owed_done(&place->owed);
}
