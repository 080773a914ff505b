/* SPDX-License-Identifier: Apache-2.0 */

/* coresrv/thread/thread_api.h: threads by number and by handle. */

#include "threads.h"

#include <coresrv/handle/handle_api.h>
#include <coresrv/thread/thread_api.h>
#include <kos/event.h>
#include <kos/thread.h>

#define WAITABLE THREAD_CREATE_WAITABLE

static int return_context(void *context)
{
	return (int)(intptr_t)context;
}

static int wait_for_event(void *event)
{
	KosEventWait(event);
	return 5;
}

static int suspend_oneself(void *by_number)
{
	if (by_number)
		return KnThreadSuspend(KnThreadCurrent());
	return KnThreadSuspendCurrent();
}

static int exit_deeper(void *context)
{
	(void)context;
	KnThreadExit(9);
}

static Tid start(ThreadRoutine routine, void *context, rtl_uint32_t flags)
{
	Tid tid = INVALID_TID;

	assert_int_equal(KnThreadCreate(&tid, 10, 0, RTL_NULL, routine, context, flags), rcOk);
	return tid;
}

static rtl_uint32_t code_of(Tid tid)
{
	rtl_uint32_t code = 0;

	assert_int_equal(KnThreadWait(tid, INFINITE_TIMEOUT, &code), rcOk);
	return code;
}

/* Resumes @tid once it is suspended, so that it does not wait for ever. */
static void resume_when_suspended(Tid tid)
{
	while (KnThreadResume(tid) == rcInvalidOperation)
		KosThreadYield();
}

static void threads_begin_and_end_by_number(void **state)
{
	KosEvent event = KosInitializedEvent;
	Tid tid = start(return_context, (void *)3, WAITABLE | THREAD_CREATE_SUSPENDED);

	(void)state;
	assert_int_equal(KnThreadWait(tid, 0, RTL_NULL), rcTimeout);
	assert_int_equal(KnThreadResume(tid), rcOk);
	assert_int_equal(code_of(tid), 3);
	assert_int_equal(code_of(start(exit_deeper, NULL, WAITABLE)), 9);
	tid = start(wait_for_event, &event, WAITABLE);
	assert_int_equal(KnThreadTerminate(tid, 4), rcOk);
	assert_int_equal(code_of(tid), 4);
	assert_int_equal(KnThreadTerminate(tid, 4), rcResourceNotFound);
}

static void only_the_caller_is_suspended(void **state)
{
	(void)state;
	for (int by_number = 0; by_number < 2; by_number++) {
		Tid tid = start(suspend_oneself, by_number ? state : NULL, WAITABLE);

		assert_int_equal(KnThreadSuspend(tid), rcInvalidArgument);
		resume_when_suspended(tid);
		assert_int_equal(code_of(tid), rcOk);
	}
}

static void what_is_set_of_a_thread_can_be_read(void **state)
{
	KosEvent event = KosInitializedEvent;
	ThreadSchedParam param = {.quantum = 7};
	ThreadSchedPolicy policy;
	ThreadPriority priority;
	KnThreadInfo info = {0};
	Tid tid = start(wait_for_event, &event, WAITABLE);

	(void)state;
	assert_int_equal(KnThreadSetSchedPolicy(tid, ThreadSchedPolicyRR, 20, &param), rcOk);
	param.quantum = 0;
	assert_int_equal(KnThreadGetSchedPolicy(tid, &policy, &priority, &param), rcOk);
	assert_int_equal(policy, ThreadSchedPolicyRR);
	assert_int_equal(priority, 20);
	assert_int_equal(param.quantum, 7);
	assert_int_equal(KnThreadSetSchedPolicy(tid, (ThreadSchedPolicy)3, 0, NULL),
			 rcInvalidArgument);
	assert_int_equal(KnThreadGetInfo(tid, &info), rcOk);
	assert_non_null(info.stackStart);
	assert_true(info.stackSize >= ThreadStackSizeDefault);
	KosEventSet(&event);
	assert_int_equal(code_of(tid), 5);
	assert_int_equal(KnThreadGetInfo(tid, &info), rcResourceNotFound);
}

static int own_tls_and_tcb(void *seen)
{
	*(void **)seen = KnThreadGetTcb();
	if (KosThreadTlsGet() || KnThreadSetTls(seen) != rcOk)
		return 1;
	return KosThreadTlsGet() == seen && KnThreadGetTcb() == *(void **)seen ? 0 : 2;
}

static void each_thread_has_its_own_tls_and_control_block(void **state)
{
	void *seen = NULL;

	(void)state;
	assert_int_equal(code_of(start(own_tls_and_tcb, &seen, WAITABLE)), 0);
	assert_non_null(seen);
	assert_null(KosThreadTlsGet());
}

static void a_handle_names_the_thread_made_with_it(void **state)
{
	Handle handle = INVALID_HANDLE;
	rtl_uint32_t code = 0;
	Tid tid = INVALID_TID;

	(void)state;
	assert_int_equal(KnThreadCreateByHandle(&handle, &tid, 10, 0, RTL_NULL, return_context,
						(void *)6, WAITABLE | THREAD_CREATE_SUSPENDED),
			 rcOk);
	assert_int_equal(KnThreadSuspendByHandle(handle), rcInvalidArgument); /* not the caller */
	assert_int_equal(KnThreadWaitByHandle(handle, 0, &code), rcTimeout);
	assert_int_equal(KnThreadResumeByHandle(handle), rcOk);
	assert_int_equal(KnThreadWaitByHandle(handle, INFINITE_TIMEOUT, &code), rcOk);
	assert_int_equal(code, 6);
	assert_int_equal(KnThreadWaitByHandle(handle, 0, &code), rcResourceNotFound);
	assert_int_equal(KnHandleClose(handle), rcOk);
	assert_int_equal(KnThreadWaitByHandle(handle, 0, &code), rcInvalidArgument);
}

static void a_handle_does_what_the_number_does(void **state)
{
	KosEvent event = KosInitializedEvent;
	Tid tid = start(wait_for_event, &event, WAITABLE);
	ThreadPriority priority = 0;
	ThreadSchedPolicy policy;
	ThreadSchedParam param;
	KnThreadInfo info;
	RtlCpuSet mask;
	Handle handle;

	(void)state;
	assert_int_equal(KnThreadAttach(tid, OCAP_THREAD_FULL, &handle), rcOk);
	assert_int_equal(KnThreadSetPriorityByHandle(handle, 12), rcOk);
	assert_int_equal(KnThreadGetPriority(tid, &priority), rcOk);
	assert_int_equal(priority, 12);
	assert_int_equal(KnThreadGetPriorityByHandle(handle, &priority), rcOk);
	assert_int_equal(KnThreadSetSchedPolicyByHandle(handle, ThreadSchedPolicyFifo, 1, NULL),
			 rcOk);
	assert_int_equal(KnThreadGetSchedPolicyByHandle(handle, &policy, &priority, &param), rcOk);
	assert_true(policy == ThreadSchedPolicyFifo && priority == 1);
	assert_int_equal(KnThreadGetAffinityByHandle(handle, &mask), rcOk);
	assert_int_equal(KnThreadSetAffinityByHandle(handle, &mask), rcOk);
	assert_int_equal(KnThreadGetInfoByHandle(handle, &info), rcOk);
	assert_int_equal(KnThreadTerminateByHandle(handle, 8), rcOk);
	assert_int_equal(code_of(tid), 8);
	assert_int_equal(KnHandleClose(handle), rcOk);
}

static void handles_that_are_none_are_refused(void **state)
{
	Handle handles[257];
	Handle handle;
	unsigned n = 0;

	(void)state;
	assert_int_equal(KnThreadAttach(KnThreadCurrent(), 0, NULL), rcInvalidArgument);
	assert_int_equal(KnThreadAttach(INVALID_TID, 0, &handle), rcResourceNotFound);
	assert_int_equal(KnThreadResumeByHandle(INVALID_HANDLE), rcInvalidArgument);
	assert_int_equal(KnThreadTerminateByHandle(0, 1), rcInvalidArgument);
	while (n < 257 && KnThreadAttach(KnThreadCurrent(), 0, &handles[n]) == rcOk)
		n++;
	assert_int_equal(n, 256);
	assert_int_equal(
		KnThreadCreateByHandle(&handle, NULL, 10, 0, RTL_NULL, return_context, NULL, 0),
		rcQuotaExceeded);
	while (n > 0)
		assert_int_equal(KnHandleClose(handles[--n]), rcOk);
	assert_int_equal(
		KnThreadCreateByHandle(&handle, NULL, 32, 0, RTL_NULL, return_context, NULL, 0),
		rcInvalidArgument);
	/* The thread that was not made left none behind. */
	for (n = 0; n < 256; n++)
		assert_int_equal(KnThreadAttach(KnThreadCurrent(), 0, &handles[n]), rcOk);
	while (n > 0)
		assert_int_equal(KnHandleClose(handles[--n]), rcOk);
}

static void a_closed_handle_names_no_other_thread(void **state)
{
	KosEvent event = KosInitializedEvent;
	Tid tid = start(wait_for_event, &event, WAITABLE);
	ThreadPriority priority;
	Handle closed;
	Handle handle;

	(void)state;
	assert_int_equal(KnThreadAttach(KnThreadCurrent(), 0, &closed), rcOk);
	assert_int_equal(KnHandleClose(closed), rcOk);
	for (unsigned n = 0; n < 5000; n++) {
		assert_int_equal(KnThreadAttach(tid, 0, &handle), rcOk);
		assert_int_not_equal(handle, closed);
		assert_int_not_equal(KnHandleClose(closed), rcOk);
		assert_int_equal(KnThreadTerminateByHandle(closed, 1), rcInvalidArgument);
		assert_int_equal(KnThreadGetPriorityByHandle(handle, &priority), rcOk);
		assert_int_equal(KnHandleClose(handle), rcOk);
	}
	KosEventSet(&event);
	(void)code_of(tid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_begin_and_end_by_number),
		cmocka_unit_test(only_the_caller_is_suspended),
		cmocka_unit_test(what_is_set_of_a_thread_can_be_read),
		cmocka_unit_test(each_thread_has_its_own_tls_and_control_block),
		cmocka_unit_test(a_handle_names_the_thread_made_with_it),
		cmocka_unit_test(a_handle_does_what_the_number_does),
		cmocka_unit_test(handles_that_are_none_are_refused),
		cmocka_unit_test(a_closed_handle_names_no_other_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
