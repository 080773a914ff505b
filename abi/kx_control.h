/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ABI_CONTROL_H
#define KX_ABI_CONTROL_H

/*
 * The control socket: a SOCK_SEQPACKET pair made before the entity starts. Only
 * the kernel process sends; each packet is one struct kx_packet with one
 * descriptor. What an entity sends is not read: a socket that becomes readable
 * with data or hangs up while its process lives ends that process.
 *
 * Descriptors of every entity at its start:
 *   0 /dev/null   1, 2 output   3 control socket   4 eventfd, entity -> kernel bell
 */

#include <stdint.h>

#define KX_FD_CONTROL 3
#define KX_FD_BELL    4

enum kx_packet_kind {
	KX_PACKET_TASK_PAGE = 1, /* first packet */
	KX_PACKET_LINK = 2,      /* second packet */
	KX_PACKET_CHANNEL = 3,   /* region of channels[index] */
	KX_PACKET_MEMORY = 4,    /* memory object of a KX_CALL_MEMORY_MAP answer */
	KX_PACKET_FILE = 5,      /* descriptor of a kernel-opened file */
};

struct kx_packet {
	uint32_t kind;  /* enum kx_packet_kind */
	uint32_t index; /* channel index, or the number the answered kernel call gave */
	uint32_t generation;
	uint32_t reserved0;
	uint64_t bytes; /* size of the region; the receiver compares with fstat() */
};

_Static_assert(sizeof(struct kx_packet) == 24, "kx_packet resized");

#endif /* KX_ABI_CONTROL_H */
