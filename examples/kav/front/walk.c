/* SPDX-License-Identifier: Apache-2.0 */

/*
 * From a path to open files. Every step is openat2() below a permitted area, without symbolic
 * links; a name is looked at with O_PATH first, so that nothing but regular files and folders is
 * ever opened (opening a device or a FIFO has effects). The thread acts as the peer meanwhile.
 *
 * What could not be looked at counts as "not complete", never as clean.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

#define SHOWN_MAX 4096

/* Where the walk is: an open folder and its name in reports. */
struct place {
	int fd;
	const char *shown;
	unsigned depth;
};

static void check_name(struct kx_kav_check *check, const struct place *in, const char *name,
		       const char *shown, bool asked);

static int open_beneath(int folder, const char *name, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};

	return (int)syscall(SYS_openat2, folder, name, &how, sizeof(how));
}

/* Opens for real what @fd names. Linux checks the rights anew. */
static int reopen(int fd, int flags)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

static void note_errno(struct kx_kav_check *check, const char *shown, int error)
{
	const char *words = strerrordesc_np(error);

	if (error == ELOOP)
		words = "I/O error: a symbolic link on the way is not followed";
	else if (error == EXDEV)
		words = "I/O error: leads out of the permitted area";
	kx_kav_report_note(&check->report, shown, words ? words : "I/O error", KX_KAV_NOT_COMPLETE);
}

static void check_regular(struct kx_kav_check *check, int fd, const struct stat *stat,
			  const struct place *in, const char *name, const char *shown)
{
	struct kx_kav_found found = {
		.fd = -1,
		.parent = in->fd,
		.name = name,
		.shown = shown,
		.size = (uint64_t)stat->st_size,
		.dev = stat->st_dev,
		.ino = stat->st_ino,
	};

	if (check->cure)
		found.fd = reopen(fd, O_RDWR);
	found.writable = found.fd >= 0;
	if (found.fd < 0)
		found.fd = reopen(fd, O_RDONLY);
	if (found.fd < 0) {
		note_errno(check, shown, errno);
		return;
	}
	kx_kav_check_file_object(check, &found);
	(void)close(found.fd);
}

/* False when the walk must end. */
static bool check_entry(struct kx_kav_check *check, const struct place *folder, const char *name)
{
	char shown[SHOWN_MAX];

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return true;
	if (kx_kav_check_stop(check)) {
		kx_kav_report_note(&check->report, folder->shown, "interrupted: time limit",
				   KX_KAV_NOT_COMPLETE);
		return false;
	}
	if (check->files_left == 0) {
		kx_kav_report_note(&check->report, folder->shown, "interrupted: too many files",
				   KX_KAV_NOT_COMPLETE);
		return false;
	}
	check->files_left--;
	(void)snprintf(shown, sizeof(shown), "%s%s%s", folder->shown,
		       strcmp(folder->shown, "/") == 0 ? "" : "/", name);
	check_name(check, folder, name, shown, false);
	return true;
}

static void check_folder(struct kx_kav_check *check, int fd, const char *shown, unsigned depth)
{
	struct place folder = {.shown = shown, .depth = depth};
	struct dirent *entry;
	DIR *dir = NULL;
	int open_fd;

	if (depth >= check->front->options.depth) {
		kx_kav_report_note(&check->report, shown, "interrupted: folders too deep",
				   KX_KAV_NOT_COMPLETE);
		return;
	}
	open_fd = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (open_fd >= 0)
		dir = fdopendir(open_fd);
	if (!dir) {
		note_errno(check, shown, errno);
		if (open_fd >= 0)
			(void)close(open_fd);
		return;
	}
	folder.fd = open_fd;
	for (errno = 0, entry = readdir(dir); entry; errno = 0, entry = readdir(dir)) {
		if (!check_entry(check, &folder, entry->d_name))
			break;
	}
	if (!entry && errno != 0)
		note_errno(check, shown, errno);
	(void)closedir(dir);
}

/*
 * @name in the folder @in. What is neither file nor folder is no object: inside a folder it is
 * passed over, asked for by name it is "not complete".
 */
static void check_name(struct kx_kav_check *check, const struct place *in, const char *name,
		       const char *shown, bool asked)
{
	int fd = open_beneath(in->fd, name, O_PATH);
	struct stat stat;

	if (fd < 0) {
		if (asked || errno != ELOOP)
			note_errno(check, shown, errno);
		return;
	}
	if (fstat(fd, &stat) != 0)
		note_errno(check, shown, errno);
	else if (S_ISREG(stat.st_mode))
		check_regular(check, fd, &stat, in, name, shown);
	else if (S_ISDIR(stat.st_mode))
		check_folder(check, fd, shown, in->depth + 1);
	else if (asked)
		kx_kav_report_note(&check->report, shown, "I/O error: not a regular file",
				   KX_KAV_NOT_COMPLETE);
	(void)close(fd);
}

/* The area @path is in, and in *@rest the path from there; NULL if none permits it. */
static const struct kx_kav_area *find_area(const struct kx_kav_front *front, const char *path,
					   const char **rest)
{
	for (unsigned i = 0; i < front->area_count; i++) {
		const struct kx_kav_area *area = &front->areas[i];
		size_t len = strlen(area->path);

		if (strncmp(path, area->path, len) != 0)
			continue;
		if (path[len] != '\0' && path[len] != '/')
			continue;
		*rest = path + len + strspn(path + len, "/");
		return area;
	}
	return NULL;
}

/* Opens the folder that @rest's last name is in and leaves that name in *@name. */
static int open_parent(int area, const char *rest, const char **name)
{
	const char *slash = strrchr(rest, '/');
	char *folder;
	int fd;

	*name = slash ? slash + 1 : rest;
	if (!slash)
		return fcntl(area, F_DUPFD_CLOEXEC, 0);
	folder = strndup(rest, (size_t)(slash - rest));
	if (!folder) {
		errno = ENOMEM;
		return -1;
	}
	fd = open_beneath(area, folder, O_PATH | O_DIRECTORY);
	free(folder);
	return fd;
}

/* @rest is the part of @path below the area. */
static void check_in_area(struct kx_kav_check *check, const struct kx_kav_area *area,
			  const char *rest, const char *path)
{
	struct place in = {.shown = path, .depth = 0};
	const char *name;

	if (rest[0] == '\0') {
		check_folder(check, area->fd, path, 1);
		return;
	}
	in.fd = open_parent(area->fd, rest, &name);
	if (in.fd < 0) {
		note_errno(check, path, errno);
		return;
	}
	check_name(check, &in, name, path, true);
	(void)close(in.fd);
}

/* An absolute path without slashes at its end. */
static void check_absolute(struct kx_kav_check *check, const char *path)
{
	const struct kx_kav_area *area;
	const char *rest;

	area = find_area(check->front, path, &rest);
	if (area)
		check_in_area(check, area, rest, path);
	else
		kx_kav_report_note(&check->report, path, "ignored: not in a permitted area",
				   KX_KAV_NOT_COMPLETE);
}

void kx_kav_check_path(struct kx_kav_check *check, const char *path)
{
	size_t len = strlen(path);
	char *copy;

	if (path[0] != '/') {
		kx_kav_report_note(&check->report, path, "I/O error: not an absolute path",
				   KX_KAV_NOT_COMPLETE);
		return;
	}
	while (len > 1 && path[len - 1] == '/')
		len--;
	copy = strndup(path, len);
	if (!copy) {
		kx_kav_report_note(&check->report, path, "no memory", KX_KAV_NOT_COMPLETE);
		return;
	}
	check_absolute(check, copy);
	free(copy);
}
