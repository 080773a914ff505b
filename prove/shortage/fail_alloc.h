/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PROVE_FAIL_ALLOC_H
#define KX_PROVE_FAIL_ALLOC_H

/* What fail_alloc.c writes for alloc.c, in a file that both have mapped. */

#include <stdatomic.h>
#include <stdint.h>

#define KX_FAIL_NOTED 16384u

struct kx_fail_count {
	atomic_ulong count;
	atomic_uint struck;             /* allocations that were refused */
	uint32_t places[KX_FAIL_NOTED]; /* of each allocation; never 0 */
};

#endif /* KX_PROVE_FAIL_ALLOC_H */
