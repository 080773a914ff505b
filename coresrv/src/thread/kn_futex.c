/* SPDX-License-Identifier: Apache-2.0 */

/* coresrv/sync/sync.h. */

#include <coresrv/sync/sync.h>

#include "kx_local.h"

static rtl_uint32_t milliseconds_until(const struct timespec *end)
{
	struct timespec now;
	long long left;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	left = (long long)(end->tv_sec - now.tv_sec) * RTL_MSEC_PER_SEC +
	       (end->tv_nsec - now.tv_nsec) / RTL_NSEC_PER_MSEC;
	return left > 0 ? (rtl_uint32_t)left : 0;
}

Retcode KnFutexWait(RtlAtomicInt *ftx, int val, rtl_uint32_t mdelay, rtl_uint32_t *outDelay)
{
	const struct timespec *deadline;
	struct timespec end;
	bool in_time;

	if (!ftx)
		return rcInvalidArgument;
	if (atomic_load(kx_local_word(ftx)) != val)
		return rcFutexWouldBlock;
	deadline = kx_local_deadline(mdelay, &end);
	in_time = kx_local_wait(kx_local_word(ftx), val, deadline);
	if (outDelay)
		*outDelay = deadline ? milliseconds_until(deadline) : INFINITE_TIMEOUT;
	return in_time ? rcOk : rcTimeout;
}

Retcode KnFutexWake(RtlAtomicInt *ftx, int nThreads, int *wokenCnt)
{
	int woken;

	if (!ftx || nThreads < 0)
		return rcInvalidArgument;
	woken = kx_local_wake(kx_local_word(ftx), nThreads);
	if (wokenCnt)
		*wokenCnt = woken;
	return rcOk;
}
