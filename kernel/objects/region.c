/* SPDX-License-Identifier: Apache-2.0 */

#include "region.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kx_limits.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

#define PAGE_BYTES 4096u

static uint32_t next_generation = 1;

/* Linux before 6.3 does not know NOEXEC_SEAL. */
static int memory_fd(void)
{
	int fd = memfd_create("kosix", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("kosix", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	return fd;
}

static int prepare(int fd, uint64_t bytes, uint64_t committed)
{
	if (ftruncate(fd, (off_t)bytes) < 0)
		return -errno;
	if (committed && fallocate(fd, 0, 0, (off_t)committed) < 0)
		return -errno;
	return 0;
}

/* The mapping comes first: F_SEAL_FUTURE_WRITE lets existing ones live. */
static int map_and_seal(struct kx_region *region, int seals)
{
	void *base = mmap(NULL, region->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, region->fd, 0);

	if (base == MAP_FAILED)
		return -errno;
	region->base = base;
	if (madvise(base, region->bytes, MADV_DONTFORK) < 0)
		return -errno;
	if (fcntl(region->fd, F_ADD_SEALS, seals) < 0)
		return -errno;
	return 0;
}

static int create(uint64_t bytes, uint64_t committed, int seals, struct kx_region *out)
{
	int error;

	*out = (struct kx_region){.fd = memory_fd(), .bytes = bytes};
	if (out->fd < 0)
		return -errno;
	error = prepare(out->fd, bytes, committed);
	if (!error)
		error = map_and_seal(out, seals);
	if (error)
		kx_region_close(out);
	return error;
}

int kx_region_create(enum kx_region_kind kind, enum kx_region_access access, uint64_t bytes,
		     uint64_t committed, struct kx_region *out)
{
	int seals = SEALS | (access == KX_REGION_READ_ONLY ? F_SEAL_FUTURE_WRITE : 0);
	struct kx_region_header *header;
	int error = create(bytes, committed < bytes ? committed : bytes, seals, out);

	if (error)
		return error;
	header = out->base;
	header->magic = KX_ABI_MAGIC;
	header->abi_version = KX_ABI_VERSION;
	header->region_kind = kind;
	header->generation = next_generation++;
	header->region_bytes = bytes;
	return 0;
}

int kx_region_create_plain(uint64_t bytes, struct kx_region *out)
{
	return create(bytes, 0, SEALS, out);
}

int kx_region_commit(void *base, uint64_t offset, uint64_t length)
{
	uint64_t first = offset & ~(uint64_t)(PAGE_BYTES - 1);
	uint64_t end = (offset + length + PAGE_BYTES - 1) & ~(uint64_t)(PAGE_BYTES - 1);

	if (madvise((char *)base + first, end - first, MADV_POPULATE_WRITE) < 0)
		return -errno;
	return 0;
}

void kx_region_close(struct kx_region *region)
{
	if (region->base)
		munmap(region->base, region->bytes);
	if (region->fd >= 0)
		close(region->fd);
	region->base = NULL;
	region->fd = -1;
}
