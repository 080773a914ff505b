/* SPDX-License-Identifier: Apache-2.0 */

/*
 * KosMutex: one word. Bits 0..6 state, 7 recursive, 8..15 count of repeated
 * locks, 16..31 the owner's number; kos/sync_types.h has the same as bit-fields.
 * WAIT means "the unlock must wake": set by everyone who goes to sleep, and
 * kept by everyone who was woken, since others may sleep still.
 */

#include <pthread.h>
#include <stdlib.h>

#include <kos/mutex.h>
#include <rtl/stdio.h>

#include "kx_local.h"
#include "kx_thread.h"

#define MUTEX_STATE     0x7fu
#define MUTEX_RECURSIVE 0x80u
#define MUTEX_COUNT     0xff00u
#define MUTEX_COUNT_ONE 0x100u
#define MUTEX_OWNER     0xffff0000u

_Static_assert(sizeof(KosMutex) == 4, "KosMutex is one word");

static _Atomic int *word_of(KosMutex *mutex)
{
	return kx_local_word(&mutex->value);
}

static unsigned my_owner_bits(void)
{
	return (unsigned)kx_thread_number() << 16;
}

static bool replace(_Atomic int *word, unsigned *old, unsigned desired)
{
	int expected = (int)*old;
	bool done = atomic_compare_exchange_strong(word, &expected, (int)desired);

	*old = (unsigned)expected;
	return done;
}

/*
 * Takes a free mutex in state @as, or counts one more lock of its owner.
 * On false, *@old is the value that stood in the way.
 */
static bool take(_Atomic int *word, unsigned *old, unsigned as, unsigned me)
{
	*old = (unsigned)atomic_load(word);
	for (;;) {
		if ((*old & MUTEX_STATE) == KOS_MUTEX_FREE) {
			if (replace(word, old, (*old & MUTEX_RECURSIVE) | as | me))
				return true;
		} else if (*old & MUTEX_RECURSIVE && (*old & MUTEX_OWNER) == me) {
			if ((*old & MUTEX_COUNT) == MUTEX_COUNT) {
				(void)rtl_printf("KosMutex %p: locked 257 times by one thread\n",
						 (void *)word);
				abort();
			}
			if (replace(word, old, *old + MUTEX_COUNT_ONE))
				return true;
		} else {
			return false;
		}
	}
}

/* Sleeps once on a mutex seen as @old. False if the deadline has passed. */
static bool sleep_on(_Atomic int *word, unsigned old, const struct timespec *deadline)
{
	unsigned waiting = (old & ~MUTEX_STATE) | KOS_MUTEX_WAIT;
	bool in_time;

	if (old != waiting && !replace(word, &old, waiting))
		return true;
	pthread_cleanup_push(kx_local_pass_on, word);
	in_time = kx_local_wait(word, (int)waiting, deadline);
	pthread_cleanup_pop(0);
	return in_time;
}

static bool lock_until(KosMutex *mutex, const struct timespec *deadline)
{
	_Atomic int *word = word_of(mutex);
	unsigned me = my_owner_bits();
	unsigned as = KOS_MUTEX_LOCKED;
	unsigned old;

	while (!take(word, &old, as, me)) {
		if (!sleep_on(word, old, deadline))
			return false;
		as = KOS_MUTEX_WAIT;
	}
	return true;
}

void KosMutexInit(KosMutex *mutex)
{
	KosMutexInitEx(mutex, 0);
}

void KosMutexInitEx(KosMutex *mutex, int recursive)
{
	atomic_store(word_of(mutex), recursive ? (int)MUTEX_RECURSIVE : 0);
}

void KosMutexDeinit(KosMutex *mutex)
{
	(void)mutex;
}

void KosMutexLock(KosMutex *mutex)
{
	(void)lock_until(mutex, NULL);
}

Retcode KosMutexTryLock(KosMutex *mutex)
{
	unsigned old;

	return take(word_of(mutex), &old, KOS_MUTEX_LOCKED, my_owner_bits()) ? rcOk : rcBusy;
}

Retcode KosMutexLockTimeout(KosMutex *mutex, rtl_uint32_t mdelay)
{
	struct timespec end;

	if (KosMutexTryLock(mutex) == rcOk)
		return rcOk;
	return lock_until(mutex, kx_local_deadline(mdelay, &end)) ? rcOk : rcTimeout;
}

static void complain_once(const void *mutex)
{
	static _Atomic int said;

	if (!atomic_exchange(&said, 1))
		(void)rtl_printf("KosMutexUnlock(%p): the caller has not locked it; ignored\n",
				 mutex);
}

void KosMutexUnlock(KosMutex *mutex)
{
	_Atomic int *word = word_of(mutex);
	unsigned old = (unsigned)atomic_load(word);
	unsigned next;

	do {
		if ((old & MUTEX_STATE) == KOS_MUTEX_FREE ||
		    (old & MUTEX_OWNER) != my_owner_bits()) {
			complain_once(mutex);
			return;
		}
		next = old & MUTEX_COUNT ? old - MUTEX_COUNT_ONE : old & MUTEX_RECURSIVE;
	} while (!replace(word, &old, next));

	/* From here the mutex may be gone: only its address is used. */
	if ((next & MUTEX_STATE) == KOS_MUTEX_FREE && (old & MUTEX_STATE) == KOS_MUTEX_WAIT)
		(void)kx_local_wake(word, 1);
}
