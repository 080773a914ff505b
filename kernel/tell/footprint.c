/* SPDX-License-Identifier: Apache-2.0 */
#include "footprint.h"

#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handle_pool.h"
#include "ipc_thread.h"
#include "log.h"
#include "object.h"

static long count_mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	long count = maps ? 0 : -1; /* not known */

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

/* Bytes in use; 0 where another allocator stands for the C library's (sanitizers). */
static long count_heap(void)
{
	struct mallinfo2 info = mallinfo2();

	return (long)(info.uordblks + info.hblkhd);
}

/* A sanitizer keeps what was freed. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static long count_memory(void)
{
	return 0;
}
#else
static long count_memory(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[200];
	long kib = 0;
	long part;

	(void)malloc_trim(0);
	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "RssAnon: %ld", &part) == 1 ||
		    sscanf(line, "RssShmem: %ld", &part) == 1)
			kib += part;
	if (status)
		(void)fclose(status);
	return kib;
}
#endif

void kx_footprint_take(struct kx_footprint *footprint)
{
	for (int fd = 0; fd < KX_FOOTPRINT_DESCRIPTORS; fd++)
		footprint->open[fd] = is_open(fd);
	footprint->mappings = count_mappings();
	footprint->handles = kx_handles_in_use();
	footprint->objects = kx_objects_in_use();
	footprint->heap = count_heap();
	footprint->memory = count_memory();
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

static long new_descriptors(const struct kx_footprint *before, const struct kx_footprint *now)
{
	long count = 0;

	for (int fd = 0; fd < KX_FOOTPRINT_DESCRIPTORS; fd++) {
		if (before->open[fd] || !now->open[fd])
			continue;
		name_descriptor(fd);
		count++;
	}
	return count;
}

void kx_footprint_left(const struct kx_footprint *before, struct kx_left *left)
{
	struct kx_footprint now;

	kx_footprint_take(&now);
	*left = (struct kx_left){
		.descriptors = new_descriptors(before, &now),
		.mappings = before->mappings < 0 || now.mappings < 0
				    ? 0
				    : now.mappings - before->mappings,
		.handles = now.handles - before->handles,
		.objects = now.objects - before->objects,
		.heap = now.heap - before->heap,
		.memory = now.memory - before->memory,
	};
}

void kx_footprint_compare(const struct kx_footprint *before)
{
	struct kx_left left;

	if (!getenv("KOSIX_FOOTPRINT"))
		return;
	kx_ipc_settle(); /* what waits for a grace period is no leak */
	kx_footprint_left(before, &left);
	if (left.descriptors > 0 || left.mappings > 0 || left.handles > 0 || left.objects > 0 ||
	    left.heap > KX_HEAP_KEPT || left.memory > KX_MEMORY_KEPT_KIB)
		kx_log("left behind: %ld descriptors, %ld mappings, %ld handles, %ld objects, %ld "
		       "bytes of heap, %ld KiB of memory",
		       left.descriptors, left.mappings, left.handles, left.objects, left.heap,
		       left.memory);
}
