/* SPDX-License-Identifier: Apache-2.0 */
#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unwind.h"

#define CALL_STOP     (SIGTRAP | 0x80)
#define STOP_EVENT    128
#define MOST_ERRORS   3
#define MOST_CHILDREN 64

struct plausible {
	long number;
	const char *name;
	int errors[MOST_ERRORS];
};

/* A call that changes nothing when it fails, and how Linux may refuse it on a good day. */
static const struct plausible table[] = {
	{SYS_accept4, "accept4", {EMFILE, EINTR, ECONNABORTED}},
	{SYS_clone, "clone", {EAGAIN, ENOMEM}},
	{SYS_clone3, "clone3", {EAGAIN, ENOMEM}},
	{SYS_epoll_create1, "epoll_create1", {EMFILE, ENOMEM}},
	{SYS_epoll_ctl, "epoll_ctl", {ENOMEM, ENOSPC}},
	{SYS_epoll_wait, "epoll_wait", {EINTR}},
	{SYS_eventfd2, "eventfd2", {EMFILE, ENFILE, ENOMEM}},
	{SYS_fallocate, "fallocate", {ENOSPC, EINTR, ENOMEM}},
	{SYS_ftruncate, "ftruncate", {ENOSPC, EINTR}},
	{SYS_futex, "futex", {EINTR}},
	{SYS_futex_waitv, "futex_waitv", {EINTR, ENOMEM}},
	{SYS_getdents64, "getdents64", {EIO}},
	{SYS_memfd_create, "memfd_create", {EMFILE, ENFILE, ENOMEM}},
	{SYS_mmap, "mmap", {ENOMEM}},
	{SYS_openat, "openat", {EMFILE, ENFILE, ENOMEM}},
	{SYS_pidfd_open, "pidfd_open", {EMFILE, ENOMEM}},
	{SYS_pipe2, "pipe2", {EMFILE, ENFILE}},
	{SYS_poll, "poll", {EINTR, ENOMEM}},
	{SYS_read, "read", {EINTR, EIO}},
	{SYS_recvmsg, "recvmsg", {EINTR, ENOMEM}},
	{SYS_seccomp, "seccomp", {ENOMEM}},
	{SYS_sendmsg, "sendmsg", {EINTR, ENOBUFS, ENOMEM}},
	{SYS_signalfd4, "signalfd4", {EMFILE, ENOMEM}},
	{SYS_socket, "socket", {EMFILE, ENFILE, ENOBUFS}},
	{SYS_socketpair, "socketpair", {EMFILE, ENFILE, ENOMEM}},
	{SYS_timerfd_create, "timerfd_create", {EMFILE, ENOMEM}},
	{SYS_waitid, "waitid", {EINTR}},
	{SYS_write, "write", {EINTR, EAGAIN, ENOSPC}},
};

#define CALLS (sizeof(table) / sizeof(*table))

static struct kx_calls *shared;
static int gate[2];
static pid_t tracer;

/* Of the tracer: */
static pid_t kernel;
static bool counting; /* from the start of main() on: the loader's calls are not ours */
static pid_t failing; /* the thread whose call is to fail on the way out */
static pid_t victim;  /* the child that is followed, once it is there */
static pid_t children[MOST_CHILDREN];
static unsigned child_count;

const char *kx_call_name(long number)
{
	static char text[24];

	for (size_t i = 0; i < CALLS; i++)
		if (table[i].number == number)
			return table[i].name;
	(void)snprintf(text, sizeof(text), "call %ld", number);
	return text;
}

struct kx_calls *kx_calls_open(void)
{
	if (!shared) {
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (shared == MAP_FAILED)
			return NULL;
	}
	memset(shared, 0, sizeof(*shared));
	shared->number = -1;
	return pipe2(gate, O_CLOEXEC) == 0 ? shared : NULL;
}

void kx_calls_hold(void)
{
	char byte;

	(void)!read(gate[0], &byte, 1);
}

/* --- the tracer -------------------------------------------------------------------------- */

struct call {
	bool entry;
	long number;
	uint64_t args[6];
};

static bool read_call(pid_t pid, struct call *call)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(info), &info) <= 0)
		return false;
	call->entry = info.op == PTRACE_SYSCALL_INFO_ENTRY;
	if (call->entry) {
		call->number = (long)info.entry.nr;
		memcpy(call->args, info.entry.args, sizeof(call->args));
	}
	return true;
}

static bool waits_on_futex(const struct call *call)
{
	uint64_t operation = call->args[1] & FUTEX_CMD_MASK;

	return operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET;
}

/* An event, a clock: nothing that is read or written there ever waits or lacks anything. */
static bool is_simple(pid_t pid, uint64_t fd)
{
	char path[64];
	char target[64];
	ssize_t length;

	(void)snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, (int)fd);
	length = readlink(path, target, sizeof(target));
	return length >= 11 && memcmp(target, "anon_inode:", 11) == 0;
}

static const struct plausible *find(pid_t pid, const struct call *call)
{
	if (call->number == SYS_futex && !waits_on_futex(call))
		return NULL;
	if (call->number == SYS_epoll_ctl && call->args[1] != EPOLL_CTL_ADD)
		return NULL; /* the others need nothing, so they cannot lack it */
	if ((call->number == SYS_read || call->number == SYS_write) &&
	    is_simple(pid, call->args[0]))
		return NULL;
	for (size_t i = 0; i < CALLS; i++)
		if (table[i].number == call->number)
			return &table[i];
	return NULL;
}

/* The register that says which call it is, then the one for its result. */
static void set_register(pid_t pid, bool result, long value)
{
#ifdef __x86_64__
	size_t offset = result ? offsetof(struct user_regs_struct, rax)
			       : offsetof(struct user_regs_struct, orig_rax);

	(void)ptrace(PTRACE_POKEUSER, pid, (void *)offset, (void *)value);
#else
	(void)pid;
	(void)result;
	(void)value;
#endif
}

static void fail_call(pid_t pid, const struct plausible *plausible)
{
	unsigned choices = 1;

	while (choices < MOST_ERRORS && plausible->errors[choices])
		choices++;
	shared->choices = choices;
	shared->number = plausible->number;
	shared->error = plausible->errors[shared->choice % choices];
	failing = pid;
	set_register(pid, false, -1); /* no call at all */
}

#define FRAMES  24
#define CALLERS 3

/* The call and the innermost callers of the kernel process's own code. */
static uint32_t place_of(pid_t pid, const struct call *call)
{
	struct kx_frame frames[FRAMES];
	unsigned count = kx_unwind(kernel, pid, frames, FRAMES);
	uint32_t place = (uint32_t)call->number + 1;
	unsigned callers = 0;

	for (unsigned i = 0; i < count && callers < CALLERS; i++) {
		if (!frames[i].file || !strstr(frames[i].file, "/kosix-kernel"))
			continue;
		place = place * 1000003u + (uint32_t)frames[i].offset;
		callers++;
	}
	return place;
}

/* Is it the one that is to fail? */
static bool is_chosen(uint32_t place)
{
	static unsigned long matched;

	if (shared->count < KX_CALLS_NOTED)
		shared->places[shared->count] = place;
	shared->count++;
	if (shared->place && shared->place != place)
		return false;
	return ++matched == shared->at;
}

static void on_kernel_call(pid_t pid, const struct call *call)
{
	const struct plausible *plausible;

	if (!call->entry) {
		if (pid == failing)
			set_register(pid, true, -shared->error);
		failing = pid == failing ? 0 : failing;
		return;
	}
	counting |= call->number == SYS_prctl && call->args[0] == PR_SET_DUMPABLE;
	plausible = counting ? find(pid, call) : NULL;
	if (plausible && is_chosen(place_of(pid, call)))
		fail_call(pid, plausible);
}

static void on_child_call(pid_t pid, const struct call *call)
{
	if (!call->entry || ++shared->count != shared->at)
		return;
	shared->number = call->number;
	(void)kill(pid, SIGKILL);
}

static void on_call(pid_t pid)
{
	struct call call = {0};

	if (!read_call(pid, &call))
		return;
	if (shared->victim)
		on_child_call(pid, &call);
	else
		on_kernel_call(pid, &call);
}

/* A process of its own, no thread of the kernel process. */
static bool is_child(pid_t pid)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d", (int)kernel, (int)pid);
	return access(path, F_OK) != 0;
}

/* One that stops for the first time. True: it is not for us. */
static bool is_other_child(pid_t pid)
{
	if (pid == victim || !shared->victim || !is_child(pid))
		return false;
	for (unsigned i = 0; i < child_count; i++)
		if (children[i] == pid)
			return false;
	if (child_count < MOST_CHILDREN)
		children[child_count] = pid;
	if (++child_count != shared->victim)
		return true;
	victim = pid;
	return false;
}

static void go_on(pid_t pid, int status)
{
	const int event = status >> 16;
	const int number = WSTOPSIG(status);
	bool every_call;

	if (number == CALL_STOP) {
		on_call(pid);
	} else if (event == STOP_EVENT && is_other_child(pid)) {
		(void)ptrace(PTRACE_DETACH, pid, NULL, NULL);
		return;
	} else if (event == STOP_EVENT && number != SIGTRAP) {
		(void)ptrace(PTRACE_LISTEN, pid, NULL, NULL); /* stopped by somebody else */
		return;
	}
	every_call = !shared->victim || pid == victim; /* which may have just come */
	(void)ptrace(every_call ? PTRACE_SYSCALL : PTRACE_CONT, pid, NULL,
		     number == CALL_STOP || event ? 0 : number);
}

static void trace(void)
{
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
	int status;
	pid_t pid;
	bool held;

	if (shared->victim)
		options |= PTRACE_O_TRACEVFORK | PTRACE_O_TRACEFORK;
	held = ptrace(PTRACE_SEIZE, kernel, NULL, (void *)options) == 0 &&
	       ptrace(PTRACE_INTERRUPT, kernel, NULL, NULL) == 0;
	(void)!write(gate[1], "", 1);
	if (!held)
		_exit(1);
	while ((pid = waitpid(-1, &status, __WALL)) > 0)
		if (WIFSTOPPED(status))
			go_on(pid, status);
	_exit(0);
}

void kx_calls_follow(pid_t pid)
{
	tracer = fork();
	if (tracer == 0) {
		kernel = pid;
		trace();
	}
	/* Without a tracer it goes on as well. */
	if (tracer < 0)
		(void)!write(gate[1], "", 1);
	(void)close(gate[0]);
	(void)close(gate[1]);
}

bool kx_calls_end(void)
{
	int status = 1;

	return tracer > 0 && waitpid(tracer, &status, 0) == tracer && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}
