/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Memory that runs out: the n-th allocation of the library fails, for every n until a call
 * succeeds. Each failure is KAV_ERROR_MALLOC_FAILURE and leaves the context usable.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/kavclient.h"
#include "peer.h"

/* The linker sends the library's calls of malloc() and calloc() here. */
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

static long allowed = -1; /* allocations until one fails; -1: all succeed */

static bool may_allocate(void)
{
	if (allowed == 0) {
		errno = ENOMEM;
		return false;
	}
	allowed -= allowed > 0;
	return true;
}

void *__wrap_malloc(size_t size)
{
	return may_allocate() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
	return may_allocate() ? __real_calloc(count, size) : NULL;
}

static int check_file(kav_ctx ctx)
{
	return kav_check_file(ctx, "relative");
}

static int check_files(kav_ctx ctx)
{
	const char *const names[] = {"/a", "b", "/c"};

	return kav_check_files(ctx, names, 3, "I0");
}

static int check_mem(kav_ctx ctx)
{
	return kav_check_mem(ctx, "text", 4);
}

static int check_shmem(kav_ctx ctx)
{
	return kav_shmem_check(ctx, 4);
}

static int set_path(kav_ctx ctx)
{
	return kav_set_socketpath(ctx, kav_get_socketpath(ctx));
}

static void each_failing_allocation_is_told(void **state)
{
	static const struct kx_peer_step steps[] = {{KX_PEER_READ, NULL, 0},
						    {KX_PEER_SEND, "\x30\x01\x05\0\0\0a\tok.", 11},
						    {KX_PEER_END, NULL, 0}};
	int (*const calls[])(kav_ctx) = {check_file, check_files, check_mem, check_shmem, set_path};
	unsigned failures = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct kx_peer *peer = kx_peer_start(steps, 100);
		kav_ctx ctx = kav_new();
		void *mem;
		long n = 0;

		assert_int_equal(kav_set_socketpath(ctx, kx_peer_path(peer)), 0);
		assert_int_equal(kav_shmem_init(ctx, &mem, 16, NULL), 0);
		for (;; n++) {
			int rc;

			allowed = n;
			rc = calls[i](ctx);
			allowed = -1;
			if (rc == 0)
				break;
			assert_int_equal(errno, ENOMEM);
			assert_int_equal(kav_get_error(ctx), KAV_ERROR_MALLOC_FAILURE);
			failures++;
			assert_true(n < 50);
		}
		assert_true(n > 0);
		kav_free(ctx);
		kx_peer_stop(peer);
	}
	assert_true(failures >= 5);
}

static void a_context_needs_memory(void **state)
{
	(void)state;
	allowed = 0;
	assert_null(kav_new());
	allowed = -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_failing_allocation_is_told),
		cmocka_unit_test(a_context_needs_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
