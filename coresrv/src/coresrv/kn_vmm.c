/* SPDX-License-Identifier: Apache-2.0 */

/*
 * coresrv/vmm/vmm_api.h over mmap. Every allocation is on a list, so that no
 * call touches pages that were not allocated here. Reserved pages are mapped
 * without any access; committing gives them the access they were meant to have.
 */

#include <coresrv/vmm/vmm_api.h>

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "kx_vmm.h"

struct kx_region {
	struct kx_region *next;
	uintptr_t start; /* of what the program may use */
	uintptr_t end;
	int access;             /* VMM_FLAG_READ ... that a commit gives */
	bool low_guard;         /* one more page in front */
	bool high_guard;        /* and behind */
	bool executable;        /* or some of it once was */
	uintptr_t shared_start; /* what maps MDL buffers, always committed, lies in here */
	uintptr_t shared_end;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct kx_region *regions; /* lock */

int kx_vmm_prot(int flags)
{
	return (flags & VMM_FLAG_READ ? PROT_READ : 0) | (flags & VMM_FLAG_WRITE ? PROT_WRITE : 0) |
	       (flags & VMM_FLAG_EXECUTE ? PROT_EXEC : 0);
}

bool kx_vmm_access_ok(int flags)
{
	switch (flags & VMM_FLAG_RWX_MASK) {
	case 0:
	case VMM_FLAG_READ:
	case VMM_FLAG_READ | VMM_FLAG_WRITE:
	case VMM_FLAG_READ | VMM_FLAG_EXECUTE:
	case VMM_FLAG_RWX_MASK:
		return true;
	default:
		return false;
	}
}

bool kx_vmm_range_ok(uintptr_t start, rtl_size_t size)
{
	return size > 0 && (start & (PAGE_SIZE - 1)) == 0 && (size & (PAGE_SIZE - 1)) == 0 &&
	       size <= UINTPTR_MAX - start;
}

static struct kx_region *find_locked(uintptr_t start, rtl_size_t size)
{
	struct kx_region *r = regions;

	while (r && !(r->start <= start && start + size <= r->end))
		r = r->next;
	return r;
}

static bool is_shared_locked(const struct kx_region *r, uintptr_t start, rtl_size_t size)
{
	return start < r->shared_end && r->shared_start < start + size;
}

static void add_locked(struct kx_region *r)
{
	r->next = regions;
	regions = r;
}

bool kx_vmm_adopt(void *addr, rtl_size_t size, int flags)
{
	struct kx_region *r = calloc(1, sizeof(*r));

	if (!r)
		return false;
	r->start = (uintptr_t)addr;
	r->end = r->start + size;
	r->access = flags & VMM_FLAG_RWX_MASK;
	r->executable = (flags & VMM_FLAG_EXECUTE) != 0;
	r->shared_start = r->start;
	r->shared_end = r->end;
	(void)pthread_mutex_lock(&lock);
	add_locked(r);
	(void)pthread_mutex_unlock(&lock);
	return true;
}

static void forget_locked(struct kx_region *r)
{
	struct kx_region **at = &regions;

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	free(r);
}

/* Maps @r's pages and guards; sets start and end. False: nothing is mapped. */
static bool map_region(struct kx_region *r, uintptr_t wanted, rtl_size_t size, int flags)
{
	rtl_size_t low = r->low_guard ? PAGE_SIZE : 0;
	rtl_size_t whole = low + size + (r->high_guard ? PAGE_SIZE : 0);
	int how = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (wanted ? MAP_FIXED_NOREPLACE : 0) |
		  (flags & VMM_FLAG_GROW_DOWN ? MAP_STACK : 0);
	void *base = mmap(wanted ? (void *)(wanted - low) : NULL, whole, PROT_NONE, how, -1, 0);
	void *start;

	if (base == MAP_FAILED)
		return false;
	start = (char *)base + low;
	if (flags & VMM_FLAG_COMMIT && (mprotect(start, size, kx_vmm_prot(flags)) != 0)) {
		(void)munmap(base, whole);
		return false;
	}
	/* Populating is a promise about memory; being swapped out later is not ruled out. */
	if (flags & VMM_FLAG_COMMIT && flags & VMM_FLAG_LOCKED && flags & VMM_FLAG_WRITE)
		(void)madvise(start, size, MADV_POPULATE_WRITE);
	r->start = (uintptr_t)start;
	r->end = r->start + size;
	return true;
}

void *KnVmAllocate(void *addr, rtl_size_t size, int flags)
{
	uintptr_t wanted = (uintptr_t)addr;
	struct kx_region *r;

	if (!(flags & VMM_FLAG_RESERVE) || !kx_vmm_range_ok(wanted, size) ||
	    !kx_vmm_access_ok(flags) || size > UINTPTR_MAX - 2 * PAGE_SIZE ||
	    (wanted && wanted < 2 * PAGE_SIZE))
		return RTL_NULL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return RTL_NULL;
	r->access = flags & VMM_FLAG_RWX_MASK;
	r->executable = (flags & VMM_FLAG_EXECUTE) != 0;
	r->low_guard = (flags & VMM_FLAG_LOW_GUARD) != 0;
	r->high_guard = (flags & VMM_FLAG_HIGH_GUARD) != 0;

	(void)pthread_mutex_lock(&lock);
	if (!map_region(r, wanted, size, flags)) {
		(void)pthread_mutex_unlock(&lock);
		free(r);
		return RTL_NULL;
	}
	add_locked(r);
	addr = (void *)r->start; /* the entry may go as soon as the lock does */
	(void)pthread_mutex_unlock(&lock);
	return addr;
}

Retcode KnVmCommit(void *addr, rtl_size_t size, int flags)
{
	struct kx_region *r;
	Retcode rc = rcInvalidArgument;

	(void)flags;
	if (!kx_vmm_range_ok((uintptr_t)addr, size))
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	r = find_locked((uintptr_t)addr, size);
	if (r)
		rc = mprotect(addr, size, kx_vmm_prot(r->access)) == 0 ? rcOk : rcOutOfMemory;
	(void)pthread_mutex_unlock(&lock);
	return rc;
}

Retcode KnVmDecommit(void *addr, rtl_size_t size)
{
	const struct kx_region *r;
	Retcode rc = rcInvalidArgument;

	if (!kx_vmm_range_ok((uintptr_t)addr, size))
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	r = find_locked((uintptr_t)addr, size);
	if (r && !is_shared_locked(r, (uintptr_t)addr, size) &&
	    mmap(addr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1,
		 0) != MAP_FAILED)
		rc = rcOk;
	(void)pthread_mutex_unlock(&lock);
	return rc;
}

Retcode KnVmProtect(void *addr, rtl_size_t size, int newFlags)
{
	struct kx_region *r;
	Retcode rc = rcInvalidArgument;

	if (!kx_vmm_range_ok((uintptr_t)addr, size) || !kx_vmm_access_ok(newFlags))
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	r = find_locked((uintptr_t)addr, size);
	if (r && mprotect(addr, size, kx_vmm_prot(newFlags)) == 0) {
		r->executable |= (newFlags & VMM_FLAG_EXECUTE) != 0;
		rc = rcOk;
	}
	(void)pthread_mutex_unlock(&lock);
	return rc;
}

Retcode KnVmQuery(const void *addr, KnVmInfo *info)
{
	const struct kx_region *r;

	if (!info)
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	r = find_locked((uintptr_t)addr, 1);
	if (r) {
		info->addr = (void *)r->start;
		info->size = r->end - r->start;
		info->flags = (rtl_uint32_t)r->access;
	}
	(void)pthread_mutex_unlock(&lock);
	return r ? rcOk : rcResourceNotFound;
}

/*
 * What may be done with all of the pages now, as PROT_READ ...: Linux tells it only by what
 * it refuses. rcInvalidArgument: nothing, or it is not the same for all.
 */
static Retcode find_prot(char *start, rtl_size_t size, int *prot)
{
	*prot = PROT_READ;
	if (madvise(start, size, MADV_POPULATE_READ) != 0)
		return errno == EINVAL ? rcInvalidArgument : rcOutOfMemory;
	if (madvise(start, size, MADV_POPULATE_WRITE) == 0) {
		*prot |= PROT_WRITE;
		return rcOk;
	}
	if (errno != EINVAL)
		return rcOutOfMemory;
	for (rtl_size_t at = 0; at < size; at += PAGE_SIZE)
		if (madvise(start + at, PAGE_SIZE, MADV_POPULATE_WRITE) == 0)
			return rcInvalidArgument;
	return rcOk;
}

/* Copies the pages to @fd and maps it in their place. */
static Retcode replace(void *addr, rtl_size_t size, int prot, int fd)
{
	void *copy = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (copy == MAP_FAILED)
		return rcOutOfMemory;
	memcpy(copy, addr, size);
	(void)munmap(copy, size);
	return mmap(addr, size, prot, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED ? rcOutOfMemory
										   : rcOk;
}

static void mark_shared_locked(struct kx_region *r, uintptr_t start, uintptr_t end)
{
	bool first = r->shared_end == 0;

	if (first || start < r->shared_start)
		r->shared_start = start;
	if (first || end > r->shared_end)
		r->shared_end = end;
}

Retcode kx_vmm_share(void *addr, rtl_size_t size, int fd)
{
	uintptr_t start = (uintptr_t)addr;
	Retcode rc = rcInvalidArgument;
	struct kx_region *r;
	int prot;

	(void)pthread_mutex_lock(&lock);
	r = find_locked(start, size);
	if (r && !r->executable && !is_shared_locked(r, start, size))
		rc = find_prot(addr, size, &prot);
	if (rc == rcOk)
		rc = replace(addr, size, prot, fd);
	if (rc == rcOk)
		mark_shared_locked(r, start, start + size);
	(void)pthread_mutex_unlock(&lock);
	return rc;
}

/*
 * Takes [@start, @end) out of @r, whose middle it may be: then @rest, an empty
 * entry, becomes the upper part. Returns whether @rest was used.
 */
static bool cut_locked(struct kx_region *r, uintptr_t start, uintptr_t end, struct kx_region *rest)
{
	bool keeps_low = start > r->start;
	bool keeps_high = end < r->end;
	uintptr_t from = start - (!keeps_low && r->low_guard ? PAGE_SIZE : 0);
	uintptr_t to = end + (!keeps_high && r->high_guard ? PAGE_SIZE : 0);

	(void)munmap((void *)from, to - from);
	if (keeps_low && keeps_high) {
		*rest = *r;
		rest->start = end;
		rest->low_guard = false;
		add_locked(rest);
	}
	if (keeps_low) {
		r->end = start;
		r->high_guard = false;
	} else if (keeps_high) {
		r->start = end;
		r->low_guard = false;
	} else {
		forget_locked(r);
	}
	return keeps_low && keeps_high;
}

Retcode KnVmUnmap(void *addr, rtl_size_t size)
{
	uintptr_t start = (uintptr_t)addr;
	struct kx_region *rest;
	struct kx_region *r;
	bool used = false;

	if (!kx_vmm_range_ok(start, size))
		return rcInvalidArgument;
	rest = calloc(1, sizeof(*rest));
	if (!rest)
		return rcOutOfMemory;
	(void)pthread_mutex_lock(&lock);
	r = find_locked(start, size);
	if (r)
		used = cut_locked(r, start, start + size, rest);
	(void)pthread_mutex_unlock(&lock);
	if (!used)
		free(rest);
	return r ? rcOk : rcInvalidArgument;
}
