/* SPDX-License-Identifier: Apache-2.0 */

/* Row 32 of docs/ipc-semantics.md: a program that no kernel process started. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <coresrv/ipc/ipc_api.h>
#include <coresrv/syscalls.h>

static void every_call_says_that_nothing_is_ready(void **state)
{
	SMsgHdr out = {0};
	SMsgHdr in = {0};

	(void)state;
	for (Handle handle = 0; handle < 3; handle++) {
		assert_int_equal(Call(handle, &out, &in), rcNotReady);
		assert_int_equal(CallEx(handle, &out, &in, 1, INVALID_HANDLE), rcNotReady);
		assert_int_equal(Recv(handle, &in), rcNotReady);
		assert_int_equal(RecvEx(handle, &in, 1, INVALID_HANDLE), rcNotReady);
		assert_int_equal(Reply(handle, &out), rcNotReady);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_says_that_nothing_is_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
