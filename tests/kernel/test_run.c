/* SPDX-License-Identifier: Apache-2.0 */

/* Whole runs of `kosix run`: output, exit statuses, and that nothing is left behind. */

#include "kosix_process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "temp_file.h"

static void output_is_passed_on_and_kept_apart(void **state)
{
	(void)state;
	run(ONE("both"), NULL, NULL);
	assert_string_equal(kosix.out_text, "to stdout\n");
	assert_string_equal(kosix.err_text, "to stderr\n");
	assert_int_equal(kosix.status, 0);
	run(ONE("both"), "--prefix=on", NULL);
	assert_string_equal(kosix.out_text, "[test.One] to stdout\n");
}

/* Wherever the lines go: nobody has seen it any more. */
static void what_lines_have_washed_away_is_told_again(void **state)
{
	(void)state;
	run(ONE("flood, A"), NULL, NULL);
	err_says("kosix: A: told\nkosix: once more, for 1001 lines came after it: A: told\n");
}

static void arguments_and_environment_arrive(void **state)
{
	(void)state;
	run("entities:\n- {name: A, path: actor, args: [env, X], env: {X: \"1 2\"}}\n", NULL, NULL);
	assert_string_equal(kosix.out_text, "X=1 2\n");
	/* And nothing of ours. */
	run(ONE("env, PATH"), NULL, NULL);
	assert_string_equal(kosix.out_text, "PATH=unset\n");
}

static void a_crash_is_told_and_is_exit_status_1(void **state)
{
	(void)state;
	run(ONE("raise, 11"), NULL, NULL);
	assert_int_equal(kosix.status, 1);
	err_says("test.One crashed: Segmentation fault");
	run(ONE("raise, 9"), NULL, NULL);
	assert_int_equal(kosix.status, 1);
	err_says("test.One crashed: Killed");
	run(ONE("raise, 6"), "--crash-is-no-error", NULL);
	assert_int_equal(kosix.status, 0);
	err_says("test.One crashed: Aborted");
}

static void what_a_sanitizer_finds_is_a_crash(void **state)
{
	(void)state;
	put_program("ordinary_asan", "sanitized");
	run("entities:\n- {name: A, path: sanitized, args: [overflow]}\n", "--sanitizer=A", NULL);
	err_says("heap-buffer-overflow");
	err_says("A crashed: Aborted");
	assert_int_equal(kosix.status, 1);
	run("entities:\n- {name: A, path: sanitized, args: [nothing]}\n", "--sanitizer=A", NULL);
	assert_int_equal(kosix.status, 0);
	/* Its own options come first. */
	run("entities:\n- {name: A, path: sanitized, args: [overflow], env: {ASAN_OPTIONS: "
	    "exitcode=7}}"
	    "\n",
	    "--sanitizer=A", NULL);
	assert_int_equal(kosix.status, 0);
}

static void the_value_of_main_is_no_crash(void **state)
{
	(void)state;
	run(ONE("exit, 5"), "--json", NULL);
	assert_int_equal(kosix.status, 0);
	assert_non_null(strstr(kosix.out_text, "\"code\":5"));
	run(ONE("exit, 0"), "--json=/dev/full", NULL);
	err_says("cannot write /dev/full: No space left on device");
	assert_int_equal(kosix.status, 1);
}

static void an_audit_file_replaces_nothing_but_a_file(void **state)
{
	char pipe[] = KX_TEST_PROGRAMS "/audit-pipe";
	struct stat status;

	(void)state;
	(void)unlink(pipe);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	run(ONE("print, x"), "--audit=" KX_TEST_PROGRAMS "/audit-pipe", NULL);
	assert_int_equal(kosix.status, 3);
	err_says("audit-pipe is a device, a pipe or a link");
	assert_null(strstr(kosix.err_text, "File exists"));
	assert_int_equal(lstat(pipe, &status), 0);
	assert_true(S_ISFIFO(status.st_mode));
	assert_int_equal(unlink(pipe), 0);
	run(ONE("print, x"), "--record=/dev/full", NULL);
	assert_int_equal(kosix.status, 1);
	err_says("the record /dev/full is not complete");
}

static void an_entity_that_leaves_its_socket_is_ended(void **state)
{
	(void)state;
	run(ONE("hang-up"), NULL, NULL);
	assert_int_equal(kosix.status, 1);
	err_says("test.One was ended: it closed its control socket");
	run(ONE("speak"), NULL, NULL);
	assert_int_equal(kosix.status, 1);
}

static void what_cannot_start_is_exit_status_3_with_its_place(void **state)
{
	(void)state;
	run("entities:\n- nme: A\n", NULL, NULL);
	assert_int_equal(kosix.status, 3);
	err_says("bin/init.yaml:2:3: ");
	run("entities:\n- name: Missing\n", NULL, NULL);
	assert_int_equal(kosix.status, 3);
	err_says("bin/Missing: ");
	run(ONE("print, x"), "--policy=/nowhere/module.so", NULL);
	assert_int_equal(kosix.status, 3);
	err_says("/nowhere/module.so");
	assert_string_equal(kosix.out_text, "");
	run(ONE("print, x"), "--policy=" KX_TEST_PROGRAMS "/libkernel_deny_start.so", NULL);
	assert_int_equal(kosix.status, 3);
	err_says("cannot start \"test.One\": the security module denied it");
	assert_string_equal(kosix.out_text, "");
	run(ONE("print, x"), "--isolation=none", NULL);
	assert_int_equal(kosix.status, 3);
	err_says("--isolation=none");
	run(ONE("print, x"), "--allow=test.One:everything", NULL);
	assert_int_equal(kosix.status, 3);
	err_says("--allow=test.One:everything");
	err_says(":connect:PORT");
	run(ONE("print, x"), "--message-max=17M", NULL);
	assert_int_equal(kosix.status, 3);
	err_says("--message-max=17M: no such value; say 4K to 16M\n");
	run(ONE("print, x"), "--audit-level=256", NULL);
	err_says("--audit-level=256: no such value; say a number from 0 to 255\n");
	run(ONE("print, x"), "--bogus", NULL);
	assert_int_equal(kosix.status, 3);
	err_says("kosix run: unrecognized option '--bogus'\nkosix: see kosix run --help");
}

static void a_run_ends_in_time_or_at_a_text(void **state)
{
	(void)state;
	run(ONE("wait"), "--timeout=2", NULL); /* a start that takes longer has failed, status 3 */
	assert_int_equal(kosix.status, 0);
	run(ONE("wait"), "--until=waiting", NULL);
	assert_int_equal(kosix.status, 0);
	run(ONE("wait"), "--until=never", "--timeout=2");
	assert_int_equal(kosix.status, 1);
	err_says("no entity printed \"never\"");
}

/* Nor does what libkos says in its name. */
static void what_kosix_says_ends_no_run(void **state)
{
	(void)state;
	run(ONE("print, x"), "--allow=test.One:read:/etc", "--until=is loosened");
	err_says("isolation of test.One is loosened");
	err_says("no entity printed \"is loosened\"");
	assert_int_equal(kosix.status, 1);
	run(ONE("flood, A"), "--until=A: told", NULL);
	err_says("no entity printed \"A: told\"");
	assert_int_equal(kosix.status, 1);
}

static void an_exception_is_said_and_so_is_one_for_nobody(void **state)
{
	static const char *const for_nobody[] = {"--allow=test.Tow:unix", "--debugger=test.Tow",
						 "--valgrind=test.Tow", "--sanitizer=test.Tow"};

	(void)state;
	run(ONE("print, x"), "--allow=test.One:read:/etc", "--allow=later.actor:unix");
	err_says("isolation of test.One is loosened: may read /etc\n");
	err_says("--allow=later.actor:unix: no entity later.actor was started");
	assert_int_equal(kosix.status, 0);
	for (size_t i = 0; i < sizeof(for_nobody) / sizeof(*for_nobody); i++) {
		run(ONE("print, x"), "--debugger=test.One", for_nobody[i]);
		assert_int_equal(kosix.status, 3);
		err_says("no entity is named \"test.Tow\"; there is test.One\n");
		assert_string_equal(kosix.out_text, "");
	}
}

static void options_come_from_the_environment_too(void **state)
{
	(void)state;
	more_args("--prefix=on '--until=to stdout'");
	run(ONE("both"), NULL, NULL);
	more_args("");
	assert_string_equal(kosix.out_text, "[test.One] to stdout\n");
	assert_int_equal(kosix.status, 0);
}

static void a_call_is_answered_relayed_and_after_death(void **state)
{
	(void)state;
	run(PAIR("call, ch", "serve, ch"), NULL, NULL);
	assert_string_equal(kosix.out_text, "rc 00000000 value 42\n");
	assert_int_equal(kosix.status, 0);
	run(PAIR("call, ch", "serve, ch"), "--isolation=off", "--mediate=all");
	assert_string_equal(kosix.out_text, "rc 00000000 value 42\n");
	run(PAIR("call, ch", "exit, 0"), NULL, NULL);
	assert_string_equal(kosix.out_text, "rc 90000002 value 0\n");
	run(PAIR("call, wrong", "wait"), "--until=rc", NULL);
	assert_non_null(strstr(kosix.out_text, "rc 90000001 value 0\n"));
}

static void a_denial_is_exit_status_2_when_asked_for(void **state)
{
	(void)state;
	run(PAIR("call, ch", "wait"), "--policy=deny-all", "--until=rc 90000015");
	assert_int_equal(kosix.status, 0);
	more_args("--deny-is-error");
	run(PAIR("call, ch", "wait"), "--policy=deny-all", "--until=rc 90000015");
	more_args("");
	assert_int_equal(kosix.status, 2);
	more_args("--audit=" KX_TEST_PROGRAMS "/audit-hint");
	run(PAIR("call, ch", "wait"), "--policy=deny-all", "--until=rc 90000015");
	more_args("");
	err_says("denied; `kosix explain " KX_TEST_PROGRAMS "/audit-hint` says why\n");
	assert_int_equal(unlink(KX_TEST_PROGRAMS "/audit-hint"), 0);
}

static void a_deadlock_is_told_with_its_cycle(void **state)
{
	(void)state;
	run(PAIR("call, ch", "call, back"), "--until-idle", NULL);
	assert_int_equal(kosix.status, 1);
	if (!strstr(kosix.err_text, "deadlock: C -> S -> C"))
		err_says("deadlock: S -> C -> S");
}

/* S receives on another one. */
static void the_channel_that_nobody_receives_on_is_named(void **state)
{
	(void)state;
	run("entities:\n- {name: C, path: actor, args: [call, second], connections: "
	    "[{target: S, id: first}, {target: S, id: second}]}\n"
	    "- {name: S, path: actor, args: [serve, first]}\n",
	    "--until-idle", NULL);
	assert_int_equal(kosix.status, 1);
	err_says("deadlock: C waits for S to take its call on channel second: it never will");
}

static void an_idle_solution_ends_well(void **state)
{
	(void)state;
	run(ONE("wait"), "--until-idle", NULL);
	assert_int_equal(kosix.status, 0);
}

/* The wait is in the kernel process; its time is over long after nothing has moved for a while. */
static void a_wait_with_a_time_limit_is_not_idle(void **state)
{
	(void)state;
	run(ONE("event, 1500"), "--until-idle", NULL);
	assert_int_equal(kosix.status, 0);
	assert_non_null(strstr(kosix.out_text, "event: 90000014\n"));
}

static void a_second_solution_of_one_name_is_refused(void **state)
{
	const char *first[] = {"run", "--name=kosix-test", NULL, NULL};
	struct running *saved = malloc(sizeof(*saved));

	(void)state;
	first[2] = temp_write("bin/init.yaml", ONE("wait"));
	start(first);
	wait_for_output("waiting");
	*saved = kosix;
	start(first);
	while (read_more())
		;
	assert_int_equal(waitpid(kosix.pid, &kosix.status, 0), kosix.pid);
	assert_int_equal(WEXITSTATUS(kosix.status), 3);
	err_says("\"kosix-test\" is running already");
	kosix = *saved;
	free(saved);
	kill(kosix.pid, SIGINT);
	finish();
	assert_int_equal(kosix.status, 0);
}

static void ps_shows_entities_and_who_waits(void **state)
{
	const char *first[] = {"run", "--name=kosix-ps-test", NULL, NULL};
	char text[4096] = "";
	size_t used;
	FILE *ps;

	(void)state;
	first[2] = temp_write("bin/init.yaml", PAIR("call, ch", "wait"));
	start(first);
	wait_for_output("waiting");
	/* The call may come a moment after the server's line. */
	do {
		ps = popen("'" KX_TEST_PROGRAMS "/kosix' ps kosix-ps-test", "r");
		used = fread(text, 1, sizeof(text) - 1, ps);
		text[used] = '\0';
		assert_int_equal(pclose(ps), 0);
	} while (!strstr(text, "C waits for S to take its call on channel ch\n"));
	assert_non_null(strstr(text, "running"));
	kill(kosix.pid, SIGTERM);
	finish();
}

static void help_is_there(void **state)
{
	static const char *const commands[] = {"run",    "ps",      "audit-level", "board",
					       "policy", "explain", "errno"};
	size_t index;

	(void)state;
	for (index = 0; index < sizeof(commands) / sizeof(*commands); index++) {
		const char *args[] = {commands[index], "--help", NULL};

		start(args);
		finish();
		assert_int_equal(kosix.status, 0);
		assert_non_null(strstr(kosix.out_text, "Usage: kosix "));
		assert_non_null(strstr(kosix.out_text, "xit status"));
	}
}

static void the_release_is_said(void **state)
{
	static const char *const args[] = {"--version", NULL};
	int numbers[3];
	int end = 0;

	(void)state;
	start(args);
	finish();
	assert_int_equal(kosix.status, 0);
	assert_int_equal(sscanf(kosix.out_text, "kosix %d.%d.%d\n%n", &numbers[0], &numbers[1],
				&numbers[2], &end),
			 3);
	assert_int_equal(end, kosix.out_used);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_is_passed_on_and_kept_apart),
		cmocka_unit_test(what_lines_have_washed_away_is_told_again),
		cmocka_unit_test(arguments_and_environment_arrive),
		cmocka_unit_test(a_crash_is_told_and_is_exit_status_1),
		cmocka_unit_test(what_a_sanitizer_finds_is_a_crash),
		cmocka_unit_test(the_value_of_main_is_no_crash),
		cmocka_unit_test(an_audit_file_replaces_nothing_but_a_file),
		cmocka_unit_test(an_entity_that_leaves_its_socket_is_ended),
		cmocka_unit_test(what_cannot_start_is_exit_status_3_with_its_place),
		cmocka_unit_test(a_run_ends_in_time_or_at_a_text),
		cmocka_unit_test(what_kosix_says_ends_no_run),
		cmocka_unit_test(an_exception_is_said_and_so_is_one_for_nobody),
		cmocka_unit_test(options_come_from_the_environment_too),
		cmocka_unit_test(a_call_is_answered_relayed_and_after_death),
		cmocka_unit_test(a_denial_is_exit_status_2_when_asked_for),
		cmocka_unit_test(a_deadlock_is_told_with_its_cycle),
		cmocka_unit_test(the_channel_that_nobody_receives_on_is_named),
		cmocka_unit_test(an_idle_solution_ends_well),
		cmocka_unit_test(a_wait_with_a_time_limit_is_not_idle),
		cmocka_unit_test(a_second_solution_of_one_name_is_refused),
		cmocka_unit_test(ps_shows_entities_and_who_waits),
		cmocka_unit_test(help_is_there),
		cmocka_unit_test(the_release_is_said),
	};

	return cmocka_run_group_tests(tests, kosix_setup, kosix_teardown);
}
