/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_RETCODE_HR_H
#define RTL_RETCODE_HR_H

/*
 * Return codes for people: fprintf(stderr, "... " RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rc));
 * Source: CE 1.1 "Return codes" for the two macros; the form of the text and the names of the
 * spaces as public builds of CE 1.2 and 1.3 print them; the words for each code are ours.
 * Header only. RETCODE_HR_PARAMS evaluates its argument several times.
 */

#include <rtl/compiler.h>
#include <rtl/countof.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <string.h> /* public programs use memcpy with no other header */

#define RETCODE_HR_FMT "Retcode 0x%x: %sSpace %s, Facility %u, Error code %u (%s)"

#define RETCODE_HR_PARAMS(rc)                                                                      \
	(unsigned)(rc), rtl_retcode_hr_customer(rc), rtl_retcode_hr_space(rc),                     \
		(unsigned)RC_GET_FACILITY(rc), (unsigned)RC_GET_CODE(rc), rtl_retcode_hr_desc(rc)

static __inline__ const char *rtl_retcode_hr_customer(Retcode rc)
{
	return RC_GET_CUSTOMER(rc) ? "Customer error: " : "";
}

static __inline__ const char *rtl_retcode_hr_space(Retcode rc)
{
	static const char *const names[] = {"General", "Kernel", "Drivers",   "NK",
					    "SDK",     "Test",   "Multimedia"};

	return RC_GET_SPACE(rc) < rtl_countof(names) ? names[RC_GET_SPACE(rc)] : "Unknown";
}

/* What a general code says; "Specific" in the other known spaces. */
static __inline__ const char *rtl_retcode_hr_desc(Retcode rc)
{
	static const char *const texts[] = {
		"Ok",
		"Invalid argument",
		"Not connected",
		"Out of memory",
		"Buffer too small",
		"Internal error",
		"Transfer error",
		"Receive error",
		"Source fault",
		"Target fault",
		"IPC interrupted",
		RTL_NULL,
		"Restart",
		"Failure",
		"No capability",
		"Not ready",
		"Unimplemented",
		"Buffer too large",
		"Busy",
		"Resource not found",
		"Timeout",
		"Security disallow",
		"Futex would block",
		"Abort",
		"Invalid thread state",
		"Already exists",
		"Invalid operation",
		"Handle revoked",
		"Quota exceeded",
		"Device not found",
		"Overflow",
		"Already done",
		"Not started",
	};

	if (RC_GET_SPACE(rc) > RC_SPACE_MULTIMEDIA)
		return "Unknown";
	if (RC_GET_SPACE(rc) != RC_SPACE_GENERAL)
		return "Specific";
	if (RC_GET_CODE(rc) >= rtl_countof(texts) || !texts[RC_GET_CODE(rc)])
		return "Unknown";
	return texts[RC_GET_CODE(rc)];
}

#endif /* RTL_RETCODE_HR_H */
