/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A client that writes what it likes into its own channel (M-03, M-08): every
 * kind of value on every word it can reach, at rest and at full speed. The honest
 * client beside it is served all the same, exactly; the server reads nothing out
 * of bounds.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rcu.h"
#include "rig.h"

enum { HOSTILE, HONEST, PARTIES };

#define GEN_LAST 0x0fffffffu

static const uint32_t values[] = {
	0,
	1,
	UINT32_MAX,
	UINT32_MAX - 1,
	0x80000000u,
	0x7fffffffu,
	KX_SLOT_WORD(1, KX_SLOT_FREE),
	KX_SLOT_WORD(1, KX_SLOT_POSTED),
	KX_SLOT_WORD(1, KX_SLOT_POSTED) | KX_SLOT_SLEEP,
	KX_SLOT_WORD(1, KX_SLOT_TAKEN),
	KX_SLOT_WORD(1, KX_SLOT_TAKEN) | KX_SLOT_SLEEP,
	KX_SLOT_WORD(1, KX_SLOT_REPLIED),
	KX_SLOT_WORD(1, KX_SLOT_ABANDONED),
	KX_SLOT_WORD(1, KX_SLOT_POISON),
	KX_SLOT_WORD(1, 6),
	KX_SLOT_WORD(1, 7) | KX_SLOT_SLEEP,
	KX_SLOT_WORD(GEN_LAST, KX_SLOT_POSTED),
	KX_SLOT_WORD(0, KX_SLOT_POSTED),
};

#define VALUES (sizeof(values) / sizeof(values[0]))

static kx_word *word_of(struct rig *rig, unsigned number)
{
	struct kx_channel_region *region = rig_region(rig, HOSTILE);
	kx_word *const words[] = {&region->slots[0].w, &region->slots[KX_CHANNEL_SLOTS - 1].w,
				  &region->arm, &region->bell};

	return words[number];
}

static void honest_calls(struct rig *rig, uint32_t from, uint32_t count)
{
	for (uint32_t n = from; n < from + count; n++)
		assert_int_equal(rig_call(rig, HONEST, 0, n, 100), KX_OK);
}

/* The honest one was served exactly; of the two only the hostile one was complained about. */
static void assert_honest_unharmed(struct rig *rig, uint32_t calls)
{
	assert_int_equal(rig->shared->served[HONEST][0], calls);
	assert_int_equal(rig->shared->calls, calls);
	assert_true((rig->shared->complaints & ~(1u << HOSTILE)) == 0);
}

static void any_value_on_any_word_harms_nobody_else(void **state)
{
	(void)state;
	for (unsigned word = 0; word < 4; word++) {
		for (unsigned v = 0; v < VALUES; v++) {
			struct rig rig;

			assert_true(rig_open(&rig, RIG_THREADED, PARTIES));
			assert_true(rig_serve(&rig, 2));
			honest_calls(&rig, 1, 1);
			kx_store(word_of(&rig, word), values[v]);
			kx_futex_wake(word_of(&rig, word));
			honest_calls(&rig, 2, 2);
			(void)kx_add(&rig_region(&rig, HOSTILE)->bell, 1);
			kx_futex_wake(&rig_region(&rig, HOSTILE)->bell);
			honest_calls(&rig, 4, 1);
			(void)rig_stop(&rig);
			assert_honest_unharmed(&rig, 4);
			rig_close(&rig);
		}
	}
}

/* Scribbles until told to stop. */
struct scribbler {
	struct rig *rig;
	kx_word stop;
	bool heads; /* scribble on message heads too */
};

static void scribble_head(struct kx_slot *slot, uint32_t random)
{
	static const uint32_t sizes[] = {
		0, 23, 24, 40, 68, 0x0fffffff, RIG_MESSAGE_MAX, RIG_MESSAGE_MAX + 1};

	*(volatile uint32_t *)&slot->ex = sizes[random % 8] | random << 28;
	*(volatile uint32_t *)&slot->arena = random % 3 ? sizes[random / 8 % 8] : UINT32_MAX;
}

static void *scribble(void *context)
{
	struct scribbler *scribbler = context;
	struct kx_channel_region *region = rig_region(scribbler->rig, HOSTILE);
	uint32_t random = 12345;

	while (!kx_load(&scribbler->stop)) {
		random = random * 1664525u + 1013904223u;
		if (scribbler->heads)
			scribble_head(&region->slots[random >> 20 & 1u], random >> 8);
		kx_store(word_of(scribbler->rig, random >> 30), values[(random >> 8) % VALUES]);
		if (random % 16 == 0)
			(void)kx_slot_post(&region->slots[random >> 20 & 1u], random >> 12, false);
		if (random % 64 == 0)
			kx_futex_wake(&region->bell);
	}
	return NULL;
}

static void call_beside_a_scribbler(bool heads)
{
	struct scribbler scribbler = {.heads = heads};
	struct rig rig;
	pthread_t thread;

	assert_true(rig_open(&rig, RIG_THREADED, PARTIES));
	assert_true(rig_serve(&rig, 2));
	scribbler.rig = &rig;
	assert_int_equal(pthread_create(&thread, NULL, scribble, &scribbler), 0);
	honest_calls(&rig, 1, 300);
	kx_store(&scribbler.stop, 1);
	(void)pthread_join(thread, NULL);
	(void)rig_stop(&rig);
	assert_honest_unharmed(&rig, 300);
	rig_close(&rig);
}

static void a_storm_of_words_harms_nobody_else(void **state)
{
	(void)state;
	call_beside_a_scribbler(false);
}

static void a_storm_of_heads_harms_nobody_else(void **state)
{
	(void)state;
	call_beside_a_scribbler(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_value_on_any_word_harms_nobody_else),
		cmocka_unit_test(a_storm_of_words_harms_nobody_else),
		cmocka_unit_test(a_storm_of_heads_harms_nobody_else),
	};

	kx_wait_setup(0, true, false);
	rcu_register_thread();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
