/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The storm (blow.h) on strange machines:
 *
 *   S-06  a monotonic clock that is years away from the machine's (time namespace), and a
 *         filter that ends whoever waits by the wall clock: no step of that can matter then
 *   S-08  one processor
 *   S-09  four times as many busy processes as processors
 *   R-05  process numbers that come round every hundred processes or so
 */

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/futex.h>

#include "blow.h"
#include "result.h"
#include "rig.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif
#define FEW_PIDS "400" /* Linux gives out 300 and more: so many at most at a time */

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool well = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		(void)close(fd);
	return well;
}

static void give_up(const char *what)
{
	perror(what);
	_exit(77);
}

/* --- S-06 ------------------------------------------------------------------------------------ */

/* The sleep of an entity, of its C library, of the kernel process: whatever looks at that clock. */
static void forbid_wall_clock(void)
{
	/* Without a time limit the C library names that clock and does not mean it. */
	const struct scmp_arg_cmp futex[] = {
		SCMP_A1(SCMP_CMP_MASKED_EQ, FUTEX_CLOCK_REALTIME, FUTEX_CLOCK_REALTIME),
		SCMP_A3(SCMP_CMP_NE, 0, 0)};
	/* Of no word: a question whether there is such a call. */
	const struct scmp_arg_cmp vector[] = {SCMP_A1(SCMP_CMP_NE, 0, 0),
					      SCMP_A4(SCMP_CMP_EQ, CLOCK_REALTIME, 0)};
	const struct scmp_arg_cmp sleep[] = {SCMP_A0(SCMP_CMP_EQ, CLOCK_REALTIME, 0),
					     SCMP_A1(SCMP_CMP_EQ, TIMER_ABSTIME, 0)};
	const struct scmp_arg_cmp timer = SCMP_A0(SCMP_CMP_EQ, CLOCK_REALTIME, 0);
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	const uint32_t kill = SCMP_ACT_KILL_PROCESS;

	if (!filter || seccomp_rule_add_array(filter, kill, SCMP_SYS(futex), 2, futex) != 0 ||
	    seccomp_rule_add_array(filter, kill, SCMP_SYS(futex_waitv), 2, vector) != 0 ||
	    seccomp_rule_add_array(filter, kill, SCMP_SYS(clock_nanosleep), 2, sleep) != 0 ||
	    seccomp_rule_add(filter, kill, SCMP_SYS(timerfd_create), 1, timer) != 0 ||
	    seccomp_load(filter) != 0)
		give_up("seccomp");
	seccomp_release(filter);
}

static void shift_clock(void)
{
	int fd;

	if (unshare(CLONE_NEWTIME) != 0 ||
	    !write_file("/proc/self/timens_offsets",
			"monotonic 300000000 0\nboottime 300000000 0\n"))
		give_up("time namespace");
	fd = open("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWTIME) != 0)
		give_up("time namespace");
	(void)close(fd);
	forbid_wall_clock();
}

/* --- S-08 ------------------------------------------------------------------------------------ */

static void one_processor(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	if (sched_setaffinity(0, sizeof(one), &one) != 0)
		give_up("sched_setaffinity");
}

/* --- S-09 ------------------------------------------------------------------------------------ */

static pid_t busy[512];
static size_t busy_count;

/* Computes, touches memory, makes system calls, in turn. */
static _Noreturn void be_busy(void)
{
	static char memory[4 << 20];
	static uint32_t word;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int turn = 0;; turn++) {
		memset(memory, turn, sizeof(memory));
		for (int i = 0; i < 1000; i++)
			(void)syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0);
	}
}

static void start_busy(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	while (busy_count < 4 * (size_t)processors && busy_count < 512) {
		busy[busy_count] = fork();
		if (busy[busy_count] == 0)
			be_busy();
		busy_count += busy[busy_count] > 0;
		if (busy[busy_count] < 0)
			break;
	}
}

static void end_busy(void)
{
	while (busy_count) {
		(void)kill(busy[--busy_count], SIGKILL);
		(void)waitpid(busy[busy_count], NULL, 0);
	}
}

/* --- the campaign ---------------------------------------------------------------------------- */

struct condition {
	const char *name;
	void (*prepare)(void); /* in the kernel process */
	void (*begin)(void);   /* here */
	void (*end)(void);
	const char *note;
};

static const struct condition conditions[] = {
	{"S-06", shift_clock, NULL, NULL,
	 "clock 300,000,000 s ahead; whoever waits by the wall clock is ended"},
	{"S-08", one_processor, NULL, NULL, "on one processor"},
	{"S-09", NULL, start_busy, end_busy, "beside four busy processes for each processor"},
};

static void report(struct kx_campaign *campaign, const char *name, const struct kx_outcome *outcome,
		   const char *note)
{
	kx_result(campaign, name, "P1,P2,P3,P4", outcome->deaths, "deaths", outcome->failures,
		  "%s; %u cells of 6 entities; %u told, %u unharmed", note, outcome->cells,
		  outcome->told, outcome->done);
}

static void blow_under(struct kx_campaign *campaign, const struct condition *condition)
{
	const struct kx_storm storm = {
		.options = rig_direct,
		.prepare = condition->prepare,
		.seed = kx_random(campaign, 1u << 30),
		.seconds = (unsigned)kx_by_tier(campaign, 1, 8, 600),
	};
	struct kx_outcome outcome;

	if (!kx_wants(campaign, condition->name))
		return;
	if (condition->begin)
		condition->begin();
	kx_blow(&storm, &outcome);
	if (condition->end)
		condition->end();
	report(campaign, condition->name, &outcome, condition->note);
}

/* --- R-05 ------------------------------------------------------------------------------------ */

/* A namespace begins with 1 and has given out nothing twice before it comes to its end. */
static void use_up_first_pids(void)
{
	pid_t child;

	do {
		child = fork();
		if (child == 0)
			_exit(0);
		if (child < 0 || waitpid(child, NULL, 0) != child)
			give_up("fork");
	} while (child < 300);
}

/* The first process of a namespace of process numbers: buries whoever is left. */
static int be_first(struct kx_campaign *campaign)
{
	static const struct condition few = {
		.name = "R-05",
		.note = "process numbers 300 to " FEW_PIDS " only, given out again and again",
	};
	int status = 0;
	pid_t worker;
	pid_t child;

	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("proc", "/proc", "proc", 0, NULL) != 0 ||
	    !write_file("/proc/sys/kernel/pid_max", FEW_PIDS "\n"))
		give_up("process numbers of a namespace (Linux 6.14)");
	use_up_first_pids();
	worker = fork();
	if (worker == 0) {
		blow_under(campaign, &few);
		exit(kx_campaign_end(campaign));
	}
	for (child = 0; child != worker;)
		child = wait(&status);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static void with_few_pids(struct kx_campaign *campaign)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		if (unshare(CLONE_NEWPID | CLONE_NEWNS) != 0)
			give_up("unshare");
		child = fork();
		if (child == 0)
			_exit(be_first(campaign));
		if (child < 0 || waitpid(child, &status, 0) != child)
			_exit(1);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		status = 1;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		kx_result(campaign, "R-05", "P1", 0, "deaths", 0,
			  "a namespace has no smallest process number here");
	else
		campaign->failures += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;

	if (geteuid() != 0) {
		fprintf(stderr,
			"namespaces and filters for all that a solution starts need root\n");
		return 77;
	}
	kx_campaign_begin(&campaign, argc, argv);
	for (size_t i = 0; i < sizeof(conditions) / sizeof(*conditions); i++)
		blow_under(&campaign, &conditions[i]);
	if (kx_wants(&campaign, "R-05"))
		with_few_pids(&campaign);
	return kx_campaign_end(&campaign);
}
