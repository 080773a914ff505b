/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Threads by handle (coresrv/thread/thread_api.h). A handle is a place in a table that
 * holds the thread's number; index 0, which the kernel process never gives out, and a
 * generation above those of files (kn_fs.c).
 */

#include <coresrv/thread/thread_api.h>

#include "kx_thread.h"
#include "rt.h"

#define HANDLES      256u
#define FIRST_HANDLE 0x800u /* generation of place 0 */

static _Atomic Tid tids[HANDLES]; /* 0: free, no thread has that number */

static _Atomic Tid *find(Handle handle)
{
	uint32_t number = KX_HANDLE_GEN(handle) - FIRST_HANDLE;

	if (handle == INVALID_HANDLE || KX_HANDLE_INDEX(handle) != 0 || number >= HANDLES)
		return NULL;
	return &tids[number];
}

/* The number of the thread; 0, which none has: no such handle. */
static Tid tid_of(Handle handle)
{
	const _Atomic Tid *place = find(handle);

	return place ? atomic_load(place) : 0;
}

bool kx_thread_handle_close(uint32_t handle)
{
	_Atomic Tid *place = find(handle);

	return place && atomic_exchange(place, 0) != 0;
}

static Retcode make(Tid tid, Handle *handle)
{
	for (uint32_t i = 0; i < HANDLES; i++) {
		Tid none = 0;

		if (!atomic_compare_exchange_strong(&tids[i], &none, tid))
			continue;
		*handle = KX_HANDLE_VALUE(0, FIRST_HANDLE + i);
		return rcOk;
	}
	return rcQuotaExceeded;
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
	Tid made;
	Retcode rc;

	if (!thread)
		return rcInvalidArgument;
	rc = make(INVALID_TID, &handle);
	if (rc != rcOk)
		return rc;
	rc = KnThreadCreate(&made, priority, stackSize, startRoutine, routine, context,
			    flags | THREAD_CREATE_SUSPENDED);
	if (rc != rcOk) {
		(void)kx_thread_handle_close(handle);
		return rc;
	}
	atomic_store(find(handle), made);
	*thread = handle;
	if (tid)
		*tid = made;
	return flags & THREAD_CREATE_SUSPENDED ? rcOk : KnThreadResume(made);
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
