/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_HANDLE_POOL_H
#define KX_HANDLE_POOL_H

/*
 * Where handles live: in blocks that are never given back, each a row of 64 bytes after the other.
 * There may be a million, so they name each other by 32-bit numbers, and a number is the block and
 * the place in it: none has to be stored. 0 is no handle.
 *
 * Control thread, but for what kx_handle_free() does after the grace period.
 */

#include <stddef.h>

#include "handle.h"

/* A zeroed handle, or NULL: out of memory. */
struct kx_handle *kx_handle_alloc(void);

/* After a grace period. Its links are gone at once. */
void kx_handle_free(struct kx_handle *handle);

uint32_t kx_handle_number(const struct kx_handle *handle);

/* NULL for 0. */
struct kx_handle *kx_handle_at(uint32_t number);

/* Places taken, those that wait for their grace period too; any thread. */
long kx_handles_in_use(void);

#endif /* KX_HANDLE_POOL_H */
