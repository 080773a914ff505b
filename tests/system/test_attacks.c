/* SPDX-License-Identifier: Apache-2.0 */

/*
 * M-03 and its neighbours in whole solutions: a program without libkos (hostile.c)
 * writes what it likes into the memory it shares with the kernel process and with an
 * honest server or client. The pair beside it must not notice, the kernel process
 * must live and end when told to, the honest client of a hostile server must get an
 * error for every wrong answer.
 */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "rig.h"

/* The attacker calls the server of the honest pair itself. */
static void attack(const char *what, const char *const options[])
{
	static struct rig rig;
	char attacker[64];
	char done[32];
	const char *entities[] = {"server t.Server beside server", "honest t.Client beside client",
				  attacker, NULL};

	(void)snprintf(attacker, sizeof(attacker), "evil t.Client @other %s", what);
	(void)snprintf(done, sizeof(done), "DONE %s", what);
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, options);
	if (!rig_wait(&rig, "PASS beside", 1) || !rig_wait(&rig, done, 1))
		fail_msg("%s %s: %.3000s", what, options[0] ? options[0] : "", rig.text);
	rig_end(&rig);
	assert_true(WIFEXITED(rig.status) && WEXITSTATUS(rig.status) == 0);
}

static void attack_all_ways(const char *what)
{
	for (unsigned i = 0; i < RIG_WAYS; i++)
		attack(what, rig_ways[i]);
}

static void impossible_words_hurt_nobody_else(void **state)
{
	(void)state;
	attack_all_ways("words");
}

static void impossible_sizes_hurt_nobody_else(void **state)
{
	(void)state;
	attack_all_ways("heads");
}

static void strange_kernel_calls_hurt_nobody_else(void **state)
{
	(void)state;
	attack("calls", rig_direct);
}

static void a_flood_hurts_nobody_else(void **state)
{
	(void)state;
	attack_all_ways("flood");
}

static void false_claims_hurt_nobody_else(void **state)
{
	(void)state;
	attack_all_ways("claims");
}

/* What comes of each attempt on the task page, and on the link and the channel. */
static const struct {
	const char *attempt;
	const char *on_page;
	const char *on_others;
	bool by_seals; /* holds without any isolation */
} attempts[] = {
	{"shrink", "EPERM", "EPERM", true},  {"empty", "EPERM", "EPERM", true},
	{"grow", "EPERM", "EPERM", true},    {"extend", "EPERM", "EPERM", true},
	{"append", "EPERM", "EPERM", true},  {"seal", "EPERM", "EPERM", true},
	{"punch", "EPERM", "EPERM", false},  {"write", "EPERM", "ok", true},
	{"remove", "EPERM", "EPERM", false}, {"mprotect", "EACCES", "ok", true},
	{"chmod", "EPERM", "EPERM", false},  {"map", "EPERM", "ok", true},
};

static void expect_tried(const struct rig *rig, const char *attempt, const char *region,
			 const char *wanted)
{
	char line[64];

	(void)snprintf(line, sizeof(line), "TRIED %s.%s %s\n", attempt, region, wanted);
	if (rig_count(rig, line) != 1)
		fail_msg("not \"%s\" in: %.3000s", line, rig->text);
}

static void try_descriptors(const char *const options[], bool isolated)
{
	static const char *const entities[] = {"server t.Server beside server",
					       "evil t.Client @other regions", NULL};
	static struct rig rig;

	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, options);
	assert_true(rig_wait(&rig, "DONE regions", 1));
	for (size_t i = 0; i < sizeof(attempts) / sizeof(*attempts); i++) {
		if (!isolated && !attempts[i].by_seals)
			continue;
		expect_tried(&rig, attempts[i].attempt, "page", attempts[i].on_page);
		expect_tried(&rig, attempts[i].attempt, "link", attempts[i].on_others);
		expect_tried(&rig, attempts[i].attempt, "channel", attempts[i].on_others);
	}
	if (isolated) {
		assert_int_equal(rig_count(&rig, "TRIED reopen.page ok"), 0);
	} else {
		expect_tried(&rig, "write_reopened", "page", "EPERM");
		expect_tried(&rig, "map_reopened", "page", "EPERM");
		expect_tried(&rig, "punch", "page", "EPERM");
		expect_tried(&rig, "remove", "page", "EACCES");
	}
	rig_end(&rig);
}

/* M-06 */
static void descriptors_of_real_regions_do_only_what_they_are_for(void **state)
{
	static const char *const off[] = {"--isolation=off", NULL};

	(void)state;
	try_descriptors(rig_direct, true);
	try_descriptors(off, false);
}

static void run_alone(struct rig *rig, const char *what, const char *env,
		      const char *const options[])
{
	char attacker[64];
	char done[32];
	const char *entities[] = {"server t.Server beside server", attacker, NULL};

	(void)snprintf(attacker, sizeof(attacker), "evil t.Client @other %s", what);
	(void)snprintf(done, sizeof(done), "DONE %s", what);
	rig_image(rig, entities, env, "security.so");
	rig_start(rig, options);
	if (!rig_wait(rig, done, 1))
		fail_msg("%s: %.3000s", what, rig->text);
}

/* A message has no room for all. */
static void fail_with(const struct rig *rig)
{
	const char *failure = strstr(rig->text, "FAIL ");

	fail_msg("%.900s", failure ? failure : rig->text);
}

/* M-05 */
static void real_words_can_only_be_waited_on_and_woken(void **state)
{
	static const char *const closed[] = {
		"fd",       "requeue",        "cmp_requeue",   "wake_op",
		"lock_pi",  "unlock_pi",      "trylock_pi",    "wait_requeue_pi",
		"lock_pi2", "cmp_requeue_pi", "requeue_clock", "futex_requeue",
	};
	static const char *const waits[] = {"wait", "wait_bitset", "waitv"};
	static const char *const where[] = {"page", "link", "channel"};
	static struct rig rig;

	(void)state;
	run_alone(&rig, "futexes", NULL, rig_direct);
	for (unsigned r = 0; r < 3; r++) {
		for (size_t i = 0; i < sizeof(closed) / sizeof(*closed); i++)
			expect_tried(&rig, closed[i], where[r], "EPERM");
		for (unsigned i = 0; i < 3; i++)
			expect_tried(&rig, waits[i], where[r], "EAGAIN");
		expect_tried(&rig, "wake", where[r], "ok");
		expect_tried(&rig, "wake_bitset", where[r], "ok");
	}
	rig_end(&rig);
}

/* M-05: only its own channel is hurt. */
static void without_walls_futexes_hurt_nobody_else(void **state)
{
	static const char *const off[] = {"--isolation=off", NULL};

	(void)state;
	attack("futexes", off);
}

/* M-12 in a whole solution; the battery has more probes, and another victim. */
static void other_processes_are_out_of_reach(void **state)
{
	static const char *const names[] = {"kill",   "tgkill",   "tkill",   "pidfd_open",
					    "ptrace", "prlimit",  "vm_read", "vm_write",
					    "nice",   "scheduler"};
	static const char *const off[] = {"--isolation=off", NULL};
	static struct rig rig;

	(void)state;
	run_alone(&rig, "escape", NULL, rig_direct);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		expect_tried(&rig, names[i], "kernel", "EPERM");
		expect_tried(&rig, names[i], "others", "EPERM");
	}
	rig_end(&rig);
	run_alone(&rig, "escape", "NOT_ISOLATED=1", off);
	expect_tried(&rig, "kill", "kernel", "ok");
	rig_end(&rig);
}

/* M-07: somebody else's pair does not notice, and its own client believes no reply but the right.
 */
static void forged_replies_are_nobodys(void **state)
{
	static const char *const entities[] = {
		"forger t.Server @other forge 700", "client t.Client >forger forged client",
		"server t.Server strict server", "honest t.Client strict client", NULL};
	static struct rig rig;

	(void)state;
	for (unsigned i = 0; i < RIG_WAYS; i++) {
		rig_image(&rig, entities, NULL, "security.so");
		rig_start(&rig, rig_ways[i]);
		if (!rig_wait(&rig, "PASS forged", 1) || !rig_wait(&rig, "PASS strict", 1) ||
		    !rig_wait(&rig, "FORGED", 1))
			fail_with(&rig);
		rig_end(&rig);
	}
}

/* M-08 */
static void of_two_wrong_fields_nothing_arrives(void **state)
{
	static const char *const entities[] = {"server t.Server paired server",
					       "evil t.Client @other pairs", NULL};
	static struct rig rig;

	(void)state;
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, rig_direct);
	if (!rig_wait(&rig, "DONE pairs", 1) || !rig_wait(&rig, "PASS paired", 1))
		fail_with(&rig);
	rig_end(&rig);
}

/* H-01 */
static void handles_are_not_guessed(void **state)
{
	(void)state;
	attack("guess", rig_direct);
}

static void every_wrong_answer_of_a_server_is_an_error(void **state)
{
	static const char *const entities[] = {"server t.Server @other server",
					       "client t.Client betrayed client", NULL};
	static struct rig rig;

	(void)state;
	for (unsigned i = 0; i < RIG_WAYS; i++) {
		rig_image(&rig, entities, NULL, "security.so");
		rig_start(&rig, rig_ways[i]);
		if (!rig_wait(&rig, "PASS betrayed", 1))
			fail_msg("%s: %.3000s", rig_ways[i][0] ? rig_ways[i][0] : "direct",
				 rig.text);
		rig_end(&rig);
	}
}

static void an_error_that_policy_never_grants_does_not_get_in(void **state)
{
	static const char *const entities[] = {"server t.Server @other smuggler",
					       "client t.Client smuggled client", NULL};
	static struct rig rig;

	(void)state;
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, rig_direct);
	if (!rig_wait(&rig, "PASS smuggled", 1) ||
	    !rig_wait(&rig, "error reply that policy never grants", 1))
		fail_msg("%.3000s", rig.text);
	rig_end(&rig);
}

static void nothing_is_left_of_a_reply_not_built_as_declared(void **state)
{
	static const char *const entities[] = {"server t.Server @other misbuilder",
					       "client t.Client misbuilt client", NULL};
	static struct rig rig;

	(void)state;
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, rig_direct);
	if (!rig_wait(&rig, "PASS misbuilt", 1))
		fail_msg("%.3000s", rig.text);
	rig_end(&rig);
}

static void nothing_is_left_of_a_request_not_built_as_declared(void **state)
{
	static const char *const entities[] = {"server t.Server misasked server",
					       "client t.Client @other misasker", NULL};
	static struct rig rig;

	(void)state;
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, rig_direct);
	if (!rig_wait(&rig, "PASS misasked", 1))
		fail_msg("%.3000s", rig.text);
	rig_end(&rig);
}

/* Lines of a file with @text in them. */
static unsigned lines_with(const char *path, const char *text)
{
	FILE *file = fopen(path, "r");
	unsigned count = 0;
	char line[4096];

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		count += strstr(line, text) != NULL;
	(void)fclose(file);
	return count;
}

/* Of 3000 denials in a moment the log shows some and says how many more there were. */
static void denials_do_not_flood_the_log(void **state)
{
	static const char *const entities[] = {"server t.Server unlucky server",
					       "client t.Client unlucky client", NULL};
	static struct rig rig;
	char option[512];
	const char *options[] = {option, NULL};
	unsigned long left_out = 0;
	unsigned lines;
	const char *at;

	(void)state;
	rig_image(&rig, entities, NULL, "security.so");
	(void)snprintf(option, sizeof(option), "--audit=%s/audit.json", rig.folder);
	rig_start(&rig, options);
	assert_true(rig_wait(&rig, "PASS unlucky", 1));
	assert_int_equal(kill(rig.kernel, SIGTERM), 0);
	assert_true(rig_wait_end(&rig));
	for (at = rig.text; (at = strstr(at, "kosix: ")); at++) {
		unsigned long more;
		int end = 0;

		if (sscanf(at, "kosix: %lu more decision%n", &more, &end) == 1 && end)
			left_out += more;
	}
	lines = rig_count(&rig, "kosix: denied ");
	assert_int_equal(lines + left_out, 3000);
	assert_true(lines >= 200);
	assert_true(left_out > 0);
	assert_int_equal(lines_with(option + strlen("--audit="), "\"decision\":\"denied\""), 3000);
	rig_end(&rig);
}

/* A server reports its client, which did nothing, 2000 times: the lines are its own. */
static void a_report_costs_the_reported_no_line(void **state)
{
	static const char *const entities[] = {"server t.Server @other telltale",
					       "client t.Client unlucky client", NULL};
	static struct rig rig;

	(void)state;
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, rig_direct);
	if (!rig_wait(&rig, "PASS unlucky", 1))
		fail_msg("%.3000s", rig.text);
	assert_true(rig_wait(&rig, "TOLD", 1));
	assert_int_equal(kill(rig.kernel, SIGTERM), 0);
	assert_true(rig_wait_end(&rig));
	assert_true(strstr(rig.text, "more decisions caused by server were not shown"));
	assert_true(rig_count(&rig, "sent directly, though policy must see it") >= 200);
	assert_true(rig_count(&rig, "number is unlucky") >= 200);
	rig_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(impossible_words_hurt_nobody_else),
		cmocka_unit_test(impossible_sizes_hurt_nobody_else),
		cmocka_unit_test(strange_kernel_calls_hurt_nobody_else),
		cmocka_unit_test(a_flood_hurts_nobody_else),
		cmocka_unit_test(descriptors_of_real_regions_do_only_what_they_are_for),
		cmocka_unit_test(false_claims_hurt_nobody_else),
		cmocka_unit_test(real_words_can_only_be_waited_on_and_woken),
		cmocka_unit_test(without_walls_futexes_hurt_nobody_else),
		cmocka_unit_test(other_processes_are_out_of_reach),
		cmocka_unit_test(forged_replies_are_nobodys),
		cmocka_unit_test(of_two_wrong_fields_nothing_arrives),
		cmocka_unit_test(handles_are_not_guessed),
		cmocka_unit_test(every_wrong_answer_of_a_server_is_an_error),
		cmocka_unit_test(an_error_that_policy_never_grants_does_not_get_in),
		cmocka_unit_test(nothing_is_left_of_a_reply_not_built_as_declared),
		cmocka_unit_test(nothing_is_left_of_a_request_not_built_as_declared),
		cmocka_unit_test(denials_do_not_flood_the_log),
		cmocka_unit_test(a_report_costs_the_reported_no_line),
	};

	if (getenv("ONLY"))
		cmocka_set_test_filter(getenv("ONLY"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
