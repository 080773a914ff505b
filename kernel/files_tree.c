/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Private trees of a run: TMPDIR/kosix-files-XXXXXX/N for VFS program N. The
 * folder above them is locked while its run lives; a later run removes what a
 * killed one left behind. Control thread.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files_internal.h"
#include "log.h"

#define PREFIX "kosix-files-"

static char top[PATH_MAX];
static int top_lock = -1;

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)kind;
	(void)where;
	(void)remove(path);
	return 0;
}

static void remove_tree(const char *path)
{
	(void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* Only a folder of this user whose lock nobody holds. */
static void remove_abandoned(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (fd < 0)
		return;
	if (fstat(fd, &status) == 0 && status.st_uid == geteuid() &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0)
		remove_tree(path);
	(void)close(fd);
}

static void sweep(const char *base)
{
	DIR *dir = opendir(base);
	struct dirent *entry;
	char path[PATH_MAX];

	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, PREFIX, sizeof(PREFIX) - 1) == 0 &&
		    (size_t)snprintf(path, sizeof(path), "%s/%s", base, entry->d_name) <
			    sizeof(path))
			remove_abandoned(path);
	}
	if (dir)
		(void)closedir(dir);
}

/*
 * Another run that sweeps may remove the new folder before it is locked; then it
 * has no links any more, and another one is made.
 */
static int make_top(void)
{
	const char *base = getenv("TMPDIR");
	char path[PATH_MAX];
	struct stat status;

	if (!base || base[0] != '/')
		base = "/tmp";
	sweep(base);
	do {
		if ((size_t)snprintf(path, sizeof(path), "%s/" PREFIX "XXXXXX", base) >=
		    sizeof(path))
			return -ENAMETOOLONG;
		if (!mkdtemp(path))
			return -errno;
		if (top_lock >= 0)
			(void)close(top_lock);
		top_lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	} while (top_lock < 0 || flock(top_lock, LOCK_EX | LOCK_NB) != 0 ||
		 fstat(top_lock, &status) != 0 || status.st_nlink == 0);
	if (!realpath(path, top))
		return -errno;
	return 0;
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
		to = openat(to_folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		rc = to < 0 ? -errno : copy_content(from, to, status.st_size);
		if (to >= 0)
			(void)close(to);
	}
	(void)close(from);
	return rc;
}

/* Files of an image lie side by side, without folders. */
static int copy_rom(const char *rom, const char *to)
{
	int from_folder = open(rom, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int to_folder = open(to, O_PATH | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = from_folder < 0 ? NULL : fdopendir(from_folder);
	struct dirent *entry;
	int rc = 0;

	while (rc == 0 && dir && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			rc = copy_file(from_folder, to_folder, entry->d_name);
	}
	if (dir)
		(void)closedir(dir);
	(void)close(to_folder);
	return rc;
}

int kx_files_tree(uint32_t number, const char *rom, char *path)
{
	int rc = top[0] ? 0 : make_top();

	if (rc != 0) {
		kx_log("no folder for the files of this run: %s (TMPDIR names another place)",
		       strerror(-rc));
		return rc;
	}
	if ((size_t)snprintf(path, PATH_MAX, "%s/%u", top, number) >= PATH_MAX)
		return -ENAMETOOLONG;
	if (mkdir(path, 0700) == 0)
		rc = copy_rom(rom, path);
	else if (errno != EEXIST)
		rc = -errno;
	if (rc != 0)
		kx_log("files of the image cannot be copied to %s: %s", path, strerror(-rc));
	return rc;
}

void kx_files_tree_fini(void)
{
	if (top[0])
		remove_tree(top);
	if (top_lock >= 0)
		(void)close(top_lock);
	top[0] = '\0';
	top_lock = -1;
}
