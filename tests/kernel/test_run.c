/* SPDX-License-Identifier: Apache-2.0 */

/* Whole runs of `kosix run`: output, ends, exit statuses, and that nothing is left behind. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "temp_file.h"

#define OUTPUT_MAX 65536

struct running {
	pid_t pid;
	int out;
	int err;
	char out_text[OUTPUT_MAX];
	char err_text[OUTPUT_MAX];
	size_t out_used;
	size_t err_used;
	int status; /* exit status, or 128 + signal */
};

static struct running kosix;

/* A program built with a sanitizer needs more than the default isolation gives. */
#ifdef KX_SANITIZED
#define BASE_ARGS "--isolation=off "
#else
#define BASE_ARGS ""
#endif

/* Options for the next runs, by the environment. */
static void more_args(const char *text)
{
	char all[256];

	snprintf(all, sizeof(all), "%s%s", BASE_ARGS, text);
	assert_int_equal(setenv("KOSIX_RUN_ARGS", all, 1), 0);
}

static void start(const char *const *args)
{
	const char *argv[24] = {KX_TEST_PROGRAMS "/kosix"};
	int out[2];
	int err[2];
	int index;

	for (index = 0; args[index]; index++)
		argv[index + 1] = args[index];
	memset(&kosix, 0, sizeof(kosix));
	assert_int_equal(pipe2(out, O_CLOEXEC) | pipe2(err, O_CLOEXEC), 0);
	kosix.pid = fork();
	if (kosix.pid == 0) {
		/* A test that fails half-way leaves nothing running. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out[1], 1);
		dup2(err[1], 2);
		execv(argv[0], (char **)(uintptr_t)argv);
		_exit(126);
	}
	close(out[1]);
	close(err[1]);
	kosix.out = out[0];
	kosix.err = err[0];
}

/* Reads a little more; returns false when both have ended. */
static bool read_more(void)
{
	struct pollfd fds[] = {{.fd = kosix.out, .events = POLLIN},
			       {.fd = kosix.err, .events = POLLIN}};
	ssize_t got;

	if (kosix.out < 0 && kosix.err < 0)
		return false;
	if (poll(fds, 2, 20000) <= 0)
		fail_msg("nothing for 20 s; so far: %s%s", kosix.out_text, kosix.err_text);
	if (fds[0].revents) {
		got = read(kosix.out, kosix.out_text + kosix.out_used,
			   OUTPUT_MAX - 1 - kosix.out_used);
		kosix.out_used += got > 0 ? (size_t)got : 0;
		if (got <= 0) {
			close(kosix.out);
			kosix.out = -1;
		}
	}
	if (fds[1].revents) {
		got = read(kosix.err, kosix.err_text + kosix.err_used,
			   OUTPUT_MAX - 1 - kosix.err_used);
		kosix.err_used += got > 0 ? (size_t)got : 0;
		if (got <= 0) {
			close(kosix.err);
			kosix.err = -1;
		}
	}
	return true;
}

static void wait_for_output(const char *text)
{
	while (!strstr(kosix.out_text, text)) {
		if (!read_more())
			fail_msg("ended without \"%s\": %s", text, kosix.err_text);
	}
}

/* Waits for the end; every process that kosix left behind has become our child. */
static void finish(void)
{
	int status;

	while (read_more())
		;
	assert_int_equal(waitpid(kosix.pid, &status, 0), kosix.pid);
	kosix.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void run(const char *yaml, const char *option, const char *more)
{
	const char *args[8] = {"run"};
	int count = 1;

	if (option)
		args[count++] = option;
	if (more)
		args[count++] = more;
	args[count++] = temp_write("bin/init.yaml", yaml);
	start(args);
	finish();
}

static void err_says(const char *text)
{
	if (!strstr(kosix.err_text, text))
		fail_msg("stderr does not say \"%s\" but: %s", text, kosix.err_text);
}

static int setup(void **state)
{
	char path[256];

	(void)state;
	temp_create();
	temp_write("bin/init.yaml", "");
	snprintf(path, sizeof(path), "%s", temp_path("bin/actor"));
	if (link(KX_TEST_PROGRAMS "/kernel_actor", path) < 0) {
		char command[600];

		snprintf(command, sizeof(command), "cp %s %s", KX_TEST_PROGRAMS "/kernel_actor",
			 path);
		if (system(command) != 0)
			return -1;
	}
	/* An entity runs as another user when the tests run as root. */
	chmod(temp_path("."), 0755);
	more_args("");
	return prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static int teardown(void **state)
{
	(void)state;
	temp_remove();
	return 0;
}

#define ONE(args) "entities:\n- {name: test.One, path: actor, args: [" args "]}\n"

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

static void the_value_of_main_is_no_crash(void **state)
{
	(void)state;
	run(ONE("exit, 5"), "--json", NULL);
	assert_int_equal(kosix.status, 0);
	assert_non_null(strstr(kosix.out_text, "\"code\":5"));
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
	run(ONE("print, x"), "--message-max=17M", NULL);
	assert_int_equal(kosix.status, 3);
	run(ONE("print, x"), "--bogus", NULL);
	assert_int_equal(kosix.status, 3);
	err_says("kosix run: unrecognized option '--bogus'\nkosix: see kosix run --help");
}

static void a_run_ends_in_time_or_at_a_text(void **state)
{
	(void)state;
	run(ONE("wait"), "--timeout=0.2", NULL);
	assert_int_equal(kosix.status, 0);
	run(ONE("wait"), "--until=waiting", NULL);
	assert_int_equal(kosix.status, 0);
	run(ONE("wait"), "--until=never", "--timeout=0.2");
	assert_int_equal(kosix.status, 1);
	err_says("no entity printed \"never\"");
}

static void an_exception_is_said_and_so_is_one_for_nobody(void **state)
{
	(void)state;
	run(ONE("print, x"), "--allow=test.One:read:/etc", "--allow=test.Tow:unix");
	err_says("isolation of test.One is loosened: may read /etc\n");
	err_says("--allow=test.Tow:unix: no entity test.Tow was started");
	assert_int_equal(kosix.status, 0);
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

#define PAIR(client, server)                                                                       \
	"entities:\n- {name: C, path: actor, args: [" client                                       \
	"], connections: [{target: S, id: ch}]}\n- {name: S, path: actor, args: [" server          \
	"], connections: [{target: C, id: back}]}\n"

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
}

static void a_deadlock_is_told_with_its_cycle(void **state)
{
	(void)state;
	run(PAIR("call, ch", "call, back"), "--until-idle", NULL);
	assert_int_equal(kosix.status, 1);
	if (!strstr(kosix.err_text, "deadlock: C -> S -> C"))
		err_says("deadlock: S -> C -> S");
}

static void an_idle_solution_ends_well(void **state)
{
	(void)state;
	run(ONE("wait"), "--until-idle", NULL);
	assert_int_equal(kosix.status, 0);
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
	} while (!strstr(text, "C waits for S to take its call"));
	assert_non_null(strstr(text, "running"));
	kill(kosix.pid, SIGTERM);
	finish();
}

static pid_t child_of(pid_t parent)
{
	char path[64];
	int pid = 0;
	FILE *list;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)parent, (int)parent);
	list = fopen(path, "re");
	if (list && fscanf(list, "%d", &pid) != 1)
		pid = 0;
	if (list)
		fclose(list);
	return pid;
}

static void start_waiting(void)
{
	const char *args[] = {"run", temp_write("bin/init.yaml", PAIR("call, ch", "wait")), NULL};

	start(args);
	wait_for_output("waiting");
}

static void the_death_of_the_kernel_process_ends_everything(void **state)
{
	(void)state;
	start_waiting();
	kill(child_of(kosix.pid), SIGKILL);
	finish();
	assert_int_equal(kosix.status, 1);
	err_says("the kernel process ended by signal 9");
}

/* Everything below is killed by its parent-death signal and comes to us to be reaped. */
static void the_death_of_kosix_run_ends_everything(void **state)
{
	(void)state;
	start_waiting();
	kill(kosix.pid, SIGKILL);
	while (read_more())
		;
	while (waitpid(-1, NULL, 0) > 0)
		;
	assert_int_equal(errno, ECHILD);
}

static void two_hundred_entities_start_and_end(void **state)
{
	static char yaml[32768] = "entities:\n";
	size_t used = strlen(yaml);
	int index;

	(void)state;
	for (index = 0; index < 200; index++)
		used += (size_t)snprintf(yaml + used, sizeof(yaml) - used,
					 "- {name: N, task: N%d, path: actor, args: [print, x]}\n",
					 index);
	run(yaml, NULL, NULL);
	assert_int_equal(kosix.status, 0);
	assert_int_equal(kosix.out_used, 200 * 2);
}

static void help_is_there(void **state)
{
	static const char *const commands[] = {"run", "ps", "errno"};
	size_t index;

	(void)state;
	for (index = 0; index < 3; index++) {
		const char *args[] = {commands[index], "--help", NULL};

		start(args);
		finish();
		assert_int_equal(kosix.status, 0);
		assert_non_null(strstr(kosix.out_text, "Exit status"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_is_passed_on_and_kept_apart),
		cmocka_unit_test(arguments_and_environment_arrive),
		cmocka_unit_test(a_crash_is_told_and_is_exit_status_1),
		cmocka_unit_test(the_value_of_main_is_no_crash),
		cmocka_unit_test(an_entity_that_leaves_its_socket_is_ended),
		cmocka_unit_test(what_cannot_start_is_exit_status_3_with_its_place),
		cmocka_unit_test(a_run_ends_in_time_or_at_a_text),
		cmocka_unit_test(an_exception_is_said_and_so_is_one_for_nobody),
		cmocka_unit_test(options_come_from_the_environment_too),
		cmocka_unit_test(a_call_is_answered_relayed_and_after_death),
		cmocka_unit_test(a_denial_is_exit_status_2_when_asked_for),
		cmocka_unit_test(a_deadlock_is_told_with_its_cycle),
		cmocka_unit_test(an_idle_solution_ends_well),
		cmocka_unit_test(a_second_solution_of_one_name_is_refused),
		cmocka_unit_test(ps_shows_entities_and_who_waits),
		cmocka_unit_test(the_death_of_the_kernel_process_ends_everything),
		cmocka_unit_test(the_death_of_kosix_run_ends_everything),
		cmocka_unit_test(two_hundred_entities_start_and_end),
		cmocka_unit_test(help_is_there),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
