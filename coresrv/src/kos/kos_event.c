/* SPDX-License-Identifier: Apache-2.0 */

/*
 * KosEvent: bit 0 says whether it is set, the bits above count how often it
 * was. A waiter that finds the count changed knows it was set in between.
 */

#include <limits.h>

#include <kos/event.h>

#include "kx_local.h"

#define EVENT_SET 1u
#define EVENT_ONE 2u

static bool wait_until(KosEvent *event, const struct timespec *deadline)
{
	_Atomic int *word = kx_local_word(&event->signal);
	int first = atomic_load(word);

	if ((unsigned)first & EVENT_SET)
		return true;
	while (atomic_load(word) == first)
		if (!kx_local_wait(word, first, deadline))
			return atomic_load(word) != first;
	return true;
}

void KosEventInit(KosEvent *event)
{
	atomic_store(kx_local_word(&event->signal), 0);
}

void KosEventDeinit(KosEvent *event)
{
	(void)event;
}

void KosEventSet(KosEvent *event)
{
	_Atomic int *word = kx_local_word(&event->signal);
	int old = atomic_load(word);

	do {
		if ((unsigned)old & EVENT_SET)
			return;
	} while (!atomic_compare_exchange_weak(word, &old,
					       (int)(((unsigned)old + EVENT_ONE) | EVENT_SET)));
	(void)kx_local_wake(word, INT_MAX);
}

void KosEventReset(KosEvent *event)
{
	(void)atomic_fetch_and(kx_local_word(&event->signal), (int)~EVENT_SET);
}

void KosEventWait(KosEvent *event)
{
	(void)wait_until(event, NULL);
}

Retcode KosEventWaitTimeout(KosEvent *event, rtl_uint32_t mdelay)
{
	struct timespec end;

	return wait_until(event, kx_local_deadline(mdelay, &end)) ? rcOk : rcTimeout;
}
