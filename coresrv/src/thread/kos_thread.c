/* SPDX-License-Identifier: Apache-2.0 */

/* kos/thread.h: what is more than a call of kx_thread.h. */

#include <kos/thread.h>

#include <limits.h>
#include <pthread.h>
#include <sched.h>

#include "kx_local.h"
#include "kx_thread.h"

static _Thread_local void *tls_pointer;

static Retcode create(Tid *tid, rtl_uint32_t priority, rtl_uint32_t stack_size,
		      ThreadRoutine routine, void *context, rtl_uint32_t flags)
{
	return KnThreadCreate(tid, priority, stack_size, RTL_NULL, routine, context, flags);
}

Retcode KosThreadCreate(Tid *tid, rtl_uint32_t priority, rtl_uint32_t stackSize,
			ThreadRoutine routine, void *context, int suspended)
{
	return create(tid, priority, stackSize, routine, context,
		      THREAD_CREATE_WAITABLE | (suspended ? THREAD_CREATE_SUSPENDED : 0));
}

Retcode KosThreadCreateDetached(Tid *tid, rtl_uint32_t priority, rtl_uint32_t stackSize,
				ThreadRoutine routine, void *context, int suspended)
{
	return create(tid, priority, stackSize, routine, context,
		      suspended ? THREAD_CREATE_SUSPENDED : 0);
}

Tid KosThreadCurrentId(void)
{
	return kx_thread_self()->tid;
}

Retcode KosThreadSuspend(Tid tid)
{
	if (tid != KosThreadCurrentId())
		return rcInvalidArgument;
	kx_thread_suspend();
	return rcOk;
}

Retcode KosThreadResume(Tid tid)
{
	return kx_thread_resume(tid);
}

__rtl_noreturn void KosThreadExit(rtl_int32_t exitCode)
{
	kx_thread_exit(exitCode);
}

int KosThreadWait(rtl_uint32_t tid, rtl_uint32_t timeout)
{
	int code = -1;

	return kx_thread_wait(tid, timeout, &code) == rcOk ? code : -1;
}

Retcode KosThreadSleep(rtl_uint32_t mdelay)
{
	return KnSleep(mdelay);
}

void KosThreadYield(void)
{
	(void)sched_yield();
}

Retcode KosThreadTerminate(Tid tid, rtl_int32_t exitCode)
{
	if (tid == KosThreadCurrentId())
		kx_thread_exit(exitCode);
	return kx_thread_terminate(tid, exitCode);
}

void *KosThreadTlsGet(void)
{
	return tls_pointer;
}

Retcode KosThreadTlsSet(void *tls)
{
	tls_pointer = tls;
	return rcOk;
}

void *KosThreadGetStack(Tid tid, rtl_uint32_t *size)
{
	KnThreadInfo info;

	if (KnThreadGetInfo(tid, &info) != rcOk)
		return RTL_NULL;
	if (size)
		*size = info.stackSize > UINT_MAX ? UINT_MAX : (rtl_uint32_t)info.stackSize;
	return info.stackStart;
}
