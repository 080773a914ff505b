/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Preloaded into the kernel process (K-04): its KX_FAIL_AT-th allocation, counted over
 * all threads from 1, fails as if there were no memory; of those from the place KX_FAIL_PLACE
 * alone, if that is not 0. How many there were, from where, and whether one failed stands in the
 * file KX_FAIL_COUNT (fail_alloc.h), in whatever way the process ends. On stderr stands where it
 * was, and where the process crashed if it did (for addr2line).
 */

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fail_alloc.h"

/* glibc's own, below the names that a program may replace. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static struct kx_fail_count fallback;
static struct kx_fail_count *counter = &fallback;
static unsigned long fail_at;
static uint32_t fail_place;
static atomic_ulong matched;

static void crashed(int number)
{
	void *here[32];

	backtrace_symbols_fd(here, backtrace(here, 32), STDERR_FILENO);
	(void)raise(number);
}

static void catch_crashes(void)
{
	struct sigaction action = {.sa_handler = crashed, .sa_flags = SA_RESETHAND};
	void *once[1];

	(void)backtrace(once, 1); /* the first call needs memory itself */
	(void)sigaction(SIGSEGV, &action, NULL);
	(void)sigaction(SIGABRT, &action, NULL);
}

/* Where libseccomp is: 2.5.4 frees twice when it cannot enlarge a filter, at the start. */
static uintptr_t not_from;
static uintptr_t not_to;

static int find_libseccomp(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	if (!strstr(info->dlpi_name, "libseccomp"))
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];

		if (part->p_type != PT_LOAD || !(part->p_flags & PF_X))
			continue;
		not_from = info->dlpi_addr + part->p_vaddr;
		not_to = not_from + part->p_memsz;
	}
	return 1;
}

__attribute__((constructor)) static void begin(void)
{
	const char *at = getenv("KX_FAIL_AT");
	const char *place = getenv("KX_FAIL_PLACE");
	const char *path = getenv("KX_FAIL_COUNT");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *shared;

	if (fd >= 0) {
		shared = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (shared != MAP_FAILED)
			counter = shared;
		(void)close(fd);
	}
	catch_crashes();
	(void)dl_iterate_phdr(find_libseccomp, NULL);
	fail_place = place ? (uint32_t)strtoul(place, NULL, 10) : 0;
	fail_at = at ? strtoul(at, NULL, 10) : 0;
}

#define CALLERS 3

/* Who asks, by the last digits of the addresses: those stay, wherever all is loaded. */
static uint32_t place_of_caller(void)
{
	void *here[CALLERS + 3];
	int depth = backtrace(here, CALLERS + 3);
	uint32_t place = 1;

	for (int i = 3; i < depth; i++)
		place = place * 4099 + ((uint32_t)(uintptr_t)here[i] & 4095);
	return place;
}

/* Counts it; is it the one that is to fail? backtrace() itself may ask for memory, which is not
 * counted. */
static bool is_chosen(void)
{
	static _Thread_local bool inside;
	unsigned long number;
	uint32_t place;

	if (inside)
		return false;
	inside = true;
	place = place_of_caller();
	inside = false;
	number = atomic_fetch_add(&counter->count, 1);
	if (number < KX_FAIL_NOTED)
		counter->places[number] = place;
	if (fail_place && fail_place != place)
		return false;
	return atomic_fetch_add(&matched, 1) + 1 == fail_at;
}

static int refuse(const void *caller)
{
	void *here[16];

	if ((uintptr_t)caller >= not_from && (uintptr_t)caller < not_to)
		return 0;
	if (!fail_at || !is_chosen())
		return 0;
	atomic_fetch_add(&counter->struck, 1);
	backtrace_symbols_fd(here, backtrace(here, 16), STDERR_FILENO);
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return refuse(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return refuse(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return refuse(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return refuse(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	*out = refuse(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
	return *out ? 0 : ENOMEM;
}
