/* SPDX-License-Identifier: Apache-2.0 */

/* Threads: numbers, exit codes, suspension, termination, per-thread data, callbacks. */

#include "threads.h"

#include <stdlib.h>

#include <coresrv/thread/thread_api.h>
#include <kos/event.h>
#include <kos/semaphore.h>
#include <kos/thread.h>

static int return_context(void *context)
{
	return (int)(intptr_t)context;
}

static Tid start(ThreadRoutine routine, void *context, int suspended)
{
	Tid tid = INVALID_TID;

	assert_int_equal(
		KosThreadCreate(&tid, ThreadPriorityNormal, 0, routine, context, suspended), rcOk);
	assert_int_not_equal(tid, INVALID_TID);
	assert_int_not_equal(tid, 0);
	return tid;
}

static void wait_returns_the_exit_code_once(void **state)
{
	Tid tid = start(return_context, (void *)42, 0);

	(void)state;
	assert_int_equal(KosThreadWait(tid, INFINITE_TIMEOUT), 42);
	assert_int_equal(KosThreadWait(tid, 0), -1);
	assert_int_equal(KnThreadWait(tid, 0, RTL_NULL), rcResourceNotFound);
}

static int store_own_number(void *context)
{
	*(Tid *)context = KosThreadCurrentId();
	return 0;
}

static void a_thread_knows_the_number_its_maker_got(void **state)
{
	Tid seen = 0;
	Tid tid = start(store_own_number, &seen, 0);

	(void)state;
	assert_int_equal(KosThreadWait(tid, INFINITE_TIMEOUT), 0);
	assert_int_equal(seen, tid);
	assert_int_not_equal(KosThreadCurrentId(), tid);
	assert_int_equal(KosThreadCurrentId(), KnThreadCurrent());
}

static int wait_for_event(void *event)
{
	KosEventWait(event);
	return 7;
}

static void wait_for_a_living_thread_times_out(void **state)
{
	KosEvent event = KosInitializedEvent;
	Tid tid = start(wait_for_event, &event, 0);
	rtl_uint32_t code = 0;

	(void)state;
	assert_int_equal(KosThreadWait(tid, 20), -1);
	assert_int_equal(KnThreadWait(tid, 0, &code), rcTimeout);
	KosEventSet(&event);
	assert_int_equal(KnThreadWait(tid, INFINITE_TIMEOUT, &code), rcOk);
	assert_int_equal(code, 7);
}

static void nobody_waits_for_himself(void **state)
{
	(void)state;
	assert_int_equal(KnThreadWait(KosThreadCurrentId(), 0, RTL_NULL), rcInvalidOperation);
	assert_int_equal(KosThreadWait(KosThreadCurrentId(), INFINITE_TIMEOUT), -1);
}

static int raise_flag(void *flag)
{
	atomic_store((_Atomic int *)flag, 1);
	return 0;
}

static void created_suspended_runs_only_after_resume(void **state)
{
	_Atomic int flag = 0;
	Tid tid = start(raise_flag, &flag, 1);

	(void)state;
	assert_int_equal(KosThreadWait(tid, 30), -1);
	assert_int_equal(atomic_load(&flag), 0);
	assert_int_equal(KosThreadResume(tid), rcOk);
	assert_int_equal(KosThreadWait(tid, INFINITE_TIMEOUT), 0);
	assert_int_equal(atomic_load(&flag), 1);
	assert_int_equal(KosThreadResume(tid), rcResourceNotFound);
}

static int suspend_twice(void *context)
{
	_Atomic int *stage = context;

	for (int i = 1; i <= 2; i++) {
		atomic_store(stage, i);
		if (KosThreadSuspend(KosThreadCurrentId()) != rcOk)
			return 1;
	}
	return 0;
}

static void a_suspended_thread_goes_on_when_resumed(void **state)
{
	_Atomic int stage = 0;
	Tid tid = start(suspend_twice, &stage, 0);

	(void)state;
	assert_int_equal(KosThreadSuspend(tid), rcInvalidArgument);
	for (int i = 1; i <= 2; i++)
		while (atomic_load(&stage) != i || KosThreadResume(tid) != rcOk)
			KosThreadYield();
	assert_int_equal(KosThreadWait(tid, INFINITE_TIMEOUT), 0);
	assert_int_equal(KosThreadResume(KosThreadCurrentId()), rcInvalidOperation);
}

static int compare_and_exit(const void *a, const void *b)
{
	(void)a;
	(void)b;
	KosThreadExit(33);
}

static int exit_from_below(void *context)
{
	int numbers[] = {2, 1};

	(void)context;
	qsort(numbers, 2, sizeof(int), compare_and_exit);
	return 1;
}

static void exit_ends_the_thread_from_any_depth(void **state)
{
	(void)state;
	assert_int_equal(KosThreadWait(start(exit_from_below, NULL, 0), INFINITE_TIMEOUT), 33);
}

static int sleep_for_ever(void *context)
{
	(void)context;
	(void)KosThreadSleep(INFINITE_TIMEOUT);
	return 0;
}

static int take_for_ever(void *semaphore)
{
	(void)KosSemaphoreWait(semaphore);
	return 0;
}

static void terminate_ends_threads_that_block(void **state)
{
	KosEvent event = KosInitializedEvent;
	KosSemaphore semaphore = KosInitializedSemaphore;
	Tid tids[4] = {
		start(wait_for_event, &event, 0),
		start(sleep_for_ever, NULL, 0),
		start(return_context, NULL, 1), /* suspended */
		start(take_for_ever, &semaphore, 0),
	};

	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(KosThreadTerminate(tids[i], 60 + i), rcOk);
		assert_int_equal(KosThreadWait(tids[i], INFINITE_TIMEOUT), 60 + i);
		assert_int_equal(KosThreadTerminate(tids[i], 1), rcResourceNotFound);
	}
	assert_int_equal(KosSemaphoreDeinit(&semaphore), rcOk);
}

struct rivals {
	KosSemaphore semaphore;
	_Atomic int doomed_took; /* no cancellation point lies before it is set */
};

static int take_and_say(void *context)
{
	struct rivals *rivals = context;

	(void)KosSemaphoreWait(&rivals->semaphore);
	atomic_store(&rivals->doomed_took, 1);
	return 0;
}

static void a_terminated_waiter_takes_no_signal_with_it(void **state)
{
	(void)state;
	for (int i = 0; i < 300; i++) {
		struct rivals rivals = {KosInitializedSemaphore, 0};
		Tid doomed = start(take_and_say, &rivals, 0);
		Tid lucky;

		while (rtl_atomic_load(&rivals.semaphore.sleeping) != 1)
			KosThreadYield();
		lucky = start(take_for_ever, &rivals.semaphore, 0);
		while (rtl_atomic_load(&rivals.semaphore.sleeping) != 2)
			KosThreadYield();

		/* The signal wakes the doomed one, first in line, while it is being ended. */
		assert_int_equal(KosSemaphoreSignal(&rivals.semaphore), rcOk);
		(void)KosThreadTerminate(doomed, 9);
		(void)KosThreadWait(doomed, INFINITE_TIMEOUT);
		if (atomic_load(&rivals.doomed_took))
			assert_int_equal(KosSemaphoreSignal(&rivals.semaphore), rcOk);
		assert_int_equal(KosThreadWait(lucky, INFINITE_TIMEOUT), 0);
		assert_int_equal(rivals.semaphore.count, 0);
	}
}

static int own_tls(void *context)
{
	void *before = KosThreadTlsGet();

	(void)KosThreadTlsSet(context);
	KosThreadYield();
	return before == NULL && KosThreadTlsGet() == context ? 0 : 1;
}

static void each_thread_has_its_own_tls_pointer(void **state)
{
	Tid a;
	Tid b;

	(void)state;
	assert_int_equal(KosThreadTlsSet(&a), rcOk);
	a = start(own_tls, &a, 0);
	b = start(own_tls, &b, 0);
	assert_int_equal(KosThreadWait(a, INFINITE_TIMEOUT), 0);
	assert_int_equal(KosThreadWait(b, INFINITE_TIMEOUT), 0);
	assert_ptr_equal(KosThreadTlsGet(), &a);
}

static _Atomic int once_calls;

static void count_once(void)
{
	KosThreadYield();
	(void)atomic_fetch_add(&once_calls, 1);
}

static int do_once(void *control)
{
	if (KosThreadOnce(control, count_once) != rcOk)
		return 1;
	return atomic_load(&once_calls) == 1 ? 0 : 2;
}

static void once_runs_once_and_everybody_waits_for_it(void **state)
{
	KosThreadOnceState control = KOS_THREAD_ONCE_INIT;
	Tid tids[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		tids[i] = start(do_once, &control, 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(KosThreadWait(tids[i], INFINITE_TIMEOUT), 0);
	assert_int_equal(KosThreadOnce(RTL_NULL, count_once), rcInvalidArgument);
}

static _Atomic int created;
static _Atomic int destroyed;

static void count_threads(KosThreadCallbackReason reason)
{
	(void)atomic_fetch_add(reason == KosThreadCallbackReasonCreate ? &created : &destroyed, 1);
}

static void callbacks_see_every_thread_begin_and_end(void **state)
{
	Tid ended;

	(void)state;
	assert_int_equal(KosThreadCallbackRegister(count_threads), rcOk);
	assert_int_equal(KosThreadCallbackRegister(count_threads), rcAlreadyExists);
	assert_int_equal(KosThreadWait(start(return_context, NULL, 0), INFINITE_TIMEOUT), 0);
	ended = start(sleep_for_ever, NULL, 0);
	while (atomic_load(&created) < 2)
		KosThreadYield();
	assert_int_equal(KosThreadTerminate(ended, 3), rcOk);
	assert_int_equal(KosThreadWait(ended, INFINITE_TIMEOUT), 3);
	assert_int_equal(KosThreadCallbackUnregister(count_threads), rcOk);
	assert_int_equal(KosThreadCallbackUnregister(count_threads), rcResourceNotFound);
	assert_int_equal(KosThreadWait(start(return_context, NULL, 0), INFINITE_TIMEOUT), 0);
	assert_int_equal(atomic_load(&created), 2);
	assert_int_equal(atomic_load(&destroyed), 2);
}

static int check_stack(void *context)
{
	rtl_uint32_t size = 0;
	char *low = KosThreadGetStack(KosThreadCurrentId(), &size);
	char here;

	(void)context;
	return low && low < &here && &here < low + size && size >= 0x40000 ? 0 : 1;
}

static void the_stack_is_as_large_as_asked_for(void **state)
{
	Tid tid;

	(void)state;
	assert_int_equal(KosThreadCreate(&tid, 0, 0x40000, check_stack, NULL, 0), rcOk);
	assert_int_equal(KosThreadWait(tid, INFINITE_TIMEOUT), 0);
	assert_null(KosThreadGetStack(tid, RTL_NULL));
}

static void impossible_threads_are_refused(void **state)
{
	Tid tid = 5;

	(void)state;
	assert_int_equal(KosThreadCreate(&tid, 0, 0, RTL_NULL, NULL, 0), rcInvalidArgument);
	assert_int_equal(KosThreadCreate(&tid, 32, 0, return_context, NULL, 0), rcInvalidArgument);
	assert_int_equal(tid, 5);
	assert_int_equal(KosThreadTerminate(INVALID_TID, 0), rcResourceNotFound);
	assert_int_equal(KosThreadResume(0), rcResourceNotFound);
	assert_int_equal(KosThreadWait(0, 0), -1);
}

static int signal_semaphore(void *semaphore)
{
	return KosSemaphoreSignal(semaphore);
}

static void nobody_waits_for_a_detached_thread(void **state)
{
	KosSemaphore semaphore = KosInitializedSemaphore;
	Tid tid = 0;

	(void)state;
	assert_int_equal(KosThreadCreateDetached(&tid, 0, 0, signal_semaphore, &semaphore, 0),
			 rcOk);
	assert_int_equal(KnThreadWait(tid, INFINITE_TIMEOUT, RTL_NULL), rcResourceNotFound);
	assert_int_equal(KosSemaphoreWait(&semaphore), rcOk);
}

static void priorities_and_processors_are_kept(void **state)
{
	KosEvent event = KosInitializedEvent;
	Tid tid = start(wait_for_event, &event, 0);
	ThreadSchedPolicy policy = ThreadSchedPolicyRR;
	ThreadPriority priority = 0;
	RtlCpuSet all;
	RtlCpuSet none;

	(void)state;
	assert_int_equal(KnThreadGetPriority(tid, &priority), rcOk);
	assert_int_equal(priority, ThreadPriorityNormal);
	assert_int_equal(KnThreadSetPriority(tid, ThreadPriorityHighest), rcOk);
	assert_int_equal(KnThreadGetSchedPolicy(tid, &policy, &priority, RTL_NULL), rcOk);
	assert_int_equal(policy, ThreadSchedPolicyOther);
	assert_int_equal(priority, ThreadPriorityHighest);
	assert_int_equal(KnThreadSetPriority(tid, 32), rcInvalidArgument);
	assert_int_equal(KnThreadGetAffinity(tid, &all), rcOk);
	assert_int_equal(KnThreadSetAffinity(tid, &all), rcOk);
	rtl_cpuset_zero(&none);
	assert_int_equal(KnThreadSetAffinity(tid, &none), rcInvalidArgument);
	KosEventSet(&event);
	assert_int_equal(KosThreadWait(tid, INFINITE_TIMEOUT), 7);
}

static void threads_nobody_waits_for_do_not_use_numbers_up(void **state)
{
	KosSemaphore semaphore = KosInitializedSemaphore;

	(void)state;
	for (int i = 0; i < 9000; i++) {
		assert_int_equal(KosThreadCreate(RTL_NULL, 0, 0, signal_semaphore, &semaphore, 0),
				 rcOk);
		assert_int_equal(KosSemaphoreWait(&semaphore), rcOk);
	}
}

static void store_number(void *tid)
{
	*(Tid *)tid = KosThreadCurrentId();
}

static void foreign_threads_have_numbers_while_they_live(void **state)
{
	struct subject foreign;
	Tid tid = 0;

	(void)state;
	subject_start(&foreign, store_number, &tid);
	subject_join(&foreign);
	assert_int_not_equal(tid, 0);
	assert_int_not_equal(tid, KosThreadCurrentId());
	assert_int_equal(KosThreadTerminate(tid, 0), rcResourceNotFound);
}

static void sleep_takes_its_time(void **state)
{
	int64_t start_msec = now_msec();

	(void)state;
	assert_int_equal(KnSleep(30), rcOk);
	assert_true(now_msec() - start_msec >= 29);
	assert_int_equal(KosThreadSleep(0), rcOk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wait_returns_the_exit_code_once),
		cmocka_unit_test(a_thread_knows_the_number_its_maker_got),
		cmocka_unit_test(wait_for_a_living_thread_times_out),
		cmocka_unit_test(nobody_waits_for_himself),
		cmocka_unit_test(created_suspended_runs_only_after_resume),
		cmocka_unit_test(a_suspended_thread_goes_on_when_resumed),
		cmocka_unit_test(exit_ends_the_thread_from_any_depth),
		cmocka_unit_test(terminate_ends_threads_that_block),
		cmocka_unit_test(a_terminated_waiter_takes_no_signal_with_it),
		cmocka_unit_test(each_thread_has_its_own_tls_pointer),
		cmocka_unit_test(once_runs_once_and_everybody_waits_for_it),
		cmocka_unit_test(callbacks_see_every_thread_begin_and_end),
		cmocka_unit_test(the_stack_is_as_large_as_asked_for),
		cmocka_unit_test(impossible_threads_are_refused),
		cmocka_unit_test(nobody_waits_for_a_detached_thread),
		cmocka_unit_test(priorities_and_processors_are_kept),
		cmocka_unit_test(threads_nobody_waits_for_do_not_use_numbers_up),
		cmocka_unit_test(foreign_threads_have_numbers_while_they_live),
		cmocka_unit_test(sleep_takes_its_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
