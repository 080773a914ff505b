/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Ends that take their time, and beginnings after them:
 *
 *   C-11  a server with much memory: how long after its death its client is told
 *   C-12  a server that is stopped, or held by a tracer in its exit, while it dies; none
 *         leaves a core file
 *   K-02  a solution is started as soon as its kernel process was killed, by the same name
 *   K-02-files  the same with files of the killed one, which its successor removes
 *   K-06  two solutions start at the same time with the same name: one runs, one is told
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "oracle.h"
#include "result.h"
#include "rig.h"
#include "trace.h"

#define NOT_STARTED 3

static const char *const none[] = {NULL};

static struct rig rig;
static struct rig twin;

static unsigned ended_well(const struct rig *ended, const char *what)
{
	if (WIFEXITED(ended->status) && WEXITSTATUS(ended->status) == 0 &&
	    !rig_count(ended, "FAIL "))
		return 0;
	fprintf(stderr, "%s: status 0x%x\n%.4000s\n", what, (unsigned)ended->status, ended->text);
	return 1;
}

/* --- C-11 ------------------------------------------------------------------------------------ */

/* Microseconds from the last words of a server of @mb to its client's knowing; 0: never. */
static unsigned long told_after(unsigned mb)
{
	const char *const entities[] = {"server t.Server big server", "client t.Client big client",
					NULL};
	unsigned long long dies = 0;
	unsigned long long told = 0;
	const char *at;
	char env[20];

	(void)snprintf(env, sizeof(env), "MB=%u", mb);
	rig_image(&rig, entities, env, "security.so");
	rig_start(&rig, none);
	(void)rig_wait(&rig, "PASS big client", 1);
	rig_end(&rig);
	if (ended_well(&rig, "C-11"))
		return 0;
	at = strstr(rig.text, "DIES ");
	if (at)
		(void)sscanf(at, "DIES %llu", &dies);
	at = strstr(rig.text, "TOLD ");
	if (at)
		(void)sscanf(at, "TOLD %llu", &told);
	return dies && told > dies ? (unsigned long)(told - dies) : 0;
}

/* A child of ours that has touched its copy of @memory; -1: none, or it ended before. */
static pid_t owner_of(char *memory, size_t size)
{
	ssize_t got = -1;
	int ready[2];
	pid_t child;
	char byte;

	if (pipe(ready) != 0)
		return -1;
	child = fork();
	if (child == 0) {
		memset(memory, 1, size);
		(void)!write(ready[1], "", 1);
		for (;;)
			(void)pause();
	}
	(void)close(ready[1]); /* so that the read ends with the child, too */
	if (child > 0)
		got = read(ready[0], &byte, 1);
	(void)close(ready[0]);
	if (child > 0 && got != 1) {
		(void)kill(child, SIGKILL);
		(void)waitpid(child, NULL, 0);
	}
	return got == 1 ? child : -1;
}

/*
 * What Linux alone takes: a child of ours with as much memory, from the kill to its end,
 * in microseconds; 0: not measured.
 */
static unsigned long floor_of(unsigned mb)
{
	size_t size = (size_t)mb << 20;
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	uint64_t start = 0;
	pid_t child;

	if (memory == MAP_FAILED)
		return 0;
	child = owner_of(memory, size);
	if (child > 0) {
		start = kx_prove_now_ns();
		(void)kill(child, SIGKILL);
		(void)waitpid(child, NULL, 0);
		start = kx_prove_now_ns() - start;
	}
	(void)munmap(memory, size);
	return (unsigned long)(start / 1000);
}

/* The fastest of some: what else the machine does is no matter of ours. */
static void big_deaths(struct kx_campaign *campaign)
{
	static const unsigned sizes[] = {1, 64, 256, 1024};
	uint64_t tries = kx_by_tier(campaign, 1, 1, 20);
	unsigned long best[4] = {0};
	unsigned long least[4] = {0};
	uint64_t failures = 0;
	uint64_t deaths = 0;

	for (unsigned i = 0; i < 4 && !failures; i++) {
		/* A GiB takes many seconds to touch on some machines. */
		for (uint64_t n = 0; n < (sizes[i] < 1024 ? tries : (tries + 2) / 3);
		     n++, deaths++) {
			unsigned long us = told_after(sizes[i]);

			failures += us == 0;
			if (!best[i] || (us && us < best[i]))
				best[i] = us;
			us = floor_of(sizes[i]);
			failures += us == 0;
			if (!least[i] || (us && us < least[i]))
				least[i] = us;
		}
		failures += best[i] > 20000 + 3 * least[i];
	}
	kx_result(campaign, "C-11", "P1,P3", deaths, "deaths", failures,
		  "client told after %.1f ms with 1 MiB, %.1f with 64, %.1f with 256, %.1f with "
		  "1024; Linux alone takes %.1f, %.1f, %.1f, %.1f (the fastest of each)",
		  (double)best[0] / 1e3, (double)best[1] / 1e3, (double)best[2] / 1e3,
		  (double)best[3] / 1e3, (double)least[0] / 1e3, (double)least[1] / 1e3,
		  (double)least[2] / 1e3, (double)least[3] / 1e3);
}

/* --- C-12 ------------------------------------------------------------------------------------ */

static bool has_no_core(pid_t pid)
{
	char path[64];
	char line[200];
	bool none_allowed = false;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/limits", (int)pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		none_allowed |= strncmp(line, "Max core file size        0 ", 28) == 0;
	if (file)
		(void)fclose(file);
	return none_allowed;
}

/* Held before its end by a tracer, for a while: nobody can be told of a death that is not one. */
static bool kill_traced(pid_t pid)
{
	int status;

	if (ptrace(PTRACE_SEIZE, pid, NULL, (void *)(long)PTRACE_O_TRACEEXIT) < 0)
		return false;
	(void)kill(pid, SIGKILL);
	if (waitpid(pid, &status, __WALL) != pid)
		return false;
	if (WIFSTOPPED(status)) {
		if (rig_wait_ms(&rig, "PASS dies_received client", 1, 50))
			fprintf(stderr, "told before the server's end\n");
		(void)ptrace(PTRACE_CONT, pid, NULL, NULL);
		(void)waitpid(pid, &status, __WALL);
	}
	return true;
}

/* Here core files are allowed, as far as may be: entities must not have them all the same. */
static void allow_core(void)
{
	struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};

	if (setrlimit(RLIMIT_CORE, &limit) == 0 || getrlimit(RLIMIT_CORE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_CORE, &limit);
}

static unsigned die_slowly(unsigned how)
{
	static const char *const entities[] = {"server t.Server waits server",
					       "client t.Client dies_received client", NULL};
	unsigned failures = 0;
	pid_t server;

	rig_image(&rig, entities, NULL, "security.so");
	rig_child = allow_core;
	rig_start(&rig, none);
	rig_child = NULL;
	if (!rig_wait(&rig, "PASS waits", 1) || kx_children(rig.kernel, "waits", &server, 1) != 1) {
		fprintf(stderr, "no server\n%s\n", rig.text);
		failures++;
	} else {
		failures += !has_no_core(server);
		if (how == 0)
			(void)kill(server, SIGSTOP);
		if (how == 2)
			(void)kill(server, SIGQUIT); /* one that would leave a core file */
		else if (how == 0 || !kill_traced(server))
			(void)kill(server, SIGKILL);
		failures += !rig_wait(&rig, "PASS dies_received client", 1);
	}
	rig_end(&rig);
	return failures + ended_well(&rig, "C-12");
}

static void slow_deaths(struct kx_campaign *campaign)
{
	uint64_t count = kx_by_tier(campaign, 3, 9, 60);
	uint64_t failures = 0;

	for (uint64_t i = 0; i < count; i++)
		failures += die_slowly((unsigned)(i % 3));
	kx_result(campaign, "C-12", "P1,P3", count, "deaths", failures,
		  "stopped, held by a tracer, by a signal that leaves a core file: told as soon as "
		  "Linux lets go");
}

/* --- K-02, K-06 ------------------------------------------------------------------------------ */

static const char *const pair[] = {"server t.Server late server", "client t.Client late client",
				   NULL};

static void restarts(struct kx_campaign *campaign)
{
	uint64_t count = kx_by_tier(campaign, 3, 10, 1000);
	uint64_t failures = 0;

	for (uint64_t i = 0; i < count; i++) {
		rig_image(&twin, pair, NULL, "security.so");
		rig_start(&twin, none);
		(void)usleep((useconds_t)kx_random(campaign, 60000)); /* somewhere in its life */
		rig_image(&rig, pair, NULL, "security.so");
		(void)kill(twin.kernel, SIGKILL);
		rig_start(&rig, none);
		if (!rig_wait(&rig, "PASS ", 2))
			fprintf(stderr, "K-02: %s\n", rig.text);
		rig_end(&rig);
		failures += ended_well(&rig, "K-02") + !rig_count(&rig, "PASS late client");
		failures += !rig_wait_end(&twin);
		rig_end(&twin);
	}
	kx_result(campaign, "K-02", "P7,P4", count, "restarts", failures,
		  "by the same name while the old one is being torn down");
}

static void same_folder(void)
{
	(void)setenv("TMPDIR", twin.temp, 1);
}

/* rig_end() looks whether anything is left. */
static void left_files(struct kx_campaign *campaign)
{
	static const char *const entities[] = {
		"server t.Server storm server",
		"client t.Client VFS_FILESYSTEM_BACKEND=client:t VFS_NETWORK_BACKEND=client:t "
		"clerk client",
		NULL};
	uint64_t count = kx_by_tier(campaign, 2, 5, 200);
	uint64_t failures = 0;

	for (uint64_t i = 0; i < count; i++) {
		rig_image(&twin, entities, NULL, "security.so");
		rig_start(&twin, none);
		failures += !rig_wait(&twin, "PASS clerk", 1);
		(void)kill(twin.kernel, SIGKILL);
		failures += !rig_wait_end(&twin);
		rig_image(&rig, entities, NULL, "security.so");
		rig_child = same_folder;
		rig_start(&rig, none);
		rig_child = NULL;
		failures += !rig_wait(&rig, "PASS clerk", 1);
		rig_end(&rig);
		failures += ended_well(&rig, "K-02-files");
		rig_end(&twin);
	}
	kx_result(campaign, "K-02-files", "P4,P7", count, "restarts", failures,
		  "files of the killed one are gone when its successor has ended");
}

static bool was_refused(const struct rig *ended)
{
	return WIFEXITED(ended->status) && WEXITSTATUS(ended->status) == NOT_STARTED &&
	       rig_count(ended, "is running already");
}

static void twins(struct kx_campaign *campaign)
{
	static const char *const options[] = {"--name=prove-twin", NULL};
	uint64_t count = kx_by_tier(campaign, 3, 10, 100);
	uint64_t failures = 0;

	for (uint64_t i = 0; i < count; i++) {
		struct rig *first;

		rig_image(&rig, pair, NULL, "security.so");
		rig_image(&twin, pair, NULL, "security.so");
		rig_start(&rig, options);
		rig_start(&twin, options);
		/* Whoever was refused has ended; the other one has work and goes on. */
		first = rig_wait_ms(&rig, "is running already", 1, 300) ? &twin : &rig;
		if (!rig_wait(first, "PASS ", 2))
			fprintf(stderr, "K-06: %s\n", first->text);
		failures += !rig_wait_end(first == &rig ? &twin : &rig);
		rig_end(&rig);
		rig_end(&twin);
		failures += ended_well(first, "K-06") + !rig_count(first, "PASS late client");
		failures += !was_refused(first == &rig ? &twin : &rig);
	}
	kx_result(campaign, "K-06", "P3,P5", count, "pairs", failures,
		  "started at the same time with one name: one runs, one is told");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(struct kx_campaign *campaign);
	} parts[] = {{"C-11", big_deaths},
		     {"C-12", slow_deaths},
		     {"K-02", restarts},
		     {"K-02-files", left_files},
		     {"K-06", twins}};
	struct kx_campaign campaign;

	kx_campaign_begin(&campaign, argc, argv);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (kx_wants(&campaign, parts[i].name))
			parts[i].run(&campaign);
	return kx_campaign_end(&campaign);
}
