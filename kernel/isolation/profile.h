/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ISOLATION_PROFILE_H
#define KX_ISOLATION_PROFILE_H

/*
 * What one entity process may do on the Linux machine, and what this machine
 * can enforce.
 *
 * Order of use (kernel process, control thread; nothing here is thread-safe):
 *
 *   kx_isolation_create()         once: probes the machine, holds the filters
 *   kx_isolation_profile_init()   per entity: the level, then declared exceptions
 *   kx_isolation_check()          strict refuses here; default says what is missing
 *   kx_sandbox_create()           per program: opens it, builds its layers
 *   kx_spawn()                    per start (spawn.h)
 *
 * Every exception widens one entity only, is meant to be printed at start
 * (kx_isolation_describe_*), and is never silent. docs/isolation.md says which
 * layer closes what.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#define KX_ISOLATION_PATHS_MAX 32u
#define KX_ISOLATION_PORTS_MAX 16u
#define KX_ISOLATION_ERROR_MAX 256u

enum kx_isolation_level {
	KX_ISOLATION_OFF,     /* only process hygiene: descriptors, limits, parent-death signal */
	KX_ISOLATION_DEFAULT, /* every layer the machine offers */
	KX_ISOLATION_STRICT,  /* the same layers; kx_isolation_check() fails if one is missing */
};

/* Declared exceptions, bits of kx_isolation_profile.allow. */
enum kx_isolation_allow {
	KX_ALLOW_FORK = 1u << 0,        /* fork, vfork, wait for children */
	KX_ALLOW_EXEC = 1u << 1,        /* exec again (Landlock still limits the files) */
	KX_ALLOW_CORE = 1u << 2,        /* core dumps */
	KX_ALLOW_DEBUGGER = 1u << 3,    /* runtime leaves dumpable on; PR_SET_PTRACER */
	KX_ALLOW_PTRACE = 1u << 4,      /* trace its own descendants (leak checkers) */
	KX_ALLOW_WRITE = 1u << 5,       /* set by kx_isolation_allow_write() */
	KX_ALLOW_TCP = 1u << 6,         /* set by kx_isolation_allow_tcp_*() */
	KX_ALLOW_NOTIFY = 1u << 7,      /* file and socket calls go to the notify descriptor */
	KX_ALLOW_PERSONALITY = 1u << 8, /* personality(): ThreadSanitizer turns ASLR off */
	KX_ALLOW_UNIX = 1u << 9,        /* stream sockets of the machine's own, by path */
	KX_ALLOW_SYSV = 1u << 10,       /* System V shared memory */
	KX_FAIL_FILES = 1u << 11,       /* no exception: what NOTIFY would catch fails with EIO */
};

enum kx_isolation_limit {
	KX_LIMIT_CORE,
	KX_LIMIT_NOFILE,
	KX_LIMIT_NPROC, /* counts all processes of the uid, so only with a uid of its own */
	KX_LIMIT_AS,
	KX_LIMIT_COUNT,
};

struct kx_isolation_limit_value {
	bool set;     /* false: inherited from the kernel process */
	rlim_t value; /* soft and hard */
};

/* Layers that can be left out one by one; only tests and measurements do so. */
enum kx_isolation_layer {
	KX_LAYER_SECCOMP = 1u << 0,
	KX_LAYER_LANDLOCK = 1u << 1,
	KX_LAYER_UID = 1u << 2,
	KX_LAYER_ALL = 7u,
};

struct kx_isolation_profile {
	enum kx_isolation_level level;
	unsigned int layers; /* enum kx_isolation_layer; 0 when level is off */
	unsigned int allow;  /* enum kx_isolation_allow */
	char *read_paths[KX_ISOLATION_PATHS_MAX];
	size_t read_count;
	char *write_paths[KX_ISOLATION_PATHS_MAX];
	size_t write_count;
	char *exec_paths[KX_ISOLATION_PATHS_MAX];
	size_t exec_count;
	uint16_t connect_ports[KX_ISOLATION_PORTS_MAX];
	size_t connect_count;
	uint16_t bind_ports[KX_ISOLATION_PORTS_MAX];
	size_t bind_count;
	struct kx_isolation_limit_value limits[KX_LIMIT_COUNT];
	uid_t uid; /* taken when the kernel process is root; with it go all capabilities */
	gid_t gid;
};

/* What this machine offers. Tests change fields to simulate a poorer one. */
struct kx_isolation_machine {
	int landlock_abi; /* 0: not built in, or not enabled */
	bool seccomp_filter;
	bool seccomp_notify; /* SECCOMP_RET_USER_NOTIF */
	bool futex_waitv;
	bool memfd_sealing;
	bool memfd_noexec; /* MFD_NOEXEC_SEAL */
	bool pidfd;        /* pidfd_open() */
	bool clone_pidfd;  /* false: kx_spawn() uses pidfd_open() */
	bool close_range;
	bool root; /* uid 0 with CAP_SETUID and CAP_SETGID */
};

struct kx_isolation;
struct kx_sandbox;

/* Fills @machine by asking Linux. Does not block; changes nothing. */
void kx_isolation_probe(struct kx_isolation_machine *machine);

/*
 * @machine: what to assume, or NULL to probe. Returns NULL when memory or
 * randomness is not to be had; nothing is left then.
 */
struct kx_isolation *kx_isolation_create(const struct kx_isolation_machine *machine);
void kx_isolation_destroy(struct kx_isolation *isolation);

/* The machine @isolation assumes. */
const struct kx_isolation_machine *kx_isolation_machine(const struct kx_isolation *isolation);

/*
 * Defaults of @level: all layers (none for off), no exceptions, no core dumps,
 * 1024 descriptors, uid and gid 65534 when started by root.
 */
void kx_isolation_profile_init(struct kx_isolation_profile *profile, enum kx_isolation_level level);
void kx_isolation_profile_fini(struct kx_isolation_profile *profile);

/* "off", "default", "strict". Returns false for any other text. */
bool kx_isolation_level_parse(const char *text, enum kx_isolation_level *level);

/*
 * Exceptions. Paths are copied and mean everything beneath; a path that does
 * not exist fails later, in kx_sandbox_create(). Each returns 0, -ENOMEM, or
 * -E2BIG when the table of @profile is full (nothing was added).
 */
int kx_isolation_allow_read(struct kx_isolation_profile *profile, const char *path);
int kx_isolation_allow_write(struct kx_isolation_profile *profile, const char *path);
int kx_isolation_allow_exec(struct kx_isolation_profile *profile, const char *path);
int kx_isolation_allow_tcp_connect(struct kx_isolation_profile *profile, uint16_t port);
int kx_isolation_allow_tcp_bind(struct kx_isolation_profile *profile, uint16_t port);

/*
 * One chosen entity under a tool. What each loosens is listed in
 * docs/isolation.md. Return as above.
 *
 * debugger   gdb attaches from outside; core dumps on. The entity's runtime must
 *            not set dumpable 0.
 * sanitizer  program built with ASan, UBSan, LSan or TSan: reads /proc, forks and
 *            traces its own process for the leak check, no address-space limit.
 * valgrind   the program given to kx_sandbox_create() is valgrind itself;
 *            @program is read, @scratch (a folder of this run) is written; set
 *            TMPDIR to it in the entity's environment and pass --vgdb=no.
 */
int kx_isolation_allow_debugger(struct kx_isolation_profile *profile);
int kx_isolation_allow_sanitizer(struct kx_isolation_profile *profile);
int kx_isolation_allow_valgrind(struct kx_isolation_profile *profile, const char *program,
				const char *scratch);

/*
 * Whether @profile can be had on this machine. Returns 0; or -ENOTSUP for
 * strict with a layer missing, with the layers named in @error
 * (KX_ISOLATION_ERROR_MAX bytes). With level default and layers missing the
 * return is 0 and @error holds a warning, else an empty string.
 */
int kx_isolation_check(const struct kx_isolation *isolation,
		       const struct kx_isolation_profile *profile, char *error);

/*
 * The declared exceptions, in one line ("may read /x, may fork"). The caller frees the
 * result with free(). NULL when out of memory.
 */
char *kx_isolation_describe_exceptions(const struct kx_isolation_profile *profile);

/*
 * Opens @program and prepares the layers for it: may be started any number of
 * times. Reads the ELF file, so it can block on the disk. Holds two descriptors
 * until kx_sandbox_destroy(). @profile may be freed afterwards; @isolation must
 * outlive the sandbox.
 *
 * Returns 0, or a negative errno with the cause and the file in @error
 * (KX_ISOLATION_ERROR_MAX bytes); nothing is left then.
 */
int kx_sandbox_create(struct kx_sandbox **out, struct kx_isolation *isolation,
		      const struct kx_isolation_profile *profile, const char *program, char *error);
void kx_sandbox_destroy(struct kx_sandbox *sandbox);

#endif /* KX_ISOLATION_PROFILE_H */
