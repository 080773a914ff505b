/* SPDX-License-Identifier: Apache-2.0 */

/* Output files: written beside their place, then renamed into it. */

#include "write.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int write_all(const char *path, const char *bytes, size_t len)
{
	FILE *file = fopen(path, "wb");
	int failed;

	if (!file)
		return -1;
	failed = fwrite(bytes, 1, len, file) != len;
	if (fclose(file) != 0)
		failed = 1;
	return failed ? -1 : 0;
}

int kx_write_file(struct kx_diag *diag, const char *path, const char *bytes, size_t len)
{
	const char *part = kx_pool_format(diag->pool, "%s.%ld.part", path, (long)getpid());

	if (write_all(part, bytes, len) == 0 && rename(part, path) == 0)
		return 0;
	kx_error(diag, NULL, "cannot write '%s': %s", path, strerror(errno));
	unlink(part);
	return -1;
}
