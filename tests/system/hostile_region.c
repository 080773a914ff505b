/* SPDX-License-Identifier: Apache-2.0 */

/*
 * M-06 on the descriptors that the kernel process really sends: the task page, which may only
 * be read, the link and a channel's region, which may be written. Says "TRIED ATTEMPT.REGION
 * RESULT" of each attempt: the errno's name, or "ok". All of them are at the end of a region,
 * where nobody else looks.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hostile.h"

#define PIECE 4096

struct kept_region kept_regions[3];

static void say(const char *attempt, const char *region_name, long result)
{
	fprintf(stderr, "TRIED %s.%s %s\n", attempt, region_name,
		result < 0 ? strerrorname_np(errno) : "ok");
}

static void map_again(const char *attempt, const char *name, int fd)
{
	void *mapped = mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	say(attempt, name, mapped == MAP_FAILED ? -1 : 0);
	if (mapped != MAP_FAILED)
		(void)munmap(mapped, PIECE);
}

static void reopen(const char *name, int fd)
{
	char path[32];
	int again;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDWR | O_CLOEXEC);
	say("reopen", name, again);
	if (again < 0)
		return;
	say("write_reopened", name, pwrite(again, "x", 1, 0));
	map_again("map_reopened", name, again);
	(void)close(again);
}

static void attack(const char *name, const struct kept_region *kept)
{
	const off_t end = (off_t)kept->bytes;
	const off_t last = end - PIECE;
	char *piece = (char *)kept->mapped + last;

	say("shrink", name, ftruncate(kept->fd, last));
	say("empty", name, ftruncate(kept->fd, 0));
	say("grow", name, ftruncate(kept->fd, end + PIECE));
	say("extend", name, fallocate(kept->fd, 0, end, PIECE));
	say("append", name, pwrite(kept->fd, "x", 1, end));
	say("seal", name, fcntl(kept->fd, F_ADD_SEALS, F_SEAL_WRITE));
	say("punch", name,
	    fallocate(kept->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, last, PIECE));
	say("write", name, pwrite(kept->fd, "x", 1, end - 1));
	say("remove", name, madvise(piece, PIECE, MADV_REMOVE));
	say("mprotect", name, mprotect(piece, PIECE, PROT_READ | PROT_WRITE));
	say("chmod", name, fchmod(kept->fd, 0777));
	map_again("map", name, kept->fd);
	reopen(name, kept->fd);
}

void regions(void)
{
	attack("page", &kept_regions[0]);
	attack("link", &kept_regions[1]);
	attack("channel", &kept_regions[2]);
}
