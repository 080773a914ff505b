/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_TIME_TIME_API_H
#define CORESRV_TIME_TIME_API_H

/*
 * Clocks. Setting the system time moves it for these functions in this process
 * only: neither the machine's clock nor clock_gettime() changes.
 */

#include <rtl/compiler.h>
#include <rtl/if_time.h>
#include <rtl/retcode.h>
#include <rtl/rtc.h>
#include <rtl/stdbool.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>

__RTL_BEGIN_DECLS

/* Milliseconds since the solution's kernel started; never goes back. */
rtl_size_t KnGetMSecSinceStart(void);

/* The same, exactly. rcOk, or rcInvalidArgument. */
Retcode KnGetUpTime(RtlTimeSpec *time);
Retcode KnGetUpTimeRes(RtlTimeSpec *res);

/* Time since 1970-01-01 00:00 UTC. rcOk, or rcInvalidArgument. */
Retcode KnGetSystemTime(RtlTimeSpec *time);
Retcode KnGetSystemTimeRes(RtlTimeSpec *res);
Retcode KnSetSystemTime(const RtlTimeSpec *time);

/*
 * Moves the system time by @adj (negative: back), at once; @prev, if not RTL_NULL, gets
 * zero: no earlier adjustment is still under way. rcOk, or rcInvalidArgument.
 */
Retcode KnAdjSystemTime(const RtlTimeSpec *adj, RtlTimeSpec *prev);

/* The system time as a date in UTC. rcOk, or rcFail if it has none. */
Retcode KnGetRtcTime(RtlRtcTime *rt);

__RTL_END_DECLS

#endif /* CORESRV_TIME_TIME_API_H */
