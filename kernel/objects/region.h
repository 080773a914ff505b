/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_REGION_H
#define KX_REGION_H

/*
 * Shared memory: sealed memfds, the only kind of memory that two processes of a
 * solution share. Nothing has a name anywhere, so nothing can be left behind.
 * Size is fixed for ever; the entity gets the descriptor over its control
 * socket, and the kernel process closes its own after that.
 */

#include <stdbool.h>
#include <stdint.h>

#include "kx_version.h"

struct kx_region {
	int fd;
	void *base;
	uint64_t bytes;
};

enum kx_region_access {
	KX_REGION_SHARED,    /* whoever has the descriptor may write */
	KX_REGION_READ_ONLY, /* only this mapping writes: F_SEAL_FUTURE_WRITE */
};

/*
 * Makes a region of @bytes, the first @committed of them backed by memory, maps
 * it, writes its header, seals it. Control thread; does not block. Returns 0 or
 * a negative errno; nothing is left then.
 */
int kx_region_create(enum kx_region_kind kind, enum kx_region_access access, uint64_t bytes,
		     uint64_t committed, struct kx_region *out);

/* As above without header, kind or commitment: memory objects of entities. */
int kx_region_create_plain(uint64_t bytes, struct kx_region *out);

/* Backs bytes [@offset, @offset + @length) of a mapping with memory. 0 or a negative errno. */
int kx_region_commit(void *base, uint64_t offset, uint64_t length);

/* Closes and unmaps what is there (fd -1, base NULL: nothing). */
void kx_region_close(struct kx_region *region);

#endif /* KX_REGION_H */
