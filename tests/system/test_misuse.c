/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Calls as nobody should make them (scenario_misuse.c): from signal handlers, left half way, with
 * memory that is not there, in the child of a fork. The caller may lose by it, nobody else.
 */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <poll.h>

#include "rig.h"

static struct rig rig;

static void must_come(const char *text, unsigned count)
{
	if (!rig_wait(&rig, text, count)) {
		fprintf(stderr, "%s", rig.text);
		rig_end(&rig);
		fail_msg("%s did not come %u times", text, count);
	}
}

/* @entities run with @options until each of @texts has come. */
static void run(const char *const entities[], const char *const options[],
		const char *const texts[])
{
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, options);
	for (unsigned i = 0; texts[i]; i++)
		must_come(texts[i], 1);
}

static void run_all_ways(const char *const entities[], const char *const texts[])
{
	for (unsigned way = 0; way < RIG_WAYS; way++) {
		run(entities, rig_ways[way], texts);
		rig_end(&rig);
	}
}

/* */
static void a_call_in_a_signal_handler_is_right_or_refused(void **state)
{
	static const char *const entities[] = {"server t.Server SECONDS=1 handlers server",
					       "client t.Client SECONDS=1 handlers client", NULL};

	(void)state;
	run_all_ways(entities, (const char *const[]){"PASS handlers client", NULL});
}

static void a_call_that_is_left_costs_its_thread_alone(void **state)
{
	static const char *const entities[] = {"server t.Server left server",
					       "client t.Client left client", NULL};

	(void)state;
	run_all_ways(entities, (const char *const[]){"PASS left client", NULL});
}

/* */
static void memory_that_is_not_there_is_its_owners_fault(void **state)
{
	static const char *const entities[] = {
		"server t.Server good server",
		"worse t.Server bad server",
		"c0 t.Client CASE=0 bad client",
		"c1 t.Client CASE=1 bad client",
		"c2 t.Client CASE=2 bad client",
		"c3 t.Client CASE=3 bad client",
		"c4 t.Client CASE=4 bad client",
		"c5 t.Client CASE=5 bad client",
		"c6 t.Client CASE=6 bad client",
		"c7 t.Client CASE=7 bad client",
		"good t.Client good client",
		"betrayed t.Client >worse betrayed_by_memory client",
		NULL,
	};
	static const char *const texts[] = {"PASS good client", "PASS betrayed_by_memory client",
					    NULL};
	int64_t end;

	(void)state;
	for (unsigned way = 0; way < RIG_WAYS; way++) {
		run(entities, rig_ways[way], texts);
		end = rig_now_ms() + 20000;
		while (rig_processes(rig.folder) > 1 && rig_now_ms() < end)
			(void)usleep(1000); /* no parent of theirs to wait as */
		assert_int_equal(rig_processes(rig.folder), 1);
		assert_int_equal(rig_count(&rig, "RETURNED"), 0);
		rig_end(&rig);
	}
}

/* */
static void the_child_of_a_fork_is_no_entity(void **state)
{
	static const char *const off[] = {"--isolation=off", NULL};
	static const char *const off_relayed[] = {"--isolation=off", "--mediate=all", NULL};
	static const char *const entities[] = {"server t.Server forked server",
					       "client t.Client forked client", NULL};

	(void)state;
	run(entities, off, (const char *const[]){"PASS forked client", NULL});
	rig_end(&rig);
	run(entities, off_relayed, (const char *const[]){"PASS forked client", NULL});
	rig_end(&rig);
}

static void the_end_of_a_process_is_told_though_its_child_lives(void **state)
{
	static const char *const off[] = {"--isolation=off", NULL};
	static const char *const entities[] = {"server t.Server orphan server",
					       "client t.Client orphan client", NULL};

	(void)state;
	run(entities, off, (const char *const[]){"PASS orphan client", NULL});
	/* The client has said so and may be about to end; the child stays. */
	for (int tries = 0; rig_processes(rig.folder) > 1 && tries < 2000; tries++)
		(void)poll(NULL, 0, 10);
	assert_int_equal(rig_processes(rig.folder), 1);
	rig_end(&rig);
}

static void nobody_forks_unless_that_is_allowed(void **state)
{
	static const char *const entities[] = {"server t.Server unforked server",
					       "client t.Client unforked client", NULL};

	(void)state;
	run(entities, rig_direct, (const char *const[]){"PASS unforked client", NULL});
	rig_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_in_a_signal_handler_is_right_or_refused),
		cmocka_unit_test(a_call_that_is_left_costs_its_thread_alone),
		cmocka_unit_test(memory_that_is_not_there_is_its_owners_fault),
		cmocka_unit_test(the_child_of_a_fork_is_no_entity),
		cmocka_unit_test(the_end_of_a_process_is_told_though_its_child_lives),
		cmocka_unit_test(nobody_forks_unless_that_is_allowed),
	};

	if (getenv("ONLY"))
		cmocka_set_test_filter(getenv("ONLY"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
