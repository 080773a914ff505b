/* SPDX-License-Identifier: Apache-2.0 */
#include "peer_usage.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void add_wakes(int pid, const char *thread, struct kx_peer_usage *usage)
{
	char path[300];
	char line[256];
	uint64_t count;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%s/status", pid, thread);
	file = fopen(path, "re");
	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		usage->running += strncmp(line, "State:\tR", 8) == 0;
		if (sscanf(line, "voluntary_ctxt_switches: %" SCNu64, &count) == 1)
			usage->wakes += count;
	}
	(void)fclose(file);
}

/* The first number of schedstat is the time on a processor, in nanoseconds. */
static void add_time(int pid, const char *thread, struct kx_peer_usage *usage)
{
	char path[300];
	uint64_t ns;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%s/schedstat", pid, thread);
	file = fopen(path, "re");
	if (!file)
		return;
	if (fscanf(file, "%" SCNu64, &ns) == 1)
		usage->cpu_ns += ns;
	(void)fclose(file);
}

struct kx_peer_usage kx_peer_usage_of(int pid)
{
	struct kx_peer_usage usage = {0};
	const struct dirent *entry;
	char path[64];
	DIR *threads;

	(void)snprintf(path, sizeof(path), "/proc/%d/task", pid);
	threads = opendir(path);
	while (threads && (entry = readdir(threads)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		add_wakes(pid, entry->d_name, &usage);
		add_time(pid, entry->d_name, &usage);
	}
	if (threads)
		(void)closedir(threads);
	return usage;
}
