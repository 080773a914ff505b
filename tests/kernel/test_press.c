/* SPDX-License-Identifier: Apache-2.0 */

/* When the IPC thread holds entities back, by clocks of this test's own. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "ipc_press.h"
#include "relay.h"

#define MS 1000000u

/* clock_gettime() of the code under test, by the linker's --wrap. */
int __wrap_clock_gettime(clockid_t clock, struct timespec *t);
static uint64_t now_ns = 1;
static uint64_t cpu_ns = 1;

int __wrap_clock_gettime(clockid_t clock, struct timespec *t)
{
	uint64_t ns = clock == CLOCK_THREAD_CPUTIME_ID ? cpu_ns : now_ns;

	*t = (struct timespec){(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
	return 0;
}

/* At work for @ms, in rounds of 10 us, with @percent of a processor. */
static void work(unsigned ms, unsigned percent)
{
	for (unsigned i = 0; i < 100 * ms; i++) {
		now_ns += MS / 100;
		cpu_ns += MS / 10000 * percent;
		kx_press_weigh();
		(void)kx_press_window();
	}
}

static int begin(void **state)
{
	(void)state;
	/* Long enough for what was before to be over. */
	kx_press_idle();
	now_ns += 1000ull * MS;
	(void)kx_press_window();
	return 0;
}

static void with_a_processor_nobody_is_held_back(void **state)
{
	(void)state;
	work(1000, 60);
	assert_false(kx_pressed());
}

static void without_one_entities_are_held_back_and_that_is_tried_again(void **state)
{
	(void)state;
	work(10, 30);
	assert_true(kx_pressed());
	work(1000, 30);
	assert_true(kx_pressed());
	work(1000, 90);
	assert_false(kx_pressed());
}

/* One honest client: between its calls the thread yields to those that compute. */
static void yielding_is_not_going_without(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		now_ns += MS / 100;
		cpu_ns += MS / 100;
		kx_press_weigh();
		kx_press_idle();
		now_ns += MS / 20;
		(void)kx_press_window();
	}
	assert_false(kx_pressed());
}

/* Asleep it needs no processor. */
static void a_thread_that_sleeps_is_not_weighed(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		work(1, 90);
		kx_press_idle();
		now_ns += 10 * MS;
	}
	assert_false(kx_pressed());
}

static void a_window_ends_in_time(void **state)
{
	uint64_t begun;

	(void)state;
	assert_false(kx_press_window());
	work(10, 30);
	assert_true(kx_pressed());
	now_ns += 2 * MS;
	assert_true(kx_press_window());
	assert_false(kx_press_window());
	begun = now_ns;
	now_ns += KX_WINDOW_NS;
	assert_true(kx_press_window());
	/* Nobody is held back: nothing to wake up for but the deadline. */
	assert_int_equal(kx_press_deadline(0), 0);
	assert_int_equal(kx_press_deadline(begun + 5 * MS), begun + 5 * MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(with_a_processor_nobody_is_held_back, begin),
		cmocka_unit_test_setup(without_one_entities_are_held_back_and_that_is_tried_again,
				       begin),
		cmocka_unit_test_setup(yielding_is_not_going_without, begin),
		cmocka_unit_test_setup(a_thread_that_sleeps_is_not_weighed, begin),
		cmocka_unit_test_setup(a_window_ends_in_time, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
