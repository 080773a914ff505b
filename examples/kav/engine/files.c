/* SPDX-License-Identifier: Apache-2.0 */

/* Reading small files and summing them with libmd. */

#include "kx_kav_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sha256.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads @size bytes; a file that shrank meanwhile is an error. */
static char *read_all(int fd, size_t size)
{
	char *bytes = malloc(size + 1);
	size_t at = 0;

	if (!bytes)
		return NULL;
	while (at < size) {
		ssize_t n = read(fd, bytes + at, size - at);

		if (n <= 0) {
			errno = n < 0 ? errno : EIO;
			free(bytes);
			return NULL;
		}
		at += (size_t)n;
	}
	bytes[size] = '\0';
	return bytes;
}

char *kx_kav_file_read(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat stat;
	char *bytes = NULL;
	int error = 0;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &stat) != 0)
		error = errno;
	else if (!S_ISREG(stat.st_mode))
		error = EINVAL;
	else if (stat.st_size > (off_t)KX_KAV_FILE_MAX)
		error = EFBIG;
	if (error == 0) {
		*len = (size_t)stat.st_size;
		bytes = read_all(fd, *len);
		error = errno;
	}
	(void)close(fd);
	errno = error;
	return bytes;
}

bool kx_kav_file_join(char path[KX_KAV_PATH_MAX], const char *folder, const char *name)
{
	int n;

	if (name[0] == '\0' || name[0] == '.' || strchr(name, '/'))
		return false;
	n = snprintf(path, KX_KAV_PATH_MAX, "%s/%s", folder, name);
	return n > 0 && n < KX_KAV_PATH_MAX;
}

bool kx_kav_folder_has(const char *folder, const char *end, const char *other_end)
{
	DIR *dir = opendir(folder);
	bool found = false;

	if (!dir)
		return false;
	for (struct dirent *entry = readdir(dir); entry && !found; entry = readdir(dir))
		found = kx_kav_ends_in(entry->d_name, end) ||
			kx_kav_ends_in(entry->d_name, other_end);
	(void)closedir(dir);
	return found;
}

bool kx_kav_sum_file(const char *path, char sum[KX_KAV_SUM_MAX])
{
	return SHA256File(path, sum) != NULL;
}
