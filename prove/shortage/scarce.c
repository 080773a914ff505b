/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What runs out, or must not:
 *
 *   R-02  a server is killed by Linux because its memory is used up: as any other death
 *   R-04  the disk of the audit file is full: calls go on, and what is missing is said
 *   R-07  entities come and go, and others call, as long as you like: the kernel process and those
 *         who stay are no larger for it
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "result.h"
#include "rig.h"

#define GROUP     "/sys/fs/cgroup/memory/kosix-prove"
#define GROUP_TWO "/sys/fs/cgroup/kosix-prove"

static struct rig rig;

static unsigned ended_well(const char *what)
{
	bool wrong;

	rig_end(&rig);
	wrong = rig_count(&rig, "FAIL ") || !WIFEXITED(rig.status) || WEXITSTATUS(rig.status) != 0;
	if (wrong)
		fprintf(stderr, "%s: status 0x%x\n%.4000s\n", what, (unsigned)rig.status, rig.text);
	return wrong;
}

static bool write_to(const char *folder, const char *name, const char *text)
{
	char path[200];
	FILE *file;
	bool good;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "we");
	good = file && fputs(text, file) >= 0;
	return file && fclose(file) == 0 && good;
}

/* --- R-02 --- */

/* A control group that holds 32 MiB; NULL: there is none to be had. */
static const char *make_group(void)
{
	static const struct {
		const char *folder;
		const char *limit;
	} kinds[] = {{GROUP, "memory.limit_in_bytes"}, {GROUP_TWO, "memory.max"}};

	for (size_t i = 0; i < 2; i++) {
		if (mkdir(kinds[i].folder, 0755) != 0 && errno != EEXIST)
			continue;
		if (write_to(kinds[i].folder, kinds[i].limit, "33554432"))
			return kinds[i].folder;
		(void)rmdir(kinds[i].folder);
	}
	return NULL;
}

static void remove_group(const char *folder)
{
	for (unsigned tries = 0; rmdir(folder) != 0 && errno == EBUSY && tries < 5000; tries++)
		(void)usleep(1000); /* who died in it is being torn down */
}

/* One server grows until it is killed, with two clients that wait for it. */
static unsigned starve(const char *folder, const char *const options[])
{
	static const char *const entities[] = {"server t.Server glutton server",
					       "a t.Client METHOD=echo glutton client",
					       "b t.Client METHOD=asked glutton client", NULL};
	unsigned failures = 0;
	char number[16];
	const char *line;
	int pid = 0;

	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, options);
	if (rig_wait(&rig, "PROCESS ", 1) && rig_wait_ms(&rig, "READY\n", 1, 5000)) {
		line = strstr(rig.text, "PROCESS ");
		(void)sscanf(line, "PROCESS %d", &pid);
	}
	(void)snprintf(number, sizeof(number), "%d", pid);
	failures += !pid || !write_to(folder, "cgroup.procs", number);
	if (pid > 0)
		(void)kill(pid, SIGUSR1);
	failures += !rig_wait(&rig, "PASS glutton client", 2);
	failures += rig_count(&rig, "NOT KILLED") != 0;
	return failures + ended_well("R-02");
}

static void out_of_memory(struct kx_campaign *campaign)
{
	const char *folder = make_group();
	uint64_t failures = 0;
	uint64_t count = 0;
	uint64_t wanted = kx_by_tier(campaign, 2, 6, 100);

	if (!folder) {
		kx_result(campaign, "R-02", "P1,P3", 0, "deaths", 0,
			  "no memory control group can be made here");
		return;
	}
	for (; count < wanted && !failures; count++)
		failures += starve(folder, count % 2 ? rig_relayed : rig_direct);
	remove_group(folder);
	kx_result(campaign, "R-02", "P1,P3", count, "deaths", failures,
		  "of servers killed by Linux in a control group of 32 MiB; all clients told");
}

/* --- R-04 --- */

/* Denials go on record in a file system of 4 KiB. */
static unsigned fill_disk(const char *disk)
{
	static const char *const entities[] = {"server t.Server SECONDS=1 SEED=1 judged server",
					       "client t.Client SECONDS=1 SEED=2 judged client",
					       NULL};
	char option[300];
	const char *options[] = {option, NULL};
	unsigned failures;

	(void)snprintf(option, sizeof(option), "--audit=%s/audit", disk);
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, options);
	failures = !rig_wait(&rig, "PASS judged client", 1);
	rig_end(&rig);
	failures += !rig_count(&rig, "cannot write the audit file");
	if (failures || rig_count(&rig, "FAIL "))
		fprintf(stderr, "R-04: status 0x%x\n%.4000s\n", (unsigned)rig.status, rig.text);
	return failures + (rig_count(&rig, "FAIL ") != 0) + !WIFEXITED(rig.status);
}

static void full_disk(struct kx_campaign *campaign)
{
	char disk[] = "/tmp/kosix-prove-XXXXXX";
	uint64_t failures = 0;
	uint64_t count = 0;
	uint64_t wanted = kx_by_tier(campaign, 1, 3, 10);

	for (; count < wanted && !failures; count++) {
		if (!mkdtemp(disk) || mount("none", disk, "tmpfs", 0, "size=4k") != 0) {
			(void)rmdir(disk);
			break;
		}
		failures += fill_disk(disk);
		failures += umount(disk) != 0;
		(void)rmdir(disk);
		memcpy(disk + sizeof(disk) - 7, "XXXXXX", 6);
	}
	kx_result(campaign, "R-04", "P1,P3", count, "runs", failures,
		  count ? "with the audit file on a file system of 4 KiB; calls and verdicts as "
			  "always"
			: "no file system can be mounted here");
}

/* --- R-07 --- */

static unsigned long resident(pid_t pid)
{
	const pid_t kernel = rig.kernel;
	unsigned long kb;

	rig.kernel = pid;
	kb = rig_memory_kb(&rig, "VmRSS:");
	rig.kernel = kernel;
	return kb;
}

/* Of all processes of the image, and of the kernel process. */
static unsigned long all_resident(void)
{
	const char *at = rig.text;
	unsigned long kb = resident(rig.kernel);
	int pid;

	for (; (at = strstr(at, "STAYS ")); at++)
		if (sscanf(at, "STAYS %d", &pid) == 1)
			kb += resident(pid);
	return kb;
}

static void slope(struct kx_campaign *campaign)
{
	static const char *const options[] = {NULL};
	static const char *const entities[] = {"server t.Server lives server",
					       "master t.Client lives client", NULL};
	const unsigned before = 2; /* hundreds of lives until all has grown that grows once */
	unsigned hundreds = before + (unsigned)kx_by_tier(campaign, 2, 10, 10000);
	unsigned long first;
	unsigned long last;
	uint64_t failures = 0;

	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, options);
	failures += !rig_wait_ms(&rig, "HUNDRED", before, 120000);
	first = all_resident();
	for (unsigned i = before + 1; i <= hundreds && !failures; i++)
		failures += !rig_wait_ms(&rig, "HUNDRED", i, 120000);
	last = all_resident();
	failures += first == 0 || last > first + 256;
	if (failures)
		fprintf(stderr, "R-07: %lu kB -> %lu kB\n%.2000s\n", first, last, rig.text);
	failures += ended_well("R-07");
	kx_result(campaign, "R-07", "P4", (hundreds - before) * 100ull, "lives", failures,
		  "and ten calls for each, short and long; kernel process and two that stay: "
		  "%lu -> %lu kB",
		  first, last);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(struct kx_campaign *campaign);
	} parts[] = {{"R-02", out_of_memory}, {"R-04", full_disk}, {"R-07", slope}};
	struct kx_campaign campaign;

	kx_campaign_begin(&campaign, argc, argv);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (kx_wants(&campaign, parts[i].name))
			parts[i].run(&campaign);
	return kx_campaign_end(&campaign);
}
