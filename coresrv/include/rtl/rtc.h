/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_RTC_H
#define RTL_RTC_H

/* The date of the real-time clock, in UTC. Fields count as in struct tm. */

#include <rtl/if_time.h>
#include <rtl/stdint.h>

#define RTL_INITIAL_YEAR 1900

typedef struct RtlRtcTime {
	rtl_uint32_t msec;  /* 0 to 999 */
	rtl_uint32_t sec;   /* 0 to 60 */
	rtl_uint32_t min;   /* 0 to 59 */
	rtl_uint32_t hour;  /* 0 to 23 */
	rtl_uint32_t mday;  /* 1 to 31 */
	rtl_uint32_t month; /* 0 to 11 */
	rtl_int32_t year;   /* since RTL_INITIAL_YEAR */
	rtl_uint32_t wday;  /* 0 (Sunday) to 6 */
} RtlRtcTime;

#endif /* RTL_RTC_H */
