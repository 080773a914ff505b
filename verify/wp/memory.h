/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_WP_MEMORY_H
#define KX_WP_MEMORY_H

/*
 * Stands in for abi/kx_atomic.h and abi/kx_index.h, and for memcpy(): what the proofs know of
 * memory. Include it first. What is said here is believed, not proved:
 *
 *   - the other side may write at any time, so each fetch finds a value of its own;
 *   - kx_index() returns the index that was checked, or 0;
 *   - a copy reads and writes the bytes that it is told to, and what was copied from outside is
 *     not known.
 */

#define KX_ABI_ATOMIC_H
#define KX_ABI_INDEX_H
/* Frama-C does not know these two; the compiler checks them in every build. */
#define _Alignas(bytes)
#define _Static_assert(...) extern int kx_not_used

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes have the type that void pointers point to, for the model of memory keeps types apart. */
#define uint8_t char

typedef uint32_t kx_word;
typedef uint16_t kx_half;

/*@ requires \valid_read(shared);
  @ assigns \result \from \nothing;
  @*/
uint32_t kx_fetch32(const uint32_t *shared);

/*@ requires \valid_read(shared);
  @ assigns \result \from \nothing;
  @*/
uint64_t kx_fetch64(const uint64_t *shared);

/*@ requires \valid_read(from + (0 .. 7));
  @ assigns \result \from \nothing;
  @*/
uint64_t kx_alone64(const uint8_t *from);

/*@ assigns \nothing;
  @ ensures \result == (index < count ? index : 0);
  @*/
uint32_t kx_index(uint32_t index, uint32_t count);

/*@ assigns \nothing; */
void kx_own(const uint8_t *line);

/*@ requires \valid(to + (0 .. bytes - 1)) && \valid_read(from + (0 .. bytes - 1));
  @ assigns to[0 .. bytes - 1];
  @*/
void wp_copy(uint8_t *to, const uint8_t *from, size_t bytes);

/*@ requires bytes == size && \valid(to + (0 .. bytes - 1));
  @ assigns to[0 .. bytes - 1];
  @*/
void wp_copy_value(uint8_t *to, size_t size, size_t bytes);

/* From bytes, or from one value that is wider. */
#define memcpy(to, from, bytes)                                                                    \
	(sizeof(*(from)) > 1 ? wp_copy_value(to, sizeof(*(from)), bytes)                           \
			     : wp_copy(to, (const uint8_t *)(from), bytes))

#endif /* KX_WP_MEMORY_H */
