/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ISOLATION_SPAWN_H
#define KX_ISOLATION_SPAWN_H

/*
 * Starts a program as an entity process.
 *
 * The child is made by a vfork-like clone with a pidfd, so the cost does not
 * grow with the memory of the kernel process or what it has open; the calling thread sleeps until
 * the program is executed or the start has failed. Between clone and exec the
 * child runs on the parent's memory: it takes no lock and allocates nothing.
 *
 * What the program finds (I-02): descriptors 0..n-1 as given and no other; its
 * argv and environment as given and nothing else; working directory "/"; all
 * signals default and unmasked; its own session; the limits of the profile;
 * SIGKILL when the *thread* that called kx_spawn() ends (so call it from one
 * long-lived thread); no capabilities and another uid when started by root; the
 * layers of its sandbox.
 *
 * Left to the entity's runtime, first thing in main or before: exec sets
 * "dumpable" again, so the runtime calls prctl(PR_SET_DUMPABLE, 0) unless its
 * task page says otherwise (KX_TASK_DUMPABLE). The filter lets it set 0, never 1.
 * On Linux before 6.14 the process name is the number of a descriptor; the
 * runtime sets PR_SET_NAME.
 *
 * Left to the caller: every descriptor given must be an open file description no
 * other entity holds. The filter can't tell descriptors apart, so a hostile
 * entity may set O_NONBLOCK or move the offset of what it was given, and both
 * ends of an eventfd are one description: never make a blocking read of a bell
 * (edge-triggered epoll needs no read at all).
 */

#include <stdbool.h>
#include <sys/types.h>

#include "profile.h"

#define KX_SPAWN_FDS_MAX 16u

/* Where a start failed. */
enum kx_spawn_phase {
	KX_SPAWN_REQUEST, /* bad argument; nothing was started */
	KX_SPAWN_CLONE,
	KX_SPAWN_SIGNALS,
	KX_SPAWN_SESSION,
	KX_SPAWN_FDS,
	KX_SPAWN_LIMITS,
	KX_SPAWN_CHDIR,
	KX_SPAWN_UID,
	KX_SPAWN_PARENT, /* the kernel process ended meanwhile */
	KX_SPAWN_NO_NEW_PRIVS,
	KX_SPAWN_LANDLOCK,
	KX_SPAWN_SECCOMP,
	KX_SPAWN_NOTIFY,
	KX_SPAWN_EXEC,
	KX_SPAWN_DIED, /* killed before exec by somebody else */
};

struct kx_spawn_request {
	const struct kx_sandbox *sandbox;
	const char *const *argv; /* NULL-terminated, argv[0] included */
	const char *const *envp; /* NULL-terminated; NULL means empty */
	/* fds[i] becomes descriptor i of the child; -1 is /dev/null. Not consumed. */
	const int *fds;
	unsigned int fd_count; /* 3..KX_SPAWN_FDS_MAX */
	bool keep_session;     /* new process group only: the entity keeps the terminal */
};

struct kx_spawned {
	pid_t pid;     /* valid until the caller reaps it */
	int pidfd;     /* close-on-exec; the caller closes it */
	int notify_fd; /* seccomp listener with KX_ALLOW_NOTIFY, else -1; the caller closes it */
};

struct kx_spawn_error {
	enum kx_spawn_phase phase;
	int error; /* errno value, 0 if none applies */
};

/*
 * Starts the program of @request->sandbox. Kernel process, control thread; blocks for the
 * time of one exec (about half a millisecond).
 *
 * Returns 0, or a negative errno with @error filled; no process, zombie or
 * descriptor is left then. With KX_ALLOW_NOTIFY somebody must answer
 * @spawned->notify_fd, or the program stops in its loader.
 */
int kx_spawn(const struct kx_spawn_request *request, struct kx_spawned *spawned,
	     struct kx_spawn_error *error);

/* One phrase for people, such as "set limits"; never NULL. */
const char *kx_spawn_phase_name(enum kx_spawn_phase phase);

/* What a person can do about it, or an empty string; never NULL. */
const char *kx_spawn_advice(const struct kx_spawn_error *error);

#endif /* KX_ISOLATION_SPAWN_H */
