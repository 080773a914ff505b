/* SPDX-License-Identifier: Apache-2.0 */
#include "blow.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "oracle.h"

#define MOST_SILENT 10u /* seconds, at least */

/*
 * Mappings of shared memory. Others are malloc's, one for each large block: more after a fuller
 * moment than any before, and then kept. What they hold is resident.
 */
static unsigned count_shared(const char *path)
{
	unsigned count = 0;
	FILE *maps = fopen(path, "re");
	char line[512];

	while (maps && fgets(line, sizeof(line), maps))
		count += strstr(line, " /memfd:") != NULL;
	if (maps)
		(void)fclose(maps);
	return count;
}

static struct kx_size measure(const struct rig *rig)
{
	struct kx_size size = {.entities = rig_processes(rig->folder)};
	pid_t kernel = rig->kernel;
	char path[64];
	char line[200];
	FILE *file;
	DIR *folder;

	(void)snprintf(path, sizeof(path), "/proc/%d/maps", (int)kernel);
	size.mappings = count_shared(path);
	(void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)kernel);
	folder = opendir(path);
	while (folder && readdir(folder))
		size.descriptors++;
	if (folder)
		(void)closedir(folder);
	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)kernel);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		(void)sscanf(line, "VmRSS: %lu", &size.resident_kb);
	if (file)
		(void)fclose(file);
	return size;
}

/* Waits for @text and looks for hangs meanwhile. */
static bool watch(struct rig *rig, const char *text, struct kx_outcome *outcome)
{
	unsigned silent = 0; /* looks in a row */
	char name[32];
	int stuck;

	(void)snprintf(name, sizeof(name), "rig%d", (int)getpid());
	for (;;) {
		bool has_come = rig_wait_ms(rig, text, 1, 1000);

		if (rig_count(rig, "FAIL ") || (rig_full(rig) && !has_come)) {
			fprintf(stderr, "%s\n%s", rig->text,
				rig_full(rig) ? "more output than is kept of it\n" : "");
			(void)kx_oracle_look(name, false);
			outcome->failures++;
			return false;
		}
		if (has_come)
			return true;
		stuck = kx_oracle_look(name, false);
		outcome->looks++;
		/* Before it has begun, or when nobody gets a processor: not at once. */
		silent = stuck < 0 ? silent + 1 : 0;
		if (stuck < 0 && silent < MOST_SILENT)
			continue;
		if (stuck != 0) {
			fprintf(stderr,
				stuck < 0 ? "the kernel process does not answer\n%s\n"
					  : "stuck calls\n%s\n",
				rig->text);
			outcome->failures += stuck < 0 ? 1 : (unsigned)stuck;
			return false;
		}
	}
}

static void count(struct rig *rig, struct kx_outcome *outcome)
{
	const char *line = strstr(rig->text, "QUIET 1");
	unsigned cells;
	unsigned deaths;
	unsigned told;
	unsigned done;

	line = line ? strstr(line, "STORM ") : NULL;
	if (!line || sscanf(line, "STORM cells=%u deaths=%u told=%u done=%u", &cells, &deaths,
			    &told, &done) != 4)
		return;
	outcome->cells = cells;
	outcome->deaths = deaths;
	outcome->told = told;
	outcome->done = done;
}

/*
 * Room for what malloc keeps and tables grow once. The master has handles to those that
 * have ended, until its table is full: the kernel process remembers how each did, in some
 * 1 kB (tests/kernel/test_task_ended).
 */
static void compare(struct kx_outcome *outcome)
{
	const unsigned long ended = 6ul * outcome->cells;
	const unsigned long room = 2048 + 3 * (ended < 4096 ? ended : 4096) / 2;
	const struct kx_size *a = &outcome->before;
	const struct kx_size *b = &outcome->after;

	if (b->descriptors <= a->descriptors && b->mappings <= a->mappings &&
	    b->resident_kb <= a->resident_kb + room)
		return;
	fprintf(stderr,
		"left behind: descriptors %u -> %u, shared mappings %u -> %u, resident %lu -> %lu "
		"kB\n",
		a->descriptors, b->descriptors, a->mappings, b->mappings, a->resident_kb,
		b->resident_kb);
	outcome->failures++;
}

/* Who nobody ends lives on: the master and the @beside. */
static void find_missing(unsigned beside, struct kx_outcome *outcome)
{
	if (outcome->before.entities == 1 + beside && outcome->after.entities == 1 + beside)
		return;
	fprintf(stderr, "%u entities before the storm and %u after it, not %u\n",
		outcome->before.entities, outcome->after.entities, 1 + beside);
	outcome->failures++;
}

/* The master waits for it. */
static bool let_go(struct kx_outcome *outcome)
{
	char name[32];
	int pid;

	(void)snprintf(name, sizeof(name), "rig%d", (int)getpid());
	pid = kx_oracle_pid(name, "master");
	if (pid > 0 && kill(pid, SIGUSR1) == 0)
		return true;
	fprintf(stderr, "the master cannot be told to begin (process %d)\n", pid);
	outcome->failures++;
	return false;
}

void kx_blow(const struct kx_storm *storm, struct kx_outcome *outcome)
{
	static struct rig rig;
	char master[200];
	const char *entities[4] = {master};
	unsigned beside = 0;

	memset(outcome, 0, sizeof(*outcome));
	(void)snprintf(master, sizeof(master),
		       "master t.Master SEED=%llu SECONDS=%u PARALLEL=3 storm_master client",
		       (unsigned long long)storm->seed, storm->seconds);
	for (; storm->beside && beside < 2 && storm->beside[beside]; beside++)
		entities[1 + beside] = storm->beside[beside];
	rig_image(&rig, entities, storm->env, "security.so");
	rig_child = storm->prepare;
	rig_start(&rig, storm->options);
	rig_child = NULL;
	if (watch(&rig, "QUIET 1", outcome)) {
		(void)usleep(300000); /* what liburcu frees later is freed */
		outcome->before = measure(&rig);
		if (let_go(outcome) && watch(&rig, "QUIET 2", outcome)) {
			(void)usleep(300000); /* the same */
			outcome->after = measure(&rig);
			count(&rig, outcome);
			compare(outcome);
			find_missing(beside, outcome);
		}
	}
	rig_end(&rig);
	if (!WIFEXITED(rig.status) || WEXITSTATUS(rig.status) != 0) {
		fprintf(stderr, "the kernel process ended with 0x%x\n", (unsigned)rig.status);
		outcome->failures++;
	}
}
