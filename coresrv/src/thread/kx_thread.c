/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The thread table and the life of a thread; see kx_thread.h.
 *
 * Threads are detached for pthread; what their waiters need stays in the entry.
 * The end of a thread is noticed by a pthread key's destructor, whichever way
 * it ends: return, exit, cancellation.
 */

#include "kx_thread.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include <rtl/stdio.h>

#include "kx_atomic.h"
#include "kx_local.h"

/* Bytes added to every stack: glibc takes thread-local data out of it. */
#define STACK_EXTRA 0x10000u

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct kx_thread *table[KX_THREADS_MAX]; /* lock */
static uint16_t generation[KX_THREADS_MAX];     /* lock */
static unsigned next_slot;                      /* lock */

static pthread_key_t key;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static _Thread_local struct kx_thread *self;

static unsigned slot_of(Tid tid)
{
	return (tid & 0xffff) - 1;
}

static struct kx_thread *find_locked(Tid tid)
{
	unsigned slot = slot_of(tid);
	struct kx_thread *t = slot < KX_THREADS_MAX ? table[slot] : NULL;

	return t && t->tid == tid ? t : NULL;
}

/* Takes @t off the table; follow with free_unused_locked(). */
static void unlist_locked(struct kx_thread *t)
{
	if (!t->listed)
		return;
	t->listed = false;
	table[slot_of(t->tid)] = NULL;
	t->refs--;
}

static void free_unused_locked(struct kx_thread *t)
{
	if (t->refs == 0)
		free(t);
}

/* A free slot, or, if @reap, that of an ended thread nobody waited for; or -1. */
static int find_slot_locked(bool reap)
{
	for (unsigned i = 0; i < KX_THREADS_MAX; i++) {
		unsigned slot = (next_slot + i) % KX_THREADS_MAX;
		struct kx_thread *t = table[slot];

		if (t && reap && atomic_load(&t->done) && t->refs == 1) {
			unlist_locked(t);
			free_unused_locked(t);
			t = NULL;
		}
		if (!t)
			return (int)slot;
	}
	return -1;
}

/* Gives @t its number. False if there are too many threads. */
static bool list_locked(struct kx_thread *t)
{
	int slot = find_slot_locked(false);

	if (slot < 0)
		slot = find_slot_locked(true);
	if (slot < 0)
		return false;
	next_slot = ((unsigned)slot + 1) % KX_THREADS_MAX;
	table[slot] = t;
	t->tid = (Tid)generation[slot]++ << 16 | ((unsigned)slot + 1);
	t->refs = 1;
	t->listed = true;
	return true;
}

static void set_code_locked(struct kx_thread *t, int code)
{
	if (!t->has_code) {
		t->has_code = true;
		t->exit_code = code;
	}
}

/* Key destructor: the last thing libkos does in a thread. */
static void end_of_thread(void *context)
{
	struct kx_thread *t = context;

	/* A cancellation that comes now would come too late. */
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	if (t->ours)
		kx_thread_callbacks_run(KosThreadCallbackReasonDestroy);

	(void)pthread_mutex_lock(&lock);
	self = NULL;
	atomic_store(&t->done, 1);
	(void)kx_local_wake(&t->done, INT_MAX);
	if (!t->waitable)
		unlist_locked(t);
	free_unused_locked(t);
	(void)pthread_mutex_unlock(&lock);
}

static void make_key(void)
{
	if (pthread_key_create(&key, end_of_thread) != 0)
		abort();
}

static void become(struct kx_thread *t)
{
	(void)pthread_once(&key_once, make_key);
	self = t;
	(void)pthread_setspecific(key, t);
}

struct kx_thread *kx_thread_self(void)
{
	struct kx_thread *t = self;

	if (t)
		return t;
	t = calloc(1, sizeof(*t));
	(void)pthread_mutex_lock(&lock);
	if (!t || !list_locked(t)) {
		(void)rtl_printf("libkos: no room for thread %u\n", KX_THREADS_MAX + 1);
		abort();
	}
	t->handle = pthread_self();
	t->priority = ThreadPriorityNormal;
	(void)pthread_mutex_unlock(&lock);
	become(t);
	return t;
}

uint16_t kx_thread_number(void)
{
	return (uint16_t)kx_thread_self()->tid;
}

static void *run(void *context)
{
	struct kx_thread *t = context;
	int code;

	become(t);
	while (atomic_load(&t->suspended))
		(void)kx_local_wait(&t->suspended, 1, NULL);
	kx_thread_callbacks_run(KosThreadCallbackReasonCreate);
	code = t->routine(t->context);
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);

	(void)pthread_mutex_lock(&lock);
	set_code_locked(t, code);
	(void)pthread_mutex_unlock(&lock);
	return NULL;
}

static struct kx_thread *new_entry(const struct kx_thread_plan *plan)
{
	struct kx_thread *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->ours = true;
	t->routine = plan->routine;
	t->context = plan->context;
	t->waitable = (plan->flags & THREAD_CREATE_WAITABLE) != 0;
	t->priority = plan->priority;
	t->policy = plan->flags & THREAD_CREATE_SCHED_FIFO ? ThreadSchedPolicyFifo
		    : plan->flags & THREAD_CREATE_SCHED_RR ? ThreadSchedPolicyRR
							   : ThreadSchedPolicyOther;
	atomic_init(&t->suspended, (plan->flags & THREAD_CREATE_SUSPENDED) != 0);
	return t;
}

/* rcOk; rcSecurityDisallow: policy allows this entity no threads; rcOutOfMemory. */
static Retcode start_locked(struct kx_thread *t, uint32_t stack_size)
{
	size_t size = stack_size ? stack_size : ThreadStackSizeDefault;
	pthread_attr_t attr;
	int error;

	if (size < (size_t)ThreadStackSizeMin)
		size = ThreadStackSizeMin;
	size = (size + STACK_EXTRA + PAGE_SIZE - 1) & PAGE_MASK;
	if (pthread_attr_init(&attr) != 0)
		return rcOutOfMemory;
	error = pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (!error)
		error = pthread_attr_setstacksize(&attr, size);
	if (!error)
		error = pthread_create(&t->handle, &attr, run, t);
	(void)pthread_attr_destroy(&attr);
	return error == 0 ? rcOk : error == EPERM ? rcSecurityDisallow : rcOutOfMemory;
}

Retcode kx_thread_create(const struct kx_thread_plan *plan, Tid *tid)
{
	struct kx_thread *t = new_entry(plan);
	Tid before = tid ? *tid : INVALID_TID;
	Retcode rc = rcOk;

	if (!t)
		return rcOutOfMemory;

	/* Held over the start, so that nobody uses the handle before it is there. */
	(void)pthread_mutex_lock(&lock);
	if (!list_locked(t)) {
		free(t);
		rc = rcQuotaExceeded;
		goto undo_lock;
	}
	if (tid)
		*tid = t->tid; /* before the thread can look */
	rc = start_locked(t, plan->stack_size);
	if (rc != rcOk) {
		if (tid)
			*tid = before;
		unlist_locked(t);
		free_unused_locked(t);
	}
undo_lock:
	(void)pthread_mutex_unlock(&lock);
	return rc;
}

__rtl_noreturn void kx_thread_exit(int code)
{
	struct kx_thread *t = kx_thread_self();

	(void)pthread_mutex_lock(&lock);
	set_code_locked(t, code);
	(void)pthread_mutex_unlock(&lock);
	pthread_exit(NULL);
}

/* For pthread_cleanup_push: a waiter that is cancelled lets go of the entry. */
static void drop(void *context)
{
	struct kx_thread *t = context;

	(void)pthread_mutex_lock(&lock);
	t->refs--;
	free_unused_locked(t);
	(void)pthread_mutex_unlock(&lock);
}

static void await_done(struct kx_thread *t, const struct timespec *deadline)
{
	pthread_cleanup_push(drop, t);
	while (!atomic_load(&t->done))
		if (!kx_local_wait(&t->done, 0, deadline))
			break;
	pthread_cleanup_pop(0);
}

Retcode kx_thread_wait(Tid tid, uint32_t mdelay, int *code)
{
	struct timespec end;
	const struct timespec *deadline = kx_local_deadline(mdelay, &end);
	struct kx_thread *t;
	Retcode rc = rcTimeout;

	if (self && self->tid == tid)
		return rcInvalidOperation;
	(void)pthread_mutex_lock(&lock);
	t = find_locked(tid);
	if (!t || !t->waitable) {
		(void)pthread_mutex_unlock(&lock);
		return rcResourceNotFound;
	}
	t->refs++;
	(void)pthread_mutex_unlock(&lock);

	await_done(t, deadline);

	(void)pthread_mutex_lock(&lock);
	if (atomic_load(&t->done)) {
		*code = t->exit_code;
		unlist_locked(t);
		rc = rcOk;
	}
	t->refs--;
	free_unused_locked(t);
	(void)pthread_mutex_unlock(&lock);
	return rc;
}

Retcode kx_thread_visit(Tid tid, Retcode (*visit)(struct kx_thread *, void *), void *context)
{
	struct kx_thread *t;
	Retcode rc = rcResourceNotFound;

	(void)kx_thread_self(); /* so that the caller is found */
	(void)pthread_mutex_lock(&lock);
	t = find_locked(tid);
	if (t && !atomic_load(&t->done))
		rc = visit(t, context);
	(void)pthread_mutex_unlock(&lock);
	return rc;
}

_Atomic uint32_t *kx_thread_end_word(void)
{
	return self && self->ours ? &self->end_wanted : NULL;
}

static Retcode cancel_locked(struct kx_thread *t, void *code)
{
	set_code_locked(t, *(const int *)code);
	if (pthread_cancel(t->handle) != 0)
		return rcResourceNotFound;
	/* SUBTLE: not before. Who reads the word goes to pthread_testcancel(). */
	kx_store(&t->end_wanted, 1);
	kx_futex_wake(&t->end_wanted);
	return rcOk;
}

Retcode kx_thread_terminate(Tid tid, int code)
{
	return kx_thread_visit(tid, cancel_locked, &code);
}

void kx_thread_suspend(void)
{
	struct kx_thread *t = kx_thread_self();

	atomic_store(&t->suspended, 1);
	while (atomic_load(&t->suspended))
		(void)kx_local_wait(&t->suspended, 1, NULL);
}

static Retcode resume_locked(struct kx_thread *t, void *unused)
{
	(void)unused;
	if (!atomic_exchange(&t->suspended, 0))
		return rcInvalidOperation;
	(void)kx_local_wake(&t->suspended, 1);
	return rcOk;
}

Retcode kx_thread_resume(Tid tid)
{
	return kx_thread_visit(tid, resume_locked, NULL);
}
