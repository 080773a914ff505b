/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Preloaded into the kernel process (K-04): its KX_FAIL_AT-th allocation, counted over
 * all threads from 1, fails as if there were no memory. How many there were stands in
 * the file KX_FAIL_COUNT, in whatever way the process ends.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
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
	fail_at = at ? strtoul(at, NULL, 10) : 0;
}

static int refuse(void)
{
	if (!fail_at || atomic_fetch_add(counter, 1) + 1 != fail_at)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return refuse() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return refuse() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return refuse() ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return refuse() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	*out = refuse() ? NULL : __libc_memalign(alignment, size);
	return *out ? 0 : ENOMEM;
}
