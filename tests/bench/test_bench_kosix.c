/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Kosix as a subject, for real: the solution is made, run and read back under
 * every kind of configuration, and nothing is left behind however it ends.
 */

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench_program.h"
#include "measure/clock.h"

#define BRIEF   "--turns 2 --rounds 300 --turn-time 300"
#define SOON_NS 60000000000u /* a generous bound for "in time" */

static char folder[] = "/tmp/kosix-bench-test-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	kx_clock_init();
	/* Orphans come to us, so that their absence means something. */
	return mkdtemp(folder) && setenv("TMPDIR", folder, 1) == 0 &&
			       prctl(PR_SET_CHILD_SUBREAPER, 1) == 0
		       ? 0
		       : 1;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

/* Names a process that outlived its solution: it came to us, dead or alive. */
static void no_process_is_left(void)
{
	siginfo_t info = {0};
	char path[64];
	char name[32] = "?\n";
	FILE *file;

	if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
		assert_int_equal(errno, ECHILD);
		return;
	}
	if (info.si_pid == 0)
		fail_msg("a process of the solution still runs");
	(void)snprintf(path, sizeof(path), "/proc/%d/comm", info.si_pid);
	file = fopen(path, "re");
	if (file && !fgets(name, sizeof(name), file))
		name[0] = '\0';
	if (file)
		(void)fclose(file);
	(void)waitpid(info.si_pid, NULL, 0);
	fail_msg("process %d, %s, was not reaped by its solution", info.si_pid, name);
}

static void nothing_is_left(void)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		assert_int_equal(entry->d_name[0], '.');
	(void)closedir(dir);
	no_process_is_left();
}

/* Runs kosix-bench call with @arguments; its output is in bench_output. */
static int call(const char *arguments)
{
	char line[768];

	(void)snprintf(line, sizeof(line), "call %s %s", BRIEF, arguments);
	return bench(line);
}

/* One configuration: it succeeds, and its one RESULT line says @expected. */
static void check(const char *arguments, const char *expected)
{
	char line[512];

	(void)snprintf(line, sizeof(line), "--floors none --line %s", arguments);
	if (call(line) != 0)
		fail_msg("%s: %s", arguments, bench_output);
	assert_int_equal(strncmp(bench_output, "RESULT place=", 13), 0);
	if (!strstr(bench_output, expected))
		fail_msg("%s: '%s' is not in %s", arguments, expected, bench_output);
	nothing_is_left();
}

static void a_direct_call_is_measured(void **state)
{
	(void)state;
	check("", " size=8 clients=1 path=direct p50=");
}

static void a_relayed_call_is_measured(void **state)
{
	(void)state;
	check("--path relay", " path=relay p50=");
}

static void generated_code_is_measured(void **state)
{
	(void)state;
	check("--api nk", " path=direct ");
	check("--api nk --path relay", " path=relay ");
}

static void every_placement_works(void **state)
{
	(void)state;
	check("--place same:0", "place=same:0 ");
	check("--place free", "place=free ");
}

static void payloads_of_every_size_come_back(void **state)
{
	(void)state;
	check("--size 40", " size=40 ");
	check("--size 1000", " size=1000 ");
	check("--size 65536", " size=65536 ");
}

static void calls_without_spinning_work(void **state)
{
	(void)state;
	check("--spin off", " path=direct ");
}

static void many_clients_start_together_and_are_all_counted(void **state)
{
	(void)state;
	check("--clients 3 --pairs 2 --idle-clients 4 --threads 2", " clients=6 ");
}

static void an_idle_server_is_watched(void **state)
{
	(void)state;
	assert_int_equal(call("--floors none --quiet 50 --json"), 0);
	assert_non_null(strstr(bench_output, "\"quiet_wakes\": "));
	assert_int_equal(call("--floors none"), 0);
	assert_null(strstr(bench_output, "kosix / floor"));
	nothing_is_left();
}

static void floors_and_kosix_are_compared(void **state)
{
	(void)state;
	assert_int_equal(call("--floors futex"), 0);
	assert_non_null(strstr(bench_output, "kosix / floor"));
	nothing_is_left();
}

/* The first child of @parent, from /proc, once it has one. */
static pid_t child_of(pid_t parent, uint64_t deadline)
{
	pid_t child = 0;
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", parent, parent);
	while (child == 0 && kx_clock_monotonic() < deadline) {
		FILE *file = fopen(path, "re");

		if (!file)
			continue;
		if (fscanf(file, "%d", &child) != 1)
			child = 0;
		(void)fclose(file);
	}
	assert_true(child != 0);
	return child;
}

/* A bench that calls for a minute, and its kernel process with entities running. */
static pid_t start_long_bench(pid_t *kernel)
{
	uint64_t deadline = kx_clock_monotonic() + SOON_NS;
	pid_t bench = fork();
	char name[32] = "";

	assert_true(bench >= 0);
	if (bench == 0) {
		(void)execl(KX_BENCH_PROGRAM, "kosix-bench", "call", "--floors", "none",
			    "--turn-time", "60000", "--rounds", "1000000000", (char *)NULL);
		_exit(127);
	}
	/* Its first child may be kosix-image: wait for the one that has children. */
	while (strcmp(name, "kosix-kernel\n") != 0 && kx_clock_monotonic() < deadline) {
		char path[64];
		FILE *file;

		*kernel = child_of(bench, deadline);
		(void)snprintf(path, sizeof(path), "/proc/%d/comm", *kernel);
		file = fopen(path, "re");
		if (file && !fgets(name, sizeof(name), file))
			name[0] = '\0';
		if (file)
			(void)fclose(file);
	}
	assert_string_equal(name, "kosix-kernel\n");
	(void)child_of(*kernel, deadline);
	return bench;
}

static void expect_failure(pid_t bench, uint64_t start)
{
	int status = 0;

	assert_int_equal(waitpid(bench, &status, 0), bench);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	assert_true(kx_clock_monotonic() - start < SOON_NS);
	/* Entities of a killed kernel process are ours now; they end with it. */
	while (waitpid(-1, NULL, 0) > 0)
		;
	nothing_is_left();
}

static void an_interrupt_leaves_nothing_behind(void **state)
{
	pid_t kernel;
	uint64_t start = kx_clock_monotonic();
	pid_t bench = start_long_bench(&kernel);

	(void)state;
	assert_int_equal(kill(bench, SIGINT), 0);
	expect_failure(bench, start);
}

static void a_reader_that_has_gone_leaves_nothing_behind(void **state)
{
	uint64_t start = kx_clock_monotonic();
	int ends[2];
	pid_t bench;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	(void)close(ends[0]);
	bench = fork();
	assert_true(bench >= 0);
	if (bench == 0) {
		(void)dup2(ends[1], STDOUT_FILENO);
		(void)execl(KX_BENCH_PROGRAM, "kosix-bench", "call", "--floors", "none", "--turns",
			    "1", "--rounds", "100", (char *)NULL);
		_exit(127);
	}
	(void)close(ends[1]);
	expect_failure(bench, start);
}

/* The compilers of a large policy get the Ctrl-C of a terminal, too: here they do not. */
static void an_interrupt_of_a_large_policy_leaves_nothing_behind(void **state)
{
	uint64_t start = kx_clock_monotonic();
	pid_t bench = fork();

	(void)state;
	assert_true(bench >= 0);
	if (bench == 0) {
		(void)execl(KX_BENCH_PROGRAM, "kosix-bench", "policy", "--rules", "3000",
			    (char *)NULL);
		_exit(127);
	}
	(void)child_of(bench, start + SOON_NS);
	assert_int_equal(kill(bench, SIGINT), 0);
	expect_failure(bench, start);
}

static void a_killed_kernel_process_ends_the_run_with_an_error(void **state)
{
	pid_t kernel;
	uint64_t start = kx_clock_monotonic();
	pid_t bench = start_long_bench(&kernel);

	(void)state;
	assert_int_equal(kill(kernel, SIGKILL), 0);
	expect_failure(bench, start);
}

/* The entity of @kernel whose program's name begins with @name. */
static pid_t entity_of(pid_t kernel, const char *name, uint64_t deadline)
{
	char path[64];
	char found[32];
	pid_t child;
	FILE *children;
	FILE *comm;

	while (kx_clock_monotonic() < deadline) {
		(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", kernel, kernel);
		children = fopen(path, "re");
		while (children && fscanf(children, "%d", &child) == 1) {
			(void)snprintf(path, sizeof(path), "/proc/%d/comm", child);
			comm = fopen(path, "re");
			if (!comm)
				continue;
			if (!fgets(found, sizeof(found), comm))
				found[0] = '\0';
			(void)fclose(comm);
			if (strncmp(found, name, strlen(name)) == 0) {
				(void)fclose(children);
				return child;
			}
		}
		if (children)
			(void)fclose(children);
	}
	fail_msg("no entity %s", name);
	return 0;
}

static void a_killed_server_ends_the_run_with_an_error(void **state)
{
	pid_t kernel;
	uint64_t start = kx_clock_monotonic();
	pid_t bench = start_long_bench(&kernel);

	(void)state;
	(void)entity_of(kernel, "kosix-bench-cal", start + SOON_NS);
	assert_int_equal(kill(entity_of(kernel, "kosix-bench-ech", start + SOON_NS), SIGKILL), 0);
	expect_failure(bench, start);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_direct_call_is_measured),
		cmocka_unit_test(a_relayed_call_is_measured),
		cmocka_unit_test(generated_code_is_measured),
		cmocka_unit_test(every_placement_works),
		cmocka_unit_test(payloads_of_every_size_come_back),
		cmocka_unit_test(calls_without_spinning_work),
		cmocka_unit_test(many_clients_start_together_and_are_all_counted),
		cmocka_unit_test(an_idle_server_is_watched),
		cmocka_unit_test(floors_and_kosix_are_compared),
		cmocka_unit_test(an_interrupt_leaves_nothing_behind),
		cmocka_unit_test(a_reader_that_has_gone_leaves_nothing_behind),
		cmocka_unit_test(an_interrupt_of_a_large_policy_leaves_nothing_behind),
		cmocka_unit_test(a_killed_server_ends_the_run_with_an_error),
		cmocka_unit_test(a_killed_kernel_process_ends_the_run_with_an_error),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
