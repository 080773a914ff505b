/* SPDX-License-Identifier: Apache-2.0 */

/* A thousand lines of IDL do not take absurdly long (the bar of 20 ms is not asserted here): best
 * of several runs of the program. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#define RUNS  15
#define LIMIT 500.0 /* milliseconds: about a hundred times what it takes, for slow machines */

static char dir[] = "/tmp/kx_nk_speed.XXXXXX";

static int make_input(void **state)
{
	char path[4096];
	FILE *out;

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/Big.idl", dir);
	out = fopen(path, "w");
	if (!out)
		return -1;
	fprintf(out, "package Big\n");
	for (int i = 0; i < 100; i++)
		fprintf(out, "const UInt32 C%d = 0x%x + 3 * (2 ** 4);\n", i, i);
	for (int i = 0; i < 100; i++)
		fprintf(out,
			"struct S%d {\n    UInt32 a;\n    sequence<UInt16, C%d> b;\n"
			"    string<%d> c;\n    array<UInt8, 16> d;\n}\n",
			i, i, i);
	fprintf(out, "interface {\n");
	for (int i = 0; i < 297; i++)
		fprintf(out,
			"    Method%d(in S%d a, in string<64> name, in UInt32 n, "
			"out sequence<S%d, 4> r, out UInt64 code);\n",
			i, i % 100, i * 7 % 100);
	fprintf(out, "}\n");
	return fclose(out);
}

static int remove_input(void **state)
{
	char command[4096];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

static double cpu_of_children(void)
{
	struct rusage used;

	getrusage(RUSAGE_CHILDREN, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

/* Processor time: what other programs do on the machine at the time is not our subject. */
static void a_thousand_lines_take_a_moment(void **state)
{
	char command[4096];
	double best = 1e9;

	(void)state;
	snprintf(command, sizeof(command), "exec '%s' -o %s %s/Big.idl", KX_NK_GEN_C, dir, dir);
	for (int i = 0; i < RUNS; i++) {
		double before = cpu_of_children();
		double took;

		assert_int_equal(system(command), 0);
		took = cpu_of_children() - before;
		if (took < best)
			best = took;
	}
	print_message("1,000 lines: %.1f ms of processor time, shell included\n", best);
#ifndef KX_SANITIZED /* sanitizers cost time and memory */
	assert_true(best <= LIMIT);
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thousand_lines_take_a_moment),
	};

	return cmocka_run_group_tests(tests, make_input, remove_input);
}
