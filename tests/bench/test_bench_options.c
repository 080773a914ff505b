/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The program as a person meets it: what it refuses, how it says so, and that
 * its outputs can be fed to its own compare.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench_program.h"
#include "report/report.h"

#define BRIEF "--turns 5 --rounds 50 --turn-time 50 --floors futex,pipe"

static void a_bad_option_is_named_and_ends_with_status_2(void **state)
{
	static const struct {
		const char *arguments;
		const char *named;
	} cases[] = {
		{"floors --nonsense", "--nonsense"},
		{"floors --size 7", "--size"},
		{"floors --size 65537", "--size"},
		{"floors --size eight", "--size"},
		{"floors --size -8", "--size"},
		{"floors --size", "--size"},
		{"floors --rounds 1e5", "--rounds"},
		{"floors --rounds 99999999999999999999", "--rounds"},
		{"floors --place nowhere", "--place"},
		{"floors --place pin:0,1023", "--place"},
		{"floors --floors futex,nosuch", "--floors"},
		{"floors --floors ''", "--floors"},
		{"floors --path relay", "--path"},
		{"call --path sideways", "--path"},
		{"call --spin on", "--spin"},
		{"call --api rpc", "--api"},
		{"call --api nk --size 64 --floors none --turns 1", "--api nk"},
		{"call --turns 0", "--turns"},
		{"standard --size 8", "--size"},
		{"standard --only 4,99", "--only"},
		{"standard --only ''", "--only"},
		{"standard --only 1,,2", "--only"},
		{"call --starts 0", "--starts"},
		{"call --turns 20 --starts 100", "--turns times --starts may be 1000 at most"},
		{"standard --turns 201", "--turns times --starts may be 1000 at most"},
		{"standard --turns 201 --only 4,nk", "--turns times --starts may be 1000 at most"},
		{"floors leftover", "leftover"},
		{"compare one", "compare"},
		{"jump", "jump"},
		{"--size 64", "a command comes first"},
		{"", "command"},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(bench(cases[i].arguments), 2);
		assert_int_equal(strncmp(bench_output, "kosix-bench: ", 13), 0);
		assert_non_null(strstr(bench_output, cases[i].named));
	}
}

static void help_is_there_for_every_command(void **state)
{
	static const char *const arguments[] = {"--help", "call --help", "floors --help",
						"standard --help", "compare --help"};

	(void)state;
	for (unsigned i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++) {
		assert_int_equal(bench(arguments[i]), 0);
		assert_int_equal(strncmp(bench_output, "Usage: kosix-bench", 18), 0);
		assert_non_null(strstr(bench_output, "Exit status"));
	}
}

static void it_says_which_release_it_is(void **state)
{
	(void)state;
	assert_int_equal(bench("--version"), 0);
	assert_int_equal(strncmp(bench_output, "kosix-bench 0.", 14), 0);
}

static void help_lists_every_command(void **state)
{
	static const char *const commands[] = {"call",  "floors", "standard", "anatomy",
					       "peers", "scale",  "compare",  "policy"};
	char line[32];

	(void)state;
	assert_int_equal(bench("--help"), 0);
	for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		(void)snprintf(line, sizeof(line), "\n  %s ", commands[i]);
		assert_non_null(strstr(bench_output, line));
	}
}

static void only_the_rows_asked_for_are_run(void **state)
{
	(void)state;
	assert_int_equal(bench("standard --only 2,13 --rounds 10 --turns 1 --turn-time 1"), 0);
	assert_non_null(strstr(bench_output, "case 1 of 2: null call, two cores (1 turn)"));
	assert_non_null(strstr(bench_output, "\n13 "));
	assert_non_null(strstr(bench_output, " of 2 starts left out."));
	assert_null(strstr(bench_output, "one core"));
}

/* The program alone in a folder finds nothing to run: a row without a floor says so as well. */
static void a_row_of_kosix_alone_that_cannot_run_says_why(void **state)
{
	(void)state;
	assert_int_equal(bench("--help >/dev/null; d=$(mktemp -d) && cp '" KX_BENCH_PROGRAM
			       "' \"$d/\" && \"$d/kosix-bench\" standard --only 13 --turns 1 2>&1; "
			       "s=$?; rm -r \"$d\"; exit $s"),
			 1);
	assert_non_null(strstr(bench_output, "\n13 "));
	assert_non_null(strstr(bench_output, "kosix: not built"));
	assert_int_equal(bench("--help >/dev/null; d=$(mktemp -d) && cp '" KX_BENCH_PROGRAM
			       "' \"$d/\" && \"$d/kosix-bench\" call 2>&1; "
			       "s=$?; rm -r \"$d\"; exit $s"),
			 1);
	assert_string_equal(bench_output, "kosix-bench: call: not built: kosix-image is missing; "
					  "`make bench` builds it\n");
}

static void floors_print_one_result_for_each_mechanism(void **state)
{
	(void)state;
	assert_int_equal(bench("floors --line " BRIEF), 0);
	assert_non_null(strstr(bench_output, " path=futex p50="));
	assert_non_null(strstr(bench_output, " path=pipe p50="));
	assert_int_equal(strncmp(bench_output, "RESULT place=", 13), 0);
}

static void two_json_files_can_be_compared(void **state)
{
	char folder[] = "/tmp/kosix-bench-test-XXXXXX";
	char arguments[256];

	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(arguments, sizeof(arguments), "floors --json " BRIEF " > %s/a.json", folder);
	assert_int_equal(bench(arguments), 0);
	(void)snprintf(arguments, sizeof(arguments), "compare %s/a.json %s/a.json", folder, folder);
	assert_int_equal(bench(arguments), 0);
	assert_non_null(strstr(bench_output, "1.000"));
	assert_non_null(strstr(bench_output, "same"));
	(void)snprintf(arguments, sizeof(arguments),
		       "floors --json --turns 2 --rounds 50 --floors pipe > %s/b.json", folder);
	assert_int_equal(bench(arguments), 0);
	(void)snprintf(arguments, sizeof(arguments), "compare %s/a.json %s/b.json", folder, folder);
	assert_int_equal(bench(arguments), 0);
	assert_non_null(strstr(bench_output, "too few turns"));
	assert_null(strstr(bench_output, "futex")); /* only one file has it */
	(void)snprintf(arguments, sizeof(arguments), "compare %s/a.json %s/missing.json", folder,
		       folder);
	assert_int_equal(bench(arguments), 1);
	assert_non_null(strstr(bench_output, "missing.json"));
	assert_int_equal(bench("compare no-such-a.json no-such-b.json"), 1);
	assert_non_null(strstr(bench_output, "no-such-a.json"));
	assert_non_null(strstr(bench_output, "no-such-b.json"));
	(void)snprintf(arguments, sizeof(arguments), "%s/b.json", folder);
	assert_int_equal(unlink(arguments), 0);
	(void)snprintf(arguments, sizeof(arguments), "%s/a.json", folder);
	assert_int_equal(unlink(arguments), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void a_table_says_how_many_starts_a_turn_has(void **state)
{
	(void)state;
	assert_int_equal(bench("floors --turns 2 --starts 3 --rounds 50 --floors futex"), 0);
	assert_non_null(
		strstr(bench_output, "median of 2 turns, each the best of 3 starts, of 50"));
	assert_int_equal(bench("floors --turns 1 --rounds 50 --floors futex"), 0);
	assert_non_null(strstr(bench_output, "median of 1 turn of 50 calls"));
}

#define RUN(SETTINGS, P50)                                                                         \
	"{\"config\":{" SETTINGS "},\"results\":[{\"name\":\"kosix\",\"turns\":[{\"p50\":" P50     \
	"},{\"p50\":" P50 "},{\"p50\":" P50 "},{\"p50\":" P50 "},{\"p50\":" P50 "}]}]}"
#define CONFIG                                                                                     \
	"\"place\":\"duo\",\"size\":8,\"clients\":1,\"pairs\":1,\"idle_clients\":0,\"threads\":1," \
	"\"load\":0,\"gap_ns\":0,\"quiet_ns\":0,\"path\":\"relay\",\"spin\":\"adaptive\",\"api\":" \
	"\"raw\""
#define STARTS(N, POLICY) CONFIG ",\"starts\":" N ",\"policy\":\"" POLICY "\""

static unsigned count_of(const char *text)
{
	unsigned count = 0;

	for (const char *at = bench_output; (at = strstr(at, text)); at++)
		count++;
	return count;
}

static void compare_text(const char *before, const char *after)
{
	char names[2][40] = {"/tmp/kosix-bench-test-XXXXXX", "/tmp/kosix-bench-test-XXXXXX"};
	const char *const texts[] = {before, after};
	char arguments[120];

	for (unsigned i = 0; i < 2; i++) {
		int fd = mkstemp(names[i]);

		assert_true(fd >= 0);
		assert_true(dprintf(fd, "{\"format\":\"" KX_JSON_FORMAT "\",\"runs\":[%s]}",
				    texts[i]) > 0);
		assert_int_equal(close(fd), 0);
	}
	(void)snprintf(arguments, sizeof(arguments), "compare %s %s", names[0], names[1]);
	assert_int_equal(bench(arguments), 0);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(unlink(names[i]), 0);
}

/* Rows that differ in their policy or starts alone, and one that is measured twice. */
static void a_file_compared_with_itself_gives_1_everywhere(void **state)
{
	static const char *const runs[] = {
		RUN(STARTS("1", "none"), "100"),
		RUN(STARTS("1", "content.so"), "200"),
		RUN(STARTS("5", "none"), "300"),
		RUN(STARTS("1", "none"), "400"),
	};
	char text[4096];

	(void)state;
	(void)snprintf(text, sizeof(text), "%s,%s,%s,%s", runs[0], runs[1], runs[2], runs[3]);
	compare_text(text, text);
	assert_int_equal(count_of("1.000 [1.000 - 1.000] same"), 4);
	assert_int_equal(count_of("content.so"), 1);
	assert_int_equal(count_of("starts=5"), 1);
}

static void an_older_file_had_one_start_and_no_policy(void **state)
{
	static const char *const runs[] = {RUN(STARTS("1", "none"), "200"),
					   RUN(STARTS("1", "content.so"), "300")};
	char text[4096];

	(void)state;
	(void)snprintf(text, sizeof(text), "%s,%s", runs[0], runs[1]);
	compare_text(RUN(CONFIG, "100"), text);
	assert_int_equal(count_of("2.000 [2.000 - 2.000] slower"), 1);
	assert_null(strstr(bench_output, "content.so"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bad_option_is_named_and_ends_with_status_2),
		cmocka_unit_test(help_is_there_for_every_command),
		cmocka_unit_test(it_says_which_release_it_is),
		cmocka_unit_test(help_lists_every_command),
		cmocka_unit_test(only_the_rows_asked_for_are_run),
		cmocka_unit_test(a_row_of_kosix_alone_that_cannot_run_says_why),
		cmocka_unit_test(floors_print_one_result_for_each_mechanism),
		cmocka_unit_test(a_table_says_how_many_starts_a_turn_has),
		cmocka_unit_test(two_json_files_can_be_compared),
		cmocka_unit_test(a_file_compared_with_itself_gives_1_everywhere),
		cmocka_unit_test(an_older_file_had_one_start_and_no_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
