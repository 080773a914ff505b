/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Runs the escape battery under each profile, as this user and, started by
 * root, also with an unprivileged kernel process; compares with
 * battery.expected (I-01, M-12, M-13).
 *
 *   test_isolation_battery           compare; exit status 1 on any difference
 *   test_isolation_battery --print   print the table as found, in the form of the file
 *
 * The victim has the attacker's user and is dumpable, the easiest prey, except
 * in column "bare": seccomp without Landlock, the victim not dumpable.
 */

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"
#include "victim.h"

#define PROBES_MAX 128
#define NOBODY     65534

enum column { OFF, SECCOMP, LANDLOCK, BARE, DEFAULT, STRICT, COLUMNS };

static const char *const column_names[COLUMNS] = {"off",  "seccomp", "landlock",
						  "bare", "default", "strict"};

static const struct {
	enum kx_isolation_level level;
	unsigned int layers;
	bool victim_dumpable;
} columns[COLUMNS] = {
	[OFF] = {KX_ISOLATION_OFF, 0, true},
	[SECCOMP] = {KX_ISOLATION_DEFAULT, KX_LAYER_SECCOMP | KX_LAYER_UID, true},
	[LANDLOCK] = {KX_ISOLATION_DEFAULT, KX_LAYER_LANDLOCK | KX_LAYER_UID, true},
	[BARE] = {KX_ISOLATION_DEFAULT, KX_LAYER_SECCOMP | KX_LAYER_UID, false},
	[DEFAULT] = {KX_ISOLATION_DEFAULT, KX_LAYER_ALL, true},
	[STRICT] = {KX_ISOLATION_STRICT, KX_LAYER_ALL, true},
};

struct row {
	char name[40];
	char result[COLUMNS][24];
};

static struct row rows[PROBES_MAX];
static size_t row_count;
static struct fixture_run run;

static struct row *find_row(const char *name)
{
	for (size_t i = 0; i < row_count; i++) {
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	}
	if (row_count == PROBES_MAX)
		return NULL;
	(void)snprintf(rows[row_count].name, sizeof(rows[0].name), "%s", name);
	return &rows[row_count++];
}

/* Lines "NAME open" and "NAME blocked ERRNO". */
static void take_results(enum column column)
{
	char *rest = run.output;
	char *line;
	char name[40];
	char verdict[24];

	while ((line = strsep(&rest, "\n"))) {
		struct row *row;

		if (sscanf(line, "%39s %23s", name, verdict) != 2)
			continue;
		row = find_row(name);
		assert_non_null(row);
		(void)snprintf(row->result[column], sizeof(row->result[column]), "%s", verdict);
	}
}

static int run_part(struct kx_isolation *isolation, const struct kx_isolation_profile *profile,
		    const struct victim *victim, const char *part)
{
	const char *argv[] = {fixture_program("battery"), part, NULL};
	int memory = memfd_create("handed-over", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	char path[32];
	int read_only;
	int rc;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
	read_only = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(read_only >= 0);
	/* Else only the owner's privileges would stop the other user from reopening it. */
	assert_int_equal(fchmod(memory, 0666), 0);
	rc = fixture_start_and_wait(isolation, profile, argv,
				    (const char *const *)victim->environment, &read_only, 1, &run);
	(void)close(memory);
	(void)close(read_only);
	return rc;
}

/* A part that ends the process instead of printing its line is blocked. */
static void run_fatal_part(struct kx_isolation *isolation,
			   const struct kx_isolation_profile *profile, const struct victim *victim,
			   const char *part, const char *name, enum column column)
{
	struct row *row = find_row(name);

	assert_non_null(row);
	assert_int_equal(run_part(isolation, profile, victim, part), 0);
	if (WIFSIGNALED(run.status))
		(void)snprintf(row->result[column], sizeof(row->result[column]), "blocked");
	else
		take_results(column);
}

static void run_column(enum column column)
{
	struct kx_isolation *isolation = kx_isolation_create(NULL);
	struct kx_isolation_profile profile;
	struct victim victim;
	bool switched;

	assert_non_null(isolation);
	kx_isolation_profile_init(&profile, columns[column].level);
	profile.layers = columns[column].layers;
	switched = geteuid() == 0 && (profile.layers & KX_LAYER_UID);
	assert_true(victim_start(&victim, switched, profile.uid, columns[column].victim_dumpable));
	assert_int_equal(run_part(isolation, &profile, &victim, NULL), 0);
	if (!WIFEXITED(run.status) || WEXITSTATUS(run.status) != 0)
		fail_msg("%s: the battery ended with status %#x after:\n%s", column_names[column],
			 run.status, run.output);
	take_results(column);
	assert_int_equal(run_part(isolation, &profile, &victim, "exec"), 0);
	take_results(column);
	run_fatal_part(isolation, &profile, &victim, "i386", "i386_call", column);
	run_fatal_part(isolation, &profile, &victim, "x32", "x32_call", column);
	assert_true(victim_end(&victim));
	kx_isolation_profile_fini(&profile);
	kx_isolation_destroy(isolation);
}

/* A way that this machine closes in any case proves nothing, so the file may say "-". */
static int compare_cell(const char *name, enum column column, const char *expected)
{
	const struct row *row = find_row(name);

	if (strcmp(expected, "-") == 0)
		return 0;
	if (row && strcmp(row->result[column], expected) == 0)
		return 0;
	print_error("%s under %s: expected %s, found %s\n", name, column_names[column], expected,
		    row && row->result[column][0] ? row->result[column] : "nothing");
	return 1;
}

static size_t compare_line(const char *line, unsigned int run_columns, int *wrong)
{
	char name[40];
	char cell[COLUMNS][24];

	if (line[0] == '#' || sscanf(line, "%39s %23s %23s %23s %23s %23s %23s", name, cell[0],
				     cell[1], cell[2], cell[3], cell[4], cell[5]) != 1 + COLUMNS)
		return 0;
	for (int column = 0; column < COLUMNS; column++) {
		if (run_columns & (1u << column))
			*wrong += compare_cell(name, (enum column)column, cell[column]);
	}
	return 1;
}

static void compare(unsigned int run_columns)
{
	FILE *file = fopen(KX_TEST_EXPECTED, "re");
	char line[256];
	size_t known = 0;
	int wrong = 0;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		known += compare_line(line, run_columns, &wrong);
	(void)fclose(file);
	/* A probe that nobody expects anything of is a mistake too. */
	assert_int_equal(known, row_count);
	assert_int_equal(wrong, 0);
}

/* Columns that mean something on this machine. */
static unsigned int columns_here(void)
{
	struct kx_isolation_machine machine;

	kx_isolation_probe(&machine);
	if (machine.landlock_abi >= 6)
		return (1u << COLUMNS) - 1;
	return (1u << OFF) | (1u << BARE);
}

static void run_all(void)
{
	unsigned int here = columns_here();

	row_count = 0;
	for (int column = 0; column < COLUMNS; column++) {
		if (here & (1u << column))
			run_column((enum column)column);
	}
}

static void every_probe_ends_as_the_table_says(void **state)
{
	(void)state;
	run_all();
	compare(columns_here());
}

/* The kernel process as an ordinary user: no other uid to give, so less stands in the way. */
static void the_same_holds_without_root(void **state)
{
	int status = 0;
	pid_t child;

	(void)state;
	if (geteuid() != 0)
		return;
	child = fork();
	if (child == 0) {
		if (setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
		    setresuid(NOBODY, NOBODY, NOBODY) != 0 || prctl(PR_SET_DUMPABLE, 1) != 0)
			_exit(2);
		(void)execl("/proc/self/exe", "test_isolation_battery", (char *)NULL);
		_exit(3);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void print_table(void)
{
	run_all();
	for (size_t i = 0; i < row_count; i++) {
		printf("%-18s", rows[i].name);
		for (int column = 0; column < COLUMNS; column++)
			printf(" %-8s", rows[i].result[column][0] ? rows[i].result[column] : "-");
		printf("\n");
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_probe_ends_as_the_table_says),
		cmocka_unit_test(the_same_holds_without_root),
	};

	if (argc > 1 && strcmp(argv[1], "--print") == 0) {
		print_table();
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
