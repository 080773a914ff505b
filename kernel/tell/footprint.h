/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_FOOTPRINT_H
#define KX_FOOTPRINT_H

/*
 * What this process holds of the machine: a solution that has ended must leave as much as
 * there was before it. With KOSIX_FOOTPRINT in the environment the kernel process says at its
 * end what is too much; the tests look for that line (POST in tests/system/rig.h).
 */

#include <stdbool.h>

#define KX_FOOTPRINT_DESCRIPTORS 256

struct kx_footprint {
	bool open[KX_FOOTPRINT_DESCRIPTORS]; /* higher ones are not looked at */
	long mappings;                       /* of shared memory that it made */
	long handles;
	long objects; /* what handles name (object.h) */
	long heap;    /* bytes, but for the blocks of handles, which stay */
	long memory;  /* KiB in memory that no file has: the heap and whatever else; 0: not known */
};

/* How much more there is than before; less than 0 is less. */
struct kx_left {
	long descriptors;
	long mappings;
	long handles;
	long objects;
	long heap;
	long memory;
};

void kx_footprint_take(struct kx_footprint *footprint);

/* What waits for a grace period counts as left. Names the descriptors in the log. */
void kx_footprint_left(const struct kx_footprint *before, struct kx_left *left);

/*
 * Log: what is left, if the environment asks for it. Heap counts from KX_HEAP_KEPT bytes on:
 * tables keep the size they once had. malloc must not keep freed pieces for its threads
 * then (GLIBC_TUNABLES=glibc.malloc.tcache_count=0).
 *
 * Memory counts from KX_MEMORY_KEPT_KIB on: stacks of threads, arenas of malloc, tables of
 * libraries that were first needed after the start, and blocks of handles (16,000 handles are 1
 * MiB) stay.
 */
#define KX_HEAP_KEPT       (160 * 1024)
#define KX_MEMORY_KEPT_KIB 8192
void kx_footprint_compare(const struct kx_footprint *before);

#endif /* KX_FOOTPRINT_H */
