/* SPDX-License-Identifier: Apache-2.0 */

/* Output files: written beside their place, then renamed into it. */

#include "write.h"

#include <errno.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_BYTES ((size_t)128 * 1024)

static int complain(struct kx_diag *diag, const struct kx_write *write)
{
	kx_error(diag, NULL, "cannot write '%s': %s", write->path, strerror(errno));
	return -1;
}

int kx_write_begin(struct kx_diag *diag, struct kx_write *write, const char *path)
{
	struct stat st;

	write->path = path;
	write->part = path;
	/* What is no file, as /dev/null, is written to and stays what it is. */
	if (stat(path, &st) != 0 || S_ISREG(st.st_mode))
		write->part = kx_pool_format(diag->pool, "%s.%ld.part", path, (long)getpid());
	write->file = fopen(write->part, "wb");
	if (!write->file)
		return complain(diag, write);
	/* A header of 100 MB is many small prints: no locks, few system calls. */
	(void)setvbuf(write->file, kx_pool_alloc(diag->pool, BUFFER_BYTES), _IOFBF, BUFFER_BYTES);
	(void)__fsetlocking(write->file, FSETLOCKING_BYCALLER);
	return 0;
}

int kx_write_end(struct kx_diag *diag, struct kx_write *write)
{
	const char *path = write->path;
	int failed = ferror(write->file);

	if (fclose(write->file) != 0)
		failed = 1;
	if (!failed && (write->part == path || rename(write->part, path) == 0))
		return 0;
	(void)complain(diag, write);
	if (write->part != path)
		(void)unlink(write->part);
	return -1;
}

int kx_write_file(struct kx_diag *diag, const char *path, const char *bytes, size_t len)
{
	struct kx_write write;

	if (kx_write_begin(diag, &write, path) != 0)
		return -1;
	(void)fwrite(bytes, 1, len, write.file);
	return kx_write_end(diag, &write);
}
