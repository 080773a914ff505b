/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ABI_CHANNEL_H
#define KX_ABI_CHANNEL_H

/*
 * A channel region: shared by one client and one server (and the kernel
 * process, which writes to it only when one of them dies). It exists for a pair
 * that policy lets exchange at least one method whatever the message says.
 *
 * Wake-up words, one writer each:
 *
 *   arm    server   what the client must do after publishing, see enum kx_arm
 *   bell   client   only grows; added to when ringing, never otherwise
 *
 * Edges:
 *   W1 -> W2   ring_if_armed() after kx_slot_post() -> server's arm store, fence, rescan:
 *              the client publishes, then reads arm; the server writes arm, then reads the
 *              slots. One of the two sees the other.
 */

#include "kx_slot.h"
#include "kx_version.h"

enum kx_arm {
	KX_ARM_AWAKE = 0,        /* the server looks by itself */
	KX_ARM_RING = 1,         /* ring now: the server sleeps on the bell */
	KX_ARM_LATER = 2,        /* ring before you sleep: a poller is about, a sentinel sleeps */
	KX_ARM_KERNEL = 3,       /* ask the kernel process to ring: the bell is not watched */
	KX_ARM_KERNEL_LATER = 4, /* the same before you sleep: a poller is about */
};

struct kx_channel_region {
	struct kx_region_header header;
	uint32_t message_max; /* payload bytes of each slot; checked against the task page */
	uint32_t reserved0;   /* must be zero */
	alignas(KX_CACHE_PAIR) kx_word arm;
	alignas(KX_CACHE_PAIR) kx_word bell;
	struct kx_slot slots[KX_CHANNEL_SLOTS];
	/* payload of slot i: at KX_CHANNEL_PAYLOAD + i * message_max */
};

#define KX_CHANNEL_PAYLOAD 4096u

#define KX_CHANNEL_BYTES(message_max)                                                              \
	(KX_CHANNEL_PAYLOAD + (uint64_t)KX_CHANNEL_SLOTS * (message_max))

_Static_assert(offsetof(struct kx_channel_region, arm) == 128, "arm moved");
_Static_assert(offsetof(struct kx_channel_region, bell) == 256, "bell moved");
_Static_assert(offsetof(struct kx_channel_region, slots) == 384, "slots moved");
_Static_assert(sizeof(struct kx_channel_region) <= KX_CHANNEL_PAYLOAD, "payload overlaps slots");

#endif /* KX_ABI_CHANNEL_H */
