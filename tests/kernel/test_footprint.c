/* SPDX-License-Identifier: Apache-2.0 */

/* What is left behind is seen: the tests of whole solutions rely on it. */

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "footprint.h"
#include "handle_pool.h"
#include "ipc_thread.h"
#include "log.h"
#include "rcu.h"
#include "region.h"

/* The thread that cannot be made: 1 the next one, 0 none. */
static unsigned threads_until_failure;

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
			  void *(*run)(void *context), void *context);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
			  void *(*run)(void *context), void *context);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
			  void *(*run)(void *context), void *context)
{
	if (threads_until_failure && --threads_until_failure == 0)
		return EAGAIN;
	return __real_pthread_create(thread, attributes, run, context);
}

static bool memory_is_short;

void *__real_mmap(void *at, size_t size, int access, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t size, int access, int flags, int fd, off_t offset);

void *__wrap_mmap(void *at, size_t size, int access, int flags, int fd, off_t offset)
{
	if (memory_is_short && fd < 0) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	return __real_mmap(at, size, access, flags, fd, offset);
}

static void a_region_is_a_descriptor_and_a_mapping(void **state)
{
	struct kx_footprint before;
	struct kx_region region;
	struct kx_left left;

	(void)state;
	kx_log_open();
	kx_footprint_take(&before);
	assert_int_equal(
		kx_region_create(KX_REGION_CHANNEL, KX_REGION_SHARED, 65536, 4096, &region), 0);
	kx_footprint_left(&before, &left);
	assert_int_equal(left.descriptors, 1);
	assert_int_equal(left.mappings, 1);
	kx_region_close(&region);
	kx_footprint_left(&before, &left);
	assert_int_equal(left.descriptors, 0);
	assert_int_equal(left.mappings, 0);
}

static void handles_and_heap_are_counted(void **state)
{
	struct kx_footprint before;
	struct kx_handle *handle;
	struct kx_left left;
	char *memory;

	(void)state;
	kx_footprint_take(&before);
	handle = kx_handle_alloc();
	memory = malloc(KX_HEAP_KEPT);
	assert_non_null(handle);
	assert_non_null(memory);
	kx_footprint_left(&before, &left);
	assert_int_equal(left.handles, 1);
#ifndef KX_SANITIZED
	assert_true(left.heap >= KX_HEAP_KEPT);
#endif
	kx_handle_free(handle);
	free(memory);
	urcu_memb_barrier();
	kx_footprint_left(&before, &left);
	assert_int_equal(left.handles, 0);
	assert_true(left.heap < KX_HEAP_KEPT);
}

/* What no table names and malloc() does not know of. */
static void memory_of_no_table_is_counted(void **state)
{
	const size_t bytes = (size_t)(2 * KX_MEMORY_KEPT_KIB) << 10;
	struct kx_footprint before;
	struct kx_left left;
	char *memory;

	(void)state;
#ifdef KX_SANITIZED
	skip(); /* which keeps what was freed: nothing is counted */
#endif
	kx_footprint_take(&before);
	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(memory != MAP_FAILED);
	memset(memory, 1, bytes);
	kx_footprint_left(&before, &left);
	assert_true(left.memory > KX_MEMORY_KEPT_KIB);
	assert_in_range(left.heap + KX_HEAP_KEPT, 0, 2 * KX_HEAP_KEPT);
	(void)munmap(memory, bytes);
	kx_footprint_left(&before, &left);
	assert_true(left.memory < KX_MEMORY_KEPT_KIB);
}

/* Whatever malloc() does with what is large: it has been seen to change its mind. */
static void blocks_of_handles_are_no_heap(void **state)
{
	enum { COUNT = 5000 };
	static struct kx_handle *handles[COUNT];
	struct kx_footprint before;
	struct kx_left left;

	(void)state;
	free(malloc(1 << 20));
	kx_footprint_take(&before);
	for (int i = 0; i < COUNT; i++)
		assert_non_null(handles[i] = kx_handle_alloc());
	kx_footprint_left(&before, &left);
	assert_int_equal(left.handles, COUNT);
	assert_in_range(left.heap + KX_HEAP_KEPT, 0, 2 * KX_HEAP_KEPT);
	for (int i = 0; i < COUNT; i++)
		kx_handle_free(handles[i]);
	urcu_memb_barrier();
}

/* The next one needs a block, and there is none: whoever asked is told, and may ask again. */
static void without_memory_there_is_no_handle(void **state)
{
	enum { MOST = 20000 };
	static struct kx_handle *handles[MOST];
	int count = 0;

	(void)state;
	memory_is_short = true;
	while (count < MOST && (handles[count] = kx_handle_alloc()))
		count++;
	memory_is_short = false;
	assert_in_range(count, 1, MOST - 1);
	assert_int_equal(kx_handles_in_use(), count);
	assert_non_null(handles[count++] = kx_handle_alloc());
	while (count > 0)
		kx_handle_free(handles[--count]);
	urcu_memb_barrier();
}

/* K-05 found two descriptors. */
static void a_start_without_a_thread_leaves_nothing(void **state)
{
	struct kx_footprint before;
	struct kx_left left;

	(void)state;
	kx_ipc_settle(); /* nothing was begun: it does not wait */
	for (unsigned n = 1; n <= 2; n++) {
		kx_footprint_take(&before);
		threads_until_failure = n;
		assert_int_equal(kx_ipc_start(), -EAGAIN);
		kx_footprint_left(&before, &left);
		assert_int_equal(left.descriptors, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_start_without_a_thread_leaves_nothing),
		cmocka_unit_test(a_region_is_a_descriptor_and_a_mapping),
		cmocka_unit_test(handles_and_heap_are_counted),
		cmocka_unit_test(memory_of_no_table_is_counted),
		cmocka_unit_test(blocks_of_handles_are_no_heap),
		cmocka_unit_test(without_memory_there_is_no_handle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
