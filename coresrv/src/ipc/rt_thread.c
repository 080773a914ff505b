/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A thread gets its up slot at its first call and gives it back when it ends. The
 * generation of a slot lives on: the next thread continues it.
 */

#include <string.h>

#include "rcu.h"
#include "rt.h"

_Thread_local struct kx_rt_thread *kx_rt_self;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static struct kx_rt_thread threads[KX_UP_SLOTS];
static _Atomic bool taken[KX_UP_SLOTS];

struct kx_rt_thread *kx_rt_thread_at(uint32_t number)
{
	return &threads[number];
}

static void thread_ends(void *record)
{
	struct kx_rt_thread *thread = record;

	kx_owed_thread_ends(thread);
	kx_rt_self = NULL;
	atomic_store(&thread->inbox, NULL);
	rcu_unregister_thread();
	/* Ended in the middle of a call: somebody may still answer into its slots. */
	if (!atomic_load(&thread->inside) && !atomic_load(&thread->asking))
		atomic_store(&taken[thread->number], false);
}

static void make_key(void)
{
	(void)pthread_key_create(&key, thread_ends);
}

struct kx_rt_thread *kx_rt_thread_begin(void)
{
	struct kx_rt_thread *thread = NULL;

	if (!kx_rt_attached())
		return NULL;
	(void)pthread_once(&once, make_key);
	for (uint32_t i = 0; i < KX_UP_SLOTS && !thread; i++)
		if (!atomic_exchange(&taken[i], true))
			thread = &threads[i];
	if (!thread)
		return NULL;
	thread->number = (uint32_t)(thread - threads);
	thread->handle = KX_HANDLE_INVALID;
	if (!thread->gen) /* a place used before goes on where it was */
		thread->gen = KX_SLOT_GEN_BEFORE;
	atomic_store_explicit(&thread->route, NULL, memory_order_relaxed);
	thread->last_owed = 0;
	thread->slot_hint = thread->number % KX_CHANNEL_SLOTS;
	kx_waiter_init(&thread->waiter);
	rcu_register_thread();
	(void)pthread_setspecific(key, thread);
	kx_rt_self = thread;
	return thread;
}

void kx_rt_thread_forget(void)
{
	(void)pthread_once(&once, make_key);
	(void)pthread_setspecific(key, NULL);
	kx_rt_self = NULL;
}

Retcode kx_rt_thread_rc(void)
{
	if (!kx_rt_attached())
		return rcNotReady;
	return kx_rt_self ? rcInvalidThreadState : rcQuotaExceeded;
}
