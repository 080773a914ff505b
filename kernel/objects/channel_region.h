/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CHANNEL_REGION_H
#define KX_CHANNEL_REGION_H

/* The shared memory of a channel (abi/kx_channel.h), control thread. */

#include <stdbool.h>
#include <stdint.h>

struct kx_channel;

/*
 * Makes the region and sends it to both sides, server first. Never blocks.
 * Returns false when it cannot be had; nothing is mapped then, and a side that
 * was sent the descriptor ignores it, because the state is not DIRECT.
 */
bool kx_channel_region_make(struct kx_channel *channel);

/*
 * Ends the region: with @poison every request that is POSTED or TAKEN becomes
 * POISON (answers stay), all sleepers are woken, the mapping goes.
 */
void kx_channel_region_end(struct kx_channel *channel, bool poison);

/*
 * Direct calls so far: every one counts a slot's generation up. A client that
 * lies here falsifies its own line of `kosix ps`.
 */
uint64_t kx_channel_region_calls(const struct kx_channel *channel);

#endif /* KX_CHANNEL_REGION_H */
