/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Whole solutions: every scenario of the parts runs directly and, again, with
 * every message relayed; what the parties see must not differ.
 */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "rig.h"
#include "tally.h"

static void image_of(struct rig *rig, const char *scenario, const char *env)
{
	char server[64];
	char client[64];
	const char *entities[] = {server, client, NULL};

	(void)snprintf(server, sizeof(server), "server t.Server %s server", scenario);
	(void)snprintf(client, sizeof(client), "client t.Client %s client", scenario);
	rig_image(rig, entities, env, "security.so");
}

/* Where the server serves for ever both can tell what they counted. */
static void run(const char *scenario, const char *const options[], const char *env, unsigned passes)
{
	static struct rig rig;
	bool told;

	image_of(&rig, scenario, env);
	rig_start(&rig, options);
	if (!rig_wait(&rig, "PASS ", passes)) {
		fprintf(stderr, "--- %s %s\n%s---\n", scenario, options[0] ? options[0] : "direct",
			rig.text);
		rig_end(&rig);
		fail();
	}
	told = tally_check(&rig, 2);
	assert_true(passes == 2 || told);
	rig_end(&rig);
}

static void run_all_ways(const char *scenario, unsigned passes)
{
	run(scenario, rig_direct, NULL, passes);
	run(scenario, rig_relayed, NULL, passes);
	run(scenario, rig_sleeping, NULL, passes);
}

/* Servers that serve for ever never pass: the client's word counts. */
#define TWO(name)                                                                                  \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		run_all_ways(#name, 2);                                                            \
	}
#define ONE(name)                                                                                  \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		run_all_ways(#name, 1);                                                            \
	}

ONE(exchange)
TWO(denied)
TWO(refused)
TWO(late)
/* The record says who denied: no rule was asked. */
static void malformed(void **state)
{
	static struct rig rig;

	(void)state;
	for (size_t i = 0; i < RIG_WAYS; i++) {
		image_of(&rig, "malformed", NULL);
		rig_start(&rig, rig_ways[i]);
		assert_true(rig_wait(&rig, "PASS malformed client", 1));
		assert_true(rig_count(&rig, "(the message validator)") > 0);
		rig_end(&rig);
	}
}

TWO(sizes)
ONE(bytes)
TWO(timeouts)
TWO(interrupts)
TWO(reopened)
TWO(interrupts_late)
TWO(answers)
TWO(answers_of_others)
TWO(extremes)
ONE(threads)
TWO(dies_unreceived)
TWO(dies_received)
TWO(dies_answered)
TWO(closes)
TWO(closes_under_waits)
TWO(client_ends)
TWO(waits)
ONE(objects)
ONE(transfer)
TWO(swap)
TWO(revoked)
TWO(listener_revoked)
TWO(callable)
TWO(exhaust)
TWO(rights)
TWO(full_table)
TWO(unseen)
TWO(copies)
ONE(crowd)
TWO(signals)

static void too_large(void **state)
{
	static const char *const small[] = {"--message-max=8K", NULL};
	static const char *const small_relayed[] = {"--message-max=8K", "--mediate=all", NULL};

	(void)state;
	run("too_large", small, NULL, 2);
	run("too_large", small_relayed, NULL, 2);
}

/* C-13: one after the other, more than a table holds. */
static void restarts(void **state)
{
	(void)state;
	run("restarts", rig_direct, NULL, 2);
}

static void every_way(void **state)
{
	char env[16];

	(void)state;
	for (int way = 0; way < 12; way++) {
		(void)snprintf(env, sizeof(env), "WAY=%d", way);
		run("every_way", rig_direct, env, 2);
		run("every_way", rig_relayed, env, 2);
	}
}

/* P-01: the run ends by itself, @says of the module and @about. */
static void expect_module_ends(struct rig *rig, const char *says, const char *about)
{
	rig_start(rig, rig_direct);
	assert_true(rig_wait_end(rig));
	assert_true(WIFEXITED(rig->status) && WEXITSTATUS(rig->status) == 4);
	assert_int_equal(rig_count(rig, "kosix: security module "), 1);
	assert_int_equal(rig_count(rig, says), 1);
	assert_int_equal(rig_count(rig, about), 1);
	assert_int_equal(rig_count(rig, "FAIL"), 0);
	rig_end(rig);
}

static void module_that_crashes_loops_or_waits_ends_the_solution(void **state)
{
	static const char *const ways[][2] = {
		{"NUMBER=90", "system test policy crashed while deciding"},
		{"NUMBER=91",
		 "system test policy used more than a second of processor time while deciding"},
		{"NUMBER=93", "system test policy crashed while deciding"},
		{"NUMBER=94", "system test policy waited for seconds while deciding"},
		{"NUMBER=96", "system test policy crashed while deciding"},
	};
	static struct rig rig;

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		image_of(&rig, "module", ways[i][0]);
		expect_module_ends(&rig, ways[i][1], "Asked (event "); /* and the next line: */
		assert_int_equal(
			rig_count(&rig, "it was at the rule policy.c:4711: number says how\n"), 1);
	}
}

/* And not only while it decides. */
static void module_that_hangs_anywhere_ends_the_solution(void **state)
{
	static const char *const ways[][3] = {
		{"classify", "used more than a second of processor time while classifying",
		 "client -> server "},
		{"classify asleep", "waited for seconds while classifying", "client -> server "},
		{"classify deaf", "waited for seconds", "takes no signals"},
		{"forget", "used more than a second of processor time while forgetting",
		 "a resource;"},
		{"init asleep", "waited for seconds while being loaded", "security.so waited"},
		{"fini asleep", "waited for seconds while being unloaded", "system test policy"},
	};
	static struct rig rig;

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		image_of(&rig, "dies_received", NULL);
		assert_int_equal(setenv("KX_POLICY_HANGS", ways[i][0], 1), 0);
		expect_module_ends(&rig, ways[i][1], ways[i][2]);
		assert_int_equal(unsetenv("KX_POLICY_HANGS"), 0);
	}
}

/* From a network's disk, say, where Linux sleeps as somebody does who chose to. */
static void module_may_take_seconds_to_be_opened(void **state)
{
	(void)state;
	assert_int_equal(setenv("KX_POLICY_OPENS_SLOWLY", "1", 1), 0);
	run("denied", rig_direct, NULL, 2);
	assert_int_equal(unsetenv("KX_POLICY_OPENS_SLOWLY"), 0);
}

/* K-01 (at quiescence and under load): the kernel process is killed; nothing survives it. */
static void nothing_survives_the_kernel_process(void **state)
{
	static const char *const scenarios[] = {"threads", "waits", "exchange"};
	static struct rig rig;

	(void)state;
	for (int i = 0; i < 9; i++) {
		image_of(&rig, scenarios[i % 3], NULL);
		rig_start(&rig, i % 2 ? rig_relayed : rig_direct);
		(void)usleep(20000u + (unsigned)i * 9000u); /* any moment will do */
		assert_int_equal(kill(rig.kernel, SIGKILL), 0);
		assert_true(rig_wait_end(&rig));
		rig_end(&rig);
	}
}

/* K-07 */
static void sigterm_under_load_ends_everything_within_a_second(void **state)
{
	static struct rig rig;
	int64_t start;

	(void)state;
	for (int i = 0; i < 4; i++) {
		image_of(&rig, "threads", NULL);
		rig_start(&rig, i % 2 ? rig_relayed : rig_direct);
		(void)usleep(60000); /* any moment under load will do */
		start = rig_now_ms();
		assert_int_equal(kill(rig.kernel, SIGTERM), 0);
		assert_true(rig_wait_end(&rig));
		/* Twice what is wanted: the machine may be busy with others. */
		assert_true(rig_now_ms() - start < 2000);
		rig_end(&rig);
	}
}

/* Folders of files below the run's TMPDIR/kosix-files-XXXXXX. */
static unsigned trees(const struct rig *rig)
{
	char command[400];
	unsigned count = 0;
	FILE *pipe;

	(void)snprintf(command, sizeof(command), "ls -d '%s'/kosix-files-*/* 2>/dev/null | wc -l",
		       rig->temp);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_int_equal(fscanf(pipe, "%u", &count), 1);
	(void)pclose(pipe);
	return count;
}

/* Of what an entity had, and of what a VFS program served, whoever still would be served. */
static void files_go_with_the_task_they_belong_to(void **state)
{
	static const char *const entities[] = {"ram kl.VfsRamFs nothing server",
					       "user t.User >ram alone client",
					       "other t.Other alone client", NULL};
	static struct rig rig;
	char path[320];
	unsigned tries = 0;

	(void)state;
	rig_image(&rig, entities, NULL, "security.so");
	(void)snprintf(path, sizeof(path), "%s.d/rom", rig.image);
	assert_int_equal(mkdir(path, 0755), 0);
	(void)snprintf(path, sizeof(path), "%s.d/rom/note", rig.image);
	assert_int_equal(mkdir(path, 0755), 0);
	rig_start(&rig, rig_direct);
	assert_true(rig_wait(&rig, "PASS nothing", 1));
	assert_true(rig_wait(&rig, "IDLE alone", 2));
	while (trees(&rig) != 1 && ++tries < 500)
		(void)usleep(10000); /* another process removes them, and tells nobody */
	assert_int_equal(trees(&rig), 1);
	rig_end(&rig);
}

static void deny_all_denies_and_allow_all_allows(void **state)
{
	static const char *const deny[] = {"--policy=deny-all", NULL};
	static const char *const allow[] = {"--policy=allow-all", NULL};
	static struct rig rig;

	(void)state;
	image_of(&rig, "late", NULL);
	rig_start(&rig, deny);
	assert_true(rig_wait(&rig, "denied", 1));
	assert_true(rig_wait(&rig, "0x90000015", 1));
	rig_end(&rig);
	image_of(&rig, "late", NULL);
	rig_start(&rig, allow);
	assert_true(rig_wait(&rig, "PASS ", 2));
	rig_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exchange),
		cmocka_unit_test(denied),
		cmocka_unit_test(refused),
		cmocka_unit_test(late),
		cmocka_unit_test(malformed),
		cmocka_unit_test(sizes),
		cmocka_unit_test(bytes),
		cmocka_unit_test(extremes),
		cmocka_unit_test(timeouts),
		cmocka_unit_test(interrupts),
		cmocka_unit_test(reopened),
		cmocka_unit_test(interrupts_late),
		cmocka_unit_test(answers),
		cmocka_unit_test(answers_of_others),
		cmocka_unit_test(threads),
		cmocka_unit_test(dies_unreceived),
		cmocka_unit_test(dies_received),
		cmocka_unit_test(every_way),
		cmocka_unit_test(dies_answered),
		cmocka_unit_test(closes),
		cmocka_unit_test(closes_under_waits),
		cmocka_unit_test(client_ends),
		cmocka_unit_test(waits),
		cmocka_unit_test(objects),
		cmocka_unit_test(transfer),
		cmocka_unit_test(swap),
		cmocka_unit_test(revoked),
		cmocka_unit_test(listener_revoked),
		cmocka_unit_test(callable),
		cmocka_unit_test(exhaust),
		cmocka_unit_test(rights),
		cmocka_unit_test(too_large),
		cmocka_unit_test(full_table),
		cmocka_unit_test(unseen),
		cmocka_unit_test(copies),
		cmocka_unit_test(crowd),
		cmocka_unit_test(signals),
		cmocka_unit_test(restarts),
		cmocka_unit_test(module_that_crashes_loops_or_waits_ends_the_solution),
		cmocka_unit_test(module_that_hangs_anywhere_ends_the_solution),
		cmocka_unit_test(module_may_take_seconds_to_be_opened),
		cmocka_unit_test(nothing_survives_the_kernel_process),
		cmocka_unit_test(sigterm_under_load_ends_everything_within_a_second),
		cmocka_unit_test(files_go_with_the_task_they_belong_to),
		cmocka_unit_test(deny_all_denies_and_allow_all_allows),
	};

	if (getenv("ONLY"))
		cmocka_set_test_filter(getenv("ONLY"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
