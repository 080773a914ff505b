/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Calls that name a file, done beneath the root of the client's tree. Names of
 * libraries and of the few devices without state go on to Linux, where Landlock
 * lets every entity read exactly those.
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "files_internal.h"

#define WRITE_FLAGS (O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND)
#define KEPT_FLAGS                                                                                 \
	(O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_APPEND | O_NONBLOCK | O_DIRECTORY |            \
	 O_NOFOLLOW | O_SYNC | O_DSYNC)

static int open_beneath(const struct kx_files_client *client, const char *path, int flags,
			unsigned int mode)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC | (flags & O_PATH ? 0 : O_NOCTTY)),
		.mode = mode,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, client->root, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

/* Path of @fd inside the tree; -EXDEV if it is not of the tree. */
static int place_of(const struct kx_files_client *client, int fd, char *path)
{
	size_t length = strlen(client->root_path);
	char name[32];
	char real[PATH_MAX];
	ssize_t got;

	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	got = readlink(name, real, sizeof(real) - 1);
	if (got < 0)
		return -errno;
	real[got] = '\0';
	if (strncmp(real, client->root_path, length) != 0 ||
	    (real[length] != '/' && real[length] != '\0'))
		return -EXDEV;
	(void)snprintf(path, PATH_MAX, "%s", real[length] ? real + length : "/");
	return 0;
}

/* The entity's own descriptor, as one of ours. */
static int borrow(const struct kx_files_client *client, int fd)
{
	long copy = syscall(SYS_pidfd_getfd, client->pidfd, fd, 0);

	return copy < 0 ? -errno : (int)copy;
}

long kx_files_on_lock(const struct kx_files_call *call)
{
	char path[PATH_MAX];
	int fd = borrow(call->client, call->socket);
	int rc;

	if (fd < 0)
		return fd;
	rc = place_of(call->client, fd, path);
	(void)close(fd);
	return rc == 0 ? KX_FILES_GO_ON : -EPERM;
}

/* @name, seen from @folder, as a path from the root of the tree. */
static int absolute(const struct kx_files_client *client, int folder, const char *name, char *path)
{
	char start[PATH_MAX];
	int rc = 0;
	int fd;

	if (!name[0])
		return -ENOENT;
	if (name[0] == '/') {
		start[0] = '\0';
	} else if (folder == AT_FDCWD) {
		memcpy(start, client->folder, sizeof(start));
	} else {
		fd = borrow(client, folder);
		if (fd < 0)
			return fd;
		rc = place_of(client, fd, start);
		(void)close(fd);
	}
	if (rc == 0 && (size_t)snprintf(path, PATH_MAX, "%s/%s", start, name) >= PATH_MAX)
		rc = -ENAMETOOLONG;
	return rc;
}

/* --- what goes on to Linux -------------------------------------------------------- */

static bool is_beneath(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* Of the loader and malloc(): they must not wait, malloc() may hold a lock meanwhile. */
static bool is_of_the_loader(const struct kx_files_client *client, const char *name)
{
	static const char *const places[] = {
		"/lib",
		"/lib64",
		"/usr/lib",
		"/usr/lib64",
		"/usr/local/lib",
		"/etc/ld.so.cache",
		"/proc/self",
		"/proc/stat",
		"/proc/sys/vm/overcommit_memory",
		"/sys/devices/system/cpu",
		"/sys/kernel/mm",
		"/dev/null",
		"/dev/zero",
		"/dev/random",
		"/dev/urandom",
	};
	const char *last = strrchr(name, '/');
	int fd;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (is_beneath(name, places[i]))
			return true;
	}
	/* A library in a run path of the program, unless the tree has a file of that name. */
	if (!last || !strstr(last, ".so"))
		return false;
	fd = open_beneath(client, name, O_PATH, 0);
	if (fd >= 0)
		(void)close(fd);
	return fd < 0;
}

bool kx_files_goes_on(const struct kx_files_call *call)
{
	switch (call->op) {
	case KX_FILES_OPEN:
		return (!(call->flags & WRITE_FLAGS) || !strcmp(call->name, "/dev/null")) &&
		       is_of_the_loader(call->client, call->name);
	case KX_FILES_STAT:
	case KX_FILES_STATX:
		if (!call->name[0] && call->flags & AT_EMPTY_PATH)
			return true;
		return is_of_the_loader(call->client, call->name);
	case KX_FILES_ACCESS:
	case KX_FILES_READLINK:
		return is_of_the_loader(call->client, call->name);
	default:
		return false;
	}
}

/* --- the calls ---------------------------------------------------------------------- */

static long do_open(struct kx_files_call *call, const char *path)
{
	int flags = call->flags & KEPT_FLAGS;
	unsigned int mode = 0;

	if ((call->flags & O_TMPFILE) == O_TMPFILE)
		return -EOPNOTSUPP;
	/* A file without rights for its owner could not be opened again by us. */
	if (flags & O_CREAT)
		mode = (call->mode & 0777u) | 0600u;
	call->close_on_exec = call->flags & O_CLOEXEC;
	call->fd = open_beneath(call->client, path, flags, mode);
	return call->fd < 0 ? call->fd : KX_FILES_HAND_OVER;
}

static long fill_stat(const struct kx_files_call *call, int fd)
{
	struct statx extended;
	struct stat status;

	if (call->op == KX_FILES_STAT) {
		if (fstat(fd, &status) != 0)
			return -errno;
		return kx_files_put(&call->memory, call->data, &status, sizeof(status));
	}
	if (statx(fd, "", AT_EMPTY_PATH, call->mode, &extended) != 0)
		return -errno;
	return kx_files_put(&call->memory, call->data, &extended, sizeof(extended));
}

static long fill_link(const struct kx_files_call *call, int fd)
{
	char text[PATH_MAX];
	ssize_t got = readlinkat(fd, "", text, sizeof(text));
	int rc;

	if (got < 0)
		return errno == ENOENT ? -EINVAL : -errno; /* not a link */
	if ((uint64_t)got > call->size)
		got = (ssize_t)call->size;
	rc = kx_files_put(&call->memory, call->data, text, (size_t)got);
	return rc != 0 ? rc : got;
}

static long fill_file_system(const struct kx_files_call *call, int fd)
{
	struct statfs status;

	(void)fd;
	if (fstatfs(call->client->root, &status) != 0)
		return -errno;
	return kx_files_put(&call->memory, call->data, &status, sizeof(status));
}

static long change_folder(const struct kx_files_call *call, int fd)
{
	char place[PATH_MAX];
	int rc = place_of(call->client, fd, place);

	if (rc == 0)
		memcpy(call->client->folder, place, sizeof(place));
	return rc;
}

static long change_mode(const struct kx_files_call *call, int fd)
{
	char name[32];
	struct stat status;

	if (fstat(fd, &status) != 0)
		return -errno;
	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	return chmod(name, (call->mode & 0777u) | (S_ISDIR(status.st_mode) ? 0700u : 0600u)) == 0
		       ? 0
		       : -errno;
}

static long change_times(const struct kx_files_call *call, int fd)
{
	struct timespec times[2];
	char name[32];
	int rc = 0;

	if (call->data)
		rc = kx_files_get(&call->memory, call->data, times, sizeof(times));
	if (rc != 0)
		return rc;
	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	return utimensat(AT_FDCWD, name, call->data ? times : NULL, 0) == 0 ? 0 : -errno;
}

static long do_truncate(const struct kx_files_call *call, int fd)
{
	return ftruncate(fd, (off_t)call->size) == 0 ? 0 : -errno;
}

static long nothing_more(const struct kx_files_call *call, int fd)
{
	(void)call;
	(void)fd;
	return 0;
}

/* Calls on one file that is there already. */
static long on_existing(struct kx_files_call *call, const char *path)
{
	int flags = O_PATH;
	long (*work)(const struct kx_files_call *call, int fd) = nothing_more;
	long result;
	int fd;

	switch (call->op) {
	case KX_FILES_STAT:
	case KX_FILES_STATX:
		work = fill_stat;
		break;
	case KX_FILES_READLINK:
		work = fill_link;
		break;
	case KX_FILES_STATFS:
		work = fill_file_system;
		break;
	case KX_FILES_CHDIR:
		work = change_folder;
		flags |= O_DIRECTORY;
		break;
	case KX_FILES_CHMOD:
		work = change_mode;
		break;
	case KX_FILES_TIMES:
		work = change_times;
		break;
	case KX_FILES_TRUNCATE:
		work = do_truncate;
		flags = O_WRONLY;
		break;
	default:
		break;
	}
	if (call->op == KX_FILES_READLINK ||
	    (call->op != KX_FILES_ACCESS && call->flags & AT_SYMLINK_NOFOLLOW))
		flags |= O_NOFOLLOW;
	fd = open_beneath(call->client, path, flags, 0);
	if (fd < 0)
		return fd;
	result = work(call, fd);
	(void)close(fd);
	return result;
}

/* The folder of @path, and in @path what is left of it; -EINVAL where the last part is no name. */
static int open_parent(const struct kx_files_client *client, char *path, const char **name)
{
	size_t length = strlen(path);
	char *slash;

	while (length > 1 && path[length - 1] == '/')
		path[--length] = '\0';
	slash = strrchr(path, '/');
	*name = slash + 1;
	if (!**name || !strcmp(*name, ".") || !strcmp(*name, ".."))
		return -EINVAL;
	*slash = '\0';
	return open_beneath(client, slash == path ? "/" : path, O_PATH | O_DIRECTORY, 0);
}

/* Calls on a name in a folder. */
static long on_name(const struct kx_files_call *call, char *path)
{
	const char *name;
	int folder = open_parent(call->client, path, &name);
	int rc;

	if (folder < 0)
		return folder;
	if (call->op == KX_FILES_MKDIR)
		rc = mkdirat(folder, name, (call->mode & 0777u) | 0700u);
	else if (call->op == KX_FILES_UNLINK)
		rc = unlinkat(folder, name, call->flags & AT_REMOVEDIR);
	else
		rc = symlinkat(call->name, folder, name);
	rc = rc == 0 ? 0 : -errno;
	(void)close(folder);
	return rc;
}

static long on_two_names(const struct kx_files_call *call, char *from, char *to)
{
	const char *name;
	const char *name_to;
	int folder_to;
	int folder = open_parent(call->client, from, &name);
	int rc;

	if (folder < 0)
		return folder;
	folder_to = open_parent(call->client, to, &name_to);
	if (folder_to < 0) {
		(void)close(folder);
		return folder_to;
	}
	if (call->op == KX_FILES_RENAME)
		rc = renameat2(folder, name, folder_to, name_to, (unsigned int)call->flags);
	else
		rc = linkat(folder, name, folder_to, name_to, 0);
	rc = rc == 0 ? 0 : -errno;
	(void)close(folder);
	(void)close(folder_to);
	return rc;
}

static long get_folder(const struct kx_files_call *call)
{
	const char *folder = call->client->folder[0] ? call->client->folder : "/";
	size_t length = strlen(folder) + 1;
	int rc;

	if (length > call->size)
		return -ERANGE;
	rc = kx_files_put(&call->memory, call->data, folder, length);
	return rc != 0 ? rc : (long)length;
}

/* futimens(), fchmod(): a descriptor and no name. */
static long on_descriptor(const struct kx_files_call *call)
{
	char place[PATH_MAX];
	long result;
	int fd = borrow(call->client, call->folder);

	if (fd < 0)
		return fd;
	result = place_of(call->client, fd, place);
	if (result == 0)
		result =
			call->op == KX_FILES_CHMOD ? change_mode(call, fd) : change_times(call, fd);
	(void)close(fd);
	return result;
}

static bool changes(const struct kx_files_call *call)
{
	return call->op >= KX_FILES_MKDIR ||
	       (call->op == KX_FILES_OPEN && call->flags & WRITE_FLAGS) ||
	       (call->op == KX_FILES_ACCESS && call->mode & W_OK);
}

static bool has_two_names(const struct kx_files_call *call)
{
	return call->op == KX_FILES_RENAME || call->op == KX_FILES_LINK ||
	       call->op == KX_FILES_SYMLINK;
}

long kx_files_on_path(struct kx_files_call *call)
{
	char path[PATH_MAX];
	char path_to[PATH_MAX];
	int rc = 0;

	/* What a program without a VFS finds on KasperskyOS, too. */
	if (call->client->read_only && changes(call))
		return -EIO;
	if (call->op == KX_FILES_GETCWD)
		return get_folder(call);
	if ((call->op == KX_FILES_TIMES || call->op == KX_FILES_CHMOD) && !call->path)
		return on_descriptor(call);
	if (has_two_names(call) && !call->path_to)
		return -EFAULT;
	if (call->op != KX_FILES_SYMLINK)
		rc = absolute(call->client, call->folder, call->name, path);
	if (rc == 0 && has_two_names(call))
		rc = absolute(call->client, call->folder_to, call->name_to, path_to);
	if (rc != 0)
		return rc;
	switch (call->op) {
	case KX_FILES_OPEN:
		return do_open(call, path);
	case KX_FILES_MKDIR:
	case KX_FILES_UNLINK:
		return on_name(call, path);
	case KX_FILES_SYMLINK:
		return on_name(call, path_to);
	case KX_FILES_RENAME:
	case KX_FILES_LINK:
		return on_two_names(call, path, path_to);
	default:
		return on_existing(call, path);
	}
}
