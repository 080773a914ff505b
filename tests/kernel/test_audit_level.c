/* SPDX-License-Identifier: Apache-2.0 */

/* What `kosix run --audit-level` and the command socket take as a level. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit_level.h"

static void a_level_is_a_decimal_number_of_eight_bits(void **state)
{
	static const char *const wrong[] = {
		"",     "3junk", "3 ",  " 3",         "+3",
		"-1",   "0x3",   "256", "4294967296", "18446744073709551616",
		"level"};
	uint32_t level;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_false(kx_audit_level_parse(wrong[i], &level));
	assert_true(kx_audit_level_parse("0", &level));
	assert_int_equal(level, 0);
	assert_true(kx_audit_level_parse("255", &level));
	assert_int_equal(level, 255);
	assert_true(kx_audit_level_parse("00000000000000000000000000000003", &level));
	assert_int_equal(level, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_level_is_a_decimal_number_of_eight_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
