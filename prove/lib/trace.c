/* SPDX-License-Identifier: Apache-2.0 */
#include "trace.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_stopped(pid_t pid)
{
	char path[64];
	char line[300] = "";
	const char *end;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	(void)!fgets(line, sizeof(line), file);
	(void)fclose(file);
	end = strrchr(line, ')');
	return end && strncmp(end, ") T", 3) == 0;
}

static bool has_argument(pid_t pid, const char *word)
{
	char path[64];
	char text[1024];
	size_t length;
	size_t at;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	length = fread(text, 1, sizeof(text) - 1, file);
	(void)fclose(file);
	text[length] = '\0';
	for (at = 0; at < length; at += strlen(text + at) + 1)
		if (strcmp(text + at, word) == 0)
			return true;
	return false;
}

unsigned kx_children(pid_t kernel, const char *word, pid_t *pids, unsigned room)
{
	unsigned count = 0;
	char path[64];
	FILE *list;
	int pid;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)kernel, (int)kernel);
	list = fopen(path, "re");
	while (list && count < room && fscanf(list, "%d", &pid) == 1)
		if (has_argument(pid, word))
			pids[count++] = pid;
	if (list)
		(void)fclose(list);
	return count;
}

unsigned kx_stopped_children(pid_t kernel, const char *word, pid_t *pids, unsigned room)
{
	unsigned all = kx_children(kernel, word, pids, room);
	unsigned count = 0;

	for (unsigned i = 0; i < all; i++)
		if (is_stopped(pids[i]))
			pids[count++] = pids[i];
	return count;
}

bool kx_await_stopped(pid_t kernel, const char *word, pid_t *pids, unsigned count)
{
	for (int tries = 0; tries < 10000; tries++) {
		if (kx_stopped_children(kernel, word, pids, count) == count)
			return true;
		(void)usleep(1000); /* nothing tells a stranger that a process stopped */
	}
	return false;
}

/* Both on one processor: a step is then two switches, and nobody is woken elsewhere. */
static void come_together(pid_t pid)
{
	cpu_set_t here;

	CPU_ZERO(&here);
	CPU_SET(sched_getcpu(), &here);
	(void)sched_setaffinity(0, sizeof(here), &here);
	(void)sched_setaffinity(pid, sizeof(here), &here);
}

static void part(const cpu_set_t *before)
{
	(void)sched_setaffinity(0, sizeof(*before), before);
}

static enum kx_step step_held(pid_t pid, unsigned long *steps)
{
	unsigned long done = 0;
	int status;

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0)
		return KX_STEP_FAILED;
	if (waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status))
		return KX_STEP_FAILED;
	while (done < *steps) {
		if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) < 0 ||
		    waitpid(pid, &status, __WALL) != pid)
			return KX_STEP_FAILED;
		if (!WIFSTOPPED(status) || WSTOPSIG(status) == SIGSTOP) {
			*steps = done;
			return KX_STEP_DONE;
		}
		/* A stop of the kind that began it all is no instruction. */
		done += status >> 16 == 0;
	}
	return KX_STEPPED;
}

enum kx_step kx_step_through(pid_t pid, unsigned long *steps)
{
	enum kx_step result;
	cpu_set_t before;

	if (sched_getaffinity(0, sizeof(before), &before) != 0)
		return step_held(pid, steps);
	come_together(pid);
	result = step_held(pid, steps);
	part(&before);
	return result;
}

void kx_kill_traced(pid_t pid)
{
	int status;

	(void)kill(pid, SIGKILL);
	/* Its real parent is told only after its tracer was. */
	while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status))
		;
}
