/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ABI_INDEX_H
#define KX_ABI_INDEX_H

/*
 * A processor that guesses wrongly goes on behind a bounds check as if the index were right, and
 * what it reads there leaves traces in the cache. So an index that an entity chose is masked
 * after the check and before the table is read (tools/check_indices looks for those that are not):
 *
 *     if (index >= COUNT)
 *             return ...;
 *     entry = &table[kx_index(index, COUNT)];
 */

#include <stdint.h>

#include "kx_atomic.h"

/* @index if it is below @count, else 0; without a branch. Three instructions. */
static inline uint32_t kx_index(uint32_t index, uint32_t count)
{
	/* In a register of its own: the compiler must not know what the check before has shown. */
	uint32_t value = kx_alone32(&index);
	uint64_t mask = (uint64_t)((int64_t)((uint64_t)value - count) >> 63);

	return value & (uint32_t)mask;
}

#endif /* KX_ABI_INDEX_H */
