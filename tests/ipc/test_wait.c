/* SPDX-License-Identifier: Apache-2.0 */

/* The waiting policy: every wait comes to its sleep, and what is learnt from one to the next. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "wait.h"

#define CAP_NS 50000u

static uint64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void pass(uint64_t ns)
{
	uint64_t until = now_ns() + ns;

	while (now_ns() < until)
		;
}

static uint16_t elsewhere(void)
{
	return (uint16_t)(kx_wait_cpu() + 1u);
}

/* Looks until the policy says sleep; returns how often. */
static unsigned look_out(struct kx_wait *wait)
{
	unsigned looks = 0;

	while (kx_wait_step(wait))
		assert_true(++looks < 10000000);
	return looks;
}

static void without_spinning_sleep_comes_at_once(void **state)
{
	struct kx_waiter memory;
	struct kx_wait wait;

	(void)state;
	kx_waiter_init(&memory);
	kx_wait_setup(0, false, false);
	kx_wait_begin(&wait, &memory, elsewhere(), false);
	assert_false(kx_wait_step(&wait));
	assert_false(kx_wait_step(&wait));
	kx_wait_end(&wait, true);
	kx_wait_setup(0, true, false);
}

static void with_the_peer_elsewhere_it_looks_and_then_sleeps(void **state)
{
	struct kx_waiter memory;
	struct kx_wait wait;

	(void)state;
	kx_waiter_init(&memory);
	kx_wait_begin(&wait, &memory, elsewhere(), false);
	assert_true(look_out(&wait) >= 16);
	assert_false(kx_wait_step(&wait));
	kx_wait_end(&wait, true);
}

static void an_unknown_cpu_is_elsewhere(void **state)
{
	struct kx_waiter memory;
	struct kx_wait wait;

	(void)state;
	kx_waiter_init(&memory);
	kx_wait_begin(&wait, &memory, KX_CPU_UNKNOWN, false);
	assert_false(wait.yields);
	assert_true(look_out(&wait) >= 16);
	kx_wait_end(&wait, true);
}

static void with_the_peer_just_woken_it_yields_and_then_sleeps(void **state)
{
	struct kx_waiter memory;
	struct kx_wait wait;
	uint64_t start;

	(void)state;
	kx_waiter_init(&memory);
	start = now_ns();
	kx_wait_begin(&wait, &memory, elsewhere(), true);
	assert_true(wait.yields);
	assert_true(look_out(&wait) >= 1);
	assert_true(now_ns() - start > CAP_NS || memory.no_yield_until_ns != 0);
	kx_wait_end(&wait, true);
	assert_int_equal(memory.budget_ns, CAP_NS);
}

static void after_a_stranger_was_met_it_does_not_yield(void **state)
{
	struct kx_waiter memory;
	struct kx_wait wait;

	(void)state;
	kx_waiter_init(&memory);
	memory.no_yield_until_ns = now_ns() + 1000000000u;
	kx_wait_begin(&wait, &memory, elsewhere(), true);
	assert_int_equal(look_out(&wait), 0);
	kx_wait_end(&wait, true);
}

#define MS 1000000u

static void a_slice_of_a_stranger_ends_the_yielding(void **state)
{
	struct kx_waiter memory;

	(void)state;
	kx_waiter_init(&memory);
	kx_waiter_lost(&memory, 1000 * (uint64_t)MS, 3 * MS, false);
	assert_int_equal(memory.no_yield_until_ns, (1000 + 128 * 3) * (uint64_t)MS);
}

/* Four times of it at first, then longer and longer, anew after as long without. */
static void with_a_third_party_it_is_forbidden_for_longer_each_time(void **state)
{
	static const uint64_t times[] = {4, 16, 64, 128, 128};
	struct kx_waiter memory;
	uint64_t now = 1000 * (uint64_t)MS;

	(void)state;
	kx_waiter_init(&memory);
	for (unsigned i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		kx_waiter_lost(&memory, now, 3 * MS, true);
		assert_int_equal(memory.no_yield_until_ns, now + times[i] * 3 * MS);
		now = memory.no_yield_until_ns;
		kx_waiter_lost(&memory, now, 200000, true); /* a tick is no new slice */
		assert_int_equal(memory.no_yield_until_ns, now);
	}
	now += 128 * 3 * MS + 1;
	kx_waiter_lost(&memory, now, 3 * MS, true);
	assert_int_equal(memory.no_yield_until_ns, now + (uint64_t)4 * 3 * MS);
}

/* 0.7 ms is the shortest slice Linux gives. */
static void short_slices_one_after_the_other_end_it_too(void **state)
{
	struct kx_waiter memory;
	uint64_t now = 1000 * (uint64_t)MS;
	unsigned slices = 0;

	(void)state;
	kx_waiter_init(&memory);
	while (!memory.no_yield_until_ns) {
		kx_waiter_lost(&memory, now, 700000, false);
		now += 720000;
		assert_true(++slices <= 4);
	}
	assert_true(slices > 1);
}

static void ticks_and_a_kernel_call_now_and_then_do_not(void **state)
{
	struct kx_waiter memory;
	uint64_t now = 1000 * (uint64_t)MS;

	(void)state;
	kx_waiter_init(&memory);
	for (int i = 0; i < 10000; i++, now += 4 * MS) {
		kx_waiter_lost(&memory, now, 130000, false);
		if (i % 100 == 50)
			kx_waiter_lost(&memory, now + MS, 900000, false);
	}
	assert_int_equal(memory.no_yield_until_ns, 0);
}

static void a_yield_that_served_the_pair_costs_nothing(void **state)
{
	struct kx_waiter memory;

	(void)state;
	kx_waiter_init(&memory);
	for (uint64_t i = 0; i < 10000; i++)
		kx_waiter_lost(&memory, 1000 * (uint64_t)MS + i * 100000, 99999, false);
	assert_int_equal(memory.no_yield_until_ns, 0);
}

/* One wait whose end comes @ns after it fell asleep. */
static void sleep_for(struct kx_waiter *memory, uint64_t ns)
{
	struct kx_wait wait;

	kx_wait_begin(&wait, memory, elsewhere(), false);
	(void)look_out(&wait);
	pass(ns);
	kx_wait_end(&wait, true);
}

/* One wait that is over after @looks looks. */
static void find_after(struct kx_waiter *memory, unsigned looks)
{
	struct kx_wait wait;

	kx_wait_begin(&wait, memory, elsewhere(), false);
	for (unsigned i = 0; i < looks; i++)
		(void)kx_wait_step(&wait);
	kx_wait_end(&wait, false);
}

static void the_first_look_comes_no_later_than_it_may(void **state)
{
	struct kx_waiter memory;
	uint32_t look;

	(void)state;
	kx_waiter_init(&memory);
	kx_waiter_learn(&memory, 3);
	look = memory.first;
	for (int turn = 0; turn < 1000; turn++)
		find_after(&memory, 2);
	assert_int_equal(memory.first, 3 * look);
	for (int turn = 0; turn < 1000; turn++)
		find_after(&memory, 1);
	assert_int_equal(memory.first, 1);
}

/* A whole look later, from wherever it was learnt to be, is no later either. */
static void far_too_early_makes_it_no_later_than_it_may(void **state)
{
	struct kx_waiter memory;
	uint32_t most;

	(void)state;
	kx_wait_setup(10000, true, false); /* four pauses from look to look */
	kx_waiter_init(&memory);
	kx_waiter_learn(&memory, 4);
	most = 4 * memory.first;
	for (uint32_t first = 1; first <= most; first++) {
		memory.first = first;
		for (int turn = 0; turn < 10; turn++) {
			find_after(&memory, 5);
			assert_in_range(memory.first, first, most);
		}
		assert_int_equal(memory.first, most);
	}
	kx_wait_setup(0, true, false);
}

static void long_waits_take_the_budget_down_to_nothing(void **state)
{
	struct kx_waiter memory;
	uint32_t before;
	unsigned turns = 0;

	(void)state;
	kx_waiter_init(&memory);
	while (memory.budget_ns) {
		before = memory.budget_ns;
		sleep_for(&memory, 2u * CAP_NS);
		assert_true(memory.budget_ns <= before / 2);
		assert_true(++turns <= 7);
	}
}

static void short_waits_bring_the_budget_back(void **state)
{
	struct kx_waiter memory;
	struct kx_wait wait;

	(void)state;
	kx_waiter_init(&memory);
	memory.budget_ns = 0;
	memory.sleeps = 63; /* the next wait is the one in 64 that tries again */
	for (int turn = 0; turn < 8 && memory.budget_ns < CAP_NS; turn++) {
		kx_wait_begin(&wait, &memory, elsewhere(), false);
		for (int i = 0; i < 18; i++)
			(void)kx_wait_step(&wait);
		kx_wait_end(&wait, false);
	}
	assert_int_equal(memory.budget_ns, CAP_NS);
}

static void without_budget_one_wait_in_64_looks(void **state)
{
	struct kx_waiter memory;
	unsigned longer = 0;

	(void)state;
	kx_waiter_init(&memory);
	memory.budget_ns = 0;
	for (int turn = 0; turn < 128; turn++) {
		struct kx_wait wait;

		kx_wait_begin(&wait, &memory, elsewhere(), false);
		(void)look_out(&wait);
		longer += wait.limit_ns != 0;
	}
	assert_int_equal(longer, 2);
}

static void a_peer_on_this_core_makes_it_step_off_once(void **state)
{
	struct kx_waiter memory;
	struct kx_wait wait;

	(void)state;
	kx_waiter_init(&memory);
	for (unsigned turn = 0; turn < 100000 && !memory.step_after_ns; turn++)
		kx_wait_begin(&wait, &memory, kx_wait_cpu(), false);
	if (memory.step_after_ns) /* more than one processor here */
		assert_int_equal(memory.step_pause_ms, 2);
	assert_true(memory.same_core < 200);
}

static void a_pause_has_a_length(void **state)
{
	uint32_t ps = kx_wait_measure_pause();

	(void)state;
	assert_in_range(ps, 1, 10000000);
}

static void looks_are_about_40_ns_apart_however_long_a_pause_is(void **state)
{
	(void)state;
	assert_int_equal(kx_wait_pauses(19700), 2);
	assert_int_equal(kx_wait_pauses(20400), 2);
	assert_int_equal(kx_wait_pauses(13000), 3);
	assert_int_equal(kx_wait_pauses(10), 4000);
	assert_int_equal(kx_wait_pauses(90000), 1);
	assert_int_equal(kx_wait_pauses(UINT32_MAX), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_spinning_sleep_comes_at_once),
		cmocka_unit_test(with_the_peer_elsewhere_it_looks_and_then_sleeps),
		cmocka_unit_test(an_unknown_cpu_is_elsewhere),
		cmocka_unit_test(with_the_peer_just_woken_it_yields_and_then_sleeps),
		cmocka_unit_test(after_a_stranger_was_met_it_does_not_yield),
		cmocka_unit_test(a_slice_of_a_stranger_ends_the_yielding),
		cmocka_unit_test(with_a_third_party_it_is_forbidden_for_longer_each_time),
		cmocka_unit_test(short_slices_one_after_the_other_end_it_too),
		cmocka_unit_test(ticks_and_a_kernel_call_now_and_then_do_not),
		cmocka_unit_test(a_yield_that_served_the_pair_costs_nothing),
		cmocka_unit_test(the_first_look_comes_no_later_than_it_may),
		cmocka_unit_test(far_too_early_makes_it_no_later_than_it_may),
		cmocka_unit_test(long_waits_take_the_budget_down_to_nothing),
		cmocka_unit_test(short_waits_bring_the_budget_back),
		cmocka_unit_test(without_budget_one_wait_in_64_looks),
		cmocka_unit_test(a_peer_on_this_core_makes_it_step_off_once),
		cmocka_unit_test(a_pause_has_a_length),
		cmocka_unit_test(looks_are_about_40_ns_apart_however_long_a_pause_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
