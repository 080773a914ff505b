/* SPDX-License-Identifier: Apache-2.0 */

/* The parent's half of a start. Read spawn.h first; the child's half is spawn_child.c. */

#include "spawn.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

#define CHILD_STACK_SIZE ((size_t)96 * 1024)

/*
 * ThreadSanitizer replaces clone() and takes every child for a copy of the
 * process; this one shares its memory. The C library's own name is left alone.
 */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KX_THREAD_SANITIZER 1
#endif
#elif defined(__SANITIZE_THREAD__)
#define KX_THREAD_SANITIZER 1
#endif
#ifdef KX_THREAD_SANITIZER
int __clone(int (*function)(void *), void *stack, int flags, void *argument, ...);
#define clone __clone
#endif

static const char *const phase_names[] = {
	[KX_SPAWN_REQUEST] = "check the request",
	[KX_SPAWN_CLONE] = "create the process",
	[KX_SPAWN_SIGNALS] = "reset signals",
	[KX_SPAWN_SESSION] = "start a session",
	[KX_SPAWN_FDS] = "arrange descriptors",
	[KX_SPAWN_LIMITS] = "set limits",
	[KX_SPAWN_CHDIR] = "enter the root folder",
	[KX_SPAWN_UID] = "give up root",
	[KX_SPAWN_PARENT] = "tie its life to the kernel process",
	[KX_SPAWN_NO_NEW_PRIVS] = "set no_new_privs",
	[KX_SPAWN_LANDLOCK] = "enter Landlock",
	[KX_SPAWN_SECCOMP] = "load the system call filter",
	[KX_SPAWN_NOTIFY] = "hand over the notify descriptor",
	[KX_SPAWN_EXEC] = "execute the program",
	[KX_SPAWN_DIED] = "reach exec (killed before)",
};

const char *kx_spawn_phase_name(enum kx_spawn_phase phase)
{
	return phase_names[phase];
}

const char *kx_spawn_advice(const struct kx_spawn_error *error)
{
	if (error->error == EMFILE || error->error == ENFILE)
		return "raise the limit of open descriptors (ulimit -n)";
	if (error->error == EAGAIN && error->phase == KX_SPAWN_CLONE)
		return "raise the limit of processes (ulimit -u, or the pids cgroup)";
	if (error->error == ENOMEM)
		return "free some memory, or raise the address-space limit of the entity";
	if (error->phase == KX_SPAWN_EXEC && error->error == ENOENT)
		return "the program's loader (see 'readelf -l') is not on this machine";
	if (error->phase == KX_SPAWN_EXEC && error->error == EACCES)
		return "make the program executable for the entity's user and not noexec-mounted";
	if (error->phase == KX_SPAWN_EXEC && error->error == ENOEXEC)
		return "the program is built for another processor";
	if (error->phase == KX_SPAWN_LIMITS)
		return "a limit of the entity is above the hard limit of the kernel process";
	return "";
}

static int fail(struct kx_spawn_error *error, enum kx_spawn_phase phase, int cause)
{
	error->phase = phase;
	error->error = cause;
	return cause ? -cause : -ESRCH;
}

static int check_request(const struct kx_spawn_request *request)
{
	if (!request->sandbox || !request->argv || !request->argv[0] || !request->fds)
		return -EINVAL;
	if (request->fd_count < 3 || request->fd_count > KX_SPAWN_FDS_MAX)
		return -EINVAL;
	return 0;
}

/*
 * CLONE_VM and CLONE_VFORK: nothing of the parent's memory is copied, and this
 * thread sleeps until the child has executed or ended.
 */
static pid_t start_child(struct kx_spawn_job *job, char *stack, int *pidfd)
{
	const int flags = CLONE_VM | CLONE_VFORK | SIGCHLD;
	char *top = stack + CHILD_STACK_SIZE;
	pid_t pid = -1;

	if (job->request->sandbox->machine->clone_pidfd) {
		pid = clone(kx_spawn_child, top, flags | CLONE_PIDFD, job, pidfd);
		if (pid >= 0 || (errno != EINVAL && errno != ENOSYS && errno != EPERM))
			return pid;
	}
	pid = clone(kx_spawn_child, top, flags, job);
	if (pid < 0)
		return pid;
	/* Safe although the child runs: nobody has reaped it, so the pid is still its own. */
	*pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (*pidfd < 0 && job->error == 0) {
		job->phase = KX_SPAWN_CLONE;
		job->error = errno;
		(void)kill(pid, SIGKILL);
	}
	return pid;
}

/* No handler of the parent may run in a child that shares its memory. */
static pid_t start_unsignalled(struct kx_spawn_job *job, char *stack, int *pidfd)
{
	uint64_t all = ~0ull;
	uint64_t saved;
	pid_t pid;
	int cause;

	(void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &saved, sizeof(all));
	pid = start_child(job, stack, pidfd);
	cause = errno;
	(void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &saved, NULL, sizeof(saved));
	errno = cause;
	return pid;
}

static int receive_descriptor(int socket)
{
	char byte;
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	int fd = -1;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT) != 1)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

static void end_child(pid_t pid, int *pidfd)
{
	siginfo_t info;

	if (*pidfd >= 0)
		(void)close(*pidfd);
	*pidfd = -1;
	while (waitid(P_PID, (id_t)pid, &info, WEXITED | __WALL) != 0 && errno == EINTR)
		;
}

/* What became of the child, after the clone call returned. */
static int finish(struct kx_spawn_job *job, pid_t pid, int notify, struct kx_spawned *spawned,
		  struct kx_spawn_error *error)
{
	enum kx_spawn_phase phase = (enum kx_spawn_phase)job->phase;

	if (pid < 0)
		return fail(error, KX_SPAWN_CLONE, errno);
	spawned->pid = pid;
	if (job->error == 0 && phase == KX_SPAWN_EXEC && notify >= 0) {
		spawned->notify_fd = receive_descriptor(notify);
		if (spawned->notify_fd < 0) {
			(void)kill(pid, SIGKILL);
			job->error = EPROTO;
			phase = KX_SPAWN_NOTIFY;
		}
	}
	if (job->error == 0 && phase == KX_SPAWN_EXEC)
		return 0;
	end_child(pid, &spawned->pidfd);
	spawned->pid = -1;
	return fail(error, job->error ? phase : KX_SPAWN_DIED, job->error);
}

int kx_spawn(const struct kx_spawn_request *request, struct kx_spawned *spawned,
	     struct kx_spawn_error *error)
{
	struct kx_spawn_job job = {.request = request, .parent = getpid(), .notify_socket = -1};
	int notify[2] = {-1, -1};
	char *stack;
	pid_t pid;
	int rc = check_request(request);

	*spawned = (struct kx_spawned){.pid = -1, .pidfd = -1, .notify_fd = -1};
	if (rc != 0)
		return fail(error, KX_SPAWN_REQUEST, -rc);
	if (request->sandbox->notify &&
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, notify) != 0)
		return fail(error, KX_SPAWN_NOTIFY, errno);
	job.notify_socket = notify[1];
	stack = mmap(NULL, CHILD_STACK_SIZE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (stack == MAP_FAILED) {
		rc = fail(error, KX_SPAWN_CLONE, errno);
		goto undo_notify;
	}
	pid = start_unsignalled(&job, stack, &spawned->pidfd);
	rc = finish(&job, pid, notify[0], spawned, error);
	(void)munmap(stack, CHILD_STACK_SIZE);
undo_notify:
	if (notify[0] >= 0) {
		(void)close(notify[0]);
		(void)close(notify[1]);
	}
	return rc;
}
