/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Ordinary programs live inside the default profile: C and C++, static and
 * dynamic; their deaths keep their true cause (C-09).
 */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "fixture.h"

static struct fixture_run run;

static void run_default(const char *program, const char *argument)
{
	const char *argv[] = {fixture_program(program), argument, NULL};
	struct kx_isolation_profile profile;

	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	if (fixture_run_simple(&profile, argv, &run) != 0)
		fail_msg("%s: %s", program, run.output);
	kx_isolation_profile_fini(&profile);
}

static void assert_ended_well(const char *program)
{
	if (!WIFEXITED(run.status) || WEXITSTATUS(run.status) != 0)
		fail_msg("%s: status %#x:\n%s", program, run.status, run.output);
}

static void c_program_runs(const char *program)
{
	run_default(program, "classes");
	assert_ended_well(program);
	assert_non_null(strstr(run.output, "all well\n"));
	assert_non_null(strstr(run.output, "on stderr too\n"));
}

static void cxx_program_runs(const char *program)
{
	run_default(program, NULL);
	assert_ended_well(program);
	assert_non_null(strstr(run.output, "threads 36\nexceptions 1\nfuture 1\n"));
	assert_non_null(strstr(run.output, "random 1\n"));
}

static void dynamic_c_program_runs(void **state)
{
	(void)state;
	c_program_runs("ordinary_c");
}

static void static_c_program_runs(void **state)
{
	(void)state;
	c_program_runs("ordinary_c_static");
}

static void dynamic_cxx_program_runs(void **state)
{
	(void)state;
	cxx_program_runs("ordinary_cxx");
}

static void static_cxx_program_runs(void **state)
{
	(void)state;
	cxx_program_runs("ordinary_cxx_static");
}

static void abort_ends_with_sigabrt(void **state)
{
	(void)state;
	run_default("ordinary_c", "abort");
	assert_true(WIFSIGNALED(run.status));
	assert_int_equal(WTERMSIG(run.status), SIGABRT);
}

static void bad_access_ends_with_sigsegv(void **state)
{
	(void)state;
	run_default("ordinary_c", "segv");
	assert_true(WIFSIGNALED(run.status));
	assert_int_equal(WTERMSIG(run.status), SIGSEGV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dynamic_c_program_runs),
		cmocka_unit_test(static_c_program_runs),
		cmocka_unit_test(dynamic_cxx_program_runs),
		cmocka_unit_test(static_cxx_program_runs),
		cmocka_unit_test(abort_ends_with_sigabrt),
		cmocka_unit_test(bad_access_ends_with_sigsegv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
