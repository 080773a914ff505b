/* SPDX-License-Identifier: Apache-2.0 */

/* Output files: written beside their place, then renamed into it. */

#include "write.h"

#include <errno.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_BYTES ((size_t)128 * 1024)

static bool is_special(const char *path)
{
	struct stat is;

	return stat(path, &is) == 0 && !S_ISREG(is.st_mode);
}

bool kx_write_open(struct kx_pool *pool, struct kx_write *write, const char *path)
{
	write->path = path;
	write->part =
		is_special(path) ? path : kx_pool_format(pool, "%s.%ld.part", path, (long)getpid());
	write->file = fopen(write->part, "wb");
	if (!write->file)
		return false;
	/* A header of 100 MB is many small prints: no locks, few system calls. */
	(void)setvbuf(write->file, kx_pool_alloc(pool, BUFFER_BYTES), _IOFBF, BUFFER_BYTES);
	(void)__fsetlocking(write->file, FSETLOCKING_BYCALLER);
	return true;
}

bool kx_write_close(struct kx_write *write)
{
	bool whole = !ferror(write->file);
	int error;

	whole &= fclose(write->file) == 0;
	if (write->part == write->path)
		return whole;
	if (whole && rename(write->part, write->path) == 0)
		return true;
	error = errno;
	(void)unlink(write->part);
	errno = error;
	return false;
}

void kx_write_remove(const char *path)
{
	if (!is_special(path))
		(void)unlink(path);
}

static int complain(struct kx_diag *diag, const struct kx_write *write)
{
	kx_error(diag, NULL, "cannot write '%s': %s", write->path, strerror(errno));
	return -1;
}

int kx_write_begin(struct kx_diag *diag, struct kx_write *write, const char *path)
{
	return kx_write_open(diag->pool, write, path) ? 0 : complain(diag, write);
}

int kx_write_end(struct kx_diag *diag, struct kx_write *write)
{
	return kx_write_close(write) ? 0 : complain(diag, write);
}

int kx_write_file(struct kx_diag *diag, const char *path, const char *bytes, size_t len)
{
	struct kx_write write;

	if (kx_write_begin(diag, &write, path) != 0)
		return -1;
	(void)fwrite(bytes, 1, len, write.file);
	return kx_write_end(diag, &write);
}

const char *kx_write_fault(FILE *file)
{
	errno = 0;
	if (fflush(file) == 0 && !ferror(file))
		return NULL;
	return errno ? strerror(errno) : "a part of it is missing";
}

const char *kx_write_fclose(FILE *file)
{
	const char *fault = kx_write_fault(file);

	if (fclose(file) != 0 && !fault)
		fault = strerror(errno);
	return fault;
}

int kx_write_finish(const char *tool, int status)
{
	const char *fault = kx_write_fault(stdout);
	struct stat out;

	if (!fault || errno == EPIPE || (fstat(STDOUT_FILENO, &out) == 0 && S_ISFIFO(out.st_mode)))
		return status;
	fprintf(stderr, "%s: cannot write the output: %s\n", tool, fault);
	return status ? status : 1;
}
