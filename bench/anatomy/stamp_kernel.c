/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The kernel process of an anatomy: keeps stamps from the start and writes them at
 * its end to the file that KX_STAMP_FILE names. Its entities do not inherit that.
 */

#include <stdlib.h>

#include "stamp_log.h"

static void write_stamps(void)
{
	const char *path = getenv("KX_STAMP_FILE");
	FILE *out = path ? fopen(path, "we") : NULL;

	if (!out)
		return;
	(void)kx_stamps_print(out);
	(void)fclose(out);
}

__attribute__((constructor)) static void begin(void)
{
	kx_stamps_start();
	(void)atexit(write_stamps);
}
