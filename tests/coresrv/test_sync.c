/* SPDX-License-Identifier: Apache-2.0 */

/* Events, condition variables, semaphores, read-write locks, futexes: states, waits, time-outs. */

#include "threads.h"

#include <coresrv/sync/sync.h>
#include <kos/sync_api.h>

_Static_assert(sizeof(KosEvent) == 4 && sizeof(KosCondvar) == 4, "one word each");
_Static_assert(sizeof(KosSemaphore) == 8 && sizeof(KosRWLock) == 28, "KasperskyOS's sizes");

static void init_makes_what_the_initialiser_says(void **state)
{
	const KosMutex free_mutex = KosInitializedMutex;
	const KosEvent no_event = KosInitializedEvent;
	const KosCondvar new_condvar = KosInitializedCondvar;
	const KosRWLock free_lock = KosInitializedRWLock;
	KosMutex mutex = KosInitializedMutexEx(1);
	KosEvent event = {7};
	KosCondvar condvar = {7};
	KosRWLock lock = {.writer = 7};

	(void)state;
	KosMutexInit(&mutex);
	KosEventInit(&event);
	KosCondvarInit(&condvar);
	KosRWLockInit(&lock);
	for (int i = 0; i < 2; i++) {
		assert_memory_equal(&mutex, &free_mutex, sizeof(mutex));
		assert_memory_equal(&event, &no_event, sizeof(event));
		assert_memory_equal(&condvar, &new_condvar, sizeof(condvar));
		assert_memory_equal(&lock, &free_lock, sizeof(lock));
		KosMutexDeinit(&mutex);
		KosEventDeinit(&event);
		KosCondvarDeinit(&condvar);
		KosRWLockDeinit(&lock);
	}
}

/* Events */

static void event_stays_set_until_reset(void **state)
{
	KosEvent event = KosInitializedEvent;

	(void)state;
	assert_int_equal(KosEventWaitTimeout(&event, 0), rcTimeout);
	KosEventSet(&event);
	KosEventSet(&event);
	KosEventWait(&event);
	assert_int_equal(KosEventWaitTimeout(&event, 0), rcOk);
	KosEventReset(&event);
	assert_int_equal(KosEventWaitTimeout(&event, 20), rcTimeout);
}

static void wait_event(void *event)
{
	KosEventWait(event);
}

static void set_and_reset_at_once_wakes_everybody_who_waited(void **state)
{
	KosEvent event = KosInitializedEvent;
	struct subject waiters[3];

	(void)state;
	for (int i = 0; i < 3; i++)
		subject_start(&waiters[i], wait_event, &event);
	for (int i = 0; i < 3; i++)
		subject_await_blocked(&waiters[i]);
	KosEventSet(&event);
	KosEventReset(&event);
	for (int i = 0; i < 3; i++)
		subject_join(&waiters[i]);
}

static void signals_do_not_end_an_event_wait(void **state)
{
	KosEvent event = KosInitializedEvent;
	struct subject waiter;

	(void)state;
	let_signals_interrupt();
	subject_start(&waiter, wait_event, &event);
	for (int i = 0; i < 5; i++) {
		subject_await_blocked(&waiter);
		assert_int_equal(pthread_kill(waiter.thread, SIGUSR1), 0);
	}
	assert_int_equal(atomic_load(&waiter.finished), 0);
	KosEventSet(&event);
	subject_join(&waiter);
}

/* Condition variables: a queue of one between a producer and a consumer. */

#define ITEMS 5000

struct box {
	KosMutex mutex;
	KosCondvar changed;
	int item; /* mutex; 0: empty */
	long sum; /* mutex */
};

static void consume(void *context)
{
	struct box *box = context;
	int item;

	do {
		KosMutexLock(&box->mutex);
		while (box->item == 0)
			(void)KosCondvarWait(&box->changed, &box->mutex);
		item = box->item;
		box->item = 0;
		box->sum += item;
		KosCondvarBroadcast(&box->changed);
		KosMutexUnlock(&box->mutex);
	} while (item != ITEMS);
}

static void condvar_hands_every_item_over(void **state)
{
	struct box box = {KosInitializedMutex, KosInitializedCondvar, 0, 0};
	struct subject consumer;

	(void)state;
	subject_start(&consumer, consume, &box);
	for (int i = 1; i <= ITEMS; i++) {
		KosMutexLock(&box.mutex);
		while (box.item != 0)
			(void)KosCondvarWait(&box.changed, &box.mutex);
		box.item = i;
		KosCondvarSignal(&box.changed);
		KosMutexUnlock(&box.mutex);
	}
	subject_join(&consumer);
	assert_int_equal(box.sum, (long)ITEMS * (ITEMS + 1) / 2);
}

static void condvar_timeout_comes_back_with_the_mutex(void **state)
{
	KosMutex mutex = KosInitializedMutex;
	KosCondvar condvar = KosInitializedCondvar;
	int64_t start = now_msec();

	(void)state;
	KosMutexLock(&mutex);
	assert_int_equal(KosCondvarWaitTimeout(&condvar, &mutex, 30), rcTimeout);
	assert_true(now_msec() - start >= 29);
	assert_int_equal(mutex.state, KOS_MUTEX_LOCKED);
	KosMutexUnlock(&mutex);
	assert_int_equal(mutex.state, KOS_MUTEX_FREE);
}

struct gate {
	KosMutex mutex;
	KosCondvar opened;
	int waiting; /* mutex */
	bool open;   /* mutex */
};

static void pass_gate(void *context)
{
	struct gate *gate = context;

	KosMutexLock(&gate->mutex);
	gate->waiting++;
	while (!gate->open)
		(void)KosCondvarWait(&gate->opened, &gate->mutex);
	KosMutexUnlock(&gate->mutex);
}

static void broadcast_wakes_all(void **state)
{
	struct gate gate = {KosInitializedMutex, KosInitializedCondvar, 0, false};
	struct subject subjects[3];
	int waiting = 0;

	(void)state;
	for (int i = 0; i < 3; i++)
		subject_start(&subjects[i], pass_gate, &gate);
	while (waiting < 3) {
		KosMutexLock(&gate.mutex);
		waiting = gate.waiting;
		KosMutexUnlock(&gate.mutex);
	}
	KosMutexLock(&gate.mutex);
	gate.open = true;
	KosMutexUnlock(&gate.mutex);
	KosCondvarBroadcast(&gate.opened);
	for (int i = 0; i < 3; i++)
		subject_join(&subjects[i]);
}

/* Semaphores */

static void semaphore_counts(void **state)
{
	KosSemaphore semaphore;

	(void)state;
	assert_int_equal(KosSemaphoreInit(&semaphore, 2), rcOk);
	assert_int_equal(KosSemaphoreWait(&semaphore), rcOk);
	assert_int_equal(KosSemaphoreTryWait(&semaphore), rcOk);
	assert_int_equal(KosSemaphoreTryWait(&semaphore), rcBusy);
	assert_int_equal(KosSemaphoreWaitTimeout(&semaphore, 20), rcTimeout);
	assert_int_equal(KosSemaphoreSignalN(&semaphore, 3), rcOk);
	assert_int_equal(semaphore.count, 3);
	assert_int_equal(KosSemaphoreDeinit(&semaphore), rcOk);
}

static void semaphore_refuses_impossible_counts(void **state)
{
	KosSemaphore semaphore = KosInitializedSemaphore;

	(void)state;
	assert_int_equal(KosSemaphoreInit(&semaphore, 0x80000000u), rcInvalidArgument);
	assert_int_equal(KosSemaphoreSignalN(&semaphore, 0), rcInvalidArgument);
	assert_int_equal(KosSemaphoreSignalN(&semaphore, -1), rcInvalidArgument);
	assert_int_equal(KosSemaphoreSignalN(&semaphore, KOS_SEMAPHORE_VALUE_MAX), rcOk);
	assert_int_equal(KosSemaphoreSignal(&semaphore), rcOverflow);
	assert_int_equal(semaphore.count, KOS_SEMAPHORE_VALUE_MAX);
}

static void take_one(void *semaphore)
{
	(void)KosSemaphoreWait(semaphore);
}

static void semaphore_with_waiters_is_busy(void **state)
{
	KosSemaphore semaphore = KosInitializedSemaphore;
	struct subject waiters[2];

	(void)state;
	for (int i = 0; i < 2; i++)
		subject_start(&waiters[i], take_one, &semaphore);
	for (int i = 0; i < 2; i++)
		subject_await_blocked(&waiters[i]);
	assert_int_equal(KosSemaphoreDeinit(&semaphore), rcBusy);
	assert_int_equal(KosSemaphoreSignalN(&semaphore, 2), rcOk);
	for (int i = 0; i < 2; i++)
		subject_join(&waiters[i]);
	assert_int_equal(semaphore.count, 0);
	assert_int_equal(KosSemaphoreDeinit(&semaphore), rcOk);
}

/* Two threads pass a ball: each wait is ended by the other's signal. */
struct ball {
	KosSemaphore here;
	KosSemaphore there;
};

#define PASSES 5000

static void return_ball(void *context)
{
	struct ball *ball = context;

	for (int i = 0; i < PASSES; i++) {
		(void)KosSemaphoreWait(&ball->there);
		(void)KosSemaphoreSignal(&ball->here);
	}
}

static void semaphores_pass_a_ball(void **state)
{
	struct ball ball = {KosInitializedSemaphore, KosInitializedSemaphore};
	struct subject other;

	(void)state;
	subject_start(&other, return_ball, &ball);
	for (int i = 0; i < PASSES; i++) {
		(void)KosSemaphoreSignal(&ball.there);
		assert_int_equal(KosSemaphoreWait(&ball.here), rcOk);
	}
	subject_join(&other);
	assert_int_equal(ball.here.count + ball.there.count, 0);
}

/* Read-write locks */

static void readers_share_and_writers_do_not(void **state)
{
	KosRWLock rwlock = KosInitializedRWLock;

	(void)state;
	KosRWLockRead(&rwlock);
	assert_int_equal(KosRWLockTryRead(&rwlock), rcOk);
	assert_int_equal(KosRWLockTryWrite(&rwlock), rcBusy);
	KosRWLockUnlock(&rwlock);
	assert_int_equal(KosRWLockTryWrite(&rwlock), rcBusy);
	KosRWLockUnlock(&rwlock);
	KosRWLockWrite(&rwlock);
	assert_int_equal(KosRWLockTryRead(&rwlock), rcBusy);
	assert_int_equal(KosRWLockTryWrite(&rwlock), rcBusy);
	KosRWLockUnlock(&rwlock);
	KosRWLockUnlock(&rwlock); /* free: nothing */
	assert_int_equal(KosRWLockTryWrite(&rwlock), rcOk);
}

static void write_once(void *context)
{
	KosRWLockWrite(context);
	KosRWLockUnlock(context);
}

static void a_waiting_writer_goes_before_later_readers(void **state)
{
	KosRWLock rwlock = KosInitializedRWLock;
	struct subject writer;

	(void)state;
	KosRWLockRead(&rwlock);
	subject_start(&writer, write_once, &rwlock);
	subject_await_blocked(&writer);
	assert_int_equal(KosRWLockTryRead(&rwlock), rcBusy);
	KosRWLockUnlock(&rwlock);
	subject_join(&writer);
	assert_int_equal(KosRWLockTryRead(&rwlock), rcOk);
}

struct ledger {
	KosRWLock rwlock;
	long left;  /* rwlock */
	long right; /* rwlock; always equals left outside of a write */
	_Atomic int torn;
};

#define WRITES 3000

static void write_ledger(void *context)
{
	struct ledger *ledger = context;

	for (int i = 0; i < WRITES; i++) {
		KosRWLockWrite(&ledger->rwlock);
		ledger->left++;
		ledger->right++;
		KosRWLockUnlock(&ledger->rwlock);
	}
}

static void read_ledger(void *context)
{
	struct ledger *ledger = context;

	for (int i = 0; i < WRITES; i++) {
		KosRWLockRead(&ledger->rwlock);
		if (ledger->left != ledger->right)
			atomic_store(&ledger->torn, 1);
		KosRWLockUnlock(&ledger->rwlock);
	}
}

static void readers_never_see_half_a_write(void **state)
{
	struct ledger ledger = {.rwlock = KosInitializedRWLock};
	struct subject subjects[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		subject_start(&subjects[i], i % 2 ? write_ledger : read_ledger, &ledger);
	for (int i = 0; i < 4; i++)
		subject_join(&subjects[i]);
	assert_int_equal(atomic_load(&ledger.torn), 0);
	assert_int_equal(ledger.left, 2L * WRITES);
}

/* Futexes */

static void futex_with_another_value_does_not_sleep(void **state)
{
	RtlAtomicInt word = 1;
	rtl_uint32_t left = 7;

	(void)state;
	assert_int_equal(KnFutexWait(&word, 0, INFINITE_TIMEOUT, &left), rcFutexWouldBlock);
	assert_int_equal(KnFutexWait(&word, 1, 20, &left), rcTimeout);
	assert_int_equal(left, 0);
	assert_int_equal(KnFutexWait(RTL_NULL, 1, 20, &left), rcInvalidArgument);
}

static void sleep_on_futex(void *word)
{
	while (rtl_atomic_load(word) == 0)
		(void)KnFutexWait(word, 0, INFINITE_TIMEOUT, RTL_NULL);
}

static void futex_wake_counts_whom_it_woke(void **state)
{
	RtlAtomicInt word = 0;
	struct subject sleeper;
	int woken = -1;

	(void)state;
	assert_int_equal(KnFutexWake(&word, 1, &woken), rcOk);
	assert_int_equal(woken, 0);
	subject_start(&sleeper, sleep_on_futex, &word);
	subject_await_blocked(&sleeper);
	rtl_atomic_store(&word, 1);
	assert_int_equal(KnFutexWake(&word, 1, &woken), rcOk);
	assert_int_equal(woken, 1);
	subject_join(&sleeper);
	assert_int_equal(KnFutexWake(&word, -1, &woken), rcInvalidArgument);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(init_makes_what_the_initialiser_says),
		cmocka_unit_test(event_stays_set_until_reset),
		cmocka_unit_test(set_and_reset_at_once_wakes_everybody_who_waited),
		cmocka_unit_test(signals_do_not_end_an_event_wait),
		cmocka_unit_test(condvar_hands_every_item_over),
		cmocka_unit_test(condvar_timeout_comes_back_with_the_mutex),
		cmocka_unit_test(broadcast_wakes_all),
		cmocka_unit_test(semaphore_counts),
		cmocka_unit_test(semaphore_refuses_impossible_counts),
		cmocka_unit_test(semaphore_with_waiters_is_busy),
		cmocka_unit_test(semaphores_pass_a_ball),
		cmocka_unit_test(readers_share_and_writers_do_not),
		cmocka_unit_test(a_waiting_writer_goes_before_later_readers),
		cmocka_unit_test(readers_never_see_half_a_write),
		cmocka_unit_test(futex_with_another_value_does_not_sleep),
		cmocka_unit_test(futex_wake_counts_whom_it_woke),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
