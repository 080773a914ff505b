/* SPDX-License-Identifier: Apache-2.0 */

/* KosMutex: who may lock and unlock, how long waiting takes, what contention does. */

#include "threads.h"

#include <kos/mutex.h>

#define ROUNDS  20000
#define THREADS 4

_Static_assert(sizeof(KosMutex) == 4, "one 32-bit word");

static void fields_stand_where_kasperskyos_has_them(void **state)
{
	KosMutex mutex = KosInitializedRecursiveMutex;

	(void)state;
	assert_int_equal(mutex.value, 0x80);
	KosMutexLock(&mutex);
	KosMutexLock(&mutex);
	assert_int_equal(mutex.state, KOS_MUTEX_LOCKED);
	assert_int_equal(mutex.recursive, 1);
	assert_int_equal(mutex.count, 1);
	assert_int_not_equal(mutex.owner, 0);
	KosMutexUnlock(&mutex);
	KosMutexUnlock(&mutex);
	assert_int_equal(mutex.value, 0x80);
}

static void try_lock_of_a_locked_mutex_is_busy(void **state)
{
	KosMutex mutex = KosInitializedMutex;

	(void)state;
	assert_int_equal(KosMutexTryLock(&mutex), rcOk);
	assert_int_equal(KosMutexTryLock(&mutex), rcBusy);
	KosMutexUnlock(&mutex);
	assert_int_equal(KosMutexTryLock(&mutex), rcOk);
}

static void recursive_mutex_counts(void **state)
{
	KosMutex mutex;

	(void)state;
	KosMutexInitEx(&mutex, 1);
	for (int i = 0; i < 256; i++)
		assert_int_equal(KosMutexTryLock(&mutex), rcOk);
	for (int i = 0; i < 255; i++)
		KosMutexUnlock(&mutex);
	assert_int_equal(mutex.state, KOS_MUTEX_LOCKED);
	KosMutexUnlock(&mutex);
	assert_int_equal(mutex.state, KOS_MUTEX_FREE);
}

static void timeout_is_kept_and_not_short(void **state)
{
	KosMutex mutex = KosInitializedMutex;
	int64_t start = now_msec();

	(void)state;
	KosMutexLock(&mutex);
	assert_int_equal(KosMutexLockTimeout(&mutex, 0), rcTimeout);
	assert_int_equal(KosMutexLockTimeout(&mutex, 30), rcTimeout);
	assert_true(now_msec() - start >= 29);
	KosMutexUnlock(&mutex);
	assert_int_equal(KosMutexLockTimeout(&mutex, 0), rcOk);
}

static void unlock(void *mutex)
{
	KosMutexUnlock(mutex);
}

static void unlock_by_another_thread_changes_nothing(void **state)
{
	KosMutex mutex = KosInitializedMutex;
	struct subject other;
	int value;

	(void)state;
	KosMutexUnlock(&mutex);
	assert_int_equal(mutex.value, 0);
	KosMutexLock(&mutex);
	value = mutex.value;
	subject_start(&other, unlock, &mutex);
	subject_join(&other);
	assert_int_equal(mutex.value, value);
}

static void lock_then_unlock(void *mutex)
{
	KosMutexLock(mutex);
	KosMutexUnlock(mutex);
}

/* While another thread may write it. */
static unsigned state_of(KosMutex *mutex)
{
	KosMutex seen = KosInitializedMutex;

	seen.value = atomic_load((_Atomic int *)&mutex->value);
	return seen.state;
}

static void unlock_wakes_a_waiter(void **state)
{
	KosMutex mutex = KosInitializedMutex;
	struct subject waiter;

	(void)state;
	KosMutexLock(&mutex);
	subject_start(&waiter, lock_then_unlock, &mutex);
	subject_await_blocked(&waiter);
	assert_int_equal(state_of(&mutex), KOS_MUTEX_WAIT);
	KosMutexUnlock(&mutex);
	subject_join(&waiter);
	assert_int_equal(mutex.value, 0);
}

static void signals_do_not_end_a_wait(void **state)
{
	KosMutex mutex = KosInitializedMutex;
	struct subject waiter;

	(void)state;
	let_signals_interrupt();
	KosMutexLock(&mutex);
	subject_start(&waiter, lock_then_unlock, &mutex);
	for (int i = 0; i < 5; i++) {
		subject_await_blocked(&waiter);
		assert_int_equal(pthread_kill(waiter.thread, SIGUSR1), 0);
	}
	assert_int_equal(atomic_load(&waiter.finished), 0);
	KosMutexUnlock(&mutex);
	subject_join(&waiter);
}

struct shared {
	KosMutex mutex;
	long counter; /* mutex */
	bool timed;
	bool recursive;
};

static void count_up(void *context)
{
	struct shared *shared = context;

	for (int i = 0; i < ROUNDS; i++) {
		if (shared->timed)
			while (KosMutexLockTimeout(&shared->mutex, 1) != rcOk)
				;
		else
			KosMutexLock(&shared->mutex);
		shared->counter++;
		if (shared->recursive) {
			KosMutexLock(&shared->mutex);
			KosMutexUnlock(&shared->mutex);
		}
		KosMutexUnlock(&shared->mutex);
	}
}

static void contend(struct shared *shared)
{
	struct subject subjects[THREADS];

	for (int i = 0; i < THREADS; i++)
		subject_start(&subjects[i], count_up, shared);
	for (int i = 0; i < THREADS; i++)
		subject_join(&subjects[i]);
	assert_int_equal(shared->counter, (long)THREADS * ROUNDS);
	assert_int_equal(shared->mutex.state, KOS_MUTEX_FREE);
}

static void contending_threads_lose_no_update(void **state)
{
	struct shared shared = {.mutex = KosInitializedMutex};

	(void)state;
	contend(&shared);
}

static void contending_recursive_and_timed_locks_lose_no_update(void **state)
{
	struct shared shared = {
		.mutex = KosInitializedRecursiveMutex, .timed = true, .recursive = true};

	(void)state;
	contend(&shared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_stand_where_kasperskyos_has_them),
		cmocka_unit_test(try_lock_of_a_locked_mutex_is_busy),
		cmocka_unit_test(recursive_mutex_counts),
		cmocka_unit_test(timeout_is_kept_and_not_short),
		cmocka_unit_test(unlock_by_another_thread_changes_nothing),
		cmocka_unit_test(unlock_wakes_a_waiter),
		cmocka_unit_test(signals_do_not_end_a_wait),
		cmocka_unit_test(contending_threads_lose_no_update),
		cmocka_unit_test(contending_recursive_and_timed_locks_lose_no_update),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
