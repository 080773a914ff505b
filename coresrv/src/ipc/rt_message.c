/* SPDX-License-Identifier: Apache-2.0 */

/* Times and codes of KasperskyOS in those of kernel/ipc, and back. */

#include <coresrv/syscalls.h>
#include <time.h>

#include "rt.h"

const struct timespec *kx_rt_deadline_in(uint32_t mdelay, struct timespec *deadline)
{
	(void)clock_gettime(CLOCK_MONOTONIC, deadline);
	deadline->tv_sec += mdelay / 1000;
	deadline->tv_nsec += (long)(mdelay % 1000) * 1000000;
	if (deadline->tv_nsec >= 1000000000) {
		deadline->tv_nsec -= 1000000000;
		deadline->tv_sec++;
	}
	return deadline;
}

Retcode kx_rt_code(enum kx_result result)
{
	switch (result) {
	case KX_OK:
		return rcOk;
	case KX_EINVAL:
		return rcInvalidArgument;
	case KX_EAGAIN:
		return rcBusy;
	case KX_EPROTO:
	case KX_EPEER:
		return rcNotConnected;
	case KX_ENOMEM:
		return rcOutOfMemory;
	case KX_ETIME:
		return rcTimeout;
	case KX_EINTERRUPT:
		return rcIpcInterrupt;
	case KX_ESPACE:
		return rcBufferTooSmall;
	}
	return rcInternalError;
}
