/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ABI_LINK_H
#define KX_ABI_LINK_H

/*
 * The kernel link of one entity: shared by that entity and the kernel process,
 * nobody else. Up slots carry what the entity asks, down slots what the kernel
 * process hands to it as a server.
 *
 * Wake-up words, one writer each:
 *
 *   kbell[l]   kernel   only grows; "listener l: look at your down slots, your
 *                       control socket and your channels"
 *   karm[l]    entity   1 while a thread sleeps on kbell[l], else 0
 *   link_arm   kernel   on the task page: 1 while the kernel process sleeps; the
 *                       entity then writes to its eventfd after publishing an up
 *                       request or a reply in a down slot
 *
 * Edges:
 *   K1 -> K2   entity publishes, reads link_arm -> kernel writes link_arm, fence, scans
 *   K3 -> K4   kernel publishes, adds to kbell, reads karm -> entity writes karm, fence,
 *              reads kbell, scans
 */

#include "kx_slot.h"
#include "kx_version.h"

struct kx_listener_word {
	alignas(KX_CACHE_PAIR) kx_word value;
};

struct kx_link_region {
	struct kx_region_header header;
	uint32_t message_max; /* payload bytes of each slot */
	uint32_t reserved0;   /* must be zero */
	struct kx_listener_word kbell[KX_LISTENERS];
	struct kx_listener_word karm[KX_LISTENERS];
	struct kx_slot up[KX_UP_SLOTS];
	struct kx_slot down[KX_DOWN_SLOTS];
	/* payload of up slot i: at KX_LINK_PAYLOAD + i * message_max; down slots follow */
};

#define KX_LINK_PAYLOAD 61440u

#define KX_LINK_BYTES(message_max)                                                                 \
	(KX_LINK_PAYLOAD + (uint64_t)(KX_UP_SLOTS + KX_DOWN_SLOTS) * (message_max))

_Static_assert(sizeof(struct kx_listener_word) == 128, "kx_listener_word resized");
_Static_assert(offsetof(struct kx_link_region, kbell) == 128, "kbell moved");
_Static_assert(offsetof(struct kx_link_region, karm) == 8320, "karm moved");
_Static_assert(offsetof(struct kx_link_region, up) == 16512, "up moved");
_Static_assert(offsetof(struct kx_link_region, down) == 49280, "down moved");
_Static_assert(sizeof(struct kx_link_region) <= KX_LINK_PAYLOAD, "payload overlaps slots");
_Static_assert(KX_LINK_PAYLOAD % 4096 == 0, "payload must start on a page");

#endif /* KX_ABI_LINK_H */
