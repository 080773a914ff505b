/* SPDX-License-Identifier: Apache-2.0 */

/*
 * From a caught system call to struct kx_files_call: one row for each call of
 * the filter's list (isolation/filter_rules.c), saying which argument means what.
 */

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "files_internal.h"

#define NONE 6 /* no such argument */

struct row {
	long number;
	enum kx_files_op op;
	const char *method; /* NULL: by the flags */
	uint8_t folder, path, folder_to, path_to, data, size, flags, mode;
};

static const struct row rows[] = {
	/* number, op, method, folder, path, folder_to, path_to, data, size, flags, mode */
	{SYS_openat, KX_FILES_OPEN, NULL, 0, 1, NONE, NONE, NONE, NONE, 2, 3},
	{SYS_newfstatat, KX_FILES_STAT, NULL, 0, 1, NONE, NONE, 2, NONE, 3, NONE},
	{SYS_statx, KX_FILES_STATX, NULL, 0, 1, NONE, NONE, 4, NONE, 2, 3},
	{SYS_faccessat, KX_FILES_ACCESS, "Access", 0, 1, NONE, NONE, NONE, NONE, NONE, 2},
	{SYS_faccessat2, KX_FILES_ACCESS, "Access", 0, 1, NONE, NONE, NONE, NONE, 3, 2},
	{SYS_readlinkat, KX_FILES_READLINK, "Readlink", 0, 1, NONE, NONE, 2, 3, NONE, NONE},
	{SYS_statfs, KX_FILES_STATFS, "Statvfs", NONE, 0, NONE, NONE, 1, NONE, NONE, NONE},
	{SYS_chdir, KX_FILES_CHDIR, "Chdir", NONE, 0, NONE, NONE, NONE, NONE, NONE, NONE},
	{SYS_getcwd, KX_FILES_GETCWD, "Getcwd", NONE, NONE, NONE, NONE, 0, 1, NONE, NONE},
	{SYS_mkdirat, KX_FILES_MKDIR, NULL, 0, 1, NONE, NONE, NONE, NONE, NONE, 2},
	{SYS_unlinkat, KX_FILES_UNLINK, NULL, 0, 1, NONE, NONE, NONE, NONE, 2, NONE},
	{SYS_renameat2, KX_FILES_RENAME, NULL, 0, 1, 2, 3, NONE, NONE, 4, NONE},
	{SYS_linkat, KX_FILES_LINK, NULL, 0, 1, 2, 3, NONE, NONE, NONE, NONE},
	{SYS_symlinkat, KX_FILES_SYMLINK, NULL, NONE, 0, 1, 2, NONE, NONE, NONE, NONE},
	{SYS_truncate, KX_FILES_TRUNCATE, "Ftruncate", NONE, 0, NONE, NONE, NONE, 1, NONE, NONE},
	{SYS_fchmodat, KX_FILES_CHMOD, "Chmod", 0, 1, NONE, NONE, NONE, NONE, NONE, 2},
	{SYS_fchmod, KX_FILES_CHMOD, "Chmod", 0, NONE, NONE, NONE, NONE, NONE, NONE, 1},
	{SYS_utimensat, KX_FILES_TIMES, "Utimens", 0, 1, NONE, NONE, 2, NONE, 3, NONE},
	{SYS_socket, KX_FILES_SOCKET, "Socket", NONE, NONE, NONE, NONE, 0, 2, 1, NONE},
	{SYS_bind, KX_FILES_BIND, "Bind", NONE, NONE, NONE, NONE, 1, 2, NONE, NONE},
	{SYS_connect, KX_FILES_CONNECT, "Connect", NONE, NONE, NONE, NONE, 1, 2, NONE, NONE},
	{SYS_listen, KX_FILES_LISTEN, "Listen", NONE, NONE, NONE, NONE, NONE, 1, NONE, NONE},
	{SYS_fcntl, KX_FILES_LOCK, "Fcntl", NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE},
	{SYS_flock, KX_FILES_LOCK, "Fcntl", NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE},
#ifdef SYS_renameat
	{SYS_renameat, KX_FILES_RENAME, NULL, 0, 1, 2, 3, NONE, NONE, NONE, NONE},
#endif
#ifdef SYS_open /* x86-64 has the calls without a folder, too */
	{SYS_open, KX_FILES_OPEN, NULL, NONE, 0, NONE, NONE, NONE, NONE, 1, 2},
	{SYS_creat, KX_FILES_OPEN, NULL, NONE, 0, NONE, NONE, NONE, NONE, NONE, 1},
	{SYS_stat, KX_FILES_STAT, NULL, NONE, 0, NONE, NONE, 1, NONE, NONE, NONE},
	{SYS_lstat, KX_FILES_STAT, "Lstat", NONE, 0, NONE, NONE, 1, NONE, NONE, NONE},
	{SYS_access, KX_FILES_ACCESS, "Access", NONE, 0, NONE, NONE, NONE, NONE, NONE, 1},
	{SYS_readlink, KX_FILES_READLINK, "Readlink", NONE, 0, NONE, NONE, 1, 2, NONE, NONE},
	{SYS_mkdir, KX_FILES_MKDIR, NULL, NONE, 0, NONE, NONE, NONE, NONE, NONE, 1},
	{SYS_unlink, KX_FILES_UNLINK, NULL, NONE, 0, NONE, NONE, NONE, NONE, NONE, NONE},
	{SYS_rmdir, KX_FILES_UNLINK, "Rmdir", NONE, 0, NONE, NONE, NONE, NONE, NONE, NONE},
	{SYS_rename, KX_FILES_RENAME, NULL, NONE, 0, NONE, 1, NONE, NONE, NONE, NONE},
	{SYS_link, KX_FILES_LINK, NULL, NONE, 0, NONE, 1, NONE, NONE, NONE, NONE},
	{SYS_symlink, KX_FILES_SYMLINK, NULL, NONE, 0, NONE, 1, NONE, NONE, NONE, NONE},
	{SYS_chmod, KX_FILES_CHMOD, "Chmod", NONE, 0, NONE, NONE, NONE, NONE, NONE, 1},
#endif
};

/* The method a KasperskyOS client would call: its C library has functions for both kinds. */
static const char *method_of(const struct kx_files_call *call)
{
	bool at = call->folder != AT_FDCWD || call->folder_to != AT_FDCWD;

	switch (call->op) {
	case KX_FILES_OPEN:
		return at ? "Openat" : "Open";
	case KX_FILES_STAT:
	case KX_FILES_STATX:
		if (at)
			return "Fstatat";
		return call->flags & AT_SYMLINK_NOFOLLOW ? "Lstat" : "Stat";
	case KX_FILES_MKDIR:
		return at ? "Mkdirat" : "Mkdir";
	case KX_FILES_UNLINK:
		if (!at && call->flags & AT_REMOVEDIR)
			return "Rmdir";
		return at ? "Unlinkat" : "Unlink";
	case KX_FILES_RENAME:
		return at ? "Renameat" : "Rename";
	case KX_FILES_LINK:
		return at ? "Linkat" : "Link";
	default:
		return at ? "Symlinkat" : "Symlink";
	}
}

static void fix_flags(long number, struct kx_files_call *call)
{
#ifdef SYS_open
	if (number == SYS_creat)
		call->flags = O_WRONLY | O_CREAT | O_TRUNC;
	else if (number == SYS_lstat)
		call->flags = AT_SYMLINK_NOFOLLOW;
	else if (number == SYS_rmdir)
		call->flags = AT_REMOVEDIR;
#else
	(void)number;
	(void)call;
#endif
}

static uint64_t argument(const struct seccomp_notif *notice, unsigned int index)
{
	return index == NONE ? 0 : notice->data.args[index];
}

bool kx_files_decode(const struct seccomp_notif *notice, struct kx_files_call *call)
{
	const struct row *row = rows;
	const struct row *end = rows + sizeof(rows) / sizeof(rows[0]);

	while (row < end && row->number != notice->data.nr)
		row++;
	if (row == end)
		return false;
	call->id = notice->id;
	call->thread = (pid_t)notice->pid;
	call->op = row->op;
	call->folder = row->folder == NONE ? AT_FDCWD : (int)argument(notice, row->folder);
	call->folder_to = row->folder_to == NONE ? AT_FDCWD : (int)argument(notice, row->folder_to);
	call->path = argument(notice, row->path);
	call->path_to = argument(notice, row->path_to);
	call->data = argument(notice, row->data);
	call->size = argument(notice, row->size);
	call->flags = (int)argument(notice, row->flags);
	call->mode = (unsigned int)argument(notice, row->mode);
	call->socket = (int)notice->data.args[0];
	call->fd = -1;
	fix_flags(row->number, call);
	call->method = row->method ? row->method : method_of(call);
	return true;
}
