/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The anatomy of a call: how stamps become the path of a call, on stamps made here,
 * and the whole command on real calls, direct and relayed.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>
#include <jansson.h>

#include "anatomy/anatomy.h"
#include "measure/clock.h"

static struct kx_anatomy anatomy;
static struct kx_stamp_list list;

static void stamp(enum kx_stamp point, unsigned cpu, unsigned key, unsigned ticks)
{
	char line[64];

	(void)snprintf(line, sizeof(line), "KXSTAMP %x %x %x %x", (unsigned)point, cpu, key, ticks);
	assert_true(kx_stamps_read(&list, line));
}

/* A direct call of 1000 ticks; the server has looked from core @server. */
static void stamp_direct_call(unsigned client, unsigned server, unsigned key, unsigned at)
{
	stamp(KX_STAMP_CALL, client, 0, at);
	stamp(KX_STAMP_POSTED, client, key, at + 100);
	stamp(KX_STAMP_TAKEN, server, key, at + 300);
	stamp(KX_STAMP_RECEIVED, server, 0, at + 350);
	stamp(KX_STAMP_REPLY, server, 0, at + 400);
	stamp(KX_STAMP_REPLIED, server, 0, at + 500);
	stamp(KX_STAMP_ANSWERED, client, 0, at + 900);
	stamp(KX_STAMP_DONE, client, 0, at + 1000);
}

static int start(void **state)
{
	(void)state;
	anatomy = (struct kx_anatomy){0};
	list = (struct kx_stamp_list){0};
	return 0;
}

static int end(void **state)
{
	(void)state;
	kx_anatomy_free(&anatomy);
	kx_stamps_free(&list);
	return 0;
}

static void assert_part(enum kx_where where, unsigned ticks)
{
	assert_int_equal(anatomy.call[0].part[where], ticks);
}

static void a_direct_call_is_cut_into_gaps_that_add_up(void **state)
{
	uint32_t sum = 0;

	(void)state;
	stamp_direct_call(0, 1, 7, 5000);
	assert_true(kx_anatomy_add(&anatomy, &list));
	assert_int_equal(anatomy.count, 1);
	assert_int_equal(anatomy.call[0].total, 1000);
	assert_part(KX_WHERE_CLIENT, 200);
	assert_part(KX_WHERE_LINE, 600);
	assert_part(KX_WHERE_SERVER, 150);
	assert_part(KX_WHERE_HANDLER, 50);
	for (unsigned w = 0; w < KX_WHERE_COUNT; w++)
		sum += anatomy.call[0].part[w];
	assert_int_equal(sum, 1000);
	assert_int_equal(anatomy.cores, 2);
}

static void on_one_core_a_gap_between_the_parties_is_waiting_for_it(void **state)
{
	struct kx_shares shares;
	char text[320];

	(void)state;
	stamp_direct_call(3, 3, 7, 5000);
	assert_true(kx_anatomy_add(&anatomy, &list));
	assert_part(KX_WHERE_CPU, 600);
	assert_part(KX_WHERE_LINE, 0);
	shares = kx_anatomy_shares(&anatomy, 0, 100000);
	kx_anatomy_say(&anatomy, &shares, text, sizeof(text));
	assert_string_equal(text, "60 % waiting for a CPU: client and server share one core; "
				  "20 % in the client's Call");
}

static void a_ring_counts_only_as_far_as_the_rung_side_waits_for_it(void **state)
{
	(void)state;
	stamp_direct_call(0, 1, 7, 5000);
	stamp(KX_STAMP_RUNNING, 1, 0, 5250);
	stamp(KX_STAMP_RUNG, 0, 0, 5180);
	stamp(KX_STAMP_WOKE, 1, 0, 5950); /* the client ran long before */
	assert_true(kx_anatomy_add(&anatomy, &list));
	assert_int_equal(anatomy.count, 1);
	assert_part(KX_WHERE_RING, 80);
	assert_part(KX_WHERE_WAKE, 70);
	assert_part(KX_WHERE_SERVER, 50 + 150);
	assert_part(KX_WHERE_LINE, 400);
}

static void a_sleep_that_ended_before_the_request_is_no_part_of_it(void **state)
{
	(void)state;
	stamp_direct_call(0, 1, 7, 5000);
	stamp(KX_STAMP_RUNNING, 1, 0, 5050);
	assert_true(kx_anatomy_add(&anatomy, &list));
	assert_int_equal(anatomy.count, 1);
	assert_part(KX_WHERE_WAKE, 0);
	assert_part(KX_WHERE_LINE, 600);
}

static void what_is_not_whole_is_left_out_and_counted(void **state)
{
	(void)state;
	stamp_direct_call(0, 1, 7, 5000);
	stamp(KX_STAMP_CALL, 0, 0, 7000); /* never goes on */
	stamp_direct_call(0, 1, 8, 8000);
	list.event[list.count - 6].key = 9; /* the server took another request */
	assert_true(kx_anatomy_add(&anatomy, &list));
	assert_int_equal(anatomy.count, 1);
	assert_int_equal(anatomy.unfit, 2);
	assert_false(kx_stamps_read(&list, "KXSTAMP ffff 0 0 0"));
	assert_false(kx_stamps_read(&list, "KXSTAMP 1 2"));
}

static void a_relayed_call_needs_both_halves_of_the_kernel_process(void **state)
{
	static const enum kx_stamp way[] = {
		KX_STAMP_CALL,       KX_STAMP_POSTED,     KX_STAMP_K_RUNNING, KX_STAMP_K_TAKEN,
		KX_STAMP_K_JUDGED,   KX_STAMP_K_POSTED,   KX_STAMP_TAKEN,     KX_STAMP_RECEIVED,
		KX_STAMP_REPLY,      KX_STAMP_REPLIED,    KX_STAMP_K_RUNNING, KX_STAMP_K_REPLY,
		KX_STAMP_K_APPROVED, KX_STAMP_K_ANSWERED, KX_STAMP_AWAKE,     KX_STAMP_ANSWERED,
		KX_STAMP_DONE,
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(way) / sizeof(way[0]); i++)
		stamp(way[i], 0, 5, 100 + 10 * i);
	assert_true(kx_anatomy_add(&anatomy, &list));
	assert_int_equal(anatomy.count, 1);
	assert_true(anatomy.relayed);
	assert_int_equal(anatomy.call[0].total, 160);
	assert_part(KX_WHERE_KERNEL, 10 * 6);
	assert_part(KX_WHERE_CPU, 10 * 4);
}

/*
 * kosix-bench anatomy with @arguments, for real; the document it wrote. Two of sixteen
 * milliseconds are stamped, and on a busy machine a relayed call takes several.
 */
static json_t *run(const char *arguments)
{
	char command[512];
	json_t *document;
	FILE *pipe;

	(void)snprintf(command, sizeof(command),
		       "'%s' anatomy --turns 1 --turn-time 3000 --json %s", KX_BENCH_PROGRAM,
		       arguments);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	document = json_loadf(pipe, 0, NULL);
	assert_int_equal(pclose(pipe), 0);
	assert_non_null(document);
	return document;
}

static void real_calls_are_dissected(const char *arguments, size_t steps)
{
	json_t *document = run(arguments);
	const json_t *typical = json_object_get(document, "typical");
	const json_t *shares = json_object_get(typical, "shares");
	double sum = 0.0;
	const char *key;
	json_t *value;

	assert_true(json_integer_value(json_object_get(document, "calls")) > 0);
	assert_true(json_array_size(json_object_get(document, "steps")) >= steps);
	json_object_foreach((json_t *)(uintptr_t)shares, key, value)
	{
		sum += json_number_value(value);
	}
	assert_true(sum > 0.999 && sum < 1.001);
	assert_non_null(strstr(json_string_value(json_object_get(typical, "sentence")), " % "));
	json_decref(document);
}

static void real_direct_calls_are_dissected(void **state)
{
	(void)state;
	real_calls_are_dissected("", 7);
}

static void real_relayed_calls_are_dissected(void **state)
{
	(void)state;
	real_calls_are_dissected("--path relay", 13);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_direct_call_is_cut_into_gaps_that_add_up, start,
						end),
		cmocka_unit_test_setup_teardown(
			on_one_core_a_gap_between_the_parties_is_waiting_for_it, start, end),
		cmocka_unit_test_setup_teardown(
			a_ring_counts_only_as_far_as_the_rung_side_waits_for_it, start, end),
		cmocka_unit_test_setup_teardown(
			a_sleep_that_ended_before_the_request_is_no_part_of_it, start, end),
		cmocka_unit_test_setup_teardown(what_is_not_whole_is_left_out_and_counted, start,
						end),
		cmocka_unit_test_setup_teardown(
			a_relayed_call_needs_both_halves_of_the_kernel_process, start, end),
		cmocka_unit_test(real_direct_calls_are_dissected),
		cmocka_unit_test(real_relayed_calls_are_dissected),
	};

	kx_clock_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
