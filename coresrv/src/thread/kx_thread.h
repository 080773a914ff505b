/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_THREAD_H
#define KX_THREAD_H

/*
 * What libkos knows about the threads of this process. One entry per thread
 * that was made here or has asked for its number. A number (Tid) is a slot and
 * the slot's generation, so a stale one is not found.
 *
 * Who may touch what in an entry:
 *
 *   constant once visible   tid, ours, routine, context
 *   table lock              everything below that line
 *   anybody, atomically     suspended, done, end_wanted
 *
 * The lock is never held while something of the program runs or waits.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <kos/thread.h>

#define KX_THREADS_MAX 8192

struct kx_thread {
	Tid tid;
	bool ours; /* made by KosThreadCreate or KnThreadCreate */
	ThreadRoutine routine;
	void *context;

	/* Table lock. */
	pthread_t handle; /* valid until done is set */
	unsigned refs;    /* the table's, and one per thread that waits */
	bool listed;
	bool waitable;
	bool has_code;
	int exit_code;
	ThreadPriority priority;
	ThreadSchedPolicy policy;
	ThreadSchedParam param;

	/* Futex words: 0 or 1. */
	_Atomic int suspended;
	_Atomic int done;
	_Atomic uint32_t end_wanted; /* set once; waits for IPC sleep on it as well */
};

/* The calling thread's entry, made on first use. Aborts if the table is full. */
struct kx_thread *kx_thread_self(void);

/* The calling thread's number for KosMutex: 1 to KX_THREADS_MAX. */
uint16_t kx_thread_number(void);

/* What to make a thread of; the fields mean what KnThreadCreate says. */
struct kx_thread_plan {
	ThreadRoutine routine;
	void *context;
	uint32_t stack_size;
	uint32_t flags;
	ThreadPriority priority;
};

/* Makes a thread. Returns as KosThreadCreate. */
Retcode kx_thread_create(const struct kx_thread_plan *plan, Tid *tid);

/* Ends the calling thread. */
__rtl_noreturn void kx_thread_exit(int code);

/*
 * Waits for the end of @tid. rcOk with *@code set and the entry forgotten,
 * rcTimeout, rcResourceNotFound, rcInvalidOperation (the caller).
 */
Retcode kx_thread_wait(Tid tid, uint32_t mdelay, int *code);

/* Ask @tid to end with @code. rcOk or rcResourceNotFound; @tid is not the caller. */
Retcode kx_thread_terminate(Tid tid, int code);

/*
 * The word that is 1 once somebody wants the calling thread to end; a wait that
 * is no cancellation point sleeps on it as well, gives up, and calls
 * pthread_testcancel() when nothing is half done. NULL in threads made elsewhere.
 */
_Atomic uint32_t *kx_thread_end_word(void);

/* Suspends the caller. */
void kx_thread_suspend(void);

/* rcOk, rcInvalidOperation, rcResourceNotFound. */
Retcode kx_thread_resume(Tid tid);

/*
 * Runs @visit(entry, @context) with the table lock held if @tid is alive and
 * returns what it returned; else rcResourceNotFound. @visit must not block.
 */
Retcode kx_thread_visit(Tid tid, Retcode (*visit)(struct kx_thread *, void *), void *context);

/* kn_thread_handle.c: closes @handle if it is a thread's, else false. */
bool kx_thread_handle_close(uint32_t handle);

/* kos_thread_callbacks.c: calls every registered callback. */
void kx_thread_callbacks_run(KosThreadCallbackReason reason);

#endif /* KX_THREAD_H */
