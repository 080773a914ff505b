/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One chosen entity under a tool: AddressSanitizer with its leak check,
 * ThreadSanitizer, gdb from outside, valgrind. The default profile stays closed
 * to each of them. A tool that this machine does not have is reported and passed over.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
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

#include "fixture.h"

static struct fixture_run run;

static void run_sanitized(const char *program, const char *mistake)
{
	const char *argv[] = {fixture_program(program), mistake, NULL};
	struct kx_isolation_profile profile;

	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	assert_int_equal(kx_isolation_allow_sanitizer(&profile), 0);
	if (fixture_run_simple(&profile, argv, &run) != 0)
		fail_msg("%s", run.output);
	kx_isolation_profile_fini(&profile);
}

static void assert_reported(const char *text)
{
	if (!strstr(run.output, text) || run.status == 0)
		fail_msg("no '%s', status %#x:\n%s", text, run.status, run.output);
}

static void correct_program_runs_under_asan(void **state)
{
	(void)state;
	run_sanitized("ordinary_asan", "nothing");
	if (run.status != 0)
		fail_msg("status %#x:\n%s", run.status, run.output);
	assert_string_equal(run.output, "end of main\n");
}

static void asan_reports_from_inside(void **state)
{
	(void)state;
	run_sanitized("ordinary_asan", "overflow");
	assert_reported("heap-buffer-overflow");
	run_sanitized("ordinary_asan", "leak");
	assert_reported("detected memory leaks");
}

static void tsan_reports_from_inside(void **state)
{
	(void)state;
	run_sanitized("ordinary_tsan", "nothing");
	if (run.status != 0)
		fail_msg("status %#x:\n%s", run.status, run.output);
	run_sanitized("ordinary_tsan", "race");
	assert_reported("data race");
}

static bool have(const char *tool)
{
	if (access(tool, X_OK) == 0)
		return true;
	print_message("no %s on this machine: not tested\n", tool);
	return false;
}

/* Starts a program that waits on its control descriptor for ever. */
static void start_waiting(struct kx_spawned *spawned, int *hold)
{
	const char *argv[] = {"entity_wait", NULL};
	struct kx_isolation *isolation = kx_isolation_create(NULL);
	struct kx_isolation_profile profile;
	struct kx_sandbox *sandbox;
	struct kx_spawn_error cause;
	char error[KX_ISOLATION_ERROR_MAX];
	int ends[2];
	int out[2];
	int fds[4] = {-1, -1, 2, -1};
	struct kx_spawn_request request = {.argv = argv, .fds = fds, .fd_count = 4};
	char ready;

	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	assert_int_equal(kx_isolation_allow_debugger(&profile), 0);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	fds[1] = out[1];
	fds[3] = ends[0];
	assert_int_equal(kx_sandbox_create(&sandbox, isolation, &profile,
					   fixture_program("entity_wait"), error),
			 0);
	request.sandbox = sandbox;
	assert_int_equal(kx_spawn(&request, spawned, &cause), 0);
	assert_int_equal(read(out[0], &ready, 1), 1);
	(void)close(out[0]);
	(void)close(out[1]);
	(void)close(ends[0]);
	*hold = ends[1];
	kx_sandbox_destroy(sandbox);
	kx_isolation_destroy(isolation);
}

static void gdb_attaches_to_the_chosen_entity(void **state)
{
	struct kx_spawned spawned;
	char command[256];
	char text[16384];
	size_t size;
	FILE *gdb;
	int hold;

	(void)state;
	if (!have("/usr/bin/gdb"))
		return;
	start_waiting(&spawned, &hold);
	(void)snprintf(command, sizeof(command),
		       "timeout 60 gdb -nx -batch -p %d -ex 'print 40 + entity_answer' 2>&1",
		       (int)spawned.pid);
	gdb = popen(command, "re");
	assert_non_null(gdb);
	size = fread(text, 1, sizeof(text) - 1, gdb);
	text[size] = 0;
	(void)pclose(gdb);
	if (!strstr(text, "$1 = 42"))
		fail_msg("gdb said:\n%s", text);
	(void)close(hold);
	assert_int_equal(fixture_wait(&spawned), 0);
}

static void remove_folder(const char *folder)
{
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -rf %s", folder);
	assert_int_equal(system(command), 0);
}

static void valgrind_runs_the_chosen_entity(void **state)
{
	char folder[] = "/tmp/kx-test-XXXXXX";
	char temporary[64];
	const char *program = fixture_program("ordinary_c");
	const char *argv[] = {"/usr/bin/valgrind", "--vgdb=no", "--error-exitcode=9", program,
			      NULL};
	const char *envp[] = {temporary, "PATH=/usr/bin:/bin", NULL};
	struct kx_isolation *isolation = kx_isolation_create(NULL);
	struct kx_isolation_profile profile;

	(void)state;
	if (!have(argv[0])) {
		kx_isolation_destroy(isolation);
		return;
	}
	/* The command may be a script; the launcher behind it is the program. */
	if (access("/usr/bin/valgrind.bin", X_OK) == 0)
		argv[0] = "/usr/bin/valgrind.bin";
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chmod(folder, 0777), 0);
	(void)snprintf(temporary, sizeof(temporary), "TMPDIR=%s", folder);
	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	assert_int_equal(kx_isolation_allow_valgrind(&profile, program, folder), 0);
	assert_int_equal(fixture_start_and_wait(isolation, &profile, argv, envp, NULL, 0, &run), 0);
	remove_folder(folder);
	if (run.status != 0 || !strstr(run.output, "ERROR SUMMARY: 0 errors"))
		fail_msg("status %#x:\n%s", run.status, run.output);
	assert_non_null(strstr(run.output, "all well\n"));
	kx_isolation_profile_fini(&profile);
	kx_isolation_destroy(isolation);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(correct_program_runs_under_asan),
		cmocka_unit_test(asan_reports_from_inside),
		cmocka_unit_test(tsan_reports_from_inside),
		cmocka_unit_test(gdb_attaches_to_the_chosen_entity),
		cmocka_unit_test(valgrind_runs_the_chosen_entity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
