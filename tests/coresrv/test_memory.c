/* SPDX-License-Identifier: Apache-2.0 */

/* kos/alloc.h and coresrv/vmm/vmm_api.h: what may be touched when, and what is refused. */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <coresrv/vmm/vmm_api.h>
#include <kos/alloc.h>

#include "kx_vmm.h"

#define RW    (VMM_FLAG_READ | VMM_FLAG_WRITE)
#define PAGES (4 * PAGE_SIZE)

/* Whether writing one byte at @at ends a process. */
static int write_kills(char *at)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		(void)signal(SIGSEGV, SIG_DFL);
		memset(at, 1, 1);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

static void allocations_are_as_large_and_aligned_as_asked(void **state)
{
	char *ptr = KosMemAllocEx(100, 4096, 1);

	(void)state;
	assert_non_null(ptr);
	assert_int_equal((uintptr_t)ptr % 4096, 0);
	assert_true(KosMemGetSize(ptr) >= 100);
	assert_int_equal(KosMemGetOrigSize(ptr), KosMemGetSize(ptr));
	for (int i = 0; i < 100; i++)
		assert_int_equal(ptr[i], 0);
	KosMemFree(ptr);
	assert_null(KosMemAllocEx(8, 3, 0));
	assert_null(KosMemAllocEx(8, 0, 0));
	ptr = KosMemAllocEx(8, 1, 0);
	assert_non_null(ptr);
	KosMemFree(ptr);
}

static void size_zero_gives_something_to_free(void **state)
{
	void *ptr = KosMemAlloc(0);

	(void)state;
	assert_non_null(ptr);
	KosMemFree(ptr);
	ptr = KosMemZalloc(0);
	assert_non_null(ptr);
	KosMemFree(ptr);
	KosMemFree(RTL_NULL);
	assert_int_equal(KosMemGetSize(RTL_NULL), 0);
}

static void reserved_pages_cannot_be_touched_until_committed(void **state)
{
	char *ptr = KnVmAllocate(RTL_NULL, PAGES, VMM_FLAG_RESERVE | RW);

	(void)state;
	assert_non_null(ptr);
	assert_true(write_kills(ptr));
	assert_int_equal(KnVmCommit(ptr + PAGE_SIZE, PAGE_SIZE, VMM_FLAG_LOCKED), rcOk);
	memset(ptr + PAGE_SIZE, 5, PAGE_SIZE);
	assert_true(write_kills(ptr));
	assert_int_equal(KnVmDecommit(ptr + PAGE_SIZE, PAGE_SIZE), rcOk);
	assert_true(write_kills(ptr + PAGE_SIZE));
	assert_int_equal(KnVmCommit(ptr, PAGES, 0), rcOk);
	assert_int_equal(ptr[PAGE_SIZE], 0); /* what it held is gone */
	assert_int_equal(KnVmUnmap(ptr, PAGES), rcOk);
	assert_int_equal(KnVmUnmap(ptr, PAGES), rcInvalidArgument);
}

static void guard_pages_stand_on_both_sides(void **state)
{
	char *ptr = KnVmAllocate(RTL_NULL, PAGES,
				 VMM_FLAG_RESERVE | VMM_FLAG_COMMIT | VMM_FLAG_LOCKED | RW |
					 VMM_FLAG_LOW_GUARD | VMM_FLAG_HIGH_GUARD);

	(void)state;
	assert_non_null(ptr);
	memset(ptr, 1, PAGES);
	assert_true(write_kills(ptr - 1));
	assert_true(write_kills(ptr + PAGES));
	assert_int_equal(KnVmUnmap(ptr, PAGES), rcOk);
}

static void protection_holds(void **state)
{
	char *ptr = KnVmAllocate(RTL_NULL, PAGES, VMM_FLAG_RESERVE | VMM_FLAG_COMMIT | RW);

	(void)state;
	ptr[0] = 9;
	assert_int_equal(KnVmProtect(ptr, PAGE_SIZE, VMM_FLAG_READ), rcOk);
	assert_int_equal(ptr[0], 9);
	assert_true(write_kills(ptr));
	assert_false(write_kills(ptr + PAGE_SIZE));
	assert_int_equal(KnVmProtect(ptr, PAGE_SIZE, VMM_FLAG_WRITE), rcInvalidArgument);
	assert_int_equal(KnVmUnmap(ptr, PAGES), rcOk);
}

static void the_middle_can_be_freed(void **state)
{
	char *ptr = KnVmAllocate(RTL_NULL, PAGES, VMM_FLAG_RESERVE | VMM_FLAG_COMMIT | RW);

	(void)state;
	assert_int_equal(KnVmUnmap(ptr + PAGE_SIZE, PAGE_SIZE), rcOk);
	assert_int_equal(KnVmCommit(ptr, PAGES, 0), rcInvalidArgument);
	assert_int_equal(KnVmProtect(ptr, PAGE_SIZE, RW), rcOk);
	assert_int_equal(KnVmProtect(ptr + 2 * PAGE_SIZE, 2 * PAGE_SIZE, RW), rcOk);
	assert_int_equal(KnVmUnmap(ptr, PAGE_SIZE), rcOk);
	assert_int_equal(KnVmUnmap(ptr + 3 * PAGE_SIZE, PAGE_SIZE), rcOk);
	assert_int_equal(KnVmUnmap(ptr + 2 * PAGE_SIZE, PAGE_SIZE), rcOk);
	assert_int_equal(KnVmUnmap(ptr + 2 * PAGE_SIZE, PAGE_SIZE), rcInvalidArgument);
}

static void an_allocation_can_be_asked_about(void **state)
{
	char *pages = KnVmAllocate(RTL_NULL, 3 * PAGE_SIZE,
				   VMM_FLAG_RESERVE | VMM_FLAG_COMMIT | VMM_FLAG_READ);
	KnVmInfo info;

	(void)state;
	assert_int_equal(KnVmQuery(pages + PAGE_SIZE + 5, &info), rcOk);
	assert_ptr_equal(info.addr, pages);
	assert_int_equal(info.size, 3 * PAGE_SIZE);
	assert_int_equal(info.flags, VMM_FLAG_READ);
	assert_int_equal(KnVmQuery(pages, RTL_NULL), rcInvalidArgument);
	assert_int_equal(KnVmUnmap(pages, 3 * PAGE_SIZE), rcOk);
	assert_int_equal(KnVmQuery(pages, &info), rcResourceNotFound);
}

static void an_address_in_use_is_refused(void **state)
{
	char *ptr = KnVmAllocate(RTL_NULL, PAGES, VMM_FLAG_RESERVE | VMM_FLAG_COMMIT | RW);
	char *again;

	(void)state;
	ptr[0] = 9;
	assert_null(KnVmAllocate(ptr, PAGES, VMM_FLAG_RESERVE | VMM_FLAG_COMMIT | RW));
	assert_int_equal(ptr[0], 9);
	assert_int_equal(KnVmUnmap(ptr, PAGES), rcOk);
	again = KnVmAllocate(ptr, PAGES, VMM_FLAG_RESERVE | VMM_FLAG_COMMIT | RW);
	assert_ptr_equal(again, ptr);
	assert_int_equal(KnVmUnmap(again, PAGES), rcOk);
}

static void what_was_not_allocated_here_is_not_touched(void **state)
{
	char mine[1] = {3};
	char *page = (char *)((uintptr_t)mine & PAGE_MASK);

	(void)state;
	assert_int_equal(KnVmUnmap(page, PAGE_SIZE), rcInvalidArgument);
	assert_int_equal(KnVmDecommit(page, PAGE_SIZE), rcInvalidArgument);
	assert_int_equal(KnVmProtect(page, PAGE_SIZE, VMM_FLAG_READ), rcInvalidArgument);
	assert_int_equal(KnVmCommit(page, PAGE_SIZE, 0), rcInvalidArgument);
	assert_int_equal(mine[0], 3);
}

static void odd_sizes_and_missing_flags_are_refused(void **state)
{
	(void)state;
	assert_null(KnVmAllocate(RTL_NULL, PAGES, VMM_FLAG_COMMIT | RW));
	assert_null(KnVmAllocate(RTL_NULL, 0, VMM_FLAG_RESERVE | RW));
	assert_null(KnVmAllocate(RTL_NULL, PAGE_SIZE + 1, VMM_FLAG_RESERVE | RW));
	assert_null(KnVmAllocate(RTL_NULL, PAGE_SIZE, VMM_FLAG_RESERVE | VMM_FLAG_WRITE));
	assert_null(KnVmAllocate(RTL_NULL, ~0UL & PAGE_MASK, VMM_FLAG_RESERVE | RW));
}

#define SHARE(page, count) kx_vmm_share(ptr + (page)*PAGE_SIZE, (count)*PAGE_SIZE, fd)

static void shared_pages_stay_shared_and_protected(void **state)
{
	char *ptr = KnVmAllocate(RTL_NULL, PAGES, VMM_FLAG_RESERVE | VMM_FLAG_COMMIT | RW);
	int fd = memfd_create("buffer", MFD_CLOEXEC);

	(void)state;
	assert_int_equal(ftruncate(fd, 2 * PAGE_SIZE), 0);
	ptr[PAGE_SIZE] = 9;
	assert_int_equal(KnVmProtect(ptr + PAGE_SIZE, PAGE_SIZE, VMM_FLAG_READ), rcOk);
	assert_int_equal(SHARE(0, 2), rcInvalidArgument);
	assert_int_equal(SHARE(1, 1), rcOk);
	assert_true(write_kills(ptr + PAGE_SIZE));
	assert_int_equal(pwrite(fd, "b", 1, 1), 1);
	assert_memory_equal(ptr + PAGE_SIZE, "\tb", 3);
	assert_int_equal(SHARE(1, 1), rcInvalidArgument);
	assert_int_equal(KnVmDecommit(ptr + PAGE_SIZE, PAGE_SIZE), rcInvalidArgument);
	assert_int_equal(KnVmDecommit(ptr, 2 * PAGE_SIZE), rcInvalidArgument);
	assert_int_equal(KnVmDecommit(ptr, PAGE_SIZE), rcOk);
	assert_int_equal(SHARE(0, 1), rcInvalidArgument);
	assert_int_equal(SHARE(2, 2), rcOk);
	ptr[2 * PAGE_SIZE] = 7;
	assert_int_equal(pwrite(fd, "c", 1, 0), 1);
	assert_int_equal(ptr[2 * PAGE_SIZE], 'c');
	assert_int_equal(SHARE(3, 2), rcInvalidArgument);
	assert_int_equal(KnVmUnmap(ptr, PAGES), rcOk);
	assert_int_equal(close(fd), 0);
}

static void pages_that_were_executable_are_not_shared(void **state)
{
	char *ptr = KnVmAllocate(RTL_NULL, PAGES, VMM_FLAG_RESERVE | VMM_FLAG_COMMIT | RW);
	int fd = memfd_create("buffer", MFD_CLOEXEC);

	(void)state;
	assert_int_equal(KnVmProtect(ptr, PAGE_SIZE, VMM_FLAG_READ | VMM_FLAG_EXECUTE), rcOk);
	assert_int_equal(SHARE(0, 1), rcInvalidArgument);
	assert_int_equal(KnVmUnmap(ptr, PAGES), rcOk);
	assert_int_equal(close(fd), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allocations_are_as_large_and_aligned_as_asked),
		cmocka_unit_test(size_zero_gives_something_to_free),
		cmocka_unit_test(reserved_pages_cannot_be_touched_until_committed),
		cmocka_unit_test(guard_pages_stand_on_both_sides),
		cmocka_unit_test(protection_holds),
		cmocka_unit_test(the_middle_can_be_freed),
		cmocka_unit_test(an_allocation_can_be_asked_about),
		cmocka_unit_test(an_address_in_use_is_refused),
		cmocka_unit_test(what_was_not_allocated_here_is_not_touched),
		cmocka_unit_test(shared_pages_stay_shared_and_protected),
		cmocka_unit_test(pages_that_were_executable_are_not_shared),
		cmocka_unit_test(odd_sizes_and_missing_flags_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
