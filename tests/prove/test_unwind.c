/* SPDX-License-Identifier: Apache-2.0 */

/* A campaign knows callers from what earlier calls left on the stack (unwind.h). */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "unwind.h"

#define MOST 16

/* What the child says of itself: the returns of its callers, the innermost first. */
static struct {
	uint64_t returns[2];
} * told;

static int __attribute__((noinline)) compare_and_stop(const void *a, const void *b)
{
	(void)raise(SIGSTOP);
	return *(const char *)a - *(const char *)b;
}

/* Addresses that look like callers, where they lie between the frames. */
static void __attribute__((noinline)) litter(unsigned bytes)
{
	uint64_t words[64];

	for (unsigned i = 0; i < 64; i++)
		words[i] = (uint64_t)(uintptr_t)litter + 9 * i + bytes;
	__asm__ volatile("" : : "r"(words) : "memory");
}

static int __attribute__((noinline)) stop_deep(unsigned size)
{
	char *items = __builtin_alloca(size);

	told->returns[0] = (uint64_t)(uintptr_t)__builtin_return_address(0);
	memset(items, 'x', size);
	/* By way of another library, which calls back. */
	qsort(items, 2, 1, compare_and_stop);
	return items[0];
}

static int __attribute__((noinline)) stop_by_way(unsigned size)
{
	int sum;

	told->returns[1] = (uint64_t)(uintptr_t)__builtin_return_address(0);
	litter(size);
	sum = stop_deep(size);
	litter((unsigned)sum);
	return sum;
}

static unsigned __attribute__((noinline)) unwind_child(unsigned size, struct kx_frame *frames)
{
	unsigned count;
	int status;
	pid_t child = fork();

	if (child == 0) {
		(void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		_exit(stop_by_way(size) & 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSTOPPED(status));
	count = kx_unwind(child, child, frames, MOST);
	(void)kill(child, SIGKILL);
	(void)waitpid(child, &status, 0);
	return count;
}

/* Where in @frames @pc is, or MOST. */
static unsigned find(const struct kx_frame *frames, unsigned count, uint64_t pc)
{
	for (unsigned i = 0; i < count; i++)
		if (frames[i].pc == pc)
			return i;
	return MOST;
}

static void callers_are_found_through_a_library(void **state)
{
	struct kx_frame frames[MOST];
	unsigned count = unwind_child(64, frames);
	unsigned at = find(frames, count, told->returns[0]);

	(void)state;
	assert_true(at < MOST);
	assert_true(at > 2); /* raise(), qsort() and what is between */
	assert_int_equal(find(frames, count, told->returns[1]), at + 1);
	assert_non_null(strstr(frames[at].file, "test_unwind"));
	assert_non_null(strstr(frames[0].file, "libc"));
}

static void two_runs_have_the_same_callers(void **state)
{
	static const volatile unsigned sizes[2] = {64, 1000};
	struct kx_frame frames[2][MOST];
	unsigned last[2];

	(void)state;
	for (unsigned run = 0; run < 2; run++) {
		unsigned count = unwind_child(sizes[run], frames[run]);

		last[run] = find(frames[run], count, told->returns[1]);
	}
	assert_true(last[0] > 3 && last[0] < MOST);
	assert_int_equal(last[0], last[1]);
	for (unsigned i = 0; i <= last[0]; i++)
		assert_int_equal(frames[0][i].offset, frames[1][i].offset);
}

static int begin(void **state)
{
	(void)state;
	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return told == MAP_FAILED ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(callers_are_found_through_a_library),
		cmocka_unit_test(two_runs_have_the_same_callers),
	};

#ifndef __x86_64__
	return 77;
#endif
	return cmocka_run_group_tests(tests, begin, NULL);
}
