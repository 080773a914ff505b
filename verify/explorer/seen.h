/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_SEEN_H
#define KX_SEEN_H

/*
 * The states seen, by 128 bits of hash, numbered from 0; and which led to which
 * without a death or a spurious wake.
 */

#include <stdbool.h>
#include <stdint.h>

#include "machine.h"

struct kx_seen;

struct kx_seen *kx_seen_open(void);
void kx_seen_close(struct kx_seen *seen);
uint32_t kx_seen_count(const struct kx_seen *seen);
/* The state's number; *is_new if it was not seen before. */
uint32_t kx_seen_add(struct kx_seen *seen, struct kx_state_hash hash, bool *is_new);
void kx_seen_edge(struct kx_seen *seen, uint32_t from, uint32_t to);
/* The state is an end, and a good one. */
void kx_seen_good(struct kx_seen *seen, uint32_t state);
/* A state from which no good end can be reached, or UINT32_MAX. */
uint32_t kx_seen_trap(struct kx_seen *seen);

#endif /* KX_SEEN_H */
