/* SPDX-License-Identifier: Apache-2.0 */

/* Copies into the trees of a run; see files_disk.h. Control thread. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "files_disk.h"

#define DEPTH_MAX 64

int kx_files_open_in(int root, const char *path, int flags, unsigned int mode)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.mode = mode,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, root, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

int kx_files_make_folders(int root, const char *path)
{
	char part[PATH_MAX];
	size_t length = strlen(path);
	int folder = length < sizeof(part) ? 0 : -ENAMETOOLONG;

	for (size_t i = 1; i <= length && length < sizeof(part); i++) {
		if ((path[i] != '/' && path[i] != '\0') || path[i - 1] == '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		folder = kx_files_make_folder(root, part);
		if (folder < 0)
			break;
	}
	return folder;
}

int kx_files_open_parent(int root, const char *path, const char **name)
{
	char parent[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) : 0;

	*name = slash ? slash + 1 : path;
	if (!**name || !strcmp(*name, ".") || !strcmp(*name, "..") || length >= sizeof(parent))
		return -EINVAL;
	memcpy(parent, path, length);
	parent[length] = '\0';
	return kx_files_open_in(root, length ? parent : "/", O_PATH | O_DIRECTORY, 0);
}

int kx_files_make_folder(int root, const char *path)
{
	const char *name;
	int parent = kx_files_open_parent(root, path, &name);
	int rc = 0;

	if (parent < 0)
		return parent;
	if (mkdirat(parent, name, 0700) != 0 && errno != EEXIST)
		rc = -errno;
	(void)close(parent);
	return rc;
}

static int copy_content(int from, int to, off_t size)
{
	ssize_t n = 1;

	while (size > 0 && n > 0) {
		n = sendfile(to, from, NULL, (size_t)size);
		size -= n > 0 ? n : 0;
	}
	return n < 0 ? -errno : 0;
}

static int copy_file(int from_folder, int to_folder, const char *name)
{
	int from = openat(from_folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;
	int rc = 0;
	int to;

	if (from < 0)
		return -errno;
	if (fstat(from, &status) == 0 && S_ISREG(status.st_mode)) {
		to = openat(to_folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
			    0600);
		rc = to < 0 ? -errno : copy_content(from, to, status.st_size);
		if (to >= 0)
			(void)close(to);
	}
	(void)close(from);
	return rc;
}

static int copy_link(int from_folder, int to_folder, const char *name)
{
	char text[PATH_MAX];
	ssize_t got = readlinkat(from_folder, name, text, sizeof(text) - 1);

	if (got < 0)
		return -errno;
	text[got] = '\0';
	return symlinkat(text, to_folder, name) == 0 || errno == EEXIST ? 0 : -errno;
}

static int copy_entries(int from_folder, int to_folder, int depth);

static int copy_subfolder(int from_folder, int to_folder, const char *name, int depth)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int from;
	int to;
	int rc;

	if (depth == DEPTH_MAX)
		return -ELOOP;
	if (mkdirat(to_folder, name, 0700) != 0 && errno != EEXIST)
		return -errno;
	from = openat(from_folder, name, flags);
	to = openat(to_folder, name, flags);
	rc = from < 0 || to < 0 ? -errno : copy_entries(from, to, depth + 1);
	if (from >= 0)
		(void)close(from);
	if (to >= 0)
		(void)close(to);
	return rc;
}

static int copy_entry(int from_folder, int to_folder, const char *name, int depth)
{
	struct stat status;

	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return 0;
	if (fstatat(from_folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return -errno;
	if (S_ISDIR(status.st_mode))
		return copy_subfolder(from_folder, to_folder, name, depth);
	if (S_ISLNK(status.st_mode))
		return copy_link(from_folder, to_folder, name);
	return copy_file(from_folder, to_folder, name);
}

static int copy_entries(int from_folder, int to_folder, int depth)
{
	int again = openat(from_folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = again < 0 ? NULL : fdopendir(again);
	struct dirent *entry;
	int rc = dir ? 0 : -errno;

	while (rc == 0 && (entry = readdir(dir)))
		rc = copy_entry(from_folder, to_folder, entry->d_name, depth);
	if (dir)
		(void)closedir(dir);
	else if (again >= 0)
		(void)close(again);
	return rc;
}

int kx_files_copy_folder(const char *from, int to)
{
	int folder = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc;

	if (folder < 0)
		return -errno;
	rc = copy_entries(folder, to, 0);
	(void)close(folder);
	return rc;
}
