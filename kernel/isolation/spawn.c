/* SPDX-License-Identifier: Apache-2.0 */

/* The parent's half of a start. Read spawn.h first; the child's half is spawn_child.c. */

#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
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

#define PLACES_BELOW 512 /* higher ones would not save much */

static void close_places(int first, int count)
{
	for (int i = 0; i < count; i++)
		(void)close(first + i);
}

/* False, with *@from behind what is in the way or -1 when there are no more descriptors. */
static bool reserve_from(struct kx_spawn_desk *desk, int *from)
{
	int first = fcntl(desk->nothing, F_DUPFD_CLOEXEC, *from);
	int fd = first;
	int count = 0;

	while (fd >= 0 && fd == first + count && ++count < (int)KX_SPAWN_PLACES)
		fd = fcntl(desk->nothing, F_DUPFD_CLOEXEC, first + count);
	if (count == (int)KX_SPAWN_PLACES) {
		desk->place = first;
		return true;
	}
	close_places(first, count);
	if (fd >= 0)
		(void)close(fd);
	*from = fd;
	return false;
}

static void reserve_places(struct kx_spawn_desk *desk)
{
	int from = 0;

	desk->nothing = open("/dev/null", O_PATH | O_CLOEXEC);
	while (from >= 0 && from < PLACES_BELOW && !reserve_from(desk, &from))
		;
}

bool kx_spawn_desk_make(struct kx_spawn_desk *desk, const struct kx_isolation_machine *machine)
{
	desk->place = -1;
	desk->nothing = -1;
	desk->stack = mmap(NULL, CHILD_STACK_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (desk->stack == MAP_FAILED) {
		desk->stack = NULL;
		return false;
	}
	if (machine->close_range)
		reserve_places(desk);
	return true;
}

void kx_spawn_desk_clear(struct kx_spawn_desk *desk)
{
	if (desk->stack)
		(void)munmap(desk->stack, CHILD_STACK_SIZE);
	if (desk->place >= 0)
		close_places(desk->place, KX_SPAWN_PLACES);
	if (desk->nothing >= 0)
		(void)close(desk->nothing);
}

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

static void list_descriptors(struct kx_spawn_job *job, int notify_socket)
{
	const struct kx_spawn_request *request = job->request;

	memcpy(job->fds, request->fds, request->fd_count * sizeof(job->fds[0]));
	job->exe_fd = request->sandbox->exe_fd;
	job->ruleset_fd = request->sandbox->ruleset_fd;
	job->notify_socket = notify_socket;
	job->keep = 0;
}

/* What is at *@fd is also at the next place, and from now on *@fd says so. */
static bool take_place(struct kx_spawn_job *job, int *fd)
{
	int place = job->keep ? (int)job->keep : job->request->sandbox->desk->place;

	if (*fd < 0)
		return true;
	if (dup3(*fd, place, O_CLOEXEC) < 0)
		return false;
	*fd = place;
	job->keep = (unsigned int)place + 1;
	return true;
}

static bool take_places(struct kx_spawn_job *job)
{
	bool taken = job->request->sandbox->desk->place >= 0 && take_place(job, &job->exe_fd) &&
		     take_place(job, &job->ruleset_fd) && take_place(job, &job->notify_socket);

	for (unsigned int i = 0; taken && i < job->request->fd_count; i++)
		taken = take_place(job, &job->fds[i]);
	return taken;
}

/* Nothing that the child has may stay open here: others wait for its hang-up. */
static void leave_places(const struct kx_spawn_job *job)
{
	const struct kx_spawn_desk *desk = job->request->sandbox->desk;

	for (int place = desk->place; job->keep && place < (int)job->keep; place++)
		(void)dup3(desk->nothing, place, O_CLOEXEC);
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
 * thread sleeps until the child has executed or ended. CLONE_FILES: nor its
 * descriptors, if the child knows how many of them to copy.
 */
static pid_t start_child(struct kx_spawn_job *job, int *pidfd)
{
	const int flags = CLONE_VM | CLONE_VFORK | SIGCHLD | (job->keep ? CLONE_FILES : 0);
	char *top = job->request->sandbox->desk->stack + CHILD_STACK_SIZE;
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
static pid_t start_unsignalled(struct kx_spawn_job *job, int *pidfd)
{
	uint64_t all = ~0ull;
	uint64_t saved;
	pid_t pid;
	int cause;

	(void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &saved, sizeof(all));
	pid = start_child(job, pidfd);
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

static int start(struct kx_spawn_job *job, const int *notify, struct kx_spawned *spawned,
		 struct kx_spawn_error *error)
{
	int rc;

	list_descriptors(job, notify[1]);
	if (!take_places(job)) {
		/* A bad descriptor, or the limit is below the places: the child finds out. */
		leave_places(job);
		list_descriptors(job, notify[1]);
	}
	rc = finish(job, start_unsignalled(job, &spawned->pidfd), notify[0], spawned, error);
	leave_places(job);
	return rc;
}

int kx_spawn(const struct kx_spawn_request *request, struct kx_spawned *spawned,
	     struct kx_spawn_error *error)
{
	struct kx_spawn_job job = {.request = request, .parent = getpid()};
	int notify[2] = {-1, -1};
	int rc = check_request(request);

	*spawned = (struct kx_spawned){.pid = -1, .pidfd = -1, .notify_fd = -1};
	if (rc != 0)
		return fail(error, KX_SPAWN_REQUEST, -rc);
	if (request->sandbox->notify &&
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, notify) != 0)
		return fail(error, KX_SPAWN_NOTIFY, errno);
	rc = start(&job, notify, spawned, error);
	if (notify[0] >= 0) {
		(void)close(notify[0]);
		(void)close(notify[1]);
	}
	return rc;
}
