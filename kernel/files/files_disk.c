/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Disks; see files_disk.h. The archive is tar as GNU tar writes it: regular
 * files, folders, symbolic links and long names, content of partition N below
 * "pN/". Anything else in it is left out.
 */

#include "files_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

#define DISKS     8
#define DISK_NAME 32
#define BLOCK     512

static struct {
	char name[DISK_NAME];
	const char *path;
} disks[DISKS];
static size_t disk_count;

bool kx_files_disk_choose(const char *text)
{
	const char *equal = strchr(text, '=');
	size_t length = equal ? (size_t)(equal - text) : 0;

	if (length == 0 || length >= DISK_NAME || !equal[1] || disk_count == DISKS)
		return false;
	memcpy(disks[disk_count].name, text, length);
	disks[disk_count++].path = equal + 1;
	return true;
}

/* --- the archive ---------------------------------------------------------------------- */

struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], time[12], sum[8];
	char type;
	char link[100];
	char magic[8], user[32], group[32], device[16], prefix[155], rest[12];
};

struct archive {
	FILE *in;
	char name[PATH_MAX];
	char link[PATH_MAX];
	uint64_t size;
	char type;
};

static bool read_octal(const char *text, size_t size, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < size && text[i] && text[i] != ' '; i++) {
		if (text[i] < '0' || text[i] > '7')
			return false;
		*value = 8 * *value + (uint64_t)(text[i] - '0');
	}
	return true;
}

static bool skip(struct archive *archive, uint64_t size)
{
	return size <= INT64_MAX && fseeko(archive->in, (off_t)size, SEEK_CUR) == 0;
}

static uint64_t padded(uint64_t size)
{
	return (size + BLOCK - 1) / BLOCK * BLOCK;
}

/* The content of a long-name entry. */
static bool read_text(struct archive *archive, char *text, uint64_t size)
{
	if (size == 0 || size > PATH_MAX || fread(text, 1, size, archive->in) != size)
		return false;
	text[size - 1] = '\0';
	return skip(archive, padded(size) - size);
}

/* 1: an entry, 0: the end, -EINVAL: not such an archive. */
static int next_entry(struct archive *archive)
{
	struct header header;
	bool long_name = false;
	bool long_link = false;

	_Static_assert(sizeof(header) == BLOCK, "tar");
	while (fread(&header, 1, BLOCK, archive->in) == BLOCK) {
		if (!header.name[0])
			return 0;
		if (memcmp(header.magic, "ustar", 5) != 0 ||
		    !read_octal(header.size, sizeof(header.size), &archive->size))
			return -EINVAL;
		archive->type = header.type;
		if (header.type == 'L' || header.type == 'K') {
			bool name = header.type == 'L';

			if (!read_text(archive, name ? archive->name : archive->link,
				       archive->size))
				return -EINVAL;
			*(name ? &long_name : &long_link) = true;
			continue;
		}
		if (!long_name)
			(void)snprintf(archive->name, sizeof(archive->name), "%.100s", header.name);
		if (!long_link)
			(void)snprintf(archive->link, sizeof(archive->link), "%.100s", header.link);
		return 1;
	}
	return -EINVAL;
}

static int put_file(struct archive *archive, int folder, const char *name)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	uint64_t left = archive->size;
	char buffer[16384];
	int rc = fd < 0 ? -errno : 0;

	while (rc == 0 && left > 0) {
		size_t part = left < sizeof(buffer) ? (size_t)left : sizeof(buffer);

		if (fread(buffer, 1, part, archive->in) != part)
			rc = -EINVAL;
		else if (write(fd, buffer, part) != (ssize_t)part)
			rc = errno ? -errno : -ENOSPC;
		left -= part;
	}
	if (fd >= 0)
		(void)close(fd);
	if (rc == 0 && !skip(archive, padded(archive->size) - archive->size))
		rc = -EINVAL;
	return rc;
}

/* What follows "pN/" in the entry's name, or NULL for other partitions. */
static char *name_in(struct archive *archive, unsigned int partition)
{
	char *name = archive->name;
	char start[16];
	size_t length;

	(void)snprintf(start, sizeof(start), "p%u/", partition);
	while (name[0] == '.' && name[1] == '/')
		name += 2;
	length = strlen(name);
	while (length > 0 && name[length - 1] == '/')
		name[--length] = '\0';
	return strncmp(name, start, strlen(start)) == 0 ? name + strlen(start) : NULL;
}

static int put_entry(struct archive *archive, int to, const char *path)
{
	const char *name;
	int rc = 0;
	int parent;

	if (archive->type == '5')
		return kx_files_make_folder(to, path);
	parent = kx_files_open_parent(to, path, &name);
	if (parent < 0)
		return parent;
	if (archive->type == '0' || archive->type == '\0')
		rc = put_file(archive, parent, name);
	else if (archive->type == '2' && symlinkat(archive->link, parent, name) != 0)
		rc = -errno;
	(void)close(parent);
	return rc;
}

static int unpack(const char *path, unsigned int partition, int to)
{
	struct archive archive = {.in = fopen(path, "rbe")};
	int rc = archive.in ? 1 : -errno;

	while (rc > 0 && (rc = next_entry(&archive)) > 0) {
		const char *name = name_in(&archive, partition);
		int failed = 0;

		if (name && *name)
			failed = put_entry(&archive, to, name);
		else if (!skip(&archive, padded(archive.size)))
			failed = -EINVAL;
		if (failed)
			rc = failed;
	}
	if (archive.in)
		(void)fclose(archive.in);
	return rc;
}

/* --- which disk ------------------------------------------------------------------------- */

static bool is_file(const char *path)
{
	return access(path, F_OK) == 0;
}

static bool find_disk(const char *name, bool any, const char *rom, char *path)
{
	for (size_t i = 0; i < disk_count; i++) {
		if (!strcmp(disks[i].name, name))
			return snprintf(path, PATH_MAX, "%s", disks[i].path) < PATH_MAX;
	}
	if (snprintf(path, PATH_MAX, "%s/../disk/%s.img", rom, name) < PATH_MAX && is_file(path))
		return true;
	if (snprintf(path, PATH_MAX, "%s/%s.img", rom, name) < PATH_MAX && is_file(path))
		return true;
	return any && disk_count == 1 && snprintf(path, PATH_MAX, "%s", disks[0].path) < PATH_MAX;
}

static void split(const char *device, char *name, unsigned int *partition)
{
	size_t length;

	if (!strncmp(device, "/dev/", 5))
		device += 5;
	length = strcspn(device, ",");
	*partition = device[length] ? (unsigned int)strtoul(device + length + 1, NULL, 10) : 0;
	if (length >= DISK_NAME)
		length = DISK_NAME - 1;
	memcpy(name, device, length);
	name[length] = '\0';
}

int kx_files_disk_unpack(const char *device, bool any, const char *rom, int to)
{
	char name[DISK_NAME];
	char path[PATH_MAX];
	unsigned int partition;
	struct stat status;
	int rc;

	split(device, name, &partition);
	/* A name, not a way to files of the machine: an entity that starts others chooses it. */
	if (!*name || *name == '.' || strchr(name, '/'))
		return -ENOENT;
	if (!find_disk(name, any, rom, path))
		return -ENOENT;
	if (stat(path, &status) != 0)
		rc = -errno;
	else if (S_ISDIR(status.st_mode))
		rc = kx_files_copy_folder(path, to);
	else /* nothing that makes an open wait */
		rc = S_ISREG(status.st_mode) ? unpack(path, partition, to) : -EINVAL;
	if (rc == -EINVAL)
		kx_log("disk %s: %s is no image that prepare_hdd_img.sh of this SDK made (file "
		       "systems of other tools are not read): make it so, or give a folder, "
		       "--disk=%s=FOLDER",
		       name, path, name);
	else if (rc != 0)
		kx_log("disk %s: %s cannot be read: %s", name, path, strerror(-rc));
	return rc == -ENOENT ? -EIO : rc;
}
