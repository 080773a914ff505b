/* SPDX-License-Identifier: Apache-2.0 */

/* Memory of the entity whose call was caught; see files_internal.h. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files_internal.h"

#define PAGE 4096u

int kx_files_memory_of(pid_t thread)
{
	char name[32];
	int memory;

	(void)snprintf(name, sizeof(name), "/proc/%d/mem", (int)thread);
	memory = open(name, O_RDWR | O_CLOEXEC);
	return memory < 0 ? -errno : memory;
}

/* Of @size bytes @done were copied. An address that is none is EIO or EINVAL to Linux. */
static int result(ssize_t done, size_t size)
{
	return done >= 0 && (size_t)done == size ? 0 : -EFAULT;
}

int kx_files_get(int memory, uint64_t from, void *to, size_t size)
{
	return result(pread(memory, to, size, (off_t)from), size);
}

int kx_files_put(int memory, uint64_t to, const void *from, size_t size)
{
	return result(pwrite(memory, from, size, (off_t)to), size);
}

/* Page by page: the text may end just before memory that is not there. */
int kx_files_text(int memory, uint64_t from, char *to, size_t size)
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
