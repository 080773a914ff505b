/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_THREAD_THREAD_API_H
#define CORESRV_THREAD_THREAD_API_H

/*
 * Threads, low level, by number. kos/thread.h is the interface to prefer; both
 * mean the same threads. Numbers are this process's own.
 */

#include <hal/page.h>
#include <handle/handletype.h>
#include <rtl/compiler.h>
#include <rtl/cpuset.h>
#include <rtl/if_time.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>
#include <thread/tidtype.h>

/* 0 to 15 for ordinary threads, 0 to 31 for real-time ones; kept, not applied. */
typedef rtl_uint32_t ThreadPriority;

enum {
	ThreadPriorityLowest = 0,
	ThreadPriorityNormal = 10,
	ThreadPriorityHighest = 15,
};

enum {
	ThreadStackSizeDefault = 0x100000,
	ThreadStackSizeMin = PAGE_SIZE,
};

#define THREAD_CREATE_SUSPENDED   0x01U
#define THREAD_CREATE_WAITABLE    0x02U
#define THREAD_CREATE_SCHED_OTHER 0x00U
#define THREAD_CREATE_SCHED_FIFO  0x10U
#define THREAD_CREATE_SCHED_RR    0x20U

enum {
	ThreadFlagCreateSuspended = THREAD_CREATE_SUSPENDED,
	ThreadFlagCreateWaitable = THREAD_CREATE_WAITABLE,
	ThreadFlagSchedOther = THREAD_CREATE_SCHED_OTHER,
	ThreadFlagSchedFifo = THREAD_CREATE_SCHED_FIFO,
	ThreadFlagSchedRR = THREAD_CREATE_SCHED_RR,
};

typedef enum ThreadSchedPolicy {
	ThreadSchedPolicyOther = 0,
	ThreadSchedPolicyFifo = 1,
	ThreadSchedPolicyRR = 2,
} ThreadSchedPolicy;

typedef struct ThreadSchedParam {
	rtl_uint32_t quantum; /* milliseconds; kept, not applied */
} ThreadSchedParam;

typedef int (*ThreadRoutine)(void *context);

/* Only ever handled by pointer. */
typedef struct ExceptionInfo ExceptionInfo;

typedef struct KnThreadInfo {
	rtl_size_t stackSize;
	void *stackStart; /* lowest address */
} KnThreadInfo;

__RTL_BEGIN_DECLS

/*
 * Starts a thread that runs @routine(@context).
 *
 * @tid           gets its number before it runs; may be RTL_NULL
 * @stackSize     bytes, 0 for ThreadStackSizeDefault
 * @startRoutine  must be RTL_NULL (libkos has its own)
 * @flags         THREAD_CREATE_...; without _WAITABLE nobody can wait for it
 *
 * Returns rcOk, or, with no thread made: rcInvalidArgument, rcUnimplemented
 * (@startRoutine given), rcOutOfMemory, rcQuotaExceeded. Does not block.
 */
Retcode KnThreadCreate(Tid *tid, ThreadPriority priority, rtl_uint32_t stackSize,
		       void (*startRoutine)(void), ThreadRoutine routine, void *context,
		       rtl_uint32_t flags);

/* The number of the calling thread, whoever made it. */
Tid KnThreadCurrent(void);

/* Ends the calling thread. Does not return. */
__rtl_noreturn void KnThreadExit(rtl_int32_t code);

/* See KosThreadTerminate, KosThreadSuspend and KosThreadResume (kos/thread.h). */
Retcode KnThreadTerminate(Tid tid, rtl_int32_t code);
Retcode KnThreadSuspend(Tid tid);
Retcode KnThreadSuspendCurrent(void);
Retcode KnThreadResume(Tid tid);

/*
 * Waits at most @msDelay milliseconds for a thread to end and forgets it.
 * @exitCode, if not RTL_NULL, gets its exit code. Returns rcOk, rcTimeout,
 * rcResourceNotFound (unknown, forgotten or not waitable), or rcInvalidOperation
 * (the caller itself).
 */
Retcode KnThreadWait(Tid tid, rtl_uint32_t msDelay, rtl_uint32_t *exitCode);

/* rcOk, rcInvalidArgument, or rcResourceNotFound. Kept, not applied to Linux's scheduler. */
Retcode KnThreadGetPriority(Tid tid, ThreadPriority *priority);
Retcode KnThreadSetPriority(Tid tid, ThreadPriority priority);
Retcode KnThreadGetSchedPolicy(Tid tid, ThreadSchedPolicy *policy, ThreadPriority *priority,
			       ThreadSchedParam *param);
Retcode KnThreadSetSchedPolicy(Tid tid, ThreadSchedPolicy policy, ThreadPriority priority,
			       const ThreadSchedParam *param);

/* Which processors a thread may run on; applied. rcOk, rcInvalidArgument, rcResourceNotFound. */
Retcode KnThreadGetAffinity(Tid tid, RtlCpuSet *mask);
Retcode KnThreadSetAffinity(Tid tid, const RtlCpuSet *mask);

/* Where a living thread's stack is. rcOk, rcInvalidArgument, rcResourceNotFound. */
Retcode KnThreadGetInfo(Tid tid, KnThreadInfo *info);

/*
 * Sleeps @mdelay milliseconds, not less, whatever signals come; 0 lets others
 * run; INFINITE_TIMEOUT for ever. Returns rcOk.
 */
Retcode KnSleep(rtl_uint32_t mdelay);

/*
 * The same as above for a thread that a handle names: made with the thread, or of its
 * number. A handle means something in this process only, is no resource of the kernel
 * (rights are accepted and not looked at), and is closed by KnHandleClose(); the thread
 * does not end by that. There are 256. rcInvalidArgument: no such handle; rcQuotaExceeded.
 */
Retcode KnThreadAttach(Tid tid, rtl_uint32_t rights, Handle *thread);
Retcode KnThreadCreateByHandle(Handle *thread, Tid *tid, ThreadPriority priority,
			       rtl_uint32_t stackSize, void (*startRoutine)(void),
			       ThreadRoutine routine, void *context, rtl_uint32_t flags);
Retcode KnThreadTerminateByHandle(Handle thread, rtl_int32_t code);
Retcode KnThreadSuspendByHandle(Handle thread);
Retcode KnThreadResumeByHandle(Handle thread);
Retcode KnThreadWaitByHandle(Handle thread, rtl_uint32_t msDelay, rtl_uint32_t *exitCode);
Retcode KnThreadGetPriorityByHandle(Handle thread, ThreadPriority *priority);
Retcode KnThreadSetPriorityByHandle(Handle thread, ThreadPriority priority);
Retcode KnThreadGetSchedPolicyByHandle(Handle thread, ThreadSchedPolicy *policy,
				       ThreadPriority *priority, ThreadSchedParam *param);
Retcode KnThreadSetSchedPolicyByHandle(Handle thread, ThreadSchedPolicy policy,
				       ThreadPriority priority, const ThreadSchedParam *param);
Retcode KnThreadGetAffinityByHandle(Handle thread, RtlCpuSet *mask);
Retcode KnThreadSetAffinityByHandle(Handle thread, const RtlCpuSet *mask);
Retcode KnThreadGetInfoByHandle(Handle thread, KnThreadInfo *info);

/* The pointer of KosThreadTlsSet(), RTL_NULL at first. rcOk. */
Retcode KnThreadSetTls(void *tls);

/* The calling thread's control block: an address no other living thread has, not to be used. */
void *KnThreadGetTcb(void);

/* Not offered: rcUnimplemented. Linux has no such hooks. */
Retcode KnThreadGetLastException(ExceptionInfo *info);
Retcode KnThreadDetachIrq(void);
Retcode KnThreadSetExceptionHandler(void (*handler)(void));

__RTL_END_DECLS

#endif /* CORESRV_THREAD_THREAD_API_H */
