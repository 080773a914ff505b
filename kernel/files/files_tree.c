/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Private trees of a run: TMPDIR/kosix-files-XXXXXX/N for VFS program N. The
 * folder above them is locked while its run lives; a later run removes what a
 * killed one left behind. A tree goes with its VFS program. Control thread, except
 * where said.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files_disk.h"
#include "files_internal.h"
#include "log.h"
#include "registry.h"
#include "task.h"

#define PREFIX "kosix-files-"

static char top[PATH_MAX];
static int top_lock = -1;
static uint32_t mounted[KX_TASKS]; /* by place: number of the VFS program that mounted last */

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)kind;
	(void)where;
	(void)remove(path);
	return 0;
}

/* A folder that could not be listed stays, and all above it: for want of a descriptor, say. */
static void remove_tree(const char *path)
{
	for (int tries = 0; tries < 3 && access(path, F_OK) == 0; tries++)
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
 * Another run that sweeps may remove the new folder before it is locked: then it has no
 * links any more, or that run holds the lock. -EAGAIN: so it is, and another one is to be made.
 */
static int lock_new(const char *path)
{
	struct stat status;
	int rc = 0;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &status) != 0)
		rc = errno == ENOENT ? -EAGAIN : -errno;
	else if (status.st_nlink == 0)
		rc = -EAGAIN;
	if (rc == 0) {
		if (top_lock >= 0)
			(void)close(top_lock);
		top_lock = fd;
	} else if (fd >= 0) {
		(void)close(fd);
	}
	return rc;
}

static int make_top(void)
{
	const char *base = getenv("TMPDIR");
	char path[PATH_MAX];
	int rc;

	if (!base || base[0] != '/')
		base = "/tmp";
	sweep(base);
	do {
		if ((size_t)snprintf(path, sizeof(path), "%s/" PREFIX "XXXXXX", base) >=
		    sizeof(path))
			return -ENAMETOOLONG;
		if (!mkdtemp(path))
			return -errno;
		rc = lock_new(path);
		if (rc == 0 && !realpath(path, top))
			rc = -errno;
		if (rc != 0) {
			top[0] = '\0';
			(void)rmdir(path);
		}
	} while (rc == -EAGAIN);
	return rc;
}

static int open_tree(const char *path)
{
	int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return root < 0 ? -errno : root;
}

/* The image's files are in "/", where a program without mounts finds them. */
static int make_tree(const char *rom, const char *path)
{
	int rc;
	int root;

	if (mkdir(path, 0700) != 0)
		return errno == EEXIST ? 0 : -errno;
	root = open_tree(path);
	if (root < 0)
		return root;
	rc = kx_files_copy_folder(rom, root);
	(void)close(root);
	return rc == -ENOENT ? 0 : rc;
}

static int mount_into(const struct kx_files_mounts *mounts, const char *rom, const char *path)
{
	int root = open_tree(path);

	if (root < 0)
		return root;
	kx_files_mount(mounts, rom, root);
	(void)close(root);
	return 0;
}

/* Once: the VFS program itself may have looked at its tree before its first client. */
static int mount_once(uint32_t number, const struct kx_task *vfs, const char *rom, const char *path)
{
	uint32_t *last = &mounted[number % KX_TASKS];
	struct kx_files_mounts *mounts;
	int rc;

	if (*last == number || kx_files_is_late(vfs))
		return 0;
	mounts = kx_files_mounts(vfs);
	if (!mounts)
		return -ENOMEM;
	*last = number;
	rc = mount_into(mounts, rom, path);
	kx_files_mounts_free(mounts);
	return rc;
}

static bool tree_path(uint32_t number, char *path)
{
	return (size_t)snprintf(path, PATH_MAX, "%s/%u", top, number) < PATH_MAX;
}

static int need_top(void)
{
	int rc = top[0] ? 0 : make_top();

	if (rc != 0)
		kx_log("no folder for the files of this run: %s (TMPDIR names another place)",
		       strerror(-rc));
	return rc;
}

int kx_files_tree(uint32_t number, const struct kx_task *vfs, const char *rom, char *path)
{
	int rc = need_top();

	if (rc != 0)
		return rc;
	if (!tree_path(number, path))
		return -ENAMETOOLONG;
	rc = make_tree(rom, path);
	if (rc == 0 && vfs)
		rc = mount_once(number, vfs, rom, path);
	if (rc != 0)
		kx_log("files of the image cannot be copied to %s: %s", path, strerror(-rc));
	return rc;
}

bool kx_files_tree_is_made(uint32_t number)
{
	char path[PATH_MAX];

	return top[0] && tree_path(number, path) && access(path, F_OK) == 0;
}

void kx_files_tree_mount(uint32_t number, const struct kx_files_mounts *mounts, const char *rom)
{
	char path[PATH_MAX];
	int rc = tree_path(number, path) ? mount_into(mounts, rom, path) : -ENAMETOOLONG;

	if (rc != 0)
		kx_log("%s: what it mounts cannot be copied to %s: %s", mounts->name, path,
		       strerror(-rc));
}

int kx_files_tree_gone(char *path)
{
	int rc = need_top();
	int root;

	if (rc != 0)
		return rc;
	if ((size_t)snprintf(path, PATH_MAX, "%s/gone-XXXXXX", top) >= PATH_MAX)
		return -ENAMETOOLONG;
	if (!mkdtemp(path))
		return -errno;
	root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		root = -errno;
	(void)rmdir(path);
	return root;
}

void kx_files_tree_drop(uint32_t number)
{
	char path[PATH_MAX];

	if (top[0] && tree_path(number, path))
		remove_tree(path);
}

void kx_files_tree_fini(void)
{
	if (top[0])
		remove_tree(top);
	if (top_lock >= 0)
		(void)close(top_lock);
	top[0] = '\0';
	top_lock = -1;
	memset(mounted, 0, sizeof(mounted));
}
