/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOS_THREAD_H
#define KOS_THREAD_H

/*
 * Threads of this process. Threads made by pthread_create or std::thread have a
 * number and a TLS pointer here, too, and can suspend themselves.
 */

#include <coresrv/thread/thread_api.h>
#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>
#include <thread/tidtype.h>

typedef int KosThreadOnceState;
#define KOS_THREAD_ONCE_INIT 0

typedef enum KosThreadCallbackReason {
	KosThreadCallbackReasonCreate,
	KosThreadCallbackReasonDestroy,
} KosThreadCallbackReason;

typedef void KosThreadCallback(KosThreadCallbackReason reason);

__RTL_BEGIN_DECLS

/*
 * Starts a thread that runs @routine(@context); what it returns is its exit code.
 *
 * @tid        gets its number before it runs; may be RTL_NULL
 * @priority   0 to 31; kept, not applied
 * @stackSize  bytes, 0 for ThreadStackSizeDefault
 * @suspended  not 0: it starts only when KosThreadResume is called
 *
 * A thread nobody waits for stays known until its number is needed again.
 * Returns rcOk, or, with no thread made: rcInvalidArgument, rcOutOfMemory,
 * rcQuotaExceeded. Does not block.
 */
Retcode KosThreadCreate(Tid *tid, rtl_uint32_t priority, rtl_uint32_t stackSize,
			ThreadRoutine routine, void *context, int suspended);

/* As KosThreadCreate, of a thread nobody can wait for. */
Retcode KosThreadCreateDetached(Tid *tid, rtl_uint32_t priority, rtl_uint32_t stackSize,
				ThreadRoutine routine, void *context, int suspended);

/* The number of the calling thread. */
Tid KosThreadCurrentId(void);

/*
 * Stops the calling thread until another resumes it. rcOk when resumed;
 * rcInvalidArgument if @tid is not the caller: nothing happens.
 */
Retcode KosThreadSuspend(Tid tid);

/*
 * Lets a suspended thread go on. rcOk; rcInvalidOperation if it is not
 * suspended; rcResourceNotFound. Does not block.
 */
Retcode KosThreadResume(Tid tid);

/*
 * Ends the calling thread with @exitCode; destructors and thread callbacks run.
 * In the main thread the process goes on until the last thread ends.
 */
__rtl_noreturn void KosThreadExit(rtl_int32_t exitCode);

/*
 * Waits at most @timeout milliseconds until a thread has ended, and forgets it.
 * Returns its exit code, or -1: not ended in time, unknown, or the caller itself.
 */
int KosThreadWait(rtl_uint32_t tid, rtl_uint32_t timeout);

/* Sleeps @mdelay milliseconds, not less; 0 lets others run. rcOk. */
Retcode KosThreadSleep(rtl_uint32_t mdelay);

/* Lets other threads run. */
void KosThreadYield(void);

/*
 * Ends a thread with @exitCode: at once if it is suspended, otherwise when it
 * next blocks (waits of kos/ and coresrv/, and the calls POSIX lists as
 * cancellation points). Does not wait for that. Mutexes it holds stay locked.
 * The caller's own number: as KosThreadExit. rcOk, or rcResourceNotFound.
 */
Retcode KosThreadTerminate(Tid tid, rtl_int32_t exitCode);

/* One pointer per thread, RTL_NULL at first. Set returns rcOk. */
void *KosThreadTlsGet(void);
Retcode KosThreadTlsSet(void *tls);

/* Lowest address and size of a living thread's stack; RTL_NULL if unknown. */
void *KosThreadGetStack(Tid tid, rtl_uint32_t *size);

/*
 * Calls @initRoutine unless a call with the same @onceControl has done so; who
 * comes while it runs waits for its end. rcOk, or rcInvalidArgument.
 */
Retcode KosThreadOnce(KosThreadOnceState *onceControl, void (*initRoutine)(void));

/*
 * Has @callback called in every thread made here afterwards: before its routine
 * and at its end. rcOk, rcInvalidArgument, rcAlreadyExists, rcOutOfMemory.
 */
Retcode KosThreadCallbackRegister(KosThreadCallback *callback);

/* Ends that; a call that has begun goes on. rcOk, or rcResourceNotFound. */
Retcode KosThreadCallbackUnregister(KosThreadCallback *callback);

__RTL_END_DECLS

#endif /* KOS_THREAD_H */
