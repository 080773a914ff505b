/* SPDX-License-Identifier: Apache-2.0 */

/* Return codes: where the fields stand, which value each name has, how they print. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <rtl/retcode.h>
#include <rtl/retcode_hr.h>

#define APP_SPACE    17
#define APP_FACILITY 100
#define APP_ERROR    MAKE_RETCODE(RC_CUSTOMER_TRUE, APP_SPACE, APP_FACILITY, 0xBEEF, "an app's own")

_Static_assert(sizeof(Retcode) == 4, "Retcode is 32 bits");
_Static_assert(rcOk == 0, "success is 0");
_Static_assert((uint32_t)rcTimeout == 0x90000014u, "the one value known from a real system");
_Static_assert(APP_ERROR < 0, "every error is negative");

static void general_codes_have_their_numbers(void **state)
{
	static const Retcode codes[] = {
		rcOk,
		rcInvalidArgument,
		rcNotConnected,
		rcOutOfMemory,
		rcBufferTooSmall,
		rcInternalError,
		rcTransferError,
		rcReceiveError,
		rcSourceFault,
		rcTargetFault,
		rcIpcInterrupt,
		0,
		rcRestart,
		rcFail,
		rcNoCapability,
		rcNotReady,
		rcUnimplemented,
		rcBufferTooLarge,
		rcBusy,
		rcResourceNotFound,
		rcTimeout,
		rcSecurityDisallow,
		rcFutexWouldBlock,
		rcAbort,
		rcInvalidThreadState,
		rcAlreadyExists,
		rcInvalidOperation,
		rcHandleRevoked,
		rcQuotaExceeded,
		rcDeviceNotFound,
		rcOverflow,
		rcAlreadyDone,
		rcNotStarted,
	};

	(void)state;
	assert_int_equal(rtl_countof(codes), 33);
	for (uint32_t i = 1; i < rtl_countof(codes); i++)
		if (i != 11)
			assert_int_equal((uint32_t)codes[i], 0x90000000u | i);
}

static void fields_come_back_as_they_went_in(void **state)
{
	(void)state;
	assert_int_equal((uint32_t)APP_ERROR, 0xB0000000u | 17u << 23 | 100u << 16 | 0xBEEFu);
	assert_int_equal(RC_GET_CUSTOMER(APP_ERROR), 1);
	assert_int_equal(RC_GET_SPACE(APP_ERROR), APP_SPACE);
	assert_int_equal(RC_GET_FACILITY(APP_ERROR), APP_FACILITY);
	assert_int_equal(RC_GET_CODE(APP_ERROR), 0xBEEF);
}

static void too_large_fields_do_not_spill_into_neighbours(void **state)
{
	Retcode rc = MAKE_RETCODE(RC_CUSTOMER_FALSE, 0xFFFF, 0, 0, "");

	(void)state;
	assert_int_equal(RC_GET_SPACE(rc), 31);
	assert_int_equal(RC_GET_CUSTOMER(rc), 0);
	rc = MAKE_RETCODE(RC_CUSTOMER_FALSE, 0, 0xFFFF, 0x12345, "");
	assert_int_equal(RC_GET_SPACE(rc), 0);
	assert_int_equal(RC_GET_FACILITY(rc), 127);
	assert_int_equal(RC_GET_CODE(rc), 0x2345);
}

static void assert_prints(Retcode rc, const char *expected)
{
	char text[160];

	(void)snprintf(text, sizeof(text), RETCODE_HR_FMT, RETCODE_HR_PARAMS(rc));
	assert_string_equal(text, expected);
}

static void codes_print_as_on_kasperskyos(void **state)
{
	(void)state;
	assert_prints(rcTimeout,
		      "Retcode 0x90000014: Space General, Facility 0, Error code 20 (Timeout)");
	assert_prints(APP_ERROR, "Retcode 0xb8e4beef: Customer error: Space Unknown, Facility 100, "
				 "Error code 48879 (Unknown)");
	assert_prints(MAKE_RETCODE(RC_CUSTOMER_FALSE, RC_SPACE_DRIVERS, RC_FACILITY_I2C, 3, ""),
		      "Retcode 0x91010003: Space Drivers, Facility 1, Error code 3 (Specific)");
}

static void unused_code_eleven_and_codes_past_the_end_are_unknown(void **state)
{
	(void)state;
	assert_string_equal(rtl_retcode_hr_desc(RTL_RC_GENERAL_(11, "")), "Unknown");
	assert_string_equal(rtl_retcode_hr_desc(RTL_RC_GENERAL_(33, "")), "Unknown");
	assert_string_equal(rtl_retcode_hr_desc(RTL_RC_GENERAL_(0xFFFF, "")), "Unknown");
	for (uint32_t i = 0; i <= 32; i++)
		if (i != 11)
			assert_string_not_equal(rtl_retcode_hr_desc(RTL_RC_GENERAL_(i, "")),
						"Unknown");
}

static void codes_are_case_labels(void **state)
{
	(void)state;
	switch (rcBusy) {
	case rcOk:
	case rcTimeout:
		fail();
		break;
	case rcBusy:
		break;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(general_codes_have_their_numbers),
		cmocka_unit_test(fields_come_back_as_they_went_in),
		cmocka_unit_test(too_large_fields_do_not_spill_into_neighbours),
		cmocka_unit_test(codes_print_as_on_kasperskyos),
		cmocka_unit_test(unused_code_eleven_and_codes_past_the_end_are_unknown),
		cmocka_unit_test(codes_are_case_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
