/* SPDX-License-Identifier: Apache-2.0 */

/*
 * coresrv/fs/fs_api.h over files at "/", where a process finds those of its image.
 * Handles have index 0, which the kernel process never gives out, and a generation
 * above those of the interrupt objects (rt_sync.c).
 */

#include <coresrv/fs/fs_api.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kx_fs.h"
#include "rt.h"

#define FILES_MAX  64u
#define FIRST_FILE 0x400u /* generation of file 0 */

const char *kx_fs_root = "/";

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
	bool open;
	int fd;
	char name[kl_core_FS_NameSize];
} files[FILES_MAX]; /* lock */

/* open(), pread() and close() are cancellation points: not with something in hand. */
static int hold_cancels_off(void)
{
	int state;

	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	return state;
}

static void let_cancels_in(int state)
{
	(void)pthread_setcancelstate(state, NULL);
}

static int lock_uncancelled(void)
{
	int state = hold_cancels_off();

	(void)pthread_mutex_lock(&lock);
	return state;
}

static void unlock_as_before(int state)
{
	(void)pthread_mutex_unlock(&lock);
	let_cancels_in(state);
}

static Handle handle_of(unsigned number)
{
	return KX_HANDLE_VALUE(0, FIRST_FILE + number);
}

/* The number of an open file, FILES_MAX if @file is none. */
static unsigned find_locked(Handle file)
{
	unsigned i = 0;

	while (i < FILES_MAX && (!files[i].open || handle_of(i) != file))
		i++;
	return i;
}

static Retcode keep(int fd, const char *name, Handle *file)
{
	unsigned i = 0;

	(void)pthread_mutex_lock(&lock);
	while (i < FILES_MAX && files[i].open)
		i++;
	if (i < FILES_MAX) {
		files[i].open = true;
		files[i].fd = fd;
		(void)strcpy(files[i].name, name); /* KnFsOpen() has looked how long it is */
		*file = handle_of(i);
	}
	(void)pthread_mutex_unlock(&lock);
	return i < FILES_MAX ? rcOk : rcQuotaExceeded;
}

static Retcode open_file(const char *name, Handle *file)
{
	Retcode rc;
	int root;
	int fd;

	root = open(kx_fs_root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	fd = openat(root, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	(void)close(root);
	if (fd < 0)
		return rcResourceNotFound;
	rc = keep(fd, name, file);
	if (rc != rcOk)
		(void)close(fd);
	return rc;
}

Retcode KnFsOpen(const char *name, Handle *file)
{
	Retcode rc;
	int state;

	if (!name || !name[0] || !file || strchr(name, '/') ||
	    strnlen(name, kl_core_FS_NameSize) == kl_core_FS_NameSize)
		return rcInvalidArgument;
	state = hold_cancels_off();
	rc = open_file(name, file);
	let_cancels_in(state);
	return rc;
}

/* A descriptor of its own for one use, so that a close does not pull it away; -1: no file. */
static int borrow(Handle file)
{
	unsigned number;
	int fd = -1;

	(void)pthread_mutex_lock(&lock);
	number = find_locked(file);
	if (number < FILES_MAX)
		fd = fcntl(files[number].fd, F_DUPFD_CLOEXEC, 0);
	(void)pthread_mutex_unlock(&lock);
	return fd;
}

static Retcode read_sector(Handle file, rtl_uint32_t sectorNumber, void *data, rtl_size_t *read)
{
	off_t at = (off_t)sectorNumber * kl_core_FS_SectorSize;
	rtl_size_t got = 0;
	ssize_t n = 1;
	int fd = borrow(file);

	if (fd < 0)
		return rcInvalidArgument;
	while (got < kl_core_FS_SectorSize && n > 0) {
		do {
			n = pread(fd, (char *)data + got, kl_core_FS_SectorSize - got,
				  at + (off_t)got);
		} while (n < 0 && errno == EINTR);
		got += n > 0 ? (rtl_size_t)n : 0;
	}
	(void)close(fd);
	if (n < 0)
		return rcFail;
	*read = got;
	return rcOk;
}

Retcode KnFsRead(Handle file, rtl_uint32_t sectorNumber, void *data, rtl_size_t *read)
{
	Retcode rc;
	int state;

	if (!data || !read)
		return rcInvalidArgument;
	state = hold_cancels_off();
	rc = read_sector(file, sectorNumber, data, read);
	let_cancels_in(state);
	return rc;
}

static Retcode file_size(Handle file, rtl_size_t *size)
{
	struct stat status;
	int failed;
	int fd = borrow(file);

	if (fd < 0)
		return rcInvalidArgument;
	failed = fstat(fd, &status);
	(void)close(fd);
	if (failed)
		return rcFail;
	*size = (rtl_size_t)status.st_size;
	return rcOk;
}

Retcode KnFsGetFileSize(Handle file, rtl_size_t *size)
{
	Retcode rc;
	int state;

	if (!size)
		return rcInvalidArgument;
	state = hold_cancels_off();
	rc = file_size(file, size);
	let_cancels_in(state);
	return rc;
}

Retcode KnFsClose(Handle file)
{
	int state = lock_uncancelled();
	unsigned number = find_locked(file);

	if (number < FILES_MAX) {
		files[number].open = false;
		(void)close(files[number].fd);
	}
	unlock_as_before(state);
	return number < FILES_MAX ? rcOk : rcInvalidArgument;
}

/* The image's files in the order of their names. */
struct listing {
	struct dirent **entries;
	rtl_size_t count;
	int root;
};

/* False: they cannot be listed. */
static bool list(struct listing *listing)
{
	int count;

	listing->root = open(kx_fs_root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (listing->root < 0)
		return false;
	count = scandirat(listing->root, ".", &listing->entries, NULL, alphasort);
	if (count < 0) {
		(void)close(listing->root);
		return false;
	}
	listing->count = (rtl_size_t)count;
	return true;
}

static void free_listing(struct listing *listing)
{
	while (listing->count > 0)
		free(listing->entries[--listing->count]);
	free(listing->entries);
	(void)close(listing->root);
}

/* The next file from entry *@at on, which is moved behind it; NULL: there are no more. */
static const char *next_file(const struct listing *listing, rtl_size_t *at, rtl_size_t *size)
{
	struct stat status;

	while (*at < listing->count) {
		const char *name = listing->entries[(*at)++]->d_name;

		if (fstatat(listing->root, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(status.st_mode)) {
			*size = (rtl_size_t)status.st_size;
			return name;
		}
	}
	return NULL;
}

static Retcode sum_up(rtl_size_t *count, rtl_size_t *bytes)
{
	int state = hold_cancels_off();
	struct listing listing;
	bool listed = list(&listing);
	rtl_size_t at = 0;
	rtl_size_t size;

	if (listed) {
		*count = 0;
		*bytes = 0;
		while (next_file(&listing, &at, &size)) {
			++*count;
			*bytes += size;
		}
		free_listing(&listing);
	}
	let_cancels_in(state);
	return listed ? rcOk : rcFail;
}

Retcode KnFsCountFiles(rtl_size_t *count)
{
	rtl_size_t bytes;

	return count ? sum_up(count, &bytes) : rcInvalidArgument;
}

Retcode KnFsGetFsSize(rtl_size_t *size)
{
	rtl_size_t count;

	return size ? sum_up(&count, size) : rcInvalidArgument;
}

/* Who asks for one number after the other goes on in one listing, from number 0 to the end. */
static struct {
	struct listing listing;
	bool there;
	rtl_size_t at;    /* entry to look at next, */
	rtl_size_t index; /* and the number of the next file */
} kept;                   /* lock */

static void drop_kept_locked(void)
{
	if (kept.there)
		free_listing(&kept.listing);
	kept.there = false;
}

/* False: they cannot be listed. */
static bool keep_from_locked(rtl_size_t index)
{
	if (kept.there && index && index >= kept.index)
		return true;
	drop_kept_locked();
	kept.there = list(&kept.listing);
	kept.at = kept.index = 0;
	return kept.there;
}

static Retcode file_info_locked(rtl_size_t index, char *name, rtl_size_t *size)
{
	const char *found = NULL;
	rtl_size_t bytes = 0;

	if (!keep_from_locked(index))
		return rcFail;
	do {
		found = next_file(&kept.listing, &kept.at, &bytes);
	} while (found && kept.index++ < index);
	if (found) {
		(void)strcpy(name, found); /* Linux has no longer names */
		*size = bytes;
	}
	if (kept.at == kept.listing.count)
		drop_kept_locked();
	return found ? rcOk : rcResourceNotFound;
}

Retcode KnFsGetFileInfo(rtl_size_t index, char *name, rtl_size_t *size)
{
	Retcode rc;
	int state;

	if (!name || !size)
		return rcInvalidArgument;
	state = lock_uncancelled();
	rc = file_info_locked(index, name, size);
	unlock_as_before(state);
	return rc;
}

/*
 * The number of file @name; rcFail: it is gone, or they cannot be listed. Whoever asks for that
 * number next gets this file: not from a listing that is older.
 */
static Retcode find_index_locked(const char *name, rtl_size_t *index)
{
	struct listing listing;
	const char *found;
	rtl_size_t at = 0;
	rtl_size_t size;
	rtl_size_t i = 0;

	drop_kept_locked();
	if (!list(&listing))
		return rcFail;
	while ((found = next_file(&listing, &at, &size)) && strcmp(found, name) != 0)
		i++;
	if (found)
		*index = i;
	free_listing(&listing);
	return found ? rcOk : rcFail;
}

Retcode KnFsGetFileId(Handle file, rtl_size_t *index)
{
	Retcode rc = rcInvalidArgument;
	int state = lock_uncancelled();
	unsigned number = find_locked(file);

	if (number < FILES_MAX && index)
		rc = find_index_locked(files[number].name, index);
	unlock_as_before(state);
	return rc;
}

Retcode KnFsChange(const char *name)
{
	(void)name;
	return rcUnimplemented;
}
