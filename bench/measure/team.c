/* SPDX-License-Identifier: Apache-2.0 */
#include "team.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "complain.h"
#include "interrupt.h"

#define STOP_MS 5000

/* Runs in the child: never returns into the parent's code. */
_Noreturn static void be_member(pid_t parent, int (*work)(void *arg), void *arg)
{
	/* The parent may have died before the signal was asked for: look again. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(1);
	_exit(work(arg));
}

static bool make_room(struct kx_team *team)
{
	size_t room = team->room != 0 ? team->room * 2 : 8;
	struct kx_member *members;

	if (team->count < team->room)
		return true;
	members = realloc(team->members, room * sizeof(*members));
	if (!members)
		return kx_complain("%s: no memory", team->name);
	team->members = members;
	team->room = room;
	return true;
}

bool kx_team_spawn(struct kx_team *team, const char *name, enum kx_member_kind kind,
		   int (*work)(void *arg), void *arg)
{
	pid_t parent = getpid();
	struct kx_member member = {.name = name, .kind = kind};

	if (!make_room(team))
		return false;
	(void)fflush(NULL); /* else the child would print it again */
	member.pid = fork();
	if (member.pid < 0)
		return kx_complain("%s: can't start the %s: %m", team->name, name);
	if (member.pid == 0)
		be_member(parent, work, arg);
	member.pidfd = pidfd_open(member.pid, 0);
	if (member.pidfd < 0) {
		(void)kx_complain("%s: pidfd_open: %m (needs Linux 5.3)", team->name);
		(void)kill(member.pid, SIGKILL);
		(void)waitpid(member.pid, NULL, 0);
		return false;
	}
	team->members[team->count++] = member;
	return true;
}

static void reap(struct kx_team *team, struct kx_member *member, int *status)
{
	struct rusage used;
	pid_t got;

	do
		got = wait4(member->pid, status, 0, &used);
	while (got < 0 && errno == EINTR);
	(void)close(member->pidfd);
	member->ended = true;
	if (got < 0)
		return;
	team->cpu_ns +=
		((uint64_t)used.ru_utime.tv_sec + (uint64_t)used.ru_stime.tv_sec) * 1000000000u +
		((uint64_t)used.ru_utime.tv_usec + (uint64_t)used.ru_stime.tv_usec) * 1000u;
	team->voluntary += (uint64_t)used.ru_nvcsw;
	team->involuntary += (uint64_t)used.ru_nivcsw;
}

/* Says how @member ended, unless that is how it should. */
static bool ended_well(struct kx_team *team, const struct kx_member *member, int status)
{
	if (WIFSIGNALED(status))
		return kx_complain("%s: the %s was ended by signal %d (%s); the run is given up",
				   team->name, member->name, WTERMSIG(status),
				   sigdescr_np(WTERMSIG(status)));
	if (WEXITSTATUS(status) != 0)
		return kx_complain("%s: the %s failed with status %d; the run is given up",
				   team->name, member->name, WEXITSTATUS(status));
	if (member->kind == KX_MEMBER_STAYS)
		return kx_complain("%s: the %s ended too early; the run is given up", team->name,
				   member->name);
	return true;
}

/* Reaps the members whose pidfd is readable. */
static bool look_at_members(struct kx_team *team, const struct pollfd *fds)
{
	for (size_t i = 0; i < team->count; i++) {
		int status = 0;

		if (team->members[i].ended || fds[i].revents == 0)
			continue;
		reap(team, &team->members[i], &status);
		if (!ended_well(team, &team->members[i], status))
			return false;
	}
	return true;
}

static const struct kx_member *first_unfinished(const struct kx_team *team)
{
	for (size_t i = 0; i < team->count; i++)
		if (team->members[i].kind == KX_MEMBER_ENDS && !team->members[i].ended)
			return &team->members[i];
	return NULL;
}

/* Sleeps until a member ends or @deadline passes. */
static bool wait_once(struct kx_team *team, struct pollfd *fds, uint64_t deadline)
{
	uint64_t now = kx_clock_monotonic();

	if (now >= deadline)
		return kx_complain("%s: the %s did not finish in time; the run is given up",
				   team->name, first_unfinished(team)->name);
	for (size_t i = 0; i < team->count; i++) {
		fds[i].fd = team->members[i].ended ? -1 : team->members[i].pidfd;
		fds[i].events = POLLIN;
		fds[i].revents = 0;
	}
	if (kx_interrupt_poll(fds, team->count, deadline - now) < 0 && errno != EINTR)
		return kx_complain("%s: poll: %m", team->name);
	if (kx_interrupted())
		return kx_complain("interrupted");
	return look_at_members(team, fds);
}

bool kx_team_wait(struct kx_team *team, uint64_t limit_ns)
{
	uint64_t deadline = kx_clock_monotonic() + limit_ns;
	struct pollfd *fds = calloc(team->count != 0 ? team->count : 1, sizeof(*fds));
	bool ok = true;

	if (!fds)
		return kx_complain("%s: no memory", team->name);
	while (ok && first_unfinished(team))
		ok = wait_once(team, fds, deadline);
	free(fds);
	return ok;
}

void kx_team_end(struct kx_team *team)
{
	for (size_t i = 0; i < team->count; i++)
		if (!team->members[i].ended)
			(void)pidfd_send_signal(team->members[i].pidfd, SIGKILL, NULL, 0);
	for (size_t i = 0; i < team->count; i++) {
		int status;

		if (!team->members[i].ended)
			reap(team, &team->members[i], &status);
	}
	free(team->members);
	team->members = NULL;
	team->count = 0;
	team->room = 0;
}

void kx_team_stop(struct kx_team *team)
{
	for (size_t i = 0; i < team->count; i++) {
		struct pollfd end = {.fd = team->members[i].pidfd, .events = POLLIN};
		int status = 0;

		if (team->members[i].ended)
			continue;
		(void)pidfd_send_signal(team->members[i].pidfd, SIGTERM, NULL, 0);
		if (poll(&end, 1, STOP_MS) > 0)
			reap(team, &team->members[i], &status);
	}
	kx_team_end(team);
}
