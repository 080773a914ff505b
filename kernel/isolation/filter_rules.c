/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The rules of the seccomp filter, as tables. Default is EPERM: a system call
 * that is not named here, or that Linux gains later, is closed.
 *
 * What is on the list acts on the process itself, on descriptors it was given,
 * or reads the clock. What names another process, opens a way to one, or makes
 * an object others can find, is not; nor is what tells whether a shared page of a
 * file is in memory (mincore, preadv2, fadvise). Where one call can do both, its arguments
 * are compared. Arguments of type int are compared in their low half, as Linux reads them.
 *
 * To add a call: which of the tables, and a probe in tests/isolation/battery.c.
 */

#include <asm/ioctls.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/prctl.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "internal.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define INT_MASK 0xffffffffull
#define SIGN_BIT 0x80000000ull
#define INT_IS(argument, value)                                                                    \
	{                                                                                          \
		argument, SCMP_CMP_MASKED_EQ, INT_MASK, (uint32_t)(value)                          \
	}
#define BITS_ARE(argument, mask, value)                                                            \
	{                                                                                          \
		argument, SCMP_CMP_MASKED_EQ, mask, value                                          \
	}
#define SELF(argument) INT_IS(argument, KX_FILTER_PID_MARK)

/* The part of O_TMPFILE that is not O_DIRECTORY. */
#define TMPFILE_BIT ((uint64_t)(O_TMPFILE & ~O_DIRECTORY))
#define WRITE_BITS  ((uint64_t)(O_ACCMODE | O_CREAT | O_TRUNC) | TMPFILE_BIT)

#define NEW_NAMESPACE                                                                              \
	((uint64_t)(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |  \
		    CLONE_NEWPID | CLONE_NEWNET))

/* Newer than the headers of Debian 12. */
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

struct rule {
	int call;
	unsigned int count;
	struct scmp_arg_cmp argument[3];
};

/* The process and its own memory, threads, signals, clock. */
static const int own_calls[] = {
	SCMP_SYS(alarm),
	SCMP_SYS(arch_prctl),
	SCMP_SYS(brk),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(futex_waitv),
	SCMP_SYS(getcpu),
	SCMP_SYS(getegid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getgroups),
	SCMP_SYS(getitimer),
	SCMP_SYS(getpgrp),
	SCMP_SYS(getpid),
	SCMP_SYS(getppid),
	SCMP_SYS(getrandom),
	SCMP_SYS(getresgid),
	SCMP_SYS(getresuid),
	SCMP_SYS(getrlimit),
	SCMP_SYS(getrusage),
	SCMP_SYS(gettid),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(getuid),
	SCMP_SYS(mlock),
	SCMP_SYS(mlock2),
	SCMP_SYS(mmap),
	SCMP_SYS(mprotect),
	SCMP_SYS(mremap),
	SCMP_SYS(msync),
	SCMP_SYS(munlock),
	SCMP_SYS(munmap),
	SCMP_SYS(nanosleep),
	SCMP_SYS(pause),
	SCMP_SYS(pkey_alloc),
	SCMP_SYS(pkey_free),
	SCMP_SYS(pkey_mprotect),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rseq),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigpending),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigsuspend),
	SCMP_SYS(rt_sigtimedwait),
	SCMP_SYS(sched_get_priority_max),
	SCMP_SYS(sched_get_priority_min),
	SCMP_SYS(sched_yield),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(set_tid_address),
	SCMP_SYS(setitimer),
	SCMP_SYS(setrlimit),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(sysinfo),
	SCMP_SYS(time),
	SCMP_SYS(timer_delete),
	SCMP_SYS(timer_getoverrun),
	SCMP_SYS(timer_gettime),
	SCMP_SYS(timer_settime),
	SCMP_SYS(times),
	SCMP_SYS(umask),
	SCMP_SYS(uname),
	SCMP_SYS(wait4),
	SCMP_SYS(waitid),
};

/* Descriptors the process holds, and kinds that stay private to it. */
static const int descriptor_calls[] = {
	SCMP_SYS(close),
	SCMP_SYS(close_range),
	SCMP_SYS(dup),
	SCMP_SYS(dup2),
	SCMP_SYS(dup3),
	SCMP_SYS(epoll_create),
	SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_pwait2),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(eventfd),
	SCMP_SYS(eventfd2),
	SCMP_SYS(fstat),
	SCMP_SYS(getdents),
	SCMP_SYS(getdents64),
	SCMP_SYS(lseek),
	SCMP_SYS(pipe),
	SCMP_SYS(pipe2),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(pread64),
	SCMP_SYS(preadv),
	SCMP_SYS(pselect6),
	SCMP_SYS(pwrite64),
	SCMP_SYS(pwritev),
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(select),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendto),
	SCMP_SYS(shutdown),
	SCMP_SYS(signalfd4),
	SCMP_SYS(timerfd_create),
	SCMP_SYS(timerfd_gettime),
	SCMP_SYS(timerfd_settime),
	SCMP_SYS(write),
	SCMP_SYS(writev),
};

/* Path calls that change nothing; which files they reach is Landlock's part. */
static const int path_calls[] = {
	SCMP_SYS(access), SCMP_SYS(faccessat),  SCMP_SYS(faccessat2), SCMP_SYS(getcwd),
	SCMP_SYS(lstat),  SCMP_SYS(newfstatat), SCMP_SYS(readlink),   SCMP_SYS(readlinkat),
	SCMP_SYS(stat),   SCMP_SYS(statx),
};

static const struct rule argument_rules[] = {
	/*
	 * Wait and wake on any word. The other operations only on private words: on
	 * a shared one, REQUEUE moves another process's waiters even when the word is
	 * mapped read-only, and its waker then wakes nobody.
	 */
	{SCMP_SYS(futex), 1, {BITS_ARE(1, 0xff, FUTEX_WAIT)}},
	{SCMP_SYS(futex), 1, {BITS_ARE(1, 0xff, FUTEX_WAKE)}},
	{SCMP_SYS(futex), 1, {BITS_ARE(1, 0xff, FUTEX_WAIT_BITSET)}},
	{SCMP_SYS(futex), 1, {BITS_ARE(1, 0xff, FUTEX_WAKE_BITSET)}},
	{SCMP_SYS(futex), 1, {BITS_ARE(1, FUTEX_PRIVATE_FLAG, FUTEX_PRIVATE_FLAG)}},

	/* Signals to itself: abort(), raise(), pthread_kill(), timers, sigqueue(). */
	{SCMP_SYS(kill), 1, {SELF(0)}},
	{SCMP_SYS(tgkill), 1, {SELF(0)}},
	{SCMP_SYS(rt_sigqueueinfo), 1, {SELF(0)}},
	{SCMP_SYS(rt_tgsigqueueinfo), 1, {SELF(0)}},

	/* Itself by 0 or by its pid. Thread ids of others cannot be told apart. */
	{SCMP_SYS(prlimit64), 1, {INT_IS(0, 0)}},
	{SCMP_SYS(prlimit64), 1, {SELF(0)}},
	{SCMP_SYS(sched_setaffinity), 1, {INT_IS(0, 0)}},
	{SCMP_SYS(sched_setaffinity), 1, {SELF(0)}},
	{SCMP_SYS(sched_getaffinity), 1, {INT_IS(0, 0)}},
	{SCMP_SYS(sched_getscheduler), 1, {INT_IS(0, 0)}},
	{SCMP_SYS(sched_getscheduler), 1, {SELF(0)}},
	{SCMP_SYS(sched_getparam), 1, {INT_IS(0, 0)}},
	{SCMP_SYS(sched_getparam), 1, {SELF(0)}},
	{SCMP_SYS(getpriority), 2, {INT_IS(0, PRIO_PROCESS), INT_IS(1, 0)}},
	{SCMP_SYS(setpriority), 2, {INT_IS(0, PRIO_PROCESS), INT_IS(1, 0)}},

	/* A negative clock is the processor time of some process, anybody's. */
	{SCMP_SYS(clock_getres), 1, {BITS_ARE(0, SIGN_BIT, 0)}},
	{SCMP_SYS(clock_gettime), 1, {BITS_ARE(0, SIGN_BIT, 0)}},
	{SCMP_SYS(clock_nanosleep), 1, {BITS_ARE(0, SIGN_BIT, 0)}},
	{SCMP_SYS(timer_create), 1, {BITS_ARE(0, SIGN_BIT, 0)}},

	/*
	 * Not MADV_REMOVE, 9: holes in shared memory. Not MADV_MERGEABLE, 12: it tells of equal
	 * pages. Ranges would compare all 64 bits of an int. By bits: 0-7, 8, 10-11, 13, 14-15,
	 * 16-31, and guard pages, 102-103.
	 */
	{SCMP_SYS(madvise), 1, {BITS_ARE(2, INT_MASK & ~7ull, 0)}},
	{SCMP_SYS(madvise), 1, {INT_IS(2, MADV_FREE)}},
	{SCMP_SYS(madvise), 1, {BITS_ARE(2, INT_MASK & ~1ull, MADV_DONTFORK)}},
	{SCMP_SYS(madvise), 1, {INT_IS(2, MADV_UNMERGEABLE)}},
	{SCMP_SYS(madvise), 1, {BITS_ARE(2, INT_MASK & ~1ull, MADV_HUGEPAGE)}},
	{SCMP_SYS(madvise), 1, {BITS_ARE(2, INT_MASK & ~15ull, 16)}},
	{SCMP_SYS(madvise), 1, {BITS_ARE(2, INT_MASK & ~1ull, 102)}},

	/* Commands that reach this process only. Values: linux/membarrier.h. */
	{SCMP_SYS(membarrier), 1, {INT_IS(0, 0)}},
	{SCMP_SYS(membarrier), 1, {INT_IS(0, 8)}},
	{SCMP_SYS(membarrier), 1, {INT_IS(0, 16)}},
	{SCMP_SYS(membarrier), 1, {INT_IS(0, 32)}},
	{SCMP_SYS(membarrier), 1, {INT_IS(0, 64)}},
	{SCMP_SYS(membarrier), 1, {INT_IS(0, 128)}},
	{SCMP_SYS(membarrier), 1, {INT_IS(0, 256)}},

	/* No F_ADD_SEALS, no F_SETOWN (it sends signals); locks, which others see, below. */
	/* libkos asks whether descriptor 3 is the control socket it expects. */
	{SCMP_SYS(getsockopt), 1, {INT_IS(0, 3)}},
	{SCMP_SYS(fcntl), 1, {INT_IS(1, F_DUPFD)}},
	{SCMP_SYS(fcntl), 1, {INT_IS(1, F_DUPFD_CLOEXEC)}},
	{SCMP_SYS(fcntl), 1, {INT_IS(1, F_GETFD)}},
	{SCMP_SYS(fcntl), 1, {INT_IS(1, F_SETFD)}},
	{SCMP_SYS(fcntl), 1, {INT_IS(1, F_GETFL)}},
	{SCMP_SYS(fcntl), 1, {INT_IS(1, F_SETFL)}},
	{SCMP_SYS(fcntl), 1, {INT_IS(1, F_GET_SEALS)}},
	{SCMP_SYS(ioctl), 1, {INT_IS(1, TCGETS)}},
	{SCMP_SYS(ioctl), 1, {INT_IS(1, TIOCGWINSZ)}},
	{SCMP_SYS(ioctl), 1, {INT_IS(1, FIONREAD)}},
	{SCMP_SYS(ioctl), 1, {INT_IS(1, FIONBIO)}},
	{SCMP_SYS(ioctl), 1, {INT_IS(1, FIOCLEX)}},
	{SCMP_SYS(ioctl), 1, {INT_IS(1, FIONCLEX)}},

	/* Not PR_SET_PDEATHSIG, and dumpable only to off. */
	{SCMP_SYS(prctl), 1, {INT_IS(0, PR_CAPBSET_READ)}},
	{SCMP_SYS(prctl), 1, {INT_IS(0, PR_GET_DUMPABLE)}},
	{SCMP_SYS(prctl), 2, {INT_IS(0, PR_SET_DUMPABLE), {1, SCMP_CMP_EQ, 0, 0}}},
	{SCMP_SYS(prctl), 1, {INT_IS(0, PR_GET_NAME)}},
	{SCMP_SYS(prctl), 1, {INT_IS(0, PR_SET_NAME)}},
	{SCMP_SYS(prctl), 1, {INT_IS(0, PR_GET_NO_NEW_PRIVS)}},
	{SCMP_SYS(prctl), 1, {INT_IS(0, PR_SET_NO_NEW_PRIVS)}},
	{SCMP_SYS(prctl), 1, {INT_IS(0, PR_GET_PDEATHSIG)}},
	{SCMP_SYS(prctl), 1, {INT_IS(0, PR_GET_SECCOMP)}},
	{SCMP_SYS(prctl), 1, {INT_IS(0, PR_GET_TIMERSLACK)}},
	{SCMP_SYS(prctl), 1, {INT_IS(0, PR_SET_TIMERSLACK)}},
	{SCMP_SYS(prctl), 1, {INT_IS(0, PR_SET_VMA)}},
};

static const struct rule read_only_rules[] = {
	{SCMP_SYS(open), 1, {BITS_ARE(1, WRITE_BITS, 0)}},
	{SCMP_SYS(openat), 1, {BITS_ARE(2, WRITE_BITS, 0)}},
};

static const struct rule thread_rules[] = {
	{SCMP_SYS(clone), 1, {BITS_ARE(0, NEW_NAMESPACE | CLONE_THREAD, CLONE_THREAD)}},
};

/* KX_ALLOW_FORK */
static const struct rule fork_rules[] = {
	{SCMP_SYS(clone), 1, {BITS_ARE(0, NEW_NAMESPACE, 0)}},
	{SCMP_SYS(fork), 0, {{0}}},
	{SCMP_SYS(vfork), 0, {{0}}},
};

/* KX_ALLOW_EXEC */
static const int exec_calls[] = {SCMP_SYS(execve), SCMP_SYS(execveat)};

/* KX_ALLOW_DEBUGGER */
static const struct rule debugger_rules[] = {
	{SCMP_SYS(prctl), 1, {INT_IS(0, PR_SET_PTRACER)}},
};

/* KX_ALLOW_PTRACE */
static const int ptrace_calls[] = {
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
};

/* KX_ALLOW_PERSONALITY */
static const int personality_calls[] = {SCMP_SYS(personality)};

/* KX_ALLOW_WRITE and KX_ALLOW_NOTIFY: on open files. Sealed memory stays as it is. */
static const int file_calls[] = {
	SCMP_SYS(fdatasync),
	SCMP_SYS(fstatfs),
	SCMP_SYS(fsync),
	SCMP_SYS(ftruncate),
};

/*
 * KX_ALLOW_WRITE: Landlock says where. Not chmod and its relatives: those it does not judge.
 * openat2 hides its flags from a filter, but here every flag is allowed.
 */
static const int write_calls[] = {
	SCMP_SYS(creat),    SCMP_SYS(flock),     SCMP_SYS(mkdir),   SCMP_SYS(mkdirat),
	SCMP_SYS(open),     SCMP_SYS(openat),    SCMP_SYS(openat2), SCMP_SYS(rename),
	SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(rmdir),   SCMP_SYS(truncate),
	SCMP_SYS(unlink),   SCMP_SYS(unlinkat),
};

/* KX_ALLOW_TCP: stream sockets of the internet families; Landlock says which ports. */
#define SOCKET_TYPE 0xfull
static const struct rule tcp_rules[] = {
	{SCMP_SYS(socket), 2, {INT_IS(0, AF_INET), BITS_ARE(1, SOCKET_TYPE, SOCK_STREAM)}},
	{SCMP_SYS(socket), 2, {INT_IS(0, AF_INET6), BITS_ARE(1, SOCKET_TYPE, SOCK_STREAM)}},
};

/* KX_ALLOW_UNIX: Landlock says where a name may be made, not (before ABI 9) which may be called. */
static const struct rule unix_rules[] = {
	{SCMP_SYS(socket), 2, {INT_IS(0, AF_UNIX), BITS_ARE(1, SOCKET_TYPE, SOCK_STREAM)}},
};

/* KX_ALLOW_TCP and KX_ALLOW_UNIX: what kind of socket it is was decided when it was made. */
static const int stream_calls[] = {SCMP_SYS(bind), SCMP_SYS(connect), SCMP_SYS(listen)};

/* KX_ALLOW_SYSV: the modes of the segments and the user say which. */
static const int sysv_calls[] = {
	SCMP_SYS(shmat),
	SCMP_SYS(shmctl),
	SCMP_SYS(shmdt),
	SCMP_SYS(shmget),
};

/* KX_ALLOW_TCP, _UNIX and _NOTIFY: on open sockets. */
static const int socket_calls[] = {
	SCMP_SYS(accept),      SCMP_SYS(accept4),    SCMP_SYS(getpeername),
	SCMP_SYS(getsockname), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt),
};

/* KX_ALLOW_NOTIFY: somebody outside answers these. */
static const int notify_calls[] = {
	SCMP_SYS(access),    SCMP_SYS(bind),     SCMP_SYS(chdir),     SCMP_SYS(chmod),
	SCMP_SYS(connect),   SCMP_SYS(creat),    SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	SCMP_SYS(fchmod),    SCMP_SYS(fchmodat), SCMP_SYS(getcwd),    SCMP_SYS(link),
	SCMP_SYS(linkat),    SCMP_SYS(listen),   SCMP_SYS(lstat),     SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),   SCMP_SYS(open),     SCMP_SYS(openat),    SCMP_SYS(newfstatat),
	SCMP_SYS(readlink),  SCMP_SYS(rename),   SCMP_SYS(renameat),  SCMP_SYS(readlinkat),
	SCMP_SYS(renameat2), SCMP_SYS(rmdir),    SCMP_SYS(socket),    SCMP_SYS(stat),
	SCMP_SYS(statfs),    SCMP_SYS(statx),    SCMP_SYS(symlink),   SCMP_SYS(symlinkat),
	SCMP_SYS(truncate),  SCMP_SYS(unlink),   SCMP_SYS(unlinkat),  SCMP_SYS(utimensat),
	SCMP_SYS(flock),
};

#define FILES_ALLOWED (KX_ALLOW_WRITE | KX_ALLOW_TCP | KX_ALLOW_UNIX | KX_ALLOW_NOTIFY)

/* A call this processor never had needs no rule. */
static int add(scmp_filter_ctx context, uint32_t action, int call, unsigned int count,
	       const struct scmp_arg_cmp *argument)
{
	int rc = seccomp_rule_add_array(context, action, call, count, argument);

	return rc == -EDOM ? 0 : rc;
}

static int add_calls(scmp_filter_ctx context, uint32_t action, const int *calls, size_t count)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = add(context, action, calls[i], 0, NULL);
	return rc;
}

static int allow_rules(scmp_filter_ctx context, const struct rule *rules, size_t count)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = add(context, SCMP_ACT_ALLOW, rules[i].call, rules[i].count, rules[i].argument);
	return rc;
}

#define ALLOW_CALLS(context, table) add_calls(context, SCMP_ACT_ALLOW, table, COUNT(table))
#define ALLOW_RULES(context, table) allow_rules(context, table, COUNT(table))

/* Programs that know this call have another way when it does not exist. */
static int add_absent(scmp_filter_ctx context, int call)
{
	return add(context, SCMP_ACT_ERRNO(ENOSYS), call, 0, NULL);
}

static int add_base(scmp_filter_ctx context)
{
	/* pthread_getattr_np() carries on after ENOSYS, not after EPERM. */
	struct scmp_arg_cmp not_zero = {0, SCMP_CMP_NE, 0, 0};
	int rc = ALLOW_CALLS(context, own_calls);

	if (rc == 0)
		rc = ALLOW_CALLS(context, descriptor_calls);
	if (rc == 0)
		rc = ALLOW_RULES(context, argument_rules);
	if (rc == 0)
		rc = add_absent(context, SCMP_SYS(clone3));
	if (rc == 0)
		rc = add(context, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(sched_getaffinity), 1,
			 &not_zero);
	return rc == 0 ? kx_filter_pretend(context) : rc;
}

static int add_processes(scmp_filter_ctx context, unsigned int allow, uint64_t exec_secret)
{
	struct scmp_arg_cmp secret = {5, SCMP_CMP_EQ, exec_secret, 0};
	int rc;

	if (allow & KX_ALLOW_FORK)
		rc = ALLOW_RULES(context, fork_rules);
	else
		rc = ALLOW_RULES(context, thread_rules);
	if (rc == 0 && (allow & KX_ALLOW_EXEC))
		rc = ALLOW_CALLS(context, exec_calls);
	else if (rc == 0)
		rc = add(context, SCMP_ACT_ALLOW, SCMP_SYS(execveat), 1, &secret);
	if (rc == 0 && (allow & KX_ALLOW_DEBUGGER))
		rc = ALLOW_RULES(context, debugger_rules);
	if (rc == 0 && (allow & KX_ALLOW_PTRACE))
		rc = ALLOW_CALLS(context, ptrace_calls);
	if (rc == 0 && (allow & KX_ALLOW_PERSONALITY))
		rc = ALLOW_CALLS(context, personality_calls);
	return rc;
}

static int add_files(scmp_filter_ctx context, unsigned int allow)
{
	int rc = kx_filter_other_ways(context, allow);

	if (rc == 0 && (allow & (KX_ALLOW_WRITE | KX_ALLOW_NOTIFY)))
		rc = ALLOW_CALLS(context, file_calls);
	if (rc == 0 && (!(allow & KX_ALLOW_WRITE) || (allow & KX_ALLOW_NOTIFY)))
		rc = add_absent(context, SCMP_SYS(openat2));
	if (rc != 0 || (allow & KX_ALLOW_NOTIFY))
		return rc;
	rc = ALLOW_CALLS(context, path_calls);
	if (rc == 0 && (allow & KX_ALLOW_WRITE))
		rc = ALLOW_CALLS(context, write_calls);
	else if (rc == 0)
		rc = ALLOW_RULES(context, read_only_rules);
	return rc;
}

static int add_sockets(scmp_filter_ctx context, unsigned int allow)
{
	int rc = 0;

	if (allow & (KX_ALLOW_TCP | KX_ALLOW_UNIX | KX_ALLOW_NOTIFY))
		rc = ALLOW_CALLS(context, socket_calls);
	if (rc != 0 || (allow & KX_ALLOW_NOTIFY))
		return rc;
	if (allow & (KX_ALLOW_TCP | KX_ALLOW_UNIX))
		rc = ALLOW_CALLS(context, stream_calls);
	if (rc == 0 && (allow & KX_ALLOW_TCP))
		rc = ALLOW_RULES(context, tcp_rules);
	if (rc == 0 && (allow & KX_ALLOW_UNIX))
		rc = ALLOW_RULES(context, unix_rules);
	return rc;
}

int kx_filter_add_rules(void *context, unsigned int allow, uint64_t exec_secret)
{
	int rc = add_base(context);

	if (rc == 0)
		rc = add_processes(context, allow, exec_secret);
	if (rc == 0)
		rc = add_files(context, allow);
	if (rc == 0)
		rc = add_sockets(context, allow);
	if (rc == 0 && (allow & KX_ALLOW_SYSV))
		rc = ALLOW_CALLS(context, sysv_calls);
	if (rc == 0 && (allow & KX_ALLOW_NOTIFY))
		rc = add_calls(context, SCMP_ACT_NOTIFY, notify_calls, COUNT(notify_calls));
	for (int lock = F_GETLK; rc == 0 && allow & KX_ALLOW_NOTIFY && lock <= F_SETLKW; lock++)
		rc = add(context, SCMP_ACT_NOTIFY, SCMP_SYS(fcntl), 1,
			 &(struct scmp_arg_cmp)INT_IS(1, lock));
	if (rc == 0 && (allow & FILES_ALLOWED) == 0 && (allow & KX_FAIL_FILES))
		rc = kx_filter_fail_files(context);
	return rc;
}
