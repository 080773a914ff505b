/* SPDX-License-Identifier: Apache-2.0 */

/* How many decisions about one entity are shown as lines of the log. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit_lines.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entity_shows_so_many_lines_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
