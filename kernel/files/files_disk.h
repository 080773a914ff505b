/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_FILES_DISK_H
#define KX_FILES_DISK_H

/*
 * What a VFS program's tree begins with: files of the image, and disks that it
 * mounts. A disk is a folder, or the archive that prepare_hdd_img.sh of the SDK
 * makes; each mount gets a copy of its own, so what is written lasts for the run.
 *
 * Everything is done beneath an open folder (openat2, RESOLVE_IN_ROOT): a link
 * that came from a disk leads nowhere else. Any thread, except where said.
 *
 * Disk NAME is looked for, in this order: --disk=NAME=PATH; disk/NAME.img of the
 * image; NAME.img among the image's files; if any will do, the only --disk there is.
 */

#include <limits.h>
#include <stdbool.h>

#include "kx_limits.h"

struct kx_task;

/* "NAME=PATH" of the command line; false: not of that form, or too many. */
bool kx_files_disk_choose(const char *text);

/*
 * Content of @device ("mmc0,0": name and partition) to the folder @to. 0, -ENOENT:
 * there is no such disk, or another negative errno, then with a line in the log.
 */
int kx_files_disk_unpack(const char *device, bool any, const char *rom, int to);

/* What a VFS program mounts: a copy of what ROOTFS and its arguments -l and -f say. */
struct kx_files_mounts {
	char name[KX_NAME_MAX]; /* of its task */
	bool unmap_romfs;
	char *lines; /* see files_mount.c */
};

/* Control thread. NULL: no memory. */
struct kx_files_mounts *kx_files_mounts(const struct kx_task *vfs);
void kx_files_mounts_free(struct kx_files_mounts *mounts);

/*
 * Mounts that into the tree @root, in which nobody has written yet. Any thread; one at a time for
 * one tree. @rom: folder of the image's files. A disk that is missing is logged.
 */
void kx_files_mount(const struct kx_files_mounts *mounts, const char *rom, int root);

/* Descriptor of @path beneath @root, or a negative errno. */
int kx_files_open_in(int root, const char *path, int flags, unsigned int mode);

/* The folder of @path, and its last part; -EINVAL where that is no name. */
int kx_files_open_parent(int root, const char *path, const char **name);

/* One folder, and @path with all above it; those that are there are left. 0 or negative. */
int kx_files_make_folder(int root, const char *path);
int kx_files_make_folders(int root, const char *path);

/* All below the folder @from; -ENOENT: there is none. Special files are left out. */
int kx_files_copy_folder(const char *from, int to);

#endif /* KX_FILES_DISK_H */
