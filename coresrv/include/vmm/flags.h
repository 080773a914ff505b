/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VMM_FLAGS_H
#define VMM_FLAGS_H

/* How pages are allocated and what may be done with them. */

#define VMM_FLAG_READ     0x0001
#define VMM_FLAG_WRITE    0x0002
#define VMM_FLAG_EXECUTE  0x0004
#define VMM_FLAG_RWX_MASK (VMM_FLAG_READ | VMM_FLAG_WRITE | VMM_FLAG_EXECUTE)

#define VMM_FLAG_RESERVE    0x0010
#define VMM_FLAG_COMMIT     0x0020
#define VMM_FLAG_LOCKED     0x0040 /* physical memory at once, not on first use */
#define VMM_FLAG_LOW_GUARD  0x0080 /* a page before that cannot be touched */
#define VMM_FLAG_HIGH_GUARD 0x0100 /* a page behind that cannot be touched */
#define VMM_FLAG_GROW_DOWN  0x0200 /* used from the end; a hint */

/* Caching; accepted, without effect on Linux. */
#define VMM_FLAG_WRITE_BACK    0x0000
#define VMM_FLAG_CACHE_DISABLE 0x1000
#define VMM_FLAG_WRITE_THROUGH 0x2000
#define VMM_FLAG_WRITE_COMBINE 0x3000
#define VMM_FLAG_CACHE_MASK    0x3000

#endif /* VMM_FLAGS_H */
