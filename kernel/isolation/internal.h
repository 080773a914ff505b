/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ISOLATION_INTERNAL_H
#define KX_ISOLATION_INTERNAL_H

/*
 * What the files of this folder share. Nobody else includes this.
 *
 * The exec secret: exec must work under the filter exactly once, for the
 * kernel process's child, and never for the program. The filter lets execveat
 * through only if the sixth argument register, which Linux ignores for this call,
 * holds 64 random bits. They live in the kernel process only: exec clears the
 * registers and replaces the memory, and a program cannot read back its filter.
 */

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "profile.h"
#include "spawn.h"

/* Words of a filter that hold the pid of the process; replaced in the child. */
#define KX_FILTER_PID_MAX  24u
#define KX_FILTER_INSN_MAX 4096u

/* Stands for the pid in a built filter; no rule compares with this value. */
#define KX_FILTER_PID_MARK 0x4b58f1d5u

struct kx_filter {
	unsigned int allow; /* enum kx_isolation_allow bits it was built for */
	struct sock_filter *insn;
	unsigned short insn_count;
	unsigned short pid_at[KX_FILTER_PID_MAX];
	unsigned short pid_count;
	struct kx_filter *next;
};

#define KX_SPAWN_HELPERS_MAX 3u /* descriptors a child needs until exec */
#define KX_SPAWN_PLACES      (KX_SPAWN_FDS_MAX + KX_SPAWN_HELPERS_MAX)

/*
 * What every start uses again. The places are low descriptors, one after the other: what a
 * child shall have is put there, so that its own table is a copy of so many entries and not of
 * all that the kernel process has open.
 */
struct kx_spawn_desk {
	char *stack; /* of the child until exec */
	int place;   /* first of KX_SPAWN_PLACES; -1: none, the whole table is copied */
	int nothing; /* stands in a place that is not in use */
};

struct kx_isolation {
	struct kx_isolation_machine machine;
	struct kx_spawn_desk desk;
	uint64_t exec_secret;
	struct kx_filter *filters; /* built on first use, one per set of exceptions */
};

struct kx_sandbox {
	const struct kx_isolation_machine *machine;
	const struct kx_spawn_desk *desk;
	const struct kx_filter *filter; /* NULL: no seccomp */
	uint64_t exec_secret;
	int exe_fd;
	int ruleset_fd; /* -1: no Landlock */
	bool harden;    /* false at level off: no_new_privs and no capabilities otherwise */
	bool notify;
	bool switch_user;
	uid_t uid;
	gid_t gid;
	struct kx_isolation_limit_value limits[KX_LIMIT_COUNT];
};

/* ELF facts the layers need. */
struct kx_program {
	char *loader;   /* NULL for a static program */
	char *run_path; /* DT_RUNPATH or DT_RPATH as written, or NULL */
};

/* Layers the profile asks for and this machine has. */
bool kx_layer_on(const struct kx_isolation *isolation, const struct kx_isolation_profile *profile,
		 enum kx_isolation_layer layer);

/* Writes @text to @error (KX_ISOLATION_ERROR_MAX bytes, NULL allowed). */
void kx_isolation_error(char *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Reads the ELF headers. 0 or negative errno; -ENOEXEC if it is not an ELF program. */
int kx_program_read(struct kx_program *program, int fd);
void kx_program_fini(struct kx_program *program);

/* Filter for @allow, from the cache or built. NULL when out of memory. */
const struct kx_filter *kx_filter_get(struct kx_isolation *isolation, unsigned int allow);
void kx_filter_free_all(struct kx_isolation *isolation);

/* Puts the rules for @allow into a libseccomp context. 0 or negative errno. */
int kx_filter_add_rules(void *context, unsigned int allow, uint64_t exec_secret);

/* Of it, KX_FAIL_FILES. */
int kx_filter_fail_files(void *context);

/*
 * Where files can be written: calls that only Linux has do not exist, so that libraries that
 * copy (std::filesystem) or fill (posix_fallocate) with them read and write instead.
 */
int kx_filter_other_ways(void *context, unsigned int allow);

/*
 * Linux refuses a user the real-time classes that KasperskyOS gives. Nothing is done and 0 said;
 * the C library keeps what was asked for.
 */
int kx_filter_pretend(void *context);

/* A ruleset descriptor, or negative errno with @error filled. */
int kx_landlock_build(const struct kx_isolation_machine *machine,
		      const struct kx_isolation_profile *profile, const char *program, int exe_fd,
		      const struct kx_program *elf, char *error);
int kx_landlock_probe(void);

/* What the parent hands its child; lives on the parent's stack, which the child sees. */
struct kx_spawn_job {
	const struct kx_spawn_request *request;
	pid_t parent;
	/* Where the child finds them: at the parent's descriptors, or at the places. */
	int fds[KX_SPAWN_FDS_MAX];
	int exe_fd;
	int ruleset_fd;    /* -1: none */
	int notify_socket; /* child's end, -1 if unused */
	unsigned int keep; /* descriptors below are copied of the shared table; 0: not shared */
	/* Written by the child, read by the parent after the clone call returned. */
	int phase;
	int error;
};

/* False when out of memory. Without descriptors to spare there are no places. */
bool kx_spawn_desk_make(struct kx_spawn_desk *desk, const struct kx_isolation_machine *machine);
void kx_spawn_desk_clear(struct kx_spawn_desk *desk);

/* Runs in the child on its own stack. Ends in exec or _exit. */
int kx_spawn_child(void *argument);

#endif /* KX_ISOLATION_INTERNAL_H */
