/* SPDX-License-Identifier: Apache-2.0 */

/*
 * KosSemaphore. A signal always makes the wake call: looking at `sleeping`
 * first would touch memory that the woken waiter may have freed already.
 */

#include <pthread.h>

#include <kos/semaphore.h>

#include "kx_local.h"

static bool try_take(_Atomic int *count)
{
	int old = atomic_load(count);

	while (old > 0)
		if (atomic_compare_exchange_weak(count, &old, old - 1))
			return true;
	return false;
}

/* A cancelled waiter no longer counts; a wake meant for it goes to another. */
static void stop_sleeping(void *context)
{
	KosSemaphore *semaphore = context;

	(void)atomic_fetch_sub(kx_local_word(&semaphore->sleeping), 1);
	kx_local_pass_on(kx_local_word(&semaphore->count));
}

static bool take_until(KosSemaphore *semaphore, const struct timespec *deadline)
{
	_Atomic int *count = kx_local_word(&semaphore->count);
	_Atomic int *sleeping = kx_local_word(&semaphore->sleeping);
	bool in_time;
	bool taken;

	if (try_take(count))
		return true;
	(void)atomic_fetch_add(sleeping, 1);
	pthread_cleanup_push(stop_sleeping, semaphore);
	do
		in_time = kx_local_wait(count, 0, deadline);
	while (!(taken = try_take(count)) && in_time);
	pthread_cleanup_pop(0);
	(void)atomic_fetch_sub(sleeping, 1);
	return taken;
}

Retcode KosSemaphoreInit(KosSemaphore *semaphore, unsigned count)
{
	if (!semaphore || count > (unsigned)KOS_SEMAPHORE_VALUE_MAX)
		return rcInvalidArgument;
	atomic_store(kx_local_word(&semaphore->sleeping), 0);
	atomic_store(kx_local_word(&semaphore->count), (int)count);
	return rcOk;
}

Retcode KosSemaphoreDeinit(KosSemaphore *semaphore)
{
	return atomic_load(kx_local_word(&semaphore->sleeping)) > 0 ? rcBusy : rcOk;
}

Retcode KosSemaphoreSignal(KosSemaphore *semaphore)
{
	return KosSemaphoreSignalN(semaphore, 1);
}

Retcode KosSemaphoreSignalN(KosSemaphore *semaphore, int n)
{
	_Atomic int *count = kx_local_word(&semaphore->count);
	int old = atomic_load(count);

	if (n < 1)
		return rcInvalidArgument;
	do {
		if (old > KOS_SEMAPHORE_VALUE_MAX - n)
			return rcOverflow;
	} while (!atomic_compare_exchange_weak(count, &old, old + n));
	(void)kx_local_wake(count, n);
	return rcOk;
}

Retcode KosSemaphoreWait(KosSemaphore *semaphore)
{
	(void)take_until(semaphore, NULL);
	return rcOk;
}

Retcode KosSemaphoreWaitTimeout(KosSemaphore *semaphore, rtl_uint32_t mdelay)
{
	struct timespec end;

	return take_until(semaphore, kx_local_deadline(mdelay, &end)) ? rcOk : rcTimeout;
}

Retcode KosSemaphoreTryWait(KosSemaphore *semaphore)
{
	return try_take(kx_local_word(&semaphore->count)) ? rcOk : rcBusy;
}
