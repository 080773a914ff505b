/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "complain.h"

#define OPEN_FOLDERS 8

bool kx_scratch_make(struct kx_scratch *scratch)
{
	const char *base = getenv("TMPDIR"); // NOLINT(concurrency-mt-unsafe): one thread

	(void)snprintf(scratch->path, sizeof(scratch->path), "%s/kosix-bench-XXXXXX",
		       base && base[0] == '/' ? base : "/tmp");
	if (!mkdtemp(scratch->path))
		return kx_complain("can't make the folder %s: %m", scratch->path);
	/* Entities may run as another user and must reach their programs. */
	if (chmod(scratch->path, 0755) == 0)
		return true;
	(void)kx_complain("%s: chmod: %m", scratch->path);
	kx_scratch_remove(scratch);
	return false;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
	(void)status;
	(void)kind;
	(void)at;
	return remove(path);
}

void kx_scratch_remove(const struct kx_scratch *scratch)
{
	if (nftw(scratch->path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) != 0)
		(void)kx_complain("can't remove the folder %s: %m", scratch->path);
}
