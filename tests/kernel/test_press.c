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
#include "run_delay.h"

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

bool __real_kx_run_delay(struct kx_run_delay *delay);
bool __wrap_kx_run_delay(struct kx_run_delay *delay);
bool __wrap_kx_peers_held(void);
static struct kx_run_delay delay_now;
static bool delay_is_told = true;
static bool somebody_is_held;

bool __wrap_kx_run_delay(struct kx_run_delay *delay)
{
	if (delay_is_told)
		*delay = delay_now;
	return delay_is_told;
}

bool __wrap_kx_peers_held(void)
{
	return somebody_is_held;
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
	somebody_is_held = false;
	delay_is_told = true;
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

/* Asleep between windows, for a second; of each it runs for 0.1 ms and waits for @wait_us. */
static void be_held_up(unsigned wait_us)
{
	for (unsigned i = 0; i < 1000; i++) {
		now_ns += MS;
		delay_now.run_ns += MS / 10;
		delay_now.wait_ns += 1000ull * wait_us;
		(void)kx_press_window();
	}
}

static void who_is_held_back_stays_so_while_the_thread_goes_without(void **state)
{
	(void)state;
	somebody_is_held = true;
	work(10, 30);
	be_held_up(200);
	assert_true(kx_pressed());
	be_held_up(50);
	assert_false(kx_pressed());
}

/* Before a flood it may have waited or run for ever so long. */
static void what_was_before_is_not_counted(void **state)
{
	(void)state;
	somebody_is_held = true;
	delay_now.run_ns += 1000000000ull * MS;
	work(10, 30);
	be_held_up(200);
	assert_true(kx_pressed());
	be_held_up(50);
	assert_false(kx_pressed());
	delay_now.wait_ns += 2000000000ull * MS;
	work(10, 30);
	be_held_up(50);
	assert_false(kx_pressed());
}

static void with_nobody_held_back_or_without_that_knowledge_it_ends(void **state)
{
	(void)state;
	work(10, 30);
	be_held_up(200);
	assert_false(kx_pressed());
	somebody_is_held = true;
	delay_is_told = false;
	work(10, 30);
	assert_true(kx_pressed());
	be_held_up(200);
	assert_false(kx_pressed());
}

/* What Linux says: a thread that computes has run in the end. */
static void a_thread_learns_how_long_it_ran(void **state)
{
	struct kx_run_delay first = {0};
	struct kx_run_delay then = {0};

	(void)state;
	assert_true(__real_kx_run_delay(&first));
	do
		assert_true(__real_kx_run_delay(&then));
	while (then.run_ns < first.run_ns + MS);
	assert_true(then.wait_ns >= first.wait_ns);
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
		cmocka_unit_test_setup(who_is_held_back_stays_so_while_the_thread_goes_without,
				       begin),
		cmocka_unit_test_setup(what_was_before_is_not_counted, begin),
		cmocka_unit_test_setup(with_nobody_held_back_or_without_that_knowledge_it_ends,
				       begin),
		cmocka_unit_test(a_thread_learns_how_long_it_ran),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
