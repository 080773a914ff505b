/* SPDX-License-Identifier: Apache-2.0 */

/*
 * KosThreadCallbackRegister and its opposite. Callbacks run on a copy of the
 * list, without the lock, so one may register or unregister.
 */

#include <pthread.h>
#include <string.h>

#include <kos/thread.h>

#include "kx_thread.h"

#define CALLBACKS_MAX 32

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static KosThreadCallback *callbacks[CALLBACKS_MAX]; /* lock; in order of registration */
static unsigned count;                              /* lock */

static unsigned find_locked(KosThreadCallback *callback)
{
	unsigned i = 0;

	while (i < count && callbacks[i] != callback)
		i++;
	return i;
}

Retcode KosThreadCallbackRegister(KosThreadCallback *callback)
{
	Retcode rc = rcOk;

	if (!callback)
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	if (find_locked(callback) < count)
		rc = rcAlreadyExists;
	else if (count == CALLBACKS_MAX)
		rc = rcOutOfMemory;
	else
		callbacks[count++] = callback;
	(void)pthread_mutex_unlock(&lock);
	return rc;
}

Retcode KosThreadCallbackUnregister(KosThreadCallback *callback)
{
	Retcode rc = rcResourceNotFound;
	unsigned at;

	(void)pthread_mutex_lock(&lock);
	at = find_locked(callback);
	if (at < count) {
		count--;
		memmove(&callbacks[at], &callbacks[at + 1], (count - at) * sizeof(callbacks[0]));
		rc = rcOk;
	}
	(void)pthread_mutex_unlock(&lock);
	return rc;
}

void kx_thread_callbacks_run(KosThreadCallbackReason reason)
{
	KosThreadCallback *copy[CALLBACKS_MAX];
	unsigned n;

	(void)pthread_mutex_lock(&lock);
	n = count;
	memcpy(copy, callbacks, sizeof(copy));
	(void)pthread_mutex_unlock(&lock);
	for (unsigned i = 0; i < n; i++)
		copy[i](reason);
}
