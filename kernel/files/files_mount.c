/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Mounts of a VFS program: environment variable ROOTFS, arguments "-l LINE" and
 * "-f FILE", lines as in fstab: device, folder, file system, options. Without
 * ROOTFS the SDK's own programs mount the card or RAM disk they are made for, if
 * there is one. What is asked of the task is copied, for the helper thread mounts, too.
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
#include "files_internal.h"
#include "log.h"
#include "task.h"

struct mounting {
	const struct kx_files_mounts *asked;
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
		       m->asked->name, line);
		return;
	}
	folder = open_point(m->root, point);
	rc = folder < 0 ? folder : mount_at(m, device, type, folder);
	if (folder >= 0)
		(void)close(folder);
	if (rc == -ENOENT && m->wanted)
		kx_log("%s: there is no disk for \"%s\", %s begins empty: put %.*s.img into the "
		       "image's files, or run with --disk=%.*s=FILE or FOLDER",
		       m->asked->name, line, point, (int)strcspn(device, ","), device,
		       (int)strcspn(device, ","), device);
	else if (rc < 0 && rc != -ENOENT && rc != -EIO && rc != -EINVAL)
		kx_log("%s: cannot mount \"%s\": %s", m->asked->name, line, strerror(-rc));
}

/* The file is among the image's, or with UNMAP_ROMFS in what ROOTFS mounted. */
static void mount_file(const struct mounting *m, const char *name)
{
	const char *last = strrchr(name, '/');
	char path[PATH_MAX];
	char line[512];
	FILE *in = NULL;
	int fd;

	if (m->asked->unmap_romfs) {
		fd = kx_files_open_in(m->root, name, O_RDONLY | O_NONBLOCK, 0);
	} else {
		(void)snprintf(path, sizeof(path), "%s/%s", m->rom, last ? last + 1 : name);
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	}
	if (fd >= 0)
		in = fdopen(fd, "r");
	if (!in) {
		kx_log("%s: -f %s: there is no such file in the image", m->asked->name, name);
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\r\n")] = '\0';
		mount_line(m, line);
	}
	(void)fclose(in);
}

/* What an Env program gave counts for VFS programs only: what others mount says their starter. */
static const char *variable(const struct kx_task *vfs, const char *name)
{
	const char *value = NULL;

	if (kx_files_is_vfs(vfs))
		value = kx_files_variable(&vfs->told_env, name);
	return value ? value : kx_files_variable(&vfs->env, name);
}

/* Before each what it is: 'l' a line, 'f' a file, 'd' a line for a disk that may be missing. */
static void put(FILE *out, char kind, const char *text)
{
	(void)fprintf(out, "%c%s%c", kind, text, '\0');
}

static void put_lines(FILE *out, const struct kx_task *vfs)
{
	bool told = kx_files_is_vfs(vfs) && vfs->told_args.count > 0;
	const struct kx_strings *args = told ? &vfs->told_args : &vfs->args;
	const char *root = variable(vfs, "ROOTFS");

	if (root)
		put(out, 'l', root);
	else if (!strcmp(vfs->class_name, "kl.VfsSdCardFs"))
		put(out, 'd', "mmc0,0 / fat32 0");
	else if (!strcmp(vfs->class_name, "kl.VfsRamFs"))
		put(out, 'd', "ramdisk0,0 / ext4 0");
	for (size_t i = told ? 0 : 1; i + 1 < args->count; i++) {
		if (!strcmp(args->table[i], "-l") || !strcmp(args->table[i], "-f")) {
			put(out, args->table[i][1], args->table[i + 1]);
			i++;
		}
	}
}

struct kx_files_mounts *kx_files_mounts(const struct kx_task *vfs)
{
	struct kx_files_mounts *mounts = calloc(1, sizeof(*mounts));
	size_t size;
	FILE *out = mounts ? open_memstream(&mounts->lines, &size) : NULL;
	bool complete;

	if (!out) {
		free(mounts);
		return NULL;
	}
	(void)snprintf(mounts->name, sizeof(mounts->name), "%s", vfs->name);
	mounts->unmap_romfs = variable(vfs, "UNMAP_ROMFS") != NULL;
	put_lines(out, vfs);
	complete = !ferror(out);
	/* glibc's fclose() says nothing when there is no memory for the lines. */
	if (fclose(out) == 0 && complete && mounts->lines)
		return mounts;
	kx_files_mounts_free(mounts);
	return NULL;
}

void kx_files_mounts_free(struct kx_files_mounts *mounts)
{
	if (mounts)
		free(mounts->lines);
	free(mounts);
}

void kx_files_mount(const struct kx_files_mounts *mounts, const char *rom, int root)
{
	struct mounting m = {.asked = mounts, .rom = rom, .root = root};

	/* A zero follows the last. */
	for (const char *at = mounts->lines; *at; at += strlen(at) + 1) {
		m.wanted = *at != 'd';
		if (*at == 'f')
			mount_file(&m, at + 1);
		else
			mount_line(&m, at + 1);
	}
}
