/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Preloaded into the kernel process (K-04): its KX_FAIL_AT-th allocation, counted over
 * all threads from 1, fails as if there were no memory. How many there were stands in
 * the file KX_FAIL_COUNT, in whatever way the process ends. On stderr stands where it was,
 * and where the process crashed if it did (for addr2line).
 */

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* glibc's own, below the names that a program may replace. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_ulong fallback;
static atomic_ulong *counter = &fallback;
static unsigned long fail_at;

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
	fail_at = at ? strtoul(at, NULL, 10) : 0;
}

static int refuse(const void *caller)
{
	void *here[16];

	if ((uintptr_t)caller >= not_from && (uintptr_t)caller < not_to)
		return 0;
	if (!fail_at || atomic_fetch_add(counter, 1) + 1 != fail_at)
		return 0;
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
