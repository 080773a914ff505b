/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Mounts of a VFS program: environment variable ROOTFS, arguments "-l LINE" and
 * "-f FILE", lines as in fstab: device, folder, file system, options. Without
 * ROOTFS the SDK's own programs mount the card or RAM disk they are made for, if
 * there is one. Control thread.
 */

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files_disk.h"
#include "log.h"
#include "task.h"

struct mounting {
	const struct kx_task *vfs;
	const char *rom;
	int root;
	bool wanted; /* the solution asks for the next line, so a missing disk is worth one */
};

static int remove_below(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)kind;
	if (where->level > 0)
		(void)remove(path);
	return 0;
}

/* What is mounted hides what the folder held. */
static void clear(int folder)
{
	char link[32];
	char path[PATH_MAX];
	ssize_t got;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", folder);
	got = readlink(link, path, sizeof(path) - 1);
	if (got <= 0)
		return;
	path[got] = '\0';
	(void)nftw(path, remove_below, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* Descriptor of the empty folder @point, made if need be; the root is left as it is. */
static int open_point(int root, const char *point)
{
	int rc = strcmp(point, "/") ? kx_files_make_folders(root, point) : 0;
	int folder = rc < 0 ? rc : kx_files_open_in(root, point, O_RDONLY | O_DIRECTORY, 0);

	if (folder >= 0 && strcmp(point, "/") != 0)
		clear(folder);
	return folder;
}

static bool is_on_disk(const char *type)
{
	static const char *const types[] = {"fat", "vfat", "msdos", "ext", "lwext", "squash"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (!strncmp(type, types[i], strlen(types[i])))
			return true;
	}
	return false;
}

static int mount_at(const struct mounting *m, const char *device, const char *type, int folder)
{
	int rc = 0;

	if (!strcmp(type, "romfs")) {
		rc = kx_files_copy_folder(m->rom, folder);
		return rc == -ENOENT ? 0 : rc;
	}
	return is_on_disk(type) ? kx_files_disk_unpack(device, m->wanted, m->rom, folder) : 0;
}

static void mount_line(const struct mounting *m, const char *line)
{
	char device[64];
	char point[256];
	char type[32];
	int folder;
	int rc;

	if (sscanf(line, " %63s %255s %31s", device, point, type) != 3 || device[0] == '#')
		return;
	if (point[0] != '/') {
		kx_log("%s: cannot mount \"%s\": the second word is the folder, from / on",
		       m->vfs->name, line);
		return;
	}
	folder = open_point(m->root, point);
	rc = folder < 0 ? folder : mount_at(m, device, type, folder);
	if (folder >= 0)
		(void)close(folder);
	if (rc == -ENOENT && m->wanted)
		kx_log("%s: there is no disk for \"%s\", %s begins empty: put %.*s.img into the "
		       "image's files, or run with --disk=%.*s=FILE or FOLDER",
		       m->vfs->name, line, point, (int)strcspn(device, ","), device,
		       (int)strcspn(device, ","), device);
	else if (rc < 0 && rc != -ENOENT && rc != -EIO && rc != -EINVAL)
		kx_log("%s: cannot mount \"%s\": %s", m->vfs->name, line, strerror(-rc));
}

static const char *variable(const struct kx_task *task, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < task->env.count; i++) {
		if (!strncmp(task->env.table[i], name, length) && task->env.table[i][length] == '=')
			return task->env.table[i] + length + 1;
	}
	return NULL;
}

/* The file is among the image's, or with UNMAP_ROMFS in what ROOTFS mounted. */
static void mount_file(const struct mounting *m, const char *name)
{
	const char *last = strrchr(name, '/');
	char path[PATH_MAX];
	char line[512];
	FILE *in = NULL;
	int fd;

	if (variable(m->vfs, "UNMAP_ROMFS")) {
		fd = kx_files_open_in(m->root, name, O_RDONLY | O_NONBLOCK, 0);
	} else {
		(void)snprintf(path, sizeof(path), "%s/%s", m->rom, last ? last + 1 : name);
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	}
	if (fd >= 0)
		in = fdopen(fd, "r");
	if (!in) {
		kx_log("%s: -f %s: there is no such file in the image", m->vfs->name, name);
		return;
	}
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\r\n")] = '\0';
		mount_line(m, line);
	}
	(void)fclose(in);
}

/* What the SDK's own programs mount when ROOTFS does not say it. */
static void mount_default(struct mounting *m)
{
	m->wanted = false;
	if (!strcmp(m->vfs->class_name, "kl.VfsSdCardFs"))
		mount_line(m, "mmc0,0 / fat32 0");
	else if (!strcmp(m->vfs->class_name, "kl.VfsRamFs"))
		mount_line(m, "ramdisk0,0 / ext4 0");
	m->wanted = true;
}

void kx_files_mount(const struct kx_task *vfs, const char *rom, int root)
{
	struct mounting m = {.vfs = vfs, .rom = rom, .root = root, .wanted = true};
	const char *line = variable(vfs, "ROOTFS");

	if (line)
		mount_line(&m, line);
	else
		mount_default(&m);
	for (size_t i = 1; i + 1 < vfs->args.count; i++) {
		if (!strcmp(vfs->args.table[i], "-l"))
			mount_line(&m, vfs->args.table[++i]);
		else if (!strcmp(vfs->args.table[i], "-f"))
			mount_file(&m, vfs->args.table[++i]);
	}
}
