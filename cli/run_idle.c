/* SPDX-License-Identifier: Apache-2.0 */

/*
 * --until-idle: no thread of any entity can go on without input from outside.
 *
 * Seen from /proc: every thread sleeps, none was switched to since the last
 * look, and each waits in a system call without a time limit, and the kernel process
 * has no time limit to keep for one of them either (KnNoticeGetEvent()). Linux shows the
 * system call of a process that is not dumpable to root only; where it is
 * hidden, a thread counts as idle after BLIND_LOOKS looks without a switch, and a
 * sleep longer than that is taken for idleness (docs/CAVEATS.md).
 */

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "field.h"
#include "kx_commands.h"
#include "run.h"
#include "solution_client.h"

#define LOOK_NS     100000000 /* between two looks */
#define LOOKS       3         /* in a row with the same picture */
#define BLIND_LOOKS 20

/* One look at all threads. */
struct picture {
	uint64_t switches; /* of all threads, with their numbers mixed in */
	size_t threads;
	bool moving; /* one runs, or sleeps with a time limit */
	bool blind;  /* of one the system call is hidden */
};

static struct kx_run_source timer;
static struct picture last;
static unsigned same_looks;

static FILE *open_task(int pid, const char *thread, const char *file)
{
	char path[128];

	snprintf(path, sizeof(path), "/proc/%d/task/%.16s/%s", pid, thread, file);
	return fopen(path, "re");
}

static void look_at_status(int pid, const char *thread, struct picture *picture)
{
	FILE *status = open_task(pid, thread, "status");
	unsigned long long count;
	char line[256];
	char state;

	while (status && fgets(line, sizeof(line), status)) {
		if (sscanf(line, "State: %c", &state) == 1)
			picture->moving = picture->moving || (state != 'S' && state != 'Z');
		else if (sscanf(line, "voluntary_ctxt_switches: %llu", &count) == 1 ||
			 sscanf(line, "nonvoluntary_ctxt_switches: %llu", &count) == 1)
			picture->switches = picture->switches * 31 + count;
	}
	if (status)
		fclose(status);
}

/* SO_RCVTIMEO: a time limit that is no argument of the call. */
static bool has_time_limit(int pid, int fd)
{
	struct timeval limit = {0};
	socklen_t size = sizeof(limit);
	int process = (int)syscall(SYS_pidfd_open, pid, 0);
	int copy = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, fd, 0);

	if (copy >= 0) {
		(void)getsockopt(copy, SOL_SOCKET, SO_RCVTIMEO, &limit, &size);
		close(copy);
	}
	if (process >= 0)
		close(process);
	return limit.tv_sec != 0 || limit.tv_usec != 0;
}

/* Whether the call @number of @pid with @args can only end by what another process does. */
static bool waits_for_others(int pid, long number, const unsigned long long *args)
{
	switch (number) {
	case SYS_futex:
	case SYS_futex_waitv:
	case SYS_rt_sigtimedwait:
		return args[number == SYS_rt_sigtimedwait ? 2 : 3] == 0;
#ifdef SYS_poll
	case SYS_poll:
		return (int)args[2] < 0;
	case SYS_select:
		return args[4] == 0;
	case SYS_epoll_wait:
		return (int)args[3] < 0;
	case SYS_pause:
		return true;
#endif
	case SYS_ppoll:
		return args[2] == 0;
	case SYS_pselect6:
		return args[4] == 0;
	case SYS_epoll_pwait:
		return (int)args[3] < 0;
	case SYS_read:
	case SYS_recvmsg:
	case SYS_recvfrom:
	case SYS_accept:
	case SYS_accept4:
		return !has_time_limit(pid, (int)args[0]);
	case SYS_rt_sigsuspend:
	case SYS_wait4:
	case SYS_waitid:
		return true;
	default:
		return false;
	}
}

static void look_at_call(int pid, const char *thread, struct picture *picture)
{
	FILE *call = open_task(pid, thread, "syscall");
	unsigned long long args[6];
	long number;

	if (!call || fscanf(call, "%ld %llx %llx %llx %llx %llx %llx", &number, &args[0], &args[1],
			    &args[2], &args[3], &args[4], &args[5]) != 7)
		picture->blind = true;
	else if (!waits_for_others(pid, number, args))
		picture->moving = true;
	if (call)
		fclose(call);
}

static void look_at_process(int pid, struct picture *picture)
{
	struct dirent *entry;
	char path[64];
	DIR *threads;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	threads = opendir(path);
	while (threads && (entry = readdir(threads))) {
		if (entry->d_name[0] == '.')
			continue;
		picture->threads++;
		picture->switches = picture->switches * 31 + (uint64_t)atoi(entry->d_name);
		look_at_status(pid, entry->d_name, picture);
		look_at_call(pid, entry->d_name, picture);
	}
	if (threads)
		closedir(threads);
}

static struct picture look(void)
{
	struct picture picture = {0};
	const struct kx_run_entity *entity;

	for (entity = kx_run.entities; entity; entity = entity->next) {
		if (entity->pid)
			look_at_process(entity->pid, &picture);
	}
	return picture;
}

/* Calls among the idle: nobody will ever answer them. */
static void tell_waits(const json_t *ps)
{
	const json_t *waits = json_object_get(ps, "waits");
	char *cycle = kx_solution_cycle(ps);
	char text[KX_SOLUTION_WAIT_MAX];
	size_t index;

	if (!json_array_size(waits))
		return;
	kx_run.deadlock = true;
	if (cycle)
		kx_complain("deadlock: %s", cycle);
	for (index = 0; !cycle && index < json_array_size(waits); index++) {
		kx_solution_wait(json_array_get(waits, index), text, sizeof(text));
		kx_complain("deadlock: %s: it never will", text);
	}
	free(cycle);
}

/* False: the kernel process will end a wait after its time. */
static bool idle(void)
{
	json_t *ps = kx_run.solution ? kx_solution_ask(kx_run.solution, "ps") : NULL;

	if (json_is_true(json_object_get(ps, "timed"))) {
		json_decref(ps);
		return false;
	}
	kx_run.idle = true;
	if (ps)
		tell_waits(ps);
	json_decref(ps);
	kx_run_end();
	return true;
}

static void timer_ready(struct kx_run_source *source)
{
	struct picture now;
	uint64_t count;

	if (read(source->fd, &count, sizeof(count)) < 0 || !kx_run.all_started || kx_run.ending)
		return;
	now = look();
	if (now.moving || now.switches != last.switches || now.threads != last.threads)
		same_looks = 0;
	else
		same_looks++;
	last = now;
	if (now.threads && same_looks >= (now.blind ? BLIND_LOOKS : LOOKS) && !idle())
		same_looks = 0;
}

int kx_run_watch_idle(void)
{
	struct itimerspec when = {.it_value.tv_nsec = LOOK_NS, .it_interval.tv_nsec = LOOK_NS};
	int fd;

	if (!kx_run.options.until_idle)
		return 0;
	fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (fd < 0 || timerfd_settime(fd, 0, &when, NULL) < 0)
		return -1;
	return kx_run_watch(&timer, fd, timer_ready);
}
