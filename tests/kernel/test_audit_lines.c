/* SPDX-License-Identifier: Apache-2.0 */

/*
 * How many decisions that one entity causes are shown as lines of the log, and that what is
 * neither shown nor kept is counted.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit_lines.h"
#include "audit_log.h"
#include "log.h"
#include "log_pipe.h"

/* Lines shown of @count records, one every @step_ns from *@now_ns on. */
static unsigned shown(struct kx_audit_lines *lines, unsigned count, uint64_t *now_ns,
		      uint64_t step_ns)
{
	unsigned lines_shown = 0;

	for (unsigned i = 0; i < count; i++, *now_ns += step_ns)
		lines_shown += kx_audit_lines_take(lines, *now_ns);
	return lines_shown;
}

static void an_entity_shows_so_many_lines_and_no_more(void **state)
{
	struct kx_audit_lines lines = {0};
	uint64_t now = 1000000000000u;

	(void)state;
	assert_int_equal(shown(&lines, 100000, &now, 1), KX_AUDIT_LINES_AT_ONCE);
	assert_int_equal(lines.left_out, 100000 - KX_AUDIT_LINES_AT_ONCE);
	kx_audit_lines_tell(&lines, "Eve");
	assert_int_equal(lines.left_out, 0);
	/* Ten seconds of a thousand a second. */
	assert_in_range(shown(&lines, 10000, &now, 1000000), 10 * KX_AUDIT_LINES_A_SECOND - 1,
			10 * KX_AUDIT_LINES_A_SECOND + 1);
	/* After a rest as many at once as in the beginning, not more. */
	now += 3600000000000u;
	assert_int_equal(shown(&lines, 1000, &now, 1), KX_AUDIT_LINES_AT_ONCE);
}

static void what_could_not_be_told_is_told_later(void **state)
{
	struct kx_audit_lines lines = {.left_out = 5};

	(void)state;
	while (kx_log("nobody reads this"))
		;
	kx_audit_lines_tell(&lines, "Mallory");
	assert_int_equal(lines.left_out, 5);
	assert_false(log_pipe_has("Mallory"));
	kx_audit_lines_tell(&lines, "Mallory");
	assert_int_equal(lines.left_out, 0);
	assert_true(log_pipe_has("5 more decisions caused by Mallory were not shown\n"));
}

static void add_records(unsigned count)
{
	struct kx_audit_record record = {.denied = true};

	for (unsigned i = 0; i < count; i++) {
		record.line = strdup("denied");
		record.json = strdup("{}");
		kx_audit_log_add(&record);
	}
}

static void expect_counts(uint64_t records, uint64_t lost)
{
	assert_int_equal(kx_audit_log_counts().records, records);
	assert_int_equal(kx_audit_log_counts().lost, lost);
}

/* Every record that its thread had is lost, and made once. */
static void what_a_file_does_not_take_is_lost(void **state)
{
	(void)state;
	assert_int_equal(kx_audit_file_open("/proc/no such folder/audit"), 0);
	add_records(3);
	kx_audit_file_close();
	assert_true(log_pipe_has("cannot write the audit file"));
	expect_counts(3, 3);
}

static void without_a_file_what_nobody_read_is_lost(void **state)
{
	struct kx_audit_counts before = kx_audit_log_counts();
	struct kx_audit_record copy;
	uint64_t position = before.records; /* of these none is lost any more */
	uint64_t missed = 0;

	(void)state;
	add_records(KX_AUDIT_RECORDS);
	expect_counts(before.records + KX_AUDIT_RECORDS, before.lost);
	add_records(10);
	expect_counts(before.records + KX_AUDIT_RECORDS + 10, before.lost + 10);
	/* A reader is told of these ten, and has the next two: those are not lost. */
	for (unsigned i = 0; i < 2; i++) {
		assert_true(kx_audit_log_get(&position, &copy, &missed));
		assert_int_equal(missed, i ? 0 : 10);
		kx_audit_record_clear(&copy);
	}
	add_records(3);
	expect_counts(before.records + KX_AUDIT_RECORDS + 13, before.lost + 11);
}

/* strdup() of the code under test, by the linker's --wrap. */
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
static bool no_memory;

char *__wrap_strdup(const char *text)
{
	return no_memory ? NULL : __real_strdup(text);
}

static void who_has_no_memory_to_read_is_told_later_what_was_lost(void **state)
{
	struct kx_audit_record copy;
	uint64_t position = 0;
	uint64_t missed = 0;

	(void)state;
	no_memory = true;
	assert_false(kx_audit_log_get(&position, &copy, &missed));
	no_memory = false;
	assert_true(kx_audit_log_get(&position, &copy, &missed));
	assert_int_equal(missed, kx_audit_log_counts().records - KX_AUDIT_RECORDS);
	kx_audit_record_clear(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entity_shows_so_many_lines_and_no_more),
		cmocka_unit_test(what_could_not_be_told_is_told_later),
		cmocka_unit_test(what_a_file_does_not_take_is_lost),
		cmocka_unit_test(without_a_file_what_nobody_read_is_lost),
		cmocka_unit_test(who_has_no_memory_to_read_is_told_later_what_was_lost),
	};

	return cmocka_run_group_tests(tests, log_pipe_open, NULL);
}
