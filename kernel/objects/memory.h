/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_MEMORY_H
#define KX_MEMORY_H

/*
 * A memory object (MDL buffer): a sealed memfd that whoever holds a handle may
 * map. The kernel process keeps the descriptor and never maps it. Control
 * thread; none blocks.
 */

#include <stdint.h>

#include "kx_rc.h"
#include "object.h"

struct kx_task;

#define KX_MEMORY_LIMIT (UINT64_C(1) << 32) /* one object */

/* One entity's objects: each keeps a descriptor open in the kernel process. */
#define KX_MEMORY_OBJECTS 256u

struct kx_memory {
	struct kx_object object;
	struct kx_task *owner; /* who made it; pinned until the object expires */
	uint64_t bytes;
	int fd; /* -1 once expired */
};

#endif /* KX_MEMORY_H */
