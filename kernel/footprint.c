/* SPDX-License-Identifier: Apache-2.0 */
#include "footprint.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ipc_thread.h"
#include "log.h"

static long count_mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	long count = 0;

	while (maps && fgets(line, sizeof(line), maps))
		count += strstr(line, " /memfd:") != NULL;
	if (maps)
		(void)fclose(maps);
	return count;
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

void kx_footprint_take(struct kx_footprint *footprint)
{
	for (int fd = 0; fd < KX_FOOTPRINT_DESCRIPTORS; fd++)
		footprint->open[fd] = is_open(fd);
	footprint->mappings = count_mappings();
}

static void name_descriptor(int fd)
{
	char target[256];
	char name[64];
	ssize_t length;

	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	length = readlink(name, target, sizeof(target) - 1);
	target[length < 0 ? 0 : length] = '\0';
	kx_log("descriptor %d was not there before: %s", fd, target);
}

long kx_footprint_descriptors(const struct kx_footprint *before)
{
	long count = 0;

	for (int fd = 0; fd < KX_FOOTPRINT_DESCRIPTORS; fd++) {
		if (before->open[fd] || !is_open(fd))
			continue;
		name_descriptor(fd);
		count++;
	}
	return count;
}

long kx_footprint_mappings(const struct kx_footprint *before)
{
	return count_mappings() - before->mappings;
}

void kx_footprint_compare(const struct kx_footprint *before)
{
	long descriptors;
	long mappings;

	if (!getenv("KOSIX_FOOTPRINT"))
		return;
	kx_ipc_settle(); /* what waits for a grace period is no leak */
	descriptors = kx_footprint_descriptors(before);
	mappings = kx_footprint_mappings(before);
	if (descriptors > 0 || mappings > 0)
		kx_log("left behind: %ld descriptors, %ld mappings", descriptors, mappings);
}
