/* SPDX-License-Identifier: Apache-2.0 */

/* How a run ends: by a death, by Ctrl-C, and by a kernel process that takes its time. */

#include "kosix_process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "temp_file.h"

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

/* A terminal sends SIGINT to all of its foreground group: entities included. */
static void ctrl_c_ends_everything(void **state)
{
	(void)state;
	start_waiting();
	assert_int_equal(kill(-kosix.pid, SIGINT), 0);
	finish();
	assert_int_equal(kosix.status, 0);
	/* Nothing besides but what C waits for; not even that if it had not come so far. */
	if (strcmp(kosix.err_text, "kosix: ended by Ctrl-C\n") != 0)
		assert_string_equal(
			kosix.err_text,
			"kosix: ended by Ctrl-C\n"
			"kosix: at the end C waits for S to take its call on channel ch\n");
}

#ifndef KX_SANITIZED /* its library wants to be loaded first */
static void ctrl_c_before_the_start_is_told(void **state)
{
	(void)state;
	assert_int_equal(
		setenv("LD_PRELOAD", KX_TEST_PROGRAMS "/libkernel_interrupted_early.so", 1), 0);
	run(ONE("wait"), NULL, NULL);
	assert_int_equal(unsetenv("LD_PRELOAD"), 0);
	assert_string_equal(kosix.err_text, "kosix: ended by Ctrl-C before it had started\n");
	assert_int_equal(kosix.status, 3);
}
#endif

/* Though the kernel process answers nothing: who is asked for at the end is no reason to wait. */
static void whoever_asks_twice_does_not_wait(void **state)
{
	struct timespec from;
	struct timespec to;

	(void)state;
	start_waiting();
	assert_int_equal(kill(child_of(kosix.pid), SIGSTOP), 0);
	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	assert_int_equal(kill(kosix.pid, SIGINT), 0);
	assert_int_equal(kill(kosix.pid, SIGTERM), 0);
	finish();
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	assert_true(to.tv_sec - from.tv_sec < 2 ||
		    (to.tv_sec - from.tv_sec == 2 && to.tv_nsec < from.tv_nsec));
}

static void wait_until_asked_to_end(pid_t kernel)
{
	char command[80];
	int tries = 100;

	snprintf(command, sizeof(command), "grep -q '^ShdPnd:.*4[0-9a-f]\\{3\\}$' /proc/%d/status",
		 (int)kernel);
	while (system(command) != 0)
		if (!--tries || poll(NULL, 0, 100) < 0)
			fail_msg("it was not asked to end");
}

/* As timeout(1) does: its signal goes to the process, and then to the group of that. */
static void one_sender_asks_once(void **state)
{
	pid_t kernel;

	(void)state;
	start_waiting();
	kernel = child_of(kosix.pid);
	assert_int_equal(kill(kernel, SIGSTOP), 0);
	assert_int_equal(kill(kosix.pid, SIGTERM), 0);
	wait_until_asked_to_end(kernel);
	assert_int_equal(kill(-kosix.pid, SIGTERM), 0);
	assert_int_equal(kill(kernel, SIGCONT), 0);
	finish();
	assert_null(strstr(kosix.err_text, "ended by signal"));
	assert_int_equal(kosix.status, 0);
}

static void a_kernel_process_that_does_not_end_is_killed(void **state)
{
	(void)state;
	start_waiting();
	assert_int_equal(kill(child_of(kosix.pid), SIGSTOP), 0);
	assert_int_equal(kill(kosix.pid, SIGINT), 0);
	finish();
	err_says("the kernel process was asked to end and has told nothing for 10 s: it is killed");
	assert_int_equal(kosix.status, 1);
}

/* Time that passes for nobody is no time that it had. */
static void a_pause_of_the_machine_kills_nobody(void **state)
{
	pid_t kernel;

	(void)state;
	start_waiting();
	kernel = child_of(kosix.pid);
	assert_int_equal(kill(kernel, SIGSTOP), 0);
	assert_int_equal(kill(kosix.pid, SIGINT), 0);
	wait_until_asked_to_end(kernel);
	assert_int_equal(kill(kosix.pid, SIGSTOP), 0);
	(void)poll(NULL, 0, 11000);
	assert_int_equal(kill(kosix.pid, SIGCONT), 0);
	(void)poll(NULL, 0, 500);
	assert_int_equal(kill(kernel, SIGCONT), 0);
	finish();
	assert_int_equal(kosix.status, 0);
}

/* Six reports, two seconds apart: longer than one that is silent may take. */
static void whoever_tells_something_may_take_longer(void **state)
{
	static const char kernel[] = "#!/bin/sh\n"
				     "end() {\n"
				     "	for report in 1 2 3 4 5 6; do\n"
				     "		sleep 2\n"
				     "		echo '{\"event\":\"told\"}' >&3\n"
				     "	done\n"
				     "	exit 0\n"
				     "}\n"
				     "trap end TERM\n"
				     "echo '{\"event\":\"ready\",\"name\":\"slow\"}' >&3\n"
				     "echo waiting\n"
				     "while sleep 0.1; do :; done\n";
	char image[256];
	const char *args[] = {"run", image, NULL};
	char program[256];

	(void)state;
	snprintf(image, sizeof(image), "%s", temp_write("bin/init.yaml", ONE("wait")));
	put_program("kosix", "kosix");
	assert_int_equal(chmod(temp_write("bin/kosix-kernel", kernel), 0755), 0);
	snprintf(program, sizeof(program), "%s", temp_path("bin/kosix"));
	start_program(program, args);
	wait_for_output("waiting");
	assert_int_equal(kill(kosix.pid, SIGTERM), 0);
	finish();
	assert_string_equal(kosix.err_text, "");
	assert_int_equal(kosix.status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_death_of_the_kernel_process_ends_everything),
		cmocka_unit_test(the_death_of_kosix_run_ends_everything),
		cmocka_unit_test(two_hundred_entities_start_and_end),
		cmocka_unit_test(ctrl_c_ends_everything),
#ifndef KX_SANITIZED
		cmocka_unit_test(ctrl_c_before_the_start_is_told),
#endif
		cmocka_unit_test(whoever_asks_twice_does_not_wait),
		cmocka_unit_test(one_sender_asks_once),
		cmocka_unit_test(a_kernel_process_that_does_not_end_is_killed),
		cmocka_unit_test(a_pause_of_the_machine_kills_nobody),
		cmocka_unit_test(whoever_tells_something_may_take_longer),
	};

	return cmocka_run_group_tests(tests, kosix_setup, kosix_teardown);
}
