/* SPDX-License-Identifier: Apache-2.0 */

/*
 * C-05, C-06 and C-13 on whole solutions: entities under a real kernel process end at
 * random moments, whatever they do, while others call them, directly and relayed,
 * through one another, with bytes and handles (tests/system/scenario_storm.c). Each is
 * a new process that is created, connected, started, and buried. The oracle looks for
 * stuck calls all the time; after it the kernel process must be as large as before.
 */

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "oracle.h"
#include "result.h"
#include "rig.h"

struct size {
	unsigned descriptors;
	unsigned mappings;
	unsigned long resident_kb;
};

struct outcome {
	unsigned cells;
	unsigned deaths;
	unsigned told;
	unsigned done;
	unsigned failures;
	unsigned looks;
	struct size before;
	struct size after;
};

static unsigned count_lines(const char *path)
{
	unsigned lines = 0;
	FILE *file = fopen(path, "re");
	int c;

	while (file && (c = fgetc(file)) != EOF)
		lines += c == '\n';
	if (file)
		(void)fclose(file);
	return lines;
}

static struct size measure(pid_t kernel)
{
	struct size size = {0};
	char path[64];
	char line[200];
	FILE *file;
	DIR *folder;

	(void)snprintf(path, sizeof(path), "/proc/%d/maps", (int)kernel);
	size.mappings = count_lines(path);
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
static bool watch(struct rig *rig, const char *text, struct outcome *outcome)
{
	char name[32];
	int stuck;

	(void)snprintf(name, sizeof(name), "rig%d", (int)getpid());
	while (!rig_wait_ms(rig, text, 1, 1000)) {
		if (rig_count(rig, "FAIL ")) {
			fprintf(stderr, "%s\n", rig->text);
			(void)kx_oracle_look(name, false);
			outcome->failures++;
			return false;
		}
		stuck = kx_oracle_look(name, false);
		outcome->looks++;
		if (stuck != 0) {
			fprintf(stderr,
				stuck < 0 ? "the kernel process does not answer\n%s\n"
					  : "stuck calls\n%s\n",
				rig->text);
			outcome->failures += stuck < 0 ? 1 : (unsigned)stuck;
			return false;
		}
	}
	return true;
}

static void count(struct rig *rig, struct outcome *outcome)
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
 * have ended, until its table is full: the kernel process remembers how each did.
 */
static void compare(struct outcome *outcome)
{
	const unsigned long ended = 6ul * outcome->cells;
	const unsigned long room = 4096 + 8 * (ended < 4096 ? ended : 4096);
	const struct size *a = &outcome->before;
	const struct size *b = &outcome->after;

	if (b->descriptors <= a->descriptors && b->mappings <= a->mappings + 8 &&
	    b->resident_kb <= a->resident_kb + room)
		return;
	fprintf(stderr,
		"left behind: descriptors %u -> %u, mappings %u -> %u, resident %lu -> %lu kB\n",
		a->descriptors, b->descriptors, a->mappings, b->mappings, a->resident_kb,
		b->resident_kb);
	outcome->failures++;
}

static void blow(const char *const options[], uint64_t seed, unsigned seconds,
		 struct outcome *outcome)
{
	static struct rig rig;
	char master[200];
	const char *const entities[] = {master, NULL};

	memset(outcome, 0, sizeof(*outcome));
	(void)snprintf(master, sizeof(master),
		       "master t.Master SEED=%llu SECONDS=%u PARALLEL=3 storm_master client",
		       (unsigned long long)seed, seconds);
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, options);
	if (watch(&rig, "QUIET 1", outcome)) {
		(void)usleep(300000); /* what liburcu frees later is freed */
		outcome->before = measure(rig.kernel);
		if (watch(&rig, "QUIET 2", outcome)) {
			(void)usleep(300000); /* the same */
			outcome->after = measure(rig.kernel);
			count(&rig, outcome);
			compare(outcome);
		}
	}
	rig_end(&rig);
	if (!WIFEXITED(rig.status) || WEXITSTATUS(rig.status) != 0) {
		fprintf(stderr, "the kernel process ended with 0x%x\n", (unsigned)rig.status);
		outcome->failures++;
	}
}

int main(int argc, char **argv)
{
	static const char *const direct[] = {NULL};
	static const char *const relayed[] = {"--mediate=all", NULL};
	static const char *const sleeping[] = {"--spin=off", NULL};
	static const char *const *const ways[] = {direct, relayed, sleeping};
	static const char *const names[] = {"C-05", "C-05-relayed", "C-05-sleeping"};
	struct kx_campaign campaign;
	struct outcome outcome;

	kx_campaign_begin(&campaign, argc, argv);
	for (unsigned i = 0; i < kx_by_tier(&campaign, 1, 3, 3); i++) {
		unsigned seconds = (unsigned)kx_by_tier(&campaign, 2, 25, 3600);

		blow(ways[i], kx_random(&campaign, 1u << 30), seconds, &outcome);
		kx_result(&campaign, names[i], "P1,P2,P3,P4", outcome.deaths, "deaths",
			  outcome.failures,
			  "%u cells of 6 entities; %u told, %u unharmed; %u looks of the oracle; "
			  "kernel process %u -> %u descriptors, %lu -> %lu kB",
			  outcome.cells, outcome.told, outcome.done, outcome.looks,
			  outcome.before.descriptors, outcome.after.descriptors,
			  outcome.before.resident_kb, outcome.after.resident_kb);
	}
	return kx_campaign_end(&campaign);
}
