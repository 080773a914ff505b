/* SPDX-License-Identifier: Apache-2.0 */

/* Running another program: its lines, its end, and its not ending. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "measure/clock.h"
#include "measure/command.h"

#define SOON_NS 20000000000u /* a generous bound for "in time" */

static char seen[256];

static enum kx_line keep(void *arg, const char *line)
{
	(void)arg;
	(void)snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%s|", line);
	if (strcmp(line, "bad") == 0)
		return KX_LINE_BAD;
	return strcmp(line, "done") == 0 ? KX_LINE_DONE : KX_LINE_MORE;
}

/* Runs a shell script; true if it went well. Nothing of it is left in any case. */
static bool run(const char *script, uint64_t limit_ns)
{
	const struct kx_place place = {KX_PLACE_FREE, KX_PLACE_NONE, KX_PLACE_NONE, KX_PLACE_NONE};
	char *argv[] = {(char *)"/bin/sh", (char *)"-c", (char *)(uintptr_t)script, NULL};
	const struct kx_command command = {.name = "script",
					   .argv = argv,
					   .place = &place,
					   .limit_ns = limit_ns,
					   .line = keep};
	struct kx_command_use use;
	uint64_t start = kx_clock_monotonic();
	bool ok;

	seen[0] = '\0';
	ok = kx_command_run(&command, &use);
	assert_true(kx_clock_monotonic() - start < SOON_NS);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	return ok;
}

static void lines_arrive_whole_and_in_order(void **state)
{
	(void)state;
	assert_true(
		run("printf 'one\\ntw'; printf 'o\\n\\ndone\\n'; exec tail -f /dev/null", SOON_NS));
	assert_string_equal(seen, "one|two||done|");
}

static void an_end_before_the_last_line_is_an_error(void **state)
{
	(void)state;
	assert_false(run("echo one", SOON_NS));
	assert_false(run("exit 3", SOON_NS));
	assert_false(run("kill -9 $$", SOON_NS));
}

static void a_bad_line_ends_the_run(void **state)
{
	(void)state;
	assert_false(run("echo bad; exec tail -f /dev/null", SOON_NS));
	assert_string_equal(seen, "bad|");
}

static void a_program_that_says_nothing_is_given_up(void **state)
{
	(void)state;
	assert_false(run("exec tail -f /dev/null", 100000000));
}

static void a_program_that_ignores_the_request_to_end_is_killed(void **state)
{
	(void)state;
	assert_false(run("trap '' INT; echo done; while :; do :; done", SOON_NS));
}

static void an_endless_line_is_refused(void **state)
{
	(void)state;
	assert_false(run("exec cat /dev/zero", SOON_NS));
}

static int start_clock(void **state)
{
	(void)state;
	kx_clock_init();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_arrive_whole_and_in_order),
		cmocka_unit_test(an_end_before_the_last_line_is_an_error),
		cmocka_unit_test(a_bad_line_ends_the_run),
		cmocka_unit_test(a_program_that_says_nothing_is_given_up),
		cmocka_unit_test(a_program_that_ignores_the_request_to_end_is_killed),
		cmocka_unit_test(an_endless_line_is_refused),
	};

	return cmocka_run_group_tests(tests, start_clock, NULL);
}
