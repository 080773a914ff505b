/* SPDX-License-Identifier: Apache-2.0 */

/* Memory of the entity whose call was caught; see files_internal.h. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "files_internal.h"

#define PAGE 4096u

/* Newer than the headers of Debian 12: Linux 6.11, linux/fs.h. */
struct map_query {
	uint64_t size;
	uint64_t query_flags; /* 0: the mapping that covers @address, or ENOENT */
	uint64_t address;
	uint64_t start;
	uint64_t end;
	uint64_t flags;
	uint64_t not_used[7];
};

#define MAP_QUERY    _IOWR('f', 17, char[sizeof(struct map_query)])
#define MAP_WRITABLE 0x02u

static int open_of(pid_t thread, const char *what, int flags)
{
	char name[32];
	int fd;

	(void)snprintf(name, sizeof(name), "/proc/%d/%s", (int)thread, what);
	fd = open(name, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

struct kx_files_memory kx_files_memory_of(pid_t thread, bool writes)
{
	return (struct kx_files_memory){
		.bytes = open_of(thread, "mem", writes ? O_RDWR : O_RDONLY),
		.map = writes ? open_of(thread, "maps", O_RDONLY) : -1,
	};
}

void kx_files_memory_close(struct kx_files_memory *memory)
{
	if (memory->bytes >= 0)
		(void)close(memory->bytes);
	if (memory->map >= 0)
		(void)close(memory->map);
	*memory = (struct kx_files_memory){-1, -1};
}

/* What came of opening one of them: a descriptor, or what to tell the entity. */
static int opened(int fd)
{
	return fd >= 0 || fd == -EMFILE || fd == -ENFILE || fd == -ENOMEM ? fd : -EFAULT;
}

/* Of @size bytes @done were copied. An address that is none is EIO or EINVAL to Linux. */
static int result(ssize_t done, size_t size)
{
	return done >= 0 && (size_t)done == size ? 0 : -EFAULT;
}

/*
 * The entity may change it before the write: it then writes its own memory by us, which it
 * could do without.
 */
static bool may_write(int map, uint64_t at, size_t size)
{
	while (size) {
		struct map_query query = {.size = sizeof(query), .address = at};

		if (ioctl(map, MAP_QUERY, &query) != 0)
			return errno == ENOTTY;
		if (!(query.flags & MAP_WRITABLE))
			return false;
		if (query.end - at >= size)
			return true;
		size -= query.end - at;
		at = query.end;
	}
	return true;
}

int kx_files_get(const struct kx_files_memory *memory, uint64_t from, void *to, size_t size)
{
	int fd = opened(memory->bytes);

	return fd < 0 ? fd : result(pread(fd, to, size, (off_t)from), size);
}

int kx_files_put(const struct kx_files_memory *memory, uint64_t to, const void *from, size_t size)
{
	int fd = opened(memory->bytes);
	int map = opened(memory->map);

	if (fd < 0 || map < 0)
		return fd < 0 ? fd : map;
	return may_write(map, to, size) ? result(pwrite(fd, from, size, (off_t)to), size) : -EFAULT;
}

/* Page by page: the text may end just before memory that is not there. */
int kx_files_text(const struct kx_files_memory *memory, uint64_t from, char *to, size_t size)
{
	size_t have = 0;

	while (have < size) {
		size_t part = PAGE - (size_t)((from + have) % PAGE);
		int rc;

		if (part > size - have)
			part = size - have;
		rc = kx_files_get(memory, from + have, to + have, part);
		if (rc != 0)
			return rc;
		if (memchr(to + have, '\0', part))
			return 0;
		have += part;
	}
	return -ENAMETOOLONG;
}
