/* SPDX-License-Identifier: Apache-2.0 */

/* coresrv/thread/thread_api.h. */

#include <coresrv/thread/thread_api.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "kx_local.h"
#include "kx_thread.h"

#define PRIORITY_MAX 31u /* of real-time threads; ordinary ones are not held to 15 */

Retcode KnThreadCreate(Tid *tid, ThreadPriority priority, rtl_uint32_t stackSize,
		       void (*startRoutine)(void), ThreadRoutine routine, void *context,
		       rtl_uint32_t flags)
{
	struct kx_thread_plan plan = {
		.routine = routine,
		.context = context,
		.stack_size = stackSize,
		.flags = flags,
		.priority = priority,
	};

	if (startRoutine)
		return rcUnimplemented;
	if (!routine || priority > PRIORITY_MAX)
		return rcInvalidArgument;
	return kx_thread_create(&plan, tid);
}

Tid KnThreadCurrent(void)
{
	return kx_thread_self()->tid;
}

__rtl_noreturn void KnThreadExit(rtl_int32_t code)
{
	kx_thread_exit(code);
}

Retcode KnThreadTerminate(Tid tid, rtl_int32_t code)
{
	return KosThreadTerminate(tid, code);
}

Retcode KnThreadSuspend(Tid tid)
{
	return KosThreadSuspend(tid);
}

Retcode KnThreadSuspendCurrent(void)
{
	kx_thread_suspend();
	return rcOk;
}

Retcode KnThreadResume(Tid tid)
{
	return kx_thread_resume(tid);
}

Retcode KnThreadWait(Tid tid, rtl_uint32_t msDelay, rtl_uint32_t *exitCode)
{
	int code = 0;
	Retcode rc = kx_thread_wait(tid, msDelay, &code);

	if (rc == rcOk && exitCode)
		*exitCode = (rtl_uint32_t)code;
	return rc;
}

static Retcode get_priority_locked(struct kx_thread *t, void *out)
{
	*(ThreadPriority *)out = t->priority;
	return rcOk;
}

Retcode KnThreadGetPriority(Tid tid, ThreadPriority *priority)
{
	return priority ? kx_thread_visit(tid, get_priority_locked, priority) : rcInvalidArgument;
}

static Retcode set_priority_locked(struct kx_thread *t, void *in)
{
	t->priority = *(const ThreadPriority *)in;
	return rcOk;
}

Retcode KnThreadSetPriority(Tid tid, ThreadPriority priority)
{
	if (priority > PRIORITY_MAX)
		return rcInvalidArgument;
	return kx_thread_visit(tid, set_priority_locked, &priority);
}

struct sched {
	ThreadSchedPolicy policy;
	ThreadPriority priority;
	ThreadSchedParam param;
};

static Retcode get_sched_locked(struct kx_thread *t, void *out)
{
	struct sched *sched = out;

	sched->policy = t->policy;
	sched->priority = t->priority;
	sched->param = t->param;
	return rcOk;
}

Retcode KnThreadGetSchedPolicy(Tid tid, ThreadSchedPolicy *policy, ThreadPriority *priority,
			       ThreadSchedParam *param)
{
	struct sched sched;
	Retcode rc = kx_thread_visit(tid, get_sched_locked, &sched);

	if (rc != rcOk)
		return rc;
	if (policy)
		*policy = sched.policy;
	if (priority)
		*priority = sched.priority;
	if (param)
		*param = sched.param;
	return rcOk;
}

static Retcode set_sched_locked(struct kx_thread *t, void *in)
{
	const struct sched *sched = in;

	t->policy = sched->policy;
	t->priority = sched->priority;
	t->param = sched->param;
	return rcOk;
}

Retcode KnThreadSetSchedPolicy(Tid tid, ThreadSchedPolicy policy, ThreadPriority priority,
			       const ThreadSchedParam *param)
{
	struct sched sched = {policy, priority, {0}};

	if (policy > ThreadSchedPolicyRR || priority > PRIORITY_MAX)
		return rcInvalidArgument;
	if (param)
		sched.param = *param;
	return kx_thread_visit(tid, set_sched_locked, &sched);
}

static Retcode get_affinity_locked(struct kx_thread *t, void *out)
{
	RtlCpuSet *mask = out;
	cpu_set_t set;

	if (pthread_getaffinity_np(t->handle, sizeof(set), &set) != 0)
		return rcFail;
	rtl_cpuset_zero(mask);
	for (unsigned i = 0; i < RTL_CPUSET_MAX; i++)
		if (CPU_ISSET(i, &set))
			rtl_cpuset_add(mask, i);
	return rcOk;
}

Retcode KnThreadGetAffinity(Tid tid, RtlCpuSet *mask)
{
	return mask ? kx_thread_visit(tid, get_affinity_locked, mask) : rcInvalidArgument;
}

static Retcode set_affinity_locked(struct kx_thread *t, void *in)
{
	const RtlCpuSet *mask = in;
	cpu_set_t set;

	CPU_ZERO(&set);
	for (unsigned i = 0; i < RTL_CPUSET_MAX; i++)
		if (rtl_cpuset_has(mask, i))
			CPU_SET(i, &set);
	return pthread_setaffinity_np(t->handle, sizeof(set), &set) == 0 ? rcOk : rcInvalidArgument;
}

Retcode KnThreadSetAffinity(Tid tid, const RtlCpuSet *mask)
{
	RtlCpuSet copy;

	if (!mask)
		return rcInvalidArgument;
	copy = *mask;
	return kx_thread_visit(tid, set_affinity_locked, &copy);
}

static Retcode get_info_locked(struct kx_thread *t, void *out)
{
	KnThreadInfo *info = out;
	pthread_attr_t attr;
	int failed;

	if (pthread_getattr_np(t->handle, &attr) != 0)
		return rcFail;
	failed = pthread_attr_getstack(&attr, &info->stackStart, &info->stackSize);
	(void)pthread_attr_destroy(&attr);
	return failed ? rcFail : rcOk;
}

Retcode KnThreadGetInfo(Tid tid, KnThreadInfo *info)
{
	return info ? kx_thread_visit(tid, get_info_locked, info) : rcInvalidArgument;
}

Retcode KnSleep(rtl_uint32_t mdelay)
{
	struct timespec end;
	const struct timespec *deadline = kx_local_deadline(mdelay, &end);
	_Atomic int never = 0;

	if (mdelay == 0) {
		(void)sched_yield();
		return rcOk;
	}
	while (!deadline)
		(void)kx_local_wait(&never, 0, NULL);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, deadline, NULL) == EINTR)
		;
	return rcOk;
}

Retcode KnThreadSetTls(void *tls)
{
	return KosThreadTlsSet(tls);
}

void *KnThreadGetTcb(void)
{
	return kx_thread_self();
}

Retcode KnThreadDetachIrq(void)
{
	return rcUnimplemented;
}

Retcode KnThreadSetExceptionHandler(void (*handler)(void))
{
	(void)handler;
	return rcUnimplemented;
}
