/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_FILES_INTERNAL_H
#define KX_FILES_INTERNAL_H

/*
 * What the files_*.c share; see files.h. Helper thread, except where said.
 *
 * Rules for every answer: what the entity wrote is fetched once into private
 * memory and only then judged; a path is resolved beneath the root of its tree
 * (openat2, RESOLVE_IN_ROOT); "go on" is answered only where Landlock decides
 * like for an entity without files, so a path changed meanwhile gains nothing.
 */

#include <limits.h>
#include <linux/seccomp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "kx_class.h"
#include "kx_limits.h"

/* Of the endpoint that a VFS program serves, and policy is asked about. */
#define KX_FILES_INTERFACE "kl.VfsFilesystem"

/* The VFS program behind files or sockets: whom the policy is asked about. */
struct kx_files_vfs {
	bool given;
	bool late;       /* kx_files_is_late(); of files: its clients wait until it has mounted */
	uint32_t number; /* of the task: names its tree */
	uint32_t env;    /* while it is late: number of the Env program that it asks; 0: of none */
	uint32_t sid;
	char class_name[KX_NAME_MAX];
	char task_name[KX_NAME_MAX];
	const struct kx_class *class_table; /* of the registry, or NULL */
};

struct kx_files_client {
	int notify;
	int pidfd;
	uint32_t number; /* of the task */
	uint32_t sid;
	char class_name[KX_NAME_MAX];
	char task_name[KX_NAME_MAX];
	struct kx_files_vfs file;
	struct kx_files_vfs net;
	int root; /* O_PATH */
	char root_path[PATH_MAX];
	char folder[PATH_MAX]; /* working directory inside the root */
	bool read_only;
	bool tangled;            /* the log says so */
	_Atomic unsigned parked; /* its calls that wait for mounts; the helper writes */
	struct kx_files_client *next;
};

enum kx_files_op {
	KX_FILES_OPEN = 1,
	KX_FILES_STAT,
	KX_FILES_STATX,
	KX_FILES_ACCESS,
	KX_FILES_READLINK,
	KX_FILES_STATFS,
	KX_FILES_CHDIR,
	KX_FILES_GETCWD,
	KX_FILES_MKDIR, /* from here on: changes the tree */
	KX_FILES_UNLINK,
	KX_FILES_RENAME,
	KX_FILES_LINK,
	KX_FILES_SYMLINK,
	KX_FILES_TRUNCATE,
	KX_FILES_CHMOD,
	KX_FILES_TIMES,
	KX_FILES_SOCKET, /* from here on: sockets */
	KX_FILES_BIND,
	KX_FILES_CONNECT,
	KX_FILES_LISTEN,
	KX_FILES_LOCK,
};

/* Memory of an entity: two files of /proc, or why they could not be opened. */
struct kx_files_memory {
	int bytes;
	int map; /* what may be written; only where something is */
};

/* One caught call, in one form for the old and the new system calls. */
struct kx_files_call {
	struct kx_files_client *client;
	uint64_t id;
	pid_t thread;
	struct kx_files_memory memory; /* of it, opened before it was seen that it still waits */
	enum kx_files_op op;
	const char *method; /* of kl.VfsFilesystem */
	int folder;         /* descriptor or AT_FDCWD */
	int folder_to;      /* RENAME, LINK */
	uint64_t path;      /* addresses in the entity */
	uint64_t path_to;   /* RENAME, LINK, SYMLINK: the new name */
	uint64_t data;      /* what is filled or read */
	uint64_t size;
	int flags;
	unsigned int mode;
	int socket;
	char name[PATH_MAX];    /* text at path */
	char name_to[PATH_MAX]; /* text at path_to */
	int fd;                 /* with KX_FILES_HAND_OVER */
	bool close_on_exec;
};

/* Answers other than a result and a negative errno. */
enum kx_files_answer {
	KX_FILES_GO_ON = -100000, /* Linux executes the call as it stands */
	KX_FILES_HAND_OVER,       /* call->fd becomes a descriptor of the entity */
	KX_FILES_LATER,           /* kx_files_answer() is called by another thread */
	KX_FILES_PARK,            /* its VFS program has not mounted yet: asked again when it has */
};

/* Fills @call from what seccomp reported; false: not a call we know. */
bool kx_files_decode(const struct seccomp_notif *notice, struct kx_files_call *call);

/*
 * Memory of the entity. 0 or a negative errno; text must end within @size bytes. What
 * kx_files_memory_of() opened stays that of this process: a thread that ends while its call is
 * judged may leave its number to another entity's. Nothing is read of what could not be opened:
 * without descriptors or memory for that the caller is told so, else -EFAULT.
 *
 * The file of the bytes can be written through any protection of a page. So each write asks
 * the map first, -EFAULT; Linux before 6.11 cannot be asked, and there it is done.
 */
struct kx_files_memory kx_files_memory_of(pid_t thread, bool writes);
void kx_files_memory_close(struct kx_files_memory *memory);
int kx_files_get(const struct kx_files_memory *memory, uint64_t from, void *to, size_t size);
int kx_files_put(const struct kx_files_memory *memory, uint64_t to, const void *from, size_t size);
int kx_files_text(const struct kx_files_memory *memory, uint64_t from, char *to, size_t size);

/* Whether Linux may do the call as it stands: KX_FILES_GO_ON, the policy is not asked. */
bool kx_files_goes_on(const struct kx_files_call *call);

/* A lock of an open file of the tree: Linux takes it. Any other file would be seen by everybody. */
long kx_files_on_lock(const struct kx_files_call *call);

/* Answers as above. The names are fetched, the policy has granted. */
long kx_files_on_path(struct kx_files_call *call);
long kx_files_on_socket(struct kx_files_call *call);

/* files_policy.c: asks the policy about @call, and waits for the verdict. */
bool kx_files_granted(const struct kx_files_call *call);

/* Answers the call that seccomp reported, now or later. */
void kx_files_serve_notice(struct kx_files_client *client, const struct seccomp_notif *notice);

/*
 * files_parked.c: a late VFS program has mounted, or ended; and calls that wait for that. 0 or
 * -ENOMEM; those of @client are forgotten, nobody answers; those that need not wait any more
 * are given to @serve.
 */
void kx_files_ready(uint32_t vfs);
bool kx_files_is_ready(uint32_t vfs);
/*
 * files_tangle.c: @client would wait for a VFS program that waits, by its Env program, for
 * @client: for ever. The log is told why, once.
 */
bool kx_files_tangled(struct kx_files_client *client);
/* files.c: the client with this task number, or NULL. */
struct kx_files_client *kx_files_find_client(uint32_t number);
/* Its file calls do; its own files a VFS program can read meanwhile. */
bool kx_files_waits(const struct kx_files_client *client);
int kx_files_park(struct kx_files_client *client, const struct seccomp_notif *notice);
void kx_files_unpark(const struct kx_files_client *client);
void kx_files_parked(void (*serve)(struct kx_files_client *client,
				   const struct seccomp_notif *notice));
void kx_files_parked_fini(void);

/* Any thread. Sends @result for the call @id. */
void kx_files_answer(int notify, uint64_t id, long result);

/* Control thread: fills file and net, as far as @task has them. */
struct kx_task;
void kx_files_find_vfs(const struct kx_task *task, struct kx_files_client *client);

/* Its class is that of a VFS program. */
bool kx_files_is_vfs(const struct kx_task *server);

/* A VFS program that asks an Env program what it mounts: the helper mounts once it is told. */
bool kx_files_is_late(const struct kx_task *vfs);

/* Value of @name in @env, or NULL; CE 1.0 writes an underscore before the name. */
struct kx_strings;
const char *kx_files_variable(const struct kx_strings *env, const char *name);

/*
 * Control thread. Folder of the tree of program @number in @path (PATH_MAX bytes),
 * made when it is first asked for, with what @vfs mounts unless it is late (NULL: it is no
 * VFS program). 0 or a negative errno.
 */
int kx_files_tree(uint32_t number, const struct kx_task *vfs, const char *rom, char *path);
bool kx_files_tree_is_made(uint32_t number);

/* Helper thread. What the late program @number mounts; its tree is made. Failures are logged. */
struct kx_files_mounts;
void kx_files_tree_mount(uint32_t number, const struct kx_files_mounts *mounts, const char *rom);

/*
 * Control thread. The tree that a client of an ended VFS program gets: a folder that was
 * removed, in which nothing is found and nothing can be made. Its O_PATH descriptor, where
 * it was in @path (PATH_MAX bytes), or a negative errno. It is nobody's number, so that
 * no kx_files_tree_drop() comes between.
 */
int kx_files_tree_gone(char *path);

/*
 * Removes that tree. Helper thread, for it alone changes trees while entities live: what
 * is walked by its path must not become a link to somewhere else meanwhile.
 */
void kx_files_tree_drop(uint32_t number);
void kx_files_tree_fini(void);

#endif /* KX_FILES_INTERNAL_H */
