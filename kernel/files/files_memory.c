/* SPDX-License-Identifier: Apache-2.0 */

/* Memory of the entity whose call was caught; see files_internal.h. */

#include <errno.h>
#include <string.h>
#include <sys/uio.h>

#include "files_internal.h"

#define PAGE 4096u

int kx_files_get(pid_t thread, uint64_t from, void *to, size_t size)
{
	struct iovec here = {to, size};
	struct iovec there = {(void *)(uintptr_t)from, size};
	ssize_t got = process_vm_readv(thread, &here, 1, &there, 1, 0);

	if (got < 0)
		return -errno;
	return (size_t)got == size ? 0 : -EFAULT;
}

int kx_files_put(pid_t thread, uint64_t to, const void *from, size_t size)
{
	struct iovec here = {(void *)(uintptr_t)from, size};
	struct iovec there = {(void *)(uintptr_t)to, size};
	ssize_t put = process_vm_writev(thread, &here, 1, &there, 1, 0);

	if (put < 0)
		return -errno;
	return (size_t)put == size ? 0 : -EFAULT;
}

/* Page by page: the text may end just before memory that is not there. */
int kx_files_text(pid_t thread, uint64_t from, char *to, size_t size)
{
	size_t have = 0;

	while (have < size) {
		size_t part = PAGE - (size_t)((from + have) % PAGE);
		int rc;

		if (part > size - have)
			part = size - have;
		rc = kx_files_get(thread, from + have, to + have, part);
		if (rc != 0)
			return rc;
		if (memchr(to + have, '\0', part))
			return 0;
		have += part;
	}
	return -ENAMETOOLONG;
}
