/* SPDX-License-Identifier: Apache-2.0 */
#include "file.h"

#include "complain.h"
#include "write.h"

FILE *kx_file_create(const char *path)
{
	FILE *out = fopen(path, "we");

	if (!out)
		(void)kx_complain("cannot write %s: %m", path);
	return out;
}

bool kx_file_close(FILE *out, const char *path)
{
	const char *fault = kx_write_fclose(out);

	return !fault || kx_complain("cannot write %s: %s", path, fault);
}
