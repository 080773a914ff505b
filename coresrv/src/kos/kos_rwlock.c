/* SPDX-License-Identifier: Apache-2.0 */

/*
 * KosRWLock. Every field is changed only with `lock` held. The two wake words
 * count wake-ups: who queues reads its word before it lets go of `lock`, so no
 * wake-up is missed. Whoever takes a thread out of a state calls pass_turn().
 */

#include <limits.h>
#include <pthread.h>

#include <kos/mutex.h>
#include <kos/rwlock.h>

#include "kx_local.h"

_Static_assert(sizeof(KosRWLock) == 28, "KosRWLock is seven words");

/* One way to wait: its predicate, its queue, its wake word. */
struct kx_turn {
	KosRWLock *rwlock;
	_Atomic int *wake;
	int *queued;
	bool (*may)(const KosRWLock *rwlock);
};

static bool reader_may(const KosRWLock *rwlock)
{
	return !rwlock->writer && rwlock->queuedWriters == 0;
}

static bool writer_may(const KosRWLock *rwlock)
{
	return !rwlock->writer && rwlock->readers == 0;
}

static struct kx_turn reader_turn(KosRWLock *rwlock)
{
	struct kx_turn turn = {rwlock, (_Atomic int *)&rwlock->readersWake, &rwlock->queuedReaders,
			       reader_may};

	return turn;
}

static struct kx_turn writer_turn(KosRWLock *rwlock)
{
	struct kx_turn turn = {rwlock, (_Atomic int *)&rwlock->writerWake, &rwlock->queuedWriters,
			       writer_may};

	return turn;
}

/* With `lock` held: wakes whoever may now go on. */
static void pass_turn(KosRWLock *rwlock)
{
	_Atomic int *writers = (_Atomic int *)&rwlock->writerWake;
	_Atomic int *readers = (_Atomic int *)&rwlock->readersWake;

	if (rwlock->queuedWriters > 0) {
		if (writer_may(rwlock)) {
			(void)atomic_fetch_add(writers, 1);
			(void)kx_local_wake(writers, 1);
		}
	} else if (rwlock->queuedReaders > 0 && reader_may(rwlock)) {
		(void)atomic_fetch_add(readers, 1);
		(void)kx_local_wake(readers, INT_MAX);
	}
}

/* A cancelled thread leaves its queue; others may have waited because of it. */
static void leave_queue(void *context)
{
	struct kx_turn *turn = context;

	KosMutexLock(&turn->rwlock->lock);
	--*turn->queued;
	pass_turn(turn->rwlock);
	KosMutexUnlock(&turn->rwlock->lock);
}

/* With `lock` held, on return too. A writer in the queue must not hold itself up. */
static void await_turn(struct kx_turn *turn)
{
	int seen;

	while (!turn->may(turn->rwlock)) {
		seen = atomic_load(turn->wake);
		++*turn->queued;
		KosMutexUnlock(&turn->rwlock->lock);
		pthread_cleanup_push(leave_queue, turn);
		while (atomic_load(turn->wake) == seen)
			(void)kx_local_wait(turn->wake, seen, NULL);
		pthread_cleanup_pop(0);
		KosMutexLock(&turn->rwlock->lock);
		--*turn->queued;
	}
}

void KosRWLockInit(KosRWLock *rwlock)
{
	KosRWLock fresh = KosInitializedRWLock;

	*rwlock = fresh;
}

void KosRWLockDeinit(KosRWLock *rwlock)
{
	(void)rwlock;
}

void KosRWLockRead(KosRWLock *rwlock)
{
	struct kx_turn turn = reader_turn(rwlock);

	KosMutexLock(&rwlock->lock);
	await_turn(&turn);
	rwlock->readers++;
	KosMutexUnlock(&rwlock->lock);
}

void KosRWLockWrite(KosRWLock *rwlock)
{
	struct kx_turn turn = writer_turn(rwlock);

	KosMutexLock(&rwlock->lock);
	await_turn(&turn);
	rwlock->writer = 1;
	KosMutexUnlock(&rwlock->lock);
}

Retcode KosRWLockTryRead(KosRWLock *rwlock)
{
	bool may;

	KosMutexLock(&rwlock->lock);
	may = reader_may(rwlock);
	rwlock->readers += may;
	KosMutexUnlock(&rwlock->lock);
	return may ? rcOk : rcBusy;
}

Retcode KosRWLockTryWrite(KosRWLock *rwlock)
{
	bool may;

	KosMutexLock(&rwlock->lock);
	may = writer_may(rwlock);
	rwlock->writer |= may;
	KosMutexUnlock(&rwlock->lock);
	return may ? rcOk : rcBusy;
}

void KosRWLockUnlock(KosRWLock *rwlock)
{
	KosMutexLock(&rwlock->lock);
	if (rwlock->writer)
		rwlock->writer = 0;
	else if (rwlock->readers > 0)
		rwlock->readers--;
	pass_turn(rwlock);
	KosMutexUnlock(&rwlock->lock);
}
