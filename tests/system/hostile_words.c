/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Attempts by system calls, each said with its result: "TRIED ATTEMPT.WHERE RESULT", the errno's
 * name or "ok", "mixed" if it was not the same on all words or processes.
 *
 *   futexes  every futex operation on every word of the task page, the link and the channel (M-05)
 *   escape   what may be done to other processes: the kernel process, and those before (M-12)
 */

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "hostile.h"

#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
#define SYS_FUTEX_REQUEUE 456
#define LOCK_PI2          13
#define NO_WORD           0x7eadu /* a value that no word has: who waits for it goes on at once */

/* Results of one attempt in many places. */
struct results {
	const char *name;
	int first; /* errno, 0: it went well */
	bool mixed;
	bool any;
};

static void add(struct results *results, long result)
{
	int error = result < 0 ? errno : 0;

	if (!results->any)
		results->first = error;
	results->mixed |= results->any && error != results->first;
	results->any = true;
}

static void say(const struct results *results, const char *where)
{
	const char *name = results->first ? strerrorname_np(results->first) : "ok";

	fprintf(stderr, "TRIED %s.%s %s\n", results->name, where, results->mixed ? "mixed" : name);
}

/* --- M-05 ------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	int operation;
	uint32_t value; /* how many are woken before the others are moved; what is waited for */
} operations[] = {
	{"wait", FUTEX_WAIT, NO_WORD},
	{"wake", FUTEX_WAKE, 1},
	{"fd", FUTEX_FD, 0},
	{"requeue", FUTEX_REQUEUE, 0},
	{"cmp_requeue", FUTEX_CMP_REQUEUE, 0},
	{"wake_op", FUTEX_WAKE_OP, 0},
	{"lock_pi", FUTEX_LOCK_PI, 0},
	{"unlock_pi", FUTEX_UNLOCK_PI, 0},
	{"trylock_pi", FUTEX_TRYLOCK_PI, 0},
	{"wait_bitset", FUTEX_WAIT_BITSET, NO_WORD},
	{"wake_bitset", FUTEX_WAKE_BITSET, 1},
	{"wait_requeue_pi", FUTEX_WAIT_REQUEUE_PI, NO_WORD},
	{"cmp_requeue_pi", FUTEX_CMP_REQUEUE_PI, 1},
	{"lock_pi2", LOCK_PI2, 0},
	{"requeue_clock", FUTEX_REQUEUE | FUTEX_CLOCK_REALTIME, 0},
};

static void operate(const char *where, uint32_t *words, size_t count)
{
	static const struct timespec soon = {0, 1};
	kx_word *own = &link_region->up[KX_UP_SLOTS - 1].w;

	for (size_t i = 0; i < sizeof(operations) / sizeof(*operations); i++) {
		struct results results = {.name = operations[i].name};

		for (size_t n = 0; n < count; n++)
			add(&results, syscall(SYS_futex, &words[n], operations[i].operation,
					      operations[i].value, &soon, own, -1));
		say(&results, where);
	}
}

static void operate_by_vector(const char *where, uint32_t *words, size_t count)
{
	struct results wait = {.name = "waitv"};
	struct results requeue = {.name = "futex_requeue"};

	for (size_t n = 0; n < count; n++) {
		struct futex_waitv waiters[2] = {
			{.val = NO_WORD, .uaddr = (uintptr_t)&words[n], .flags = FUTEX_32},
			{.uaddr = (uintptr_t)&link_region->up[KX_UP_SLOTS - 1].w,
			 .flags = FUTEX_32},
		};

		add(&wait, syscall(SYS_futex_waitv, waiters, 1, 0, NULL, 0));
		add(&requeue, syscall(SYS_FUTEX_REQUEUE, waiters, 0, 0, 100));
	}
	say(&wait, where);
	say(&requeue, where);
}

static void operate_on(const char *where, void *memory, size_t bytes)
{
	operate(where, memory, bytes / sizeof(uint32_t));
	operate_by_vector(where, memory, bytes / sizeof(uint32_t));
}

void futexes(void)
{
	operate_on("page", page, sizeof(*page));
	operate_on("link", link_region, sizeof(*link_region));
	operate_on("channel", region, sizeof(*region));
}

/* --- M-12 ------------------------------------------------------------------------------------- */

/* None of these does harm where it goes well. */
static long attempt(unsigned number, pid_t pid)
{
	struct sched_param plain = {0};
	struct iovec nothing = {0};
	struct rlimit limit;

	switch (number) {
	case 0:
		return kill(pid, 0);
	case 1:
		return syscall(SYS_tgkill, pid, pid, 0);
	case 2:
		return syscall(SYS_tkill, pid, 0);
	case 3:
		return syscall(SYS_pidfd_open, pid, 0);
	case 4:
		return ptrace(PTRACE_SEIZE, pid, NULL, NULL);
	case 5:
		return prlimit(pid, RLIMIT_CORE, NULL, &limit);
	case 6:
		return process_vm_readv(pid, &nothing, 1, &nothing, 1, 0);
	case 7:
		return process_vm_writev(pid, &nothing, 1, &nothing, 1, 0);
	case 8:
		return setpriority(PRIO_PROCESS, (id_t)pid, getpriority(PRIO_PROCESS, 0));
	default:
		return syscall(SYS_sched_setscheduler, pid, SCHED_BATCH, &plain);
	}
}

void escape(void)
{
	static const char *const names[] = {"kill",   "tgkill",   "tkill",   "pidfd_open",
					    "ptrace", "prlimit",  "vm_read", "vm_write",
					    "nice",   "scheduler"};
	bool is_free = getenv("NOT_ISOLATED") != NULL;

	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct results kernel = {.name = names[i]};
		struct results before = {.name = names[i]};

		add(&kernel, attempt(i, getppid()));
		say(&kernel, "kernel");
		/* Without walls they may be strangers. */
		for (pid_t pid = getpid() - 1; !is_free && pid > getpid() - 9 && pid > 1; pid--)
			if (pid != getppid())
				add(&before, attempt(i, pid));
		if (!is_free)
			say(&before, "others");
		else
			return;
	}
}
