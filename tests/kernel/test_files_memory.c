/* SPDX-License-Identifier: Apache-2.0 */

/* Reading and writing the memory of an entity whose call was caught. */

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "files_internal.h"

#define PAGE 4096u

static char target[8] = "before";

/* A child that waits; at the end it says whether its target was written. */
static pid_t start_child(int *end)
{
	int ends[2];
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		char byte;

		(void)close(ends[1]);
		(void)!read(ends[0], &byte, 1);
		_exit(strcmp(target, "before") != 0);
	}
	(void)close(ends[0]);
	*end = ends[1];
	return child;
}

static int end_child(pid_t child, int end)
{
	int status = 0;

	(void)close(end);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void memory_is_read_and_written(void **state)
{
	const struct kx_files_memory none = {-1, -1};
	char seen[sizeof(target)];
	int end;
	pid_t child = start_child(&end);
	struct kx_files_memory memory = kx_files_memory_of(child, true);

	(void)state;
	assert_true(memory.bytes >= 0 && memory.map >= 0);
	assert_int_equal(kx_files_get(&memory, (uintptr_t)target, seen, sizeof(seen)), 0);
	assert_string_equal(seen, "before");
	assert_int_equal(kx_files_put(&memory, (uintptr_t)target, "after", 6), 0);
	assert_int_equal(kx_files_get(&memory, 4096, seen, 1), -EFAULT);
	assert_int_equal(kx_files_get(&memory, UINT64_MAX - 3, seen, 1), -EFAULT);
	assert_int_equal(kx_files_put(&none, (uintptr_t)target, "after", 6), -EFAULT);
	kx_files_memory_close(&memory);
	assert_int_equal(WEXITSTATUS(end_child(child, end)), 1);
}

static void a_text_may_end_where_memory_does(void **state)
{
	char *pages =
		mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct kx_files_memory memory = kx_files_memory_of(getpid(), false);
	char text[64];

	(void)state;
	assert_true(pages != MAP_FAILED && munmap(pages + PAGE, PAGE) == 0);
	memcpy(pages + PAGE - 5, "name", 5);
	assert_int_equal(kx_files_text(&memory, (uintptr_t)pages + PAGE - 5, text, sizeof(text)),
			 0);
	assert_string_equal(text, "name");
	pages[PAGE - 1] = 'x';
	assert_int_equal(kx_files_text(&memory, (uintptr_t)pages + PAGE - 5, text, sizeof(text)),
			 -EFAULT);
	(void)memset(pages, 'x', PAGE);
	assert_int_equal(kx_files_text(&memory, (uintptr_t)pages, text, sizeof(text)),
			 -ENAMETOOLONG);
	kx_files_memory_close(&memory);
	(void)munmap(pages, PAGE);
}

/* Can Linux say what may be written? Before 6.11 it cannot, and everything is. */
static bool linux_knows_protection(void)
{
	struct utsname name;
	unsigned major;
	unsigned minor;

	assert_int_equal(uname(&name), 0);
	assert_int_equal(sscanf(name.release, "%u.%u", &major, &minor), 2);
	return major > 6 || (major == 6 && minor >= 11);
}

/* As Linux itself does it: a result into a const object is EFAULT, and the object is as before. */
static void only_what_is_writable_is_written(void **state)
{
	const int denied = linux_knows_protection() ? -EFAULT : 0;
	struct kx_files_memory memory = kx_files_memory_of(getpid(), true);
	char *pages =
		mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_true(pages != MAP_FAILED);
	/* The first two pages are two mappings, both writable; the third is const. */
	assert_int_equal(mprotect(pages + 2 * PAGE, PAGE, PROT_READ), 0);
	assert_int_equal(madvise(pages, PAGE, MADV_DONTFORK), 0);
	assert_int_equal(kx_files_put(&memory, (uintptr_t)pages + PAGE - 2, "both", 4), 0);
	assert_memory_equal(pages + PAGE - 2, "both", 4);
	assert_int_equal(kx_files_put(&memory, (uintptr_t)pages + 2 * PAGE - 4, "edge", 4), 0);
	assert_int_equal(kx_files_put(&memory, (uintptr_t)pages + 2 * PAGE, "no", 2), denied);
	assert_int_equal(kx_files_put(&memory, (uintptr_t)pages + 2 * PAGE - 1, "no", 2), denied);
	assert_int_equal(pages[2 * PAGE], denied ? 0 : 'o');
	assert_int_equal(kx_files_put(&memory, UINT64_MAX, "no", 2), -EFAULT);
	kx_files_memory_close(&memory);
	/* One that is only to be read. */
	memory = kx_files_memory_of(getpid(), false);
	assert_int_equal(kx_files_put(&memory, (uintptr_t)pages, "no", 2), -EFAULT);
	kx_files_memory_close(&memory);
	(void)munmap(pages, 3 * PAGE);
}

/* The next process of this namespace gets the number @wanted; root alone may say so. */
static bool choose_next(pid_t wanted)
{
	FILE *last = fopen("/proc/sys/kernel/ns_last_pid", "w");

	return last && fprintf(last, "%d", (int)wanted - 1) > 0 && fclose(last) == 0;
}

static void a_process_that_gets_the_number_is_not_written_to(void **state)
{
	int end;
	int later;
	pid_t child = start_child(&end);
	struct kx_files_memory memory = kx_files_memory_of(child, true);
	pid_t successor = 0;

	(void)state;
	(void)end_child(child, end);
	/* Another process of the machine may take it first. */
	for (unsigned tries = 0; tries < 100 && choose_next(child); tries++) {
		successor = start_child(&later);
		if (successor == child)
			break;
		(void)end_child(successor, later);
	}
	if (successor != child) {
		kx_files_memory_close(&memory);
		skip(); /* not root: numbers come round when they will */
	}
	assert_int_equal(kx_files_put(&memory, (uintptr_t)target, "after", 6), -EFAULT);
	kx_files_memory_close(&memory);
	assert_int_equal(WEXITSTATUS(end_child(successor, later)), 0);
}

/* Not -EFAULT: a loader told its user that its own memory were none. */
static void without_descriptors_the_caller_is_told_so(void **state)
{
	struct kx_files_memory memory;
	struct rlimit before;
	struct rlimit none;
	char seen[1];

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	memory = kx_files_memory_of(getpid(), true);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(kx_files_get(&memory, (uintptr_t)target, seen, 1), -EMFILE);
	assert_int_equal(kx_files_put(&memory, (uintptr_t)target, "b", 1), -EMFILE);
	memory.bytes = open("/dev/null", O_RDWR | O_CLOEXEC);
	assert_int_equal(kx_files_put(&memory, (uintptr_t)target, "b", 1), -EMFILE);
	kx_files_memory_close(&memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_read_and_written),
		cmocka_unit_test(without_descriptors_the_caller_is_told_so),
		cmocka_unit_test(only_what_is_writable_is_written),
		cmocka_unit_test(a_text_may_end_where_memory_does),
		cmocka_unit_test(a_process_that_gets_the_number_is_not_written_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
