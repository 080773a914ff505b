/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Caught file calls of an entity (seccomp user notification): numbers, addresses and
 * names of its choice, several in a row on one tree. Nothing outside the tree is
 * opened or changed; memory is written only where the call says.
 */

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "files_internal.h"
#include "fuzz.h"

#define PAGE  4096u
#define CALLS 24u

static const long numbers[] = {
	SYS_openat, SYS_newfstatat, SYS_statx,    SYS_faccessat, SYS_faccessat2, SYS_readlinkat,
	SYS_statfs, SYS_chdir,      SYS_getcwd,   SYS_mkdirat,   SYS_unlinkat,   SYS_renameat2,
	SYS_linkat, SYS_symlinkat,  SYS_truncate, SYS_fchmodat,  SYS_utimensat,  SYS_socket,
	SYS_bind,   SYS_connect,    SYS_listen,
#ifdef SYS_open
	SYS_open,   SYS_creat,      SYS_stat,     SYS_lstat,     SYS_access,     SYS_readlink,
	SYS_mkdir,  SYS_unlink,     SYS_rmdir,    SYS_rename,    SYS_link,       SYS_symlink,
	SYS_chmod,
#endif
	SYS_getpid,
};

static char parent[64];
static struct kx_files_client client = {.notify = -1};
static struct kx_files_memory memory; /* our own is that of the entity */
static struct stat secret;
static struct stat around;
static uint8_t *entity; /* two pages of the entity, then one that is not there */

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)kind;
	(void)where;
	return remove(path);
}

static void remove_tree(void)
{
	if (parent[0])
		(void)nftw(parent, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void make_file(const char *folder, const char *name, const char *link)
{
	char path[PATH_MAX + 16];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (link) {
		fuzz_require(symlink(link, path) == 0);
		return;
	}
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	fuzz_require(fd >= 0 && write(fd, "text\n", 5) == 5);
	(void)close(fd);
}

static void look_outside(struct stat *file, struct stat *folder)
{
	char path[PATH_MAX + 16];

	(void)snprintf(path, sizeof(path), "%s/secret", parent);
	fuzz_require(stat(path, file) == 0 && stat(parent, folder) == 0);
}

/* tree/{a,folder/b} and links that try to lead out, beside a file that is not for it. */
static void make_tree(void)
{
	const char *base = getenv("TMPDIR");
	char path[PATH_MAX + 16];

	remove_tree();
	(void)snprintf(parent, sizeof(parent), "%.40s/kosix-XXXXXX", base ? base : "/tmp");
	fuzz_require(mkdtemp(parent));
	make_file(parent, "secret", NULL);
	(void)snprintf(client.root_path, sizeof(client.root_path), "%s/tree", parent);
	fuzz_require(mkdir(client.root_path, 0700) == 0);
	(void)snprintf(path, sizeof(path), "%s/folder", client.root_path);
	fuzz_require(mkdir(path, 0700) == 0);
	make_file(client.root_path, "a", NULL);
	make_file(path, "b", NULL);
	make_file(client.root_path, "up", "../secret");
	make_file(client.root_path, "out", parent);
	make_file(client.root_path, "me", "/proc/self/cwd");
	if (client.root > 0)
		(void)close(client.root);
	client.root = open(client.root_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	memory = kx_files_memory_of(getpid(), true);
	fuzz_require(client.root >= 0);
	look_outside(&secret, &around);
}

static void open_once(void)
{
	if (entity)
		return;
	entity = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	fuzz_require(entity != MAP_FAILED && mprotect(entity + 2 * PAGE, PAGE, PROT_NONE) == 0);
	client.pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	client.file.given = true;
	(void)atexit(remove_tree);
	make_tree();
}

/* Text of the input at the very end of what the entity has; its address. */
static uint64_t put_name(struct fuzz_input *in)
{
	static const char *const names[] = {"a",         "folder",        "folder/b",   "up",
					    "/up",       "out",           "out/secret", "me/x",
					    "../secret", "/folder/../..", "",           "/"};
	uint8_t kind = fuzz_u8(in);
	char text[64];
	size_t length = kind & 31u;

	if (kind >= 0xf0)
		return kind == 0xf0 ? 0 : kind; /* no address of anything */
	if (kind & 0x20) {
		(void)snprintf(text, sizeof(text), "%s", names[kind % 12]);
		length = strlen(text);
	} else {
		fuzz_bytes(in, text, length);
		text[length] = '\0';
	}
	memcpy(entity + 2 * PAGE - length - 1, text, length + 1);
	return (uint64_t)(uintptr_t)(entity + 2 * PAGE - length - 1);
}

static uint64_t some_argument(struct fuzz_input *in)
{
	uint8_t kind = fuzz_u8(in);

	switch (kind & 7) {
	case 0:
	case 1:
		return put_name(in);
	case 2:
		return (uint64_t)(int64_t)AT_FDCWD;
	case 3:
		return (uint64_t)client.root; /* a descriptor of the entity, of its tree */
	case 4:
		return (uint64_t)(uintptr_t)entity; /* room for what is filled */
	case 5:
		return fuzz_u32(in) & 0xffffffu;
	default:
		return kind >> 3;
	}
}

static void check_handed_over(struct kx_files_call *call)
{
	char name[32];
	char real[PATH_MAX];
	ssize_t got;

	fuzz_require(call->fd >= 0);
	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", call->fd);
	got = readlink(name, real, sizeof(real) - 1);
	fuzz_require(got > 0);
	real[got] = '\0';
	fuzz_require(strncmp(real, client.root_path, strlen(client.root_path)) == 0);
	(void)close(call->fd);
}

static void check_outside(void)
{
	struct stat file;
	struct stat folder;

	look_outside(&file, &folder);
	fuzz_require(file.st_ino == secret.st_ino && file.st_mode == secret.st_mode &&
		     file.st_size == secret.st_size && file.st_nlink == 1 &&
		     file.st_mtim.tv_nsec == secret.st_mtim.tv_nsec);
	fuzz_require(folder.st_mtim.tv_nsec == around.st_mtim.tv_nsec &&
		     folder.st_mtim.tv_sec == around.st_mtim.tv_sec);
}

/* What files.c does between catching the call and asking the policy. */
static int fetch_names(struct kx_files_call *call)
{
	int rc = 0;

	if (call->path)
		rc = kx_files_text(&call->memory, call->path, call->name, sizeof(call->name));
	if (rc == 0 && call->path_to)
		rc = kx_files_text(&call->memory, call->path_to, call->name_to,
				   sizeof(call->name_to));
	return rc;
}

/* True if the tree may have changed. */
static bool one_call(struct fuzz_input *in)
{
	static struct kx_files_call call;
	struct seccomp_notif notice = {.pid = (uint32_t)syscall(SYS_gettid)};
	uint8_t which = fuzz_u8(in);
	long result;

	notice.data.nr = (int)numbers[which % (sizeof(numbers) / sizeof(numbers[0]))];
	memset(&call, 0, sizeof(call));
	call.client = &client;
	call.memory = memory;
	for (unsigned i = 0; i < 6; i++)
		notice.data.args[i] = some_argument(in);
	if (!kx_files_decode(&notice, &call)) {
		fuzz_require(notice.data.nr == SYS_getpid);
		return false;
	}
	fuzz_require(call.method);
	/* What is filled may only be filled where the entity has nothing of ours. */
	if (call.data != (uint64_t)(uintptr_t)entity && call.data > PAGE &&
	    call.op != KX_FILES_TIMES)
		return false;
	call.size &= 0xffffu;
	if (call.op >= KX_FILES_SOCKET || fetch_names(&call) != 0 || kx_files_goes_on(&call))
		return false;
	result = kx_files_on_path(&call);
	if (result == KX_FILES_HAND_OVER)
		check_handed_over(&call);
	if (call.op == KX_FILES_RENAME || call.op == KX_FILES_LINK || call.op == KX_FILES_SYMLINK)
		fuzz_require(call.path_to || result == -EFAULT);
	check_outside();
	return call.op >= KX_FILES_MKDIR || call.op == KX_FILES_OPEN;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = {data, size};
	static bool changed;

	open_once();
	if (changed)
		make_tree();
	changed = false;
	client.folder[0] = '\0';
	for (unsigned i = 0; i < CALLS && in.left; i++)
		changed |= one_call(&in);
	return 0;
}
