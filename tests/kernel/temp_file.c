/* SPDX-License-Identifier: Apache-2.0 */

#include "temp_file.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];
static char path[256];

void temp_create(void)
{
	strcpy(folder, "/tmp/kosix-test-XXXXXX");
	if (!mkdtemp(folder))
		abort();
}

static int remove_one(const char *name, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)kind;
	(void)where;
	return remove(name);
}

void temp_remove(void)
{
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *temp_path(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

const char *temp_write(const char *name, const char *text)
{
	char *slash;
	FILE *file;

	temp_path(name);
	for (slash = strchr(path + strlen(folder) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	file = fopen(path, "we");
	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		abort();
	return path;
}
