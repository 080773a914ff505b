/* SPDX-License-Identifier: Apache-2.0 */

/* A program's own buffers (coresrv/src/ipc/rt_message.h): believed, wherever they stand. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rt_message.h"

static int setup(void **state)
{
	(void)state;
	kx_rt.message_max = 4096;
	return 0;
}

/* The sanitizers' build sees a load that is not aligned. */
static void a_header_may_stand_anywhere(void **state)
{
	const struct kx_rt_header header = {.iid = 7, .mid = 8, .ex = 0x10000000u};
	_Alignas(8) uint8_t buffer[KX_MESSAGE_MIN + 8];
	struct kx_outgoing out;

	(void)state;
	for (size_t at = 0; at < 8; at++) {
		SMsgHdr msg = {.indirDescs = {{.buf = buffer + at, .size = KX_MESSAGE_MIN}}};

		memcpy(buffer + at, &header, sizeof(header));
		assert_int_equal(kx_rt_outgoing(&msg, &out), rcOk);
		assert_int_equal(out.head.iid, 7);
		assert_int_equal(out.head.mid, 8);
		assert_int_equal(out.head.ex, 0x10000000u | KX_MESSAGE_MIN);
		assert_ptr_equal(out.body, buffer + at + KX_MESSAGE_MIN);
	}
}

static void what_has_no_header_is_refused(void **state)
{
	uint8_t buffer[KX_MESSAGE_MIN] = {0};
	SMsgHdr none = {.indirDescs = {{.buf = NULL, .size = KX_MESSAGE_MIN}}};
	SMsgHdr less = {.indirDescs = {{.buf = buffer, .size = KX_MESSAGE_MIN - 1}}};
	SMsgHdr more = {.indirDescs = {{.buf = buffer, .size = 4097}}};
	const SMsgHdr *headless[] = {NULL, &none, &less};
	struct kx_outgoing out;

	(void)state;
	for (unsigned i = 0; i < sizeof(headless) / sizeof(headless[0]); i++) {
		memset(&out, 0xff, sizeof(out)); /* a reply is refused by what stands there */
		assert_int_equal(kx_rt_outgoing(headless[i], &out), rcInvalidArgument);
		assert_int_equal(out.head.first, 0);
		assert_int_equal(out.head.arena, 0);
	}
	assert_int_equal(kx_rt_outgoing(&more, &out), rcBufferTooLarge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_may_stand_anywhere),
		cmocka_unit_test(what_has_no_header_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
