/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ABI_VERSION_H
#define KX_ABI_VERSION_H

#include <stddef.h>
#include <stdint.h>

/*
 * First 32 bytes of every shared mapping. Written once by the kernel process
 * before the descriptor leaves it; nobody changes them afterwards. An attaching
 * process refuses the mapping unless every field is what it expects: one build,
 * one version, no negotiation.
 */
#define KX_ABI_MAGIC   0x3158584bu /* "KXX1" in memory on a little-endian host */
#define KX_ABI_VERSION 1u

enum kx_region_kind {
	KX_REGION_TASK_PAGE = 1,
	KX_REGION_CHANNEL = 2,
	KX_REGION_LINK = 3,
};

struct kx_region_header {
	uint32_t magic;        /* KX_ABI_MAGIC */
	uint32_t abi_version;  /* KX_ABI_VERSION */
	uint32_t region_kind;  /* enum kx_region_kind */
	uint32_t generation;   /* differs for every region the kernel process makes */
	uint64_t region_bytes; /* whole mapping; checked against fstat() */
	uint64_t reserved0;    /* must be zero */
};

_Static_assert(sizeof(struct kx_region_header) == 32, "kx_region_header resized");
_Static_assert(offsetof(struct kx_region_header, region_bytes) == 16, "region_bytes moved");

#endif /* KX_ABI_VERSION_H */
