/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Bases and key of the scanner component: files built into its program, since an entity has no
 * file system. make_data.cmake writes the table; "good/MANIFEST" is its file good-MANIFEST.
 */

#include "files_built_in.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/kx_kav_files.h"

char *kx_kav_file_read(const char *path, size_t *len)
{
	for (size_t i = 0; kx_kav_built_in[i].name; i++) {
		const struct kx_kav_built_in *file = &kx_kav_built_in[i];
		char *bytes;

		if (strcmp(file->name, path) != 0)
			continue;
		bytes = malloc(file->len + 1);
		if (!bytes)
			return NULL;
		memcpy(bytes, file->bytes, file->len);
		bytes[file->len] = '\0';
		*len = file->len;
		return bytes;
	}
	errno = ENOENT;
	return NULL;
}

bool kx_kav_file_join(char path[KX_KAV_PATH_MAX], const char *folder, const char *name)
{
	int n = snprintf(path, KX_KAV_PATH_MAX, "%s-%s", folder, name);

	return n > 0 && n < KX_KAV_PATH_MAX && !strchr(name, '/');
}

bool kx_kav_folder_has(const char *folder, const char *end, const char *other_end)
{
	(void)folder;
	(void)end;
	(void)other_end;
	return false;
}

bool kx_kav_sum_file(const char *path, char sum[KX_KAV_SUM_MAX])
{
	size_t len = 0;
	char *bytes = kx_kav_file_read(path, &len);

	if (!bytes)
		return false;
	kx_kav_sum_bytes(bytes, len, sum);
	free(bytes);
	return true;
}
