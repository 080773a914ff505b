/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ABI_RECORD_H
#define KX_ABI_RECORD_H

/*
 * The file that `kosix run --record=FILE` makes and `kosix policy what-if` reads:
 * every event the policy decided, with the message it saw.
 *
 *   kx_record_file     once
 *   kx_record_entry    per event, followed by `bytes` bytes:
 *     KX_RECORD_TEXTS strings, each with its zero: class and task of the source, of
 *       the destination, endpoint, declaring class and endpoint, interface, method
 *     handle_count * kx_record_handle, unaligned
 *     fixed_size bytes, the constant part
 *     arena_size bytes
 *
 * Written by the kernel process in the byte order of the machine. Whoever reads it
 * checks every length: the file may come from anywhere.
 */

#include <stdint.h>

#define KX_RECORD_MAGIC   0x3152584bu /* "KXR1" in memory on a little-endian host */
#define KX_RECORD_VERSION 1u
#define KX_RECORD_TEXTS   8u

enum kx_record_kind {
	/* 1 .. 5 are enum kx_event_kind */
	KX_RECORD_FORGET = 16, /* src_sid is gone */
	KX_RECORD_LOST = 17,   /* `number` events before this one are missing */
};

struct kx_record_file {
	uint32_t magic;
	uint32_t version;
};

struct kx_record_entry {
	uint32_t bytes;
	uint32_t kind; /* enum kx_event_kind or enum kx_record_kind */
	uint64_t number;
	uint32_t verdict; /* enum kx_verdict */
	uint32_t src_sid;
	uint32_t dst_sid;
	uint16_t riid;
	uint16_t mid;
	uint32_t has_fixed; /* 0: the event carries no message */
	uint32_t fixed_size;
	uint32_t arena_size;
	uint32_t handle_count;
};

struct kx_record_handle {
	uint32_t sid;
	uint32_t offset;
	uint32_t rights;
};

_Static_assert(sizeof(struct kx_record_file) == 8, "kx_record_file resized");
_Static_assert(sizeof(struct kx_record_entry) == 48, "kx_record_entry resized");
_Static_assert(sizeof(struct kx_record_handle) == 12, "kx_record_handle resized");

#endif /* KX_ABI_RECORD_H */
