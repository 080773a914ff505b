/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The child's half of a start: from clone to exec, on the parent's memory.
 *
 * ASSUMES: the parent thread sleeps (CLONE_VFORK) and all signals are blocked.
 * Other threads of the parent run, so nothing here may take a lock, allocate,
 * or write to memory other than its own stack, errno and the job. Every
 * system call is made with syscall(): the C library's wrappers may have state
 * (setresuid() signals all threads) and sanitizers replace some.
 *
 * SUBTLE: the order of the steps. Limits before the uid (raising needs root),
 * the parent-death signal after the uid (a change of credentials clears it),
 * no_new_privs before Landlock and seccomp (both need it), signals unmasked
 * before seccomp, seccomp last. A change of uid also clears "dumpable" of the
 * memory both processes share: the kernel process wants it off anyway.
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

#define KX_NO_SANITIZE __attribute__((no_sanitize("address", "thread", "undefined")))

/* Newer than the headers of Debian 12. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1ul << 5)
#endif

struct child {
	const struct kx_spawn_request *request;
	const struct kx_sandbox *sandbox;
	int exe_fd;
	int ruleset_fd;
	int notify_socket;
};

/* Descriptors the child needs until exec; they follow the program's own. */
struct helpers {
	int *place[KX_SPAWN_HELPERS_MAX];
	unsigned int count;
};

/* What sigaction looks like to Linux, with room for every architecture's fields. */
struct kernel_sigaction {
	void *handler;
	unsigned long flags;
	void *restorer;
	uint64_t mask;
};

KX_NO_SANITIZE static int reset_signals(void)
{
	struct kernel_sigaction action = {0};

	for (int signal = 1; signal < NSIG; signal++) {
		if (signal != SIGKILL && signal != SIGSTOP)
			(void)syscall(SYS_rt_sigaction, signal, &action, NULL, sizeof(uint64_t));
	}
	return 0;
}

KX_NO_SANITIZE static int start_session(const struct child *child)
{
	if (child->request->keep_session)
		return (int)syscall(SYS_setpgid, 0, 0);
	return (int)syscall(SYS_setsid);
}

KX_NO_SANITIZE static int close_from(const struct child *child, unsigned int first)
{
	struct rlimit limit;

	if (child->sandbox->machine->close_range && syscall(SYS_close_range, first, ~0u, 0) == 0)
		return 0;
	if (syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit) != 0)
		return -1;
	for (unsigned int fd = first; fd < limit.rlim_cur; fd++)
		(void)syscall(SYS_close, fd);
	return 0;
}

/* A copy of @fd out of the way of all final places; -1 stands for /dev/null. */
KX_NO_SANITIZE static int lift(int fd, unsigned int above)
{
	if (fd < 0)
		fd = (int)syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	return (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, above);
}

KX_NO_SANITIZE static void list_helpers(struct child *child, struct helpers *helpers)
{
	helpers->count = 0;
	helpers->place[helpers->count++] = &child->exe_fd;
	if (child->ruleset_fd >= 0)
		helpers->place[helpers->count++] = &child->ruleset_fd;
	if (child->notify_socket >= 0)
		helpers->place[helpers->count++] = &child->notify_socket;
}

/* From here on the table is the child's own: of the parent's, what it must have. */
KX_NO_SANITIZE static int leave_table(const struct kx_spawn_job *job)
{
	if (!job->keep)
		return 0;
	return (int)syscall(SYS_close_range, job->keep, ~0u, CLOSE_RANGE_UNSHARE);
}

/* First all copies go above every final place, then each to its own. */
KX_NO_SANITIZE static int arrange_descriptors(struct child *child, const struct kx_spawn_job *job)
{
	const struct kx_spawn_request *request = child->request;
	int lifted[KX_SPAWN_FDS_MAX + KX_SPAWN_HELPERS_MAX];
	struct helpers helpers;
	unsigned int total;

	if (leave_table(job) < 0)
		return -1;
	list_helpers(child, &helpers);
	total = request->fd_count + helpers.count;
	for (unsigned int i = 0; i < total; i++) {
		int fd =
			i < request->fd_count ? job->fds[i] : *helpers.place[i - request->fd_count];

		lifted[i] = lift(fd, total);
		if (lifted[i] < 0)
			return -1;
	}
	for (unsigned int i = 0; i < total; i++) {
		int flags = i < request->fd_count ? 0 : O_CLOEXEC;

		if (syscall(SYS_dup3, lifted[i], i, flags) < 0)
			return -1;
		if (i >= request->fd_count)
			*helpers.place[i - request->fd_count] = (int)i;
	}
	return close_from(child, total);
}

KX_NO_SANITIZE static int set_limit(const struct child *child, enum kx_isolation_limit which)
{
	static const int resources[KX_LIMIT_COUNT] = {
		[KX_LIMIT_CORE] = RLIMIT_CORE,
		[KX_LIMIT_NOFILE] = RLIMIT_NOFILE,
		[KX_LIMIT_NPROC] = RLIMIT_NPROC,
		[KX_LIMIT_AS] = RLIMIT_AS,
	};
	const struct kx_isolation_limit_value *limit = &child->sandbox->limits[which];
	struct rlimit value = {limit->value, limit->value};

	return limit->set ? (int)syscall(SYS_prlimit64, 0, resources[which], &value, NULL) : 0;
}

/* All but that of descriptors; see kx_spawn_child(). */
KX_NO_SANITIZE static int set_limits(const struct child *child)
{
	for (int i = 0; i < KX_LIMIT_COUNT; i++)
		if (i != KX_LIMIT_NOFILE && set_limit(child, (enum kx_isolation_limit)i) != 0)
			return -1;
	return 0;
}

KX_NO_SANITIZE static int give_up_root(const struct child *child)
{
	const struct kx_sandbox *sandbox = child->sandbox;
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {{0}};

	if (sandbox->switch_user &&
	    (syscall(SYS_setgroups, 0, NULL) != 0 ||
	     syscall(SYS_setresgid, sandbox->gid, sandbox->gid, sandbox->gid) != 0 ||
	     syscall(SYS_setresuid, sandbox->uid, sandbox->uid, sandbox->uid) != 0))
		return -1;
	return sandbox->harden ? (int)syscall(SYS_capset, &header, none) : 0;
}

/* If the parent ended before the signal was set, nobody would ever send it. */
KX_NO_SANITIZE static int tie_to_parent(const struct kx_spawn_job *job)
{
	if (syscall(SYS_prctl, PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0ul, 0ul, 0ul) != 0)
		return -1;
	if (syscall(SYS_getppid) == job->parent)
		return 0;
	errno = ESRCH;
	return -1;
}

KX_NO_SANITIZE static int unmask_signals(void)
{
	uint64_t none = 0;

	return (int)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof(none));
}

/* Returns what seccomp() returns: with a listener, its descriptor. */
KX_NO_SANITIZE static int load_filter(const struct child *child)
{
	const struct kx_filter *filter = child->sandbox->filter;
	struct sock_filter insn[KX_FILTER_INSN_MAX];
	struct sock_fprog program = {.len = filter->insn_count, .filter = insn};
	uint32_t pid = (uint32_t)syscall(SYS_getpid);
	unsigned long flags = 0;

	for (unsigned int i = 0; i < filter->insn_count; i++)
		insn[i] = filter->insn[i];
	for (unsigned int i = 0; i < filter->pid_count; i++)
		insn[filter->pid_at[i]].k = pid;
	if (child->notify_socket >= 0)
		flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

KX_NO_SANITIZE static int send_listener(const struct child *child, int listener)
{
	char byte = 0;
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

	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	*(int *)CMSG_DATA(&control.header) = listener;
	return syscall(SYS_sendmsg, child->notify_socket, &message, 0) == 1 ? 0 : -1;
}

KX_NO_SANITIZE static void fail(struct kx_spawn_job *job, int phase)
{
	job->phase = phase;
	job->error = errno ? errno : EIO;
	(void)syscall(SYS_exit_group, 127);
}

KX_NO_SANITIZE static void step(struct kx_spawn_job *job, int phase, int rc)
{
	job->phase = phase;
	if (rc < 0)
		fail(job, phase);
}

KX_NO_SANITIZE static void enter_layers(struct kx_spawn_job *job, const struct child *child)
{
	int listener;

	if (child->sandbox->harden)
		step(job, KX_SPAWN_NO_NEW_PRIVS,
		     (int)syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1ul, 0ul, 0ul, 0ul));
	if (child->ruleset_fd >= 0)
		step(job, KX_SPAWN_LANDLOCK,
		     (int)syscall(SYS_landlock_restrict_self, child->ruleset_fd, 0));
	step(job, KX_SPAWN_SIGNALS, unmask_signals());
	if (!child->sandbox->filter)
		return;
	listener = load_filter(child);
	step(job, KX_SPAWN_SECCOMP, listener);
	if (child->notify_socket >= 0)
		step(job, KX_SPAWN_NOTIFY, send_listener(child, listener));
}

KX_NO_SANITIZE int kx_spawn_child(void *argument)
{
	static const char *const nothing[] = {NULL};
	struct kx_spawn_job *job = argument;
	const struct kx_spawn_request *request = job->request;
	struct child child = {
		.request = request,
		.sandbox = request->sandbox,
		.exe_fd = job->exe_fd,
		.ruleset_fd = job->ruleset_fd,
		.notify_socket = job->notify_socket,
	};

	step(job, KX_SPAWN_SIGNALS, reset_signals());
	step(job, KX_SPAWN_SESSION, start_session(&child));
	step(job, KX_SPAWN_FDS, arrange_descriptors(&child, job));
	step(job, KX_SPAWN_LIMITS, set_limits(&child));
	step(job, KX_SPAWN_CHDIR, (int)syscall(SYS_chdir, "/"));
	step(job, KX_SPAWN_UID, give_up_root(&child));
	step(job, KX_SPAWN_PARENT, tie_to_parent(job));
	enter_layers(job, &child);
	/*
	 * Last: it also limits how many descriptors may be on their way in messages of this user.
	 * Entities can fill that up to their own limit, and ours would not be sent.
	 */
	step(job, KX_SPAWN_LIMITS, set_limit(&child, KX_LIMIT_NOFILE));
	job->phase = KX_SPAWN_EXEC;
	/* The sixth argument is for the filter only; see internal.h. */
	(void)syscall(SYS_execveat, child.exe_fd, "", request->argv,
		      request->envp ? request->envp : nothing, AT_EMPTY_PATH,
		      child.sandbox->exec_secret);
	fail(job, KX_SPAWN_EXEC);
	return 127;
}
