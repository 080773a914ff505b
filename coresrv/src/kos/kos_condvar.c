/* SPDX-License-Identifier: Apache-2.0 */

/*
 * KosCondvar: a count of signals. It is read with the mutex held, so a signal
 * after the unlock has changed it, and the sleep does not begin.
 */

#include <limits.h>
#include <pthread.h>

#include <kos/condvar.h>
#include <kos/mutex.h>

#include "kx_local.h"

static bool wait_until(KosCondvar *condvar, KosMutex *mutex, const struct timespec *deadline)
{
	_Atomic int *word = kx_local_word(&condvar->cvar);
	int seen = atomic_load(word);
	bool in_time;

	KosMutexUnlock(mutex);
	pthread_cleanup_push(kx_local_pass_on, word);
	do
		in_time = kx_local_wait(word, seen, deadline);
	while (in_time && atomic_load(word) == seen);
	pthread_cleanup_pop(0);
	KosMutexLock(mutex);
	return in_time;
}

void KosCondvarInit(KosCondvar *condvar)
{
	atomic_store(kx_local_word(&condvar->cvar), 0);
}

void KosCondvarDeinit(KosCondvar *condvar)
{
	(void)condvar;
}

Retcode KosCondvarWait(KosCondvar *condvar, KosMutex *mutex)
{
	(void)wait_until(condvar, mutex, NULL);
	return rcOk;
}

Retcode KosCondvarWaitTimeout(KosCondvar *condvar, KosMutex *mutex, rtl_uint32_t mdelay)
{
	struct timespec end;

	return wait_until(condvar, mutex, kx_local_deadline(mdelay, &end)) ? rcOk : rcTimeout;
}

void KosCondvarSignal(KosCondvar *condvar)
{
	_Atomic int *word = kx_local_word(&condvar->cvar);

	(void)atomic_fetch_add(word, 1);
	(void)kx_local_wake(word, 1);
}

void KosCondvarBroadcast(KosCondvar *condvar)
{
	_Atomic int *word = kx_local_word(&condvar->cvar);

	(void)atomic_fetch_add(word, 1);
	(void)kx_local_wake(word, INT_MAX);
}
