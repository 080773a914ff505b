/* SPDX-License-Identifier: Apache-2.0 */

/* What `kosix run --audit-level`, `kosix audit-level` and the command socket take as a number. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kx_decimal.h"

static void a_level_is_a_decimal_number_of_eight_bits(void **state)
{
	static const char *const wrong[] = {
		"",     "3junk", "3 ",  " 3",         "+3",
		"-1",   "0x3",   "256", "4294967296", "18446744073709551616",
		"level"};
	uint64_t level;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_false(kx_decimal(wrong[i], KX_AUDIT_LEVEL_MAX, &level));
	assert_true(kx_decimal("0", KX_AUDIT_LEVEL_MAX, &level));
	assert_int_equal(level, 0);
	assert_true(kx_decimal("255", KX_AUDIT_LEVEL_MAX, &level));
	assert_int_equal(level, 255);
	assert_true(kx_decimal("00000000000000000000000000000003", KX_AUDIT_LEVEL_MAX, &level));
	assert_int_equal(level, 3);
}

static void an_event_has_a_number_of_64_bits(void **state)
{
	uint64_t number;

	(void)state;
	assert_true(kx_decimal("18446744073709551615", UINT64_MAX, &number));
	assert_true(number == UINT64_MAX);
	assert_false(kx_decimal("18446744073709551616", UINT64_MAX, &number));
	assert_false(kx_decimal("3junk", UINT64_MAX, &number));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_level_is_a_decimal_number_of_eight_bits),
		cmocka_unit_test(an_event_has_a_number_of_64_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
