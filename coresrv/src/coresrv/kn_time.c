/* SPDX-License-Identifier: Apache-2.0 */

/*
 * coresrv/time/time_api.h over Linux's clocks. An entity counts from the start of
 * the kernel process; another program from KOSIX_START_NSEC (monotonic
 * nanoseconds), or else from the start of the machine.
 */

#include <coresrv/time/time_api.h>

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "rt.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static rtl_int64_t system_shift; /* lock; ns that KnSetSystemTime moved the clock */

static pthread_once_t start_once = PTHREAD_ONCE_INIT;
static rtl_int64_t start; /* constant after start_once */

static rtl_int64_t clock_now(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (rtl_int64_t)now.tv_sec * RTL_NSEC_PER_SEC + now.tv_nsec;
}

static void read_start(void)
{
	const char *text = getenv("KOSIX_START_NSEC");
	rtl_int64_t value = text ? strtoll(text, NULL, 10) : 0;

	if (kx_rt_attached())
		value = (rtl_int64_t)kx_rt.page->start_ns;
	if (value > 0 && value <= clock_now(CLOCK_MONOTONIC))
		start = value;
}

static rtl_int64_t up_time(void)
{
	(void)pthread_once(&start_once, read_start);
	return clock_now(CLOCK_MONOTONIC) - start;
}

static rtl_int64_t system_time(void)
{
	rtl_int64_t shift;

	(void)pthread_mutex_lock(&lock);
	shift = system_shift;
	(void)pthread_mutex_unlock(&lock);
	return clock_now(CLOCK_REALTIME) + shift;
}

static RtlTimeSpec to_spec(rtl_int64_t nsec)
{
	RtlTimeSpec spec = {nsec / RTL_NSEC_PER_SEC, nsec % RTL_NSEC_PER_SEC};

	return spec;
}

static Retcode resolution(clockid_t clock, RtlTimeSpec *res)
{
	struct timespec ts;

	if (!res || clock_getres(clock, &ts) != 0)
		return rcInvalidArgument;
	res->sec = ts.tv_sec;
	res->nsec = ts.tv_nsec;
	return rcOk;
}

rtl_size_t KnGetMSecSinceStart(void)
{
	return (rtl_size_t)(up_time() / RTL_NSEC_PER_MSEC);
}

Retcode KnGetUpTime(RtlTimeSpec *time)
{
	if (!time)
		return rcInvalidArgument;
	*time = to_spec(up_time());
	return rcOk;
}

Retcode KnGetUpTimeRes(RtlTimeSpec *res)
{
	return resolution(CLOCK_MONOTONIC, res);
}

Retcode KnGetSystemTime(RtlTimeSpec *time)
{
	if (!time)
		return rcInvalidArgument;
	*time = to_spec(system_time());
	return rcOk;
}

Retcode KnGetSystemTimeRes(RtlTimeSpec *res)
{
	return resolution(CLOCK_REALTIME, res);
}

Retcode KnSetSystemTime(const RtlTimeSpec *time)
{
	if (!time || time->sec < 0 || time->sec >= RTL_INT64_MAX / RTL_NSEC_PER_SEC ||
	    time->nsec < 0 || time->nsec >= RTL_NSEC_PER_SEC)
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	system_shift = time->sec * RTL_NSEC_PER_SEC + time->nsec - clock_now(CLOCK_REALTIME);
	(void)pthread_mutex_unlock(&lock);
	return rcOk;
}

Retcode KnAdjSystemTime(const RtlTimeSpec *adj, RtlTimeSpec *prev)
{
	RtlTimeSpec to = to_spec(system_time());

	if (!adj || adj->nsec <= -RTL_NSEC_PER_SEC || adj->nsec >= RTL_NSEC_PER_SEC ||
	    adj->sec > RTL_INT32_MAX || adj->sec < -RTL_INT32_MAX)
		return rcInvalidArgument;
	to.sec += adj->sec;
	to.nsec += adj->nsec;
	if (to.nsec < 0 || to.nsec >= RTL_NSEC_PER_SEC) {
		to.sec += to.nsec < 0 ? -1 : 1;
		to.nsec += to.nsec < 0 ? RTL_NSEC_PER_SEC : -RTL_NSEC_PER_SEC;
	}
	if (prev)
		*prev = (RtlTimeSpec){0, 0};
	return KnSetSystemTime(&to);
}

Retcode KnGetRtcTime(RtlRtcTime *rt)
{
	RtlTimeSpec now = to_spec(system_time());
	time_t sec = now.sec;
	struct tm tm;

	if (!rt || !gmtime_r(&sec, &tm))
		return rcFail;
	rt->msec = (rtl_uint32_t)(now.nsec / RTL_NSEC_PER_MSEC);
	rt->sec = (rtl_uint32_t)tm.tm_sec;
	rt->min = (rtl_uint32_t)tm.tm_min;
	rt->hour = (rtl_uint32_t)tm.tm_hour;
	rt->mday = (rtl_uint32_t)tm.tm_mday;
	rt->month = (rtl_uint32_t)tm.tm_mon;
	rt->year = tm.tm_year;
	rt->wday = (rtl_uint32_t)tm.tm_wday;
	return rcOk;
}
