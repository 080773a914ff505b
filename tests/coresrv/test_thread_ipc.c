/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Ending a thread that waits for a reply, without a kernel process: the slot is
 * this test's own memory and nobody serves it.
 */

#include "threads.h"

#include <kos/thread.h>

#include "client.h"
#include "kx_channel.h"
#include "kx_rights.h"
#include "kx_thread.h"
#include <services/ocap.h>

/* The kernel process and the public headers number rights alike. */
_Static_assert(OCAP_HANDLE_TRANSFER == KX_RIGHT_TRANSFER && OCAP_HANDLE_COPY == KX_RIGHT_COPY &&
		       OCAP_HANDLE_GET_SID == KX_RIGHT_GET_SID &&
		       OCAP_HANDLE_SET_EVENT == KX_RIGHT_SET_EVENT &&
		       OCAP_HANDLE_GET_EVENT == KX_RIGHT_GET_EVENT &&
		       OCAP_HANDLE_GENERAL == KX_RIGHT_GENERAL,
	       "general rights differ");
_Static_assert(OCAP_IPC_CALL == KX_RIGHT_IPC_CALL && OCAP_IPC_RECV == KX_RIGHT_IPC_RECV &&
		       OCAP_IPC_REPLY == KX_RIGHT_IPC_REPLY &&
		       OCAP_IPC_ATTACH == KX_RIGHT_IPC_ATTACH &&
		       OCAP_IPC_CLIENT == KX_RIGHTS_CLIENT &&
		       OCAP_IPC_LISTENER == KX_RIGHTS_LISTENER,
	       "IPC rights differ");

struct exchange {
	struct kx_slot slot;
	kx_word arm;
	_Atomic int result;   /* enum kx_result of the exchange; 1: not ended */
	_Atomic int survived; /* went on after the point where it was to end */
};

static int call_nobody(void *context)
{
	struct exchange *exchange = context;
	struct kx_waiter waiter;
	struct kx_port port = {.arm = &exchange->arm};
	struct kx_patience patience = {.waiter = &waiter, .interrupt = kx_thread_end_word()};

	kx_waiter_init(&waiter);
	atomic_store(&exchange->result,
		     (int)kx_client_exchange(&exchange->slot, 1, &port, &patience));
	pthread_testcancel();
	atomic_store(&exchange->survived, 1);
	return 0;
}

static void terminate_takes_an_unserved_request_back(void **state)
{
	struct exchange exchange = {.result = 1};
	Tid tid;

	(void)state;
	atomic_init(&exchange.arm, KX_ARM_AWAKE);
	assert_int_equal(KosThreadCreate(&tid, 0, 0, call_nobody, &exchange, 0), rcOk);
	while (!KX_SLOT_IS_POSTED(kx_load(&exchange.slot.w)))
		KosThreadYield();
	assert_int_equal(KosThreadTerminate(tid, 9), rcOk);
	assert_int_equal(KosThreadWait(tid, INFINITE_TIMEOUT), 9);
	assert_int_equal(atomic_load(&exchange.result), KX_EINTERRUPT);
	assert_false(KX_SLOT_IS_POSTED(kx_load(&exchange.slot.w)));
}

static void whoever_was_told_to_end_ends(void **state)
{
	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct exchange exchange = {.result = 1};
		Tid tid;

		atomic_init(&exchange.arm, KX_ARM_AWAKE);
		assert_int_equal(KosThreadCreate(&tid, 0, 0, call_nobody, &exchange, 0), rcOk);
		while (i % 2 && !KX_SLOT_IS_POSTED(kx_load(&exchange.slot.w)))
			KosThreadYield();
		assert_int_equal(KosThreadTerminate(tid, 9), rcOk);
		assert_int_equal(KosThreadWait(tid, INFINITE_TIMEOUT), 9);
		assert_int_equal(atomic_load(&exchange.survived), 0);
	}
}

static void a_request_under_way_is_waited_for(void **state)
{
	struct exchange exchange = {.result = 1};
	uint32_t gen = 0;
	bool wake = false;
	Tid tid;

	(void)state;
	atomic_init(&exchange.arm, KX_ARM_AWAKE);
	assert_int_equal(KosThreadCreate(&tid, 0, 0, call_nobody, &exchange, 0), rcOk);
	while (kx_slot_take(&exchange.slot, &gen) != KX_OK)
		KosThreadYield();
	assert_int_equal(KosThreadTerminate(tid, 9), rcOk);
	assert_int_equal(KosThreadWait(tid, 30), -1);
	assert_int_equal(kx_slot_reply(&exchange.slot, gen, &wake), KX_OK);
	kx_futex_wake(&exchange.slot.w);
	assert_int_equal(KosThreadWait(tid, INFINITE_TIMEOUT), 9);
	assert_int_equal(atomic_load(&exchange.result), KX_OK);
}

static void the_main_thread_has_no_end_word(void **state)
{
	(void)state;
	assert_null(kx_thread_end_word());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terminate_takes_an_unserved_request_back),
		cmocka_unit_test(whoever_was_told_to_end_ends),
		cmocka_unit_test(a_request_under_way_is_waited_for),
		cmocka_unit_test(the_main_thread_has_no_end_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
