/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Threads by handle (coresrv/thread/thread_api.h). A handle is a place in a table that
 * holds the thread's number, and how often the place was closed before: one that was closed
 * names no other thread. Index 0, which the kernel process never gives out, and a generation
 * above those of files (kn_fs.c) and below those of interrupt objects (rt_sync.c).
 */

#include <coresrv/thread/thread_api.h>

#include "kx_thread.h"
#include "rt.h"

#define HANDLES      256u
#define FIRST_HANDLE 0x800u /* KX_HANDLE_GEN of place 0, never closed */
#define TIMES        ((KX_SYNC_FIRST_GEN - FIRST_HANDLE) / HANDLES)

/*
 * How often it was closed, modulo TIMES, above the thread's number; that is 0, which no thread
 * has, while the place is free.
 */
static _Atomic uint64_t places[HANDLES];
static _Atomic uint32_t made; /* looked at first are the places that are free for longest */

static uint64_t word(uint32_t times, Tid tid)
{
	return (uint64_t)times << 32 | tid;
}

/* Its place, or NULL; @times is what stands in it while the handle is good. */
static _Atomic uint64_t *find(Handle handle, uint32_t *times)
{
	uint32_t number = KX_HANDLE_GEN(handle) - FIRST_HANDLE;

	*times = number / HANDLES;
	if (KX_HANDLE_INDEX(handle) != 0 || *times >= TIMES)
		return NULL;
	return &places[number % HANDLES];
}

/* The number of the thread; 0, which none has: no such handle. */
static Tid tid_of(Handle handle)
{
	uint32_t times;
	const _Atomic uint64_t *place = find(handle, &times);
	uint64_t now = place ? atomic_load(place) : 0;

	return now >> 32 == times ? (Tid)now : 0;
}

bool kx_thread_handle_close(uint32_t handle)
{
	uint32_t times;
	_Atomic uint64_t *place = find(handle, &times);
	uint64_t now = place ? atomic_load(place) : 0;

	while ((Tid)now && now >> 32 == times)
		if (atomic_compare_exchange_weak(place, &now, word((times + 1) % TIMES, 0)))
			return true;
	return false;
}

static Retcode make(Tid tid, Handle *handle)
{
	uint32_t first = atomic_fetch_add(&made, 1);

	for (uint32_t n = 0; n < HANDLES; n++) {
		uint32_t i = (first + n) % HANDLES;
		uint64_t now = atomic_load(&places[i]);
		uint32_t times = (uint32_t)(now >> 32);

		if ((Tid)now || !atomic_compare_exchange_strong(&places[i], &now, word(times, tid)))
			continue;
		*handle = KX_HANDLE_VALUE(0, FIRST_HANDLE + times * HANDLES + i);
		return rcOk;
	}
	return rcQuotaExceeded;
}

/* Unless somebody guessed it and closed it. */
static void name(Handle handle, Tid tid)
{
	uint32_t times;
	_Atomic uint64_t *place = find(handle, &times);
	uint64_t none = word(times, INVALID_TID);

	(void)atomic_compare_exchange_strong(place, &none, word(times, tid));
}

static Retcode is_there(struct kx_thread *thread, void *unused)
{
	(void)thread;
	(void)unused;
	return rcOk;
}

Retcode KnThreadAttach(Tid tid, rtl_uint32_t rights, Handle *thread)
{
	Retcode rc;

	(void)rights;
	if (!thread)
		return rcInvalidArgument;
	rc = kx_thread_visit(tid, is_there, NULL);
	return rc == rcOk ? make(tid, thread) : rc;
}

/* The handle comes first, so that a thread never runs that cannot be named by it. */
Retcode KnThreadCreateByHandle(Handle *thread, Tid *tid, ThreadPriority priority,
			       rtl_uint32_t stackSize, void (*startRoutine)(void),
			       ThreadRoutine routine, void *context, rtl_uint32_t flags)
{
	Handle handle;
	Tid number;
	Retcode rc;

	if (!thread)
		return rcInvalidArgument;
	rc = make(INVALID_TID, &handle);
	if (rc != rcOk)
		return rc;
	rc = KnThreadCreate(&number, priority, stackSize, startRoutine, routine, context,
			    flags | THREAD_CREATE_SUSPENDED);
	if (rc != rcOk) {
		(void)kx_thread_handle_close(handle);
		return rc;
	}
	name(handle, number);
	*thread = handle;
	if (tid)
		*tid = number;
	return flags & THREAD_CREATE_SUSPENDED ? rcOk : KnThreadResume(number);
}

Retcode KnThreadTerminateByHandle(Handle thread, rtl_int32_t code)
{
	Tid tid = tid_of(thread);

	return tid ? KnThreadTerminate(tid, code) : rcInvalidArgument;
}

Retcode KnThreadSuspendByHandle(Handle thread)
{
	Tid tid = tid_of(thread);

	return tid ? KnThreadSuspend(tid) : rcInvalidArgument;
}

Retcode KnThreadResumeByHandle(Handle thread)
{
	Tid tid = tid_of(thread);

	return tid ? KnThreadResume(tid) : rcInvalidArgument;
}

Retcode KnThreadWaitByHandle(Handle thread, rtl_uint32_t msDelay, rtl_uint32_t *exitCode)
{
	Tid tid = tid_of(thread);

	return tid ? KnThreadWait(tid, msDelay, exitCode) : rcInvalidArgument;
}

Retcode KnThreadGetPriorityByHandle(Handle thread, ThreadPriority *priority)
{
	Tid tid = tid_of(thread);

	return tid ? KnThreadGetPriority(tid, priority) : rcInvalidArgument;
}

Retcode KnThreadSetPriorityByHandle(Handle thread, ThreadPriority priority)
{
	Tid tid = tid_of(thread);

	return tid ? KnThreadSetPriority(tid, priority) : rcInvalidArgument;
}

Retcode KnThreadGetSchedPolicyByHandle(Handle thread, ThreadSchedPolicy *policy,
				       ThreadPriority *priority, ThreadSchedParam *param)
{
	Tid tid = tid_of(thread);

	return tid ? KnThreadGetSchedPolicy(tid, policy, priority, param) : rcInvalidArgument;
}

Retcode KnThreadSetSchedPolicyByHandle(Handle thread, ThreadSchedPolicy policy,
				       ThreadPriority priority, const ThreadSchedParam *param)
{
	Tid tid = tid_of(thread);

	return tid ? KnThreadSetSchedPolicy(tid, policy, priority, param) : rcInvalidArgument;
}

Retcode KnThreadGetAffinityByHandle(Handle thread, RtlCpuSet *mask)
{
	Tid tid = tid_of(thread);

	return tid ? KnThreadGetAffinity(tid, mask) : rcInvalidArgument;
}

Retcode KnThreadSetAffinityByHandle(Handle thread, const RtlCpuSet *mask)
{
	Tid tid = tid_of(thread);

	return tid ? KnThreadSetAffinity(tid, mask) : rcInvalidArgument;
}

Retcode KnThreadGetInfoByHandle(Handle thread, KnThreadInfo *info)
{
	Tid tid = tid_of(thread);

	return tid ? KnThreadGetInfo(tid, info) : rcInvalidArgument;
}
