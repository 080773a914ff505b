/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One point of `kosix-bench scale`: a solution, run by the kernel process itself
 * and watched from outside: its memory, files and mappings when all are there.
 */

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure/clock.h"
#include "measure/command.h"
#include "measure/complain.h"
#include "measure/solution.h"
#include "scale.h"

#define GROUP      2000u /* idle clients of one gate, at most */
#define VICTIMS    20u
#define PROCESS_NS UINT64_C(50000000)
#define START_NS   UINT64_C(10000000000)

struct watch {
	struct kx_scale_point *point;
	pid_t pid; /* of the kernel process */
	uint64_t begun_ns;
	uint64_t ready_ns;
	uint64_t done_ns;
	double available; /* bytes, before */
};

/* The number after @key in a file of /proc, such as VmRSS; 0 if there is none. */
static double read_number(const char *path, const char *key)
{
	FILE *file = fopen(path, "re");
	size_t length = strlen(key);
	char line[256];
	double number = 0.0;

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, key, length) == 0 && line[length] == ':')
			number = strtod(line + length + 1, NULL);
	if (file)
		(void)fclose(file);
	return number;
}

double kx_scale_available(void)
{
	return read_number("/proc/meminfo", "MemAvailable") * 1024.0;
}

static unsigned count_entries(const char *path)
{
	DIR *folder = opendir(path);
	unsigned count = 0;

	while (folder && readdir(folder))
		count++;
	if (folder)
		(void)closedir(folder);
	return count;
}

static unsigned count_lines(const char *path)
{
	FILE *file = fopen(path, "re");
	unsigned count = 0;
	int c;

	while (file && (c = getc(file)) != EOF)
		count += c == '\n';
	if (file)
		(void)fclose(file);
	return count;
}

/* All are there: what the kernel process holds now. */
static void look_at_kernel(struct watch *watch)
{
	struct kx_scale_point *point = watch->point;
	char path[64];

	watch->ready_ns = kx_clock_monotonic();
	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)watch->pid);
	point->kernel_bytes = read_number(path, "VmRSS") * 1024.0;
	point->cost[KX_COST_SYSTEM] = watch->available - kx_scale_available();
	(void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)watch->pid);
	point->files = count_entries(path);
	(void)snprintf(path, sizeof(path), "/proc/%d/maps", (int)watch->pid);
	point->maps = count_lines(path);
}

static bool take_point(struct kx_scale_point *point, const char *text)
{
	char name[16];
	uint64_t count;
	uint64_t p50;
	uint64_t p99;

	if (sscanf(text, " %15s %" SCNu64 " %" SCNu64 " %" SCNu64, name, &count, &p50, &p99) != 4)
		return false;
	if (strcmp(name, "call") == 0) {
		point->cost[KX_COST_CALL] = (double)p50;
		point->cost[KX_COST_CALL99] = (double)p99;
	} else if (strcmp(name, "lookup") == 0) {
		point->cost[KX_COST_LOOKUP] = (double)p50;
		point->cost[KX_COST_LOOKUP99] = (double)p99;
	} else {
		point->cost[KX_COST_DEATH] = (double)p50;
	}
	return true;
}

static enum kx_line take_line(void *arg, const char *line)
{
	struct watch *watch = arg;

	if (strncmp(line, "KXFAIL", 6) == 0) {
		(void)kx_complain("scale: %s", line + 7);
		return KX_LINE_BAD;
	}
	if (strcmp(line, "KXREADY") == 0) {
		look_at_kernel(watch);
	} else if (strncmp(line, "KXPOINT", 7) == 0) {
		if (!take_point(watch->point, line + 7))
			return KX_LINE_BAD;
	} else if (strcmp(line, "KXDONE") == 0) {
		watch->done_ns = kx_clock_monotonic();
		return KX_LINE_DONE;
	} else {
		fprintf(stderr, "%s\n", line);
	}
	return KX_LINE_MORE;
}

static bool run_kernel(const struct kx_config *config, const struct kx_scratch *scratch,
		       struct watch *watch)
{
	char program[KX_PROGRAM_PATH];
	char image[KX_PROGRAM_PATH];
	char name[40];
	char *argv[5];
	unsigned n = 0;
	uint64_t all = config->idle_clients * (PROCESS_NS + UINT64_C(100000) * config->handles);
	struct kx_command_use use;
	const struct kx_command command = {
		.name = "scale",
		.argv = argv,
		.place = &config->place,
		.limit_ns = START_NS + all,
		.line = take_line,
		.arg = watch,
		.grace_ns = START_NS + all,
		.pid = &watch->pid,
	};

	(void)kx_program_path(kx_program_name(config, KX_PROGRAM_KERNEL), program);
	(void)snprintf(image, sizeof(image), "%s/solution", scratch->path);
	(void)snprintf(name, sizeof(name), "--name=kosix-bench-%ld", (long)getpid());
	argv[n++] = program;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	argv[n++] = (char *)"--isolation=off"; /* the sanitizers' run time needs more calls */
#endif
	argv[n++] = name;
	argv[n++] = image;
	argv[n] = NULL;
	watch->available = kx_scale_available();
	watch->begun_ns = kx_clock_monotonic();
	return kx_command_run(&command, &use);
}

bool kx_scale_run(const struct kx_config *options, unsigned clients, unsigned each,
		  struct kx_scale_point *point)
{
	struct kx_config config = *options;
	struct kx_scratch scratch;
	struct watch watch = {.point = point};
	bool ok;

	config.idle_clients = clients;
	config.groups = (clients + GROUP - 1) / GROUP;
	config.victims = VICTIMS;
	config.handles = each;
	if (!kx_scratch_make(&scratch))
		return false;
	ok = kx_solution_make(&config, &scratch) && run_kernel(&config, &scratch, &watch);
	kx_scratch_remove(&scratch);
	if (!ok)
		return false;
	point->entities = clients + 2 * config.groups + VICTIMS + 2;
	point->channels = 2 * clients + config.groups + VICTIMS + 1;
	point->handles = (uint64_t)clients * each;
	point->cost[KX_COST_START] = (double)(watch.ready_ns - watch.begun_ns);
	point->cost[KX_COST_END] = (double)(kx_clock_monotonic() - watch.done_ns);
	return true;
}
