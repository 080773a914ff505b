/* SPDX-License-Identifier: Apache-2.0 */

/*
 * KosThreadOnce(). In a file of its own, for it alone is compiled with -fexceptions: the
 * program's routine may throw.
 */

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>

#include <kos/thread.h>

#include "kx_local.h"

enum {
	ONCE_FRESH = KOS_THREAD_ONCE_INIT,
	ONCE_RUNNING,
	ONCE_DONE,
};

static void leave_once(_Atomic int *once, int state)
{
	atomic_store(once, state);
	(void)kx_local_wake(once, INT_MAX);
}

/* For pthread_cleanup_push: cut short, so it has not been done. */
static void undo_once(void *once)
{
	leave_once(once, ONCE_FRESH);
}

Retcode KosThreadOnce(KosThreadOnceState *onceControl, void (*initRoutine)(void))
{
	_Atomic int *once;
	int state = ONCE_FRESH;

	if (!onceControl || !initRoutine)
		return rcInvalidArgument;
	once = kx_local_word(onceControl);
	while (!atomic_compare_exchange_strong(once, &state, ONCE_RUNNING)) {
		if (state == ONCE_DONE)
			return rcOk;
		(void)kx_local_wait(once, ONCE_RUNNING, NULL);
		state = ONCE_FRESH;
	}
	pthread_cleanup_push(undo_once, once);
	initRoutine();
	pthread_cleanup_pop(0);
	leave_once(once, ONCE_DONE);
	return rcOk;
}
