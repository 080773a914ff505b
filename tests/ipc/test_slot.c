/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The transitions of a call slot: what each state allows, and what a word that
 * the other side may not write gets. Interleavings are verify/explorer's.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "slot.h"

#define GEN 7u

static struct kx_slot slot_at(uint32_t w)
{
	struct kx_slot slot = {0};

	atomic_init(&slot.w, w);
	return slot;
}

static uint32_t word_of(struct kx_slot *slot)
{
	return kx_load(&slot->w);
}

static void a_call_goes_through_its_four_states(void **state)
{
	struct kx_slot slot = slot_at(0);
	uint32_t gen = 0;
	uint32_t w;
	bool wake = true;

	(void)state;
	assert_int_equal(kx_slot_post(&slot, GEN, false), 0);
	assert_int_equal(word_of(&slot), KX_SLOT_WORD(GEN, KX_SLOT_POSTED));
	assert_int_equal(kx_slot_replied(&slot, GEN, &w), KX_EAGAIN);
	assert_int_equal(kx_slot_take(&slot, &gen), KX_OK);
	assert_int_equal(gen, GEN);
	assert_int_equal(word_of(&slot), KX_SLOT_WORD(GEN, KX_SLOT_TAKEN));
	assert_int_equal(kx_slot_replied(&slot, GEN, &w), KX_EAGAIN);
	assert_int_equal(kx_slot_reply(&slot, GEN, &wake), KX_OK);
	assert_false(wake);
	assert_int_equal(kx_slot_replied(&slot, GEN, &w), KX_OK);
	assert_int_equal(kx_slot_post(&slot, GEN + 1, false), KX_SLOT_WORD(GEN, KX_SLOT_REPLIED));
}

static void a_request_is_taken_once(void **state)
{
	struct kx_slot slot = slot_at(KX_SLOT_WORD(GEN, KX_SLOT_POSTED));
	uint32_t gen = 0;

	(void)state;
	assert_int_equal(kx_slot_take(&slot, &gen), KX_OK);
	gen = 99;
	assert_int_equal(kx_slot_take(&slot, &gen), KX_EAGAIN);
	assert_int_equal(gen, 99);
}

static void nothing_but_posted_can_be_taken(void **state)
{
	(void)state;
	for (uint32_t low = 0; low < 16; low++) {
		struct kx_slot slot = slot_at(GEN << 4 | low);
		uint32_t gen = 0;

		if (KX_SLOT_IS_POSTED(low))
			continue;
		assert_int_equal(kx_slot_take(&slot, &gen), KX_EAGAIN);
		assert_int_equal(word_of(&slot), GEN << 4 | low);
	}
}

static void sleep_survives_the_take_and_asks_for_a_wake(void **state)
{
	struct kx_slot slot = slot_at(KX_SLOT_WORD(GEN, KX_SLOT_POSTED));
	uint32_t w = word_of(&slot);
	uint32_t gen = 0;
	bool wake = false;

	(void)state;
	assert_true(kx_slot_mark_sleep(&slot, &w));
	assert_int_equal(w, KX_SLOT_WORD(GEN, KX_SLOT_POSTED) | KX_SLOT_SLEEP);
	assert_true(kx_slot_mark_sleep(&slot, &w));
	assert_int_equal(kx_slot_take(&slot, &gen), KX_OK);
	assert_int_equal(word_of(&slot), KX_SLOT_WORD(GEN, KX_SLOT_TAKEN) | KX_SLOT_SLEEP);
	assert_int_equal(kx_slot_replied(&slot, GEN, &w), KX_EAGAIN);
	assert_int_equal(kx_slot_reply(&slot, GEN, &wake), KX_OK);
	assert_true(wake);
	assert_int_equal(word_of(&slot), KX_SLOT_WORD(GEN, KX_SLOT_REPLIED));
}

static void nobody_goes_to_sleep_on_a_word_that_moved(void **state)
{
	struct kx_slot slot = slot_at(KX_SLOT_WORD(GEN, KX_SLOT_REPLIED));
	uint32_t w = KX_SLOT_WORD(GEN, KX_SLOT_TAKEN);

	(void)state;
	assert_false(kx_slot_mark_sleep(&slot, &w));
	assert_int_equal(word_of(&slot), KX_SLOT_WORD(GEN, KX_SLOT_REPLIED));
}

static void a_request_can_be_cancelled_until_it_is_taken(void **state)
{
	struct kx_slot slot = slot_at(KX_SLOT_WORD(GEN, KX_SLOT_TIMED) | KX_SLOT_SLEEP);

	(void)state;
	assert_false(kx_slot_cancel(&slot, GEN + 1));
	assert_true(kx_slot_cancel(&slot, GEN));
	assert_int_equal(word_of(&slot), KX_SLOT_WORD(GEN, KX_SLOT_FREE));
	/* Posted without saying so: a server may be at it although the word does not show it. */
	slot = slot_at(KX_SLOT_WORD(GEN, KX_SLOT_POSTED));
	assert_false(kx_slot_cancel(&slot, GEN));
	slot = slot_at(KX_SLOT_WORD(GEN, KX_SLOT_TAKEN));
	assert_false(kx_slot_cancel(&slot, GEN));
	slot = slot_at(KX_SLOT_WORD(GEN, KX_SLOT_REPLIED));
	assert_false(kx_slot_cancel(&slot, GEN));
}

static void a_late_reply_to_an_abandoned_request_frees_the_slot(void **state)
{
	struct kx_slot slot = slot_at(KX_SLOT_WORD(GEN, KX_SLOT_TAKEN) | KX_SLOT_SLEEP);
	bool wake = false;

	(void)state;
	assert_false(kx_slot_abandon(&slot, GEN + 1));
	assert_true(kx_slot_abandon(&slot, GEN));
	assert_int_equal(word_of(&slot), KX_SLOT_WORD(GEN, KX_SLOT_ABANDONED));
	assert_int_equal(kx_slot_reply(&slot, GEN, &wake), KX_ETIME);
	assert_false(wake);
	assert_int_equal(word_of(&slot), KX_SLOT_WORD(GEN, KX_SLOT_FREE));
}

static void only_a_taken_request_can_be_abandoned(void **state)
{
	(void)state;
	for (uint32_t low = 0; low < 16; low++) {
		struct kx_slot slot = slot_at(GEN << 4 | low);

		if (KX_SLOT_STATE(low) == KX_SLOT_TAKEN)
			continue;
		assert_false(kx_slot_abandon(&slot, GEN));
		assert_int_equal(word_of(&slot), GEN << 4 | low);
	}
}

static void poison_breaks_what_only_the_dead_could_move_on(void **state)
{
	static const uint32_t poison = KX_SLOT_WORD(GEN, KX_SLOT_POISON);
	static const struct {
		uint32_t from;
		uint32_t to;
	} table[] = {
		{KX_SLOT_WORD(GEN, KX_SLOT_FREE), KX_SLOT_WORD(GEN, KX_SLOT_FREE)},
		{KX_SLOT_WORD(GEN, KX_SLOT_POSTED), poison},
		{KX_SLOT_WORD(GEN, KX_SLOT_POSTED) | KX_SLOT_SLEEP, poison},
		{KX_SLOT_WORD(GEN, KX_SLOT_TAKEN), poison},
		{KX_SLOT_WORD(GEN, KX_SLOT_TAKEN) | KX_SLOT_SLEEP, poison},
		{KX_SLOT_WORD(GEN, KX_SLOT_REPLIED), KX_SLOT_WORD(GEN, KX_SLOT_REPLIED)},
		{KX_SLOT_WORD(GEN, KX_SLOT_ABANDONED), poison},
		{poison, poison},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct kx_slot slot = slot_at(table[i].from);

		kx_slot_poison(&slot);
		assert_int_equal(word_of(&slot), table[i].to);
	}
}

static void a_poisoned_slot_answers_both_sides_with_peer_gone(void **state)
{
	struct kx_slot slot = slot_at(KX_SLOT_WORD(GEN, KX_SLOT_POISON));
	uint32_t w;
	bool wake;

	(void)state;
	assert_int_equal(kx_slot_replied(&slot, GEN, &w), KX_EPEER);
	assert_int_equal(kx_slot_reply(&slot, GEN, &wake), KX_EPEER);
	assert_false(kx_slot_cancel(&slot, GEN));
	assert_int_equal(KX_SLOT_STATE(kx_slot_post(&slot, GEN + 1, false)), KX_SLOT_POISON);
}

/* Every word a hostile server can leave for the client: only one of them is a reply. */
static void a_client_believes_one_word_only(void **state)
{
	static const uint32_t gens[] = {GEN, GEN - 1, GEN + 1, 0, 0x0fffffff};

	(void)state;
	for (size_t g = 0; g < sizeof(gens) / sizeof(gens[0]); g++) {
		for (uint32_t low = 0; low < 16; low++) {
			struct kx_slot slot = slot_at(gens[g] << 4 | low);
			uint32_t low_state = KX_SLOT_STATE(low);
			enum kx_result want = KX_EPROTO;
			uint32_t w;

			if (low_state == KX_SLOT_POISON)
				want = KX_EPEER;
			else if (gens[g] == GEN && low == KX_SLOT_REPLIED)
				want = KX_OK;
			else if (gens[g] == GEN &&
				 (KX_SLOT_IS_POSTED(low) || low_state == KX_SLOT_TAKEN))
				want = KX_EAGAIN;
			assert_int_equal(kx_slot_replied(&slot, GEN, &w), want);
			assert_int_equal(w, gens[g] << 4 | low);
		}
	}
}

/* M-03, server side: whatever the client wrote over a taken slot, Reply has one answer. */
static void a_reply_into_a_rewritten_slot_is_refused(void **state)
{
	static const uint32_t gens[] = {GEN, GEN - 1, GEN + 1, 0, 0x0fffffff};

	(void)state;
	for (size_t g = 0; g < sizeof(gens) / sizeof(gens[0]); g++) {
		for (uint32_t low = 0; low < 16; low++) {
			struct kx_slot slot = slot_at(gens[g] << 4 | low);
			enum kx_result want = KX_EPROTO;
			bool wake = false;

			if (KX_SLOT_STATE(low) == KX_SLOT_POISON)
				want = KX_EPEER;
			else if (gens[g] == GEN && (KX_SLOT_STATE(low) == KX_SLOT_TAKEN ||
						    KX_SLOT_STATE(low) == KX_SLOT_POSTED))
				want = KX_OK;
			else if (gens[g] == GEN && KX_SLOT_STATE(low) == KX_SLOT_ABANDONED)
				want = KX_ETIME;
			assert_int_equal(kx_slot_reply(&slot, GEN, &wake), want);
			if (want == KX_EPROTO || want == KX_EPEER)
				assert_int_equal(word_of(&slot), gens[g] << 4 | low);
		}
	}
}

static void the_last_generation_is_followed_by_the_first(void **state)
{
	const uint32_t last = 0x0fffffff;
	struct kx_slot slot = slot_at(KX_SLOT_WORD(last - 1, KX_SLOT_REPLIED));
	uint32_t gen = 0;
	uint32_t w;
	bool wake;

	(void)state;
	(void)kx_slot_post(&slot, last, false);
	assert_int_equal(kx_slot_take(&slot, &gen), KX_OK);
	assert_int_equal(gen, last);
	assert_int_equal(kx_slot_reply(&slot, gen, &wake), KX_OK);
	assert_int_equal(kx_slot_replied(&slot, last, &w), KX_OK);
	(void)kx_slot_post(&slot, (last + 1) & last, false);
	assert_int_equal(kx_slot_replied(&slot, 0, &w), KX_EAGAIN);
	assert_int_equal(kx_slot_replied(&slot, last, &w), KX_EPROTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_goes_through_its_four_states),
		cmocka_unit_test(a_request_is_taken_once),
		cmocka_unit_test(nothing_but_posted_can_be_taken),
		cmocka_unit_test(sleep_survives_the_take_and_asks_for_a_wake),
		cmocka_unit_test(nobody_goes_to_sleep_on_a_word_that_moved),
		cmocka_unit_test(a_request_can_be_cancelled_until_it_is_taken),
		cmocka_unit_test(a_late_reply_to_an_abandoned_request_frees_the_slot),
		cmocka_unit_test(only_a_taken_request_can_be_abandoned),
		cmocka_unit_test(poison_breaks_what_only_the_dead_could_move_on),
		cmocka_unit_test(a_poisoned_slot_answers_both_sides_with_peer_gone),
		cmocka_unit_test(a_client_believes_one_word_only),
		cmocka_unit_test(a_reply_into_a_rewritten_slot_is_refused),
		cmocka_unit_test(the_last_generation_is_followed_by_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
