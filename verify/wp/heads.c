/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Proves: kernel/ipc/message.h
 * A head that kx_head_fits() is of a message that stays within its payload and within the
 * copies, whatever the other side writes meanwhile.
 */

#include "memory.h"

#include "message.h"

/* Believed: seen by hand, and true for the numbers that bits can have. */
/*@ axiomatic masks {
  @   axiom rounded: \forall integer x; 0 <= x < 0x100000000 ==> x - 7 <= (x & 0xfffffff8) <= x;
  @ }
  @ logic integer fixed_of(struct kx_head *head) =
  @   (uint32_t)(head->first >> 32) & 0x0fffffff;
  @ logic integer body_of(struct kx_head *head) = fixed_of(head) - 24;
  @ predicate fits(struct kx_head *head, integer max) =
  @   24 <= fixed_of(head) && fixed_of(head) + head->arena <= max;
  @*/

/*@ requires \valid_read(head);
  @ assigns \nothing;
  @ ensures \result == (uint32_t)(head->first >> 32);
  @*/
static inline uint32_t kx_head_ex(const struct kx_head *head);

/*@ requires \valid_read(head);
  @ assigns \nothing;
  @ ensures \result <==> fits(head, max);
  @*/
static inline bool kx_head_fits(const struct kx_head *head, uint32_t max);

/*@ requires \valid_read(head) && fits(head, UINT32_MAX);
  @ assigns \nothing;
  @ ensures \result == body_of(head) && \result <= 0x10000000;
  @*/
static inline uint32_t kx_head_body(const struct kx_head *head);

/*@ requires body <= 0x10000000;
  @ assigns \nothing;
  @ ensures body <= \result <= body + 7;
  @*/
static inline uint32_t kx_message_arena_at(uint32_t body);

/*@ requires body <= 0x10000000;
  @ assigns \nothing;
  @ ensures \result ==> body <= KX_INLINE;
  @ ensures \result && arena > 0 ==> body + arena <= KX_INLINE;
  @*/
static inline bool kx_message_is_inline(uint32_t body, uint32_t arena);

/*@ requires \valid_read(head) && fits(head, UINT32_MAX);
  @ assigns \nothing;
  @ ensures \result <= fixed_of(head) + head->arena;
  @*/
static inline size_t kx_message_bytes(const struct kx_head *head);

/*@ requires \valid_read(slot) && \valid(head);
  @ assigns head->first, head->arena;
  @*/
static inline void kx_message_head(struct kx_slot *slot, struct kx_head *head);

/*@ requires \valid(to + (0 .. bytes - 1)) && \valid_read(from + (0 .. bytes - 1));
  @ assigns to[0 .. bytes - 1];
  @*/
static inline void kx_message_copy_line(uint8_t *to, const uint8_t *from, uint32_t bytes);

/* Believed: it reads nothing, it asks the processor for lines. */
/*@ requires \valid_read(payload + (0 .. bytes - 1));
  @ assigns \nothing;
  @*/
static inline void kx_message_own(const uint8_t *payload, size_t bytes);

/*@ requires \valid(slot) && \valid_read(head) && fits(head, UINT32_MAX);
  @ requires \valid_read((const uint8_t *)payload + (0 .. fixed_of(head) + head->arena - 1));
  @ requires \valid((uint8_t *)body + (0 .. body_of(head) - 1));
  @ requires \valid((uint8_t *)arena + (0 .. head->arena - 1));
  @ requires \separated(head, slot, (uint8_t *)body + (0 .. body_of(head) - 1),
  @                     (uint8_t *)arena + (0 .. head->arena - 1));
  @ assigns ((uint8_t *)body)[0 .. body_of(head) - 1],
  @         ((uint8_t *)arena)[0 .. head->arena - 1];
  @*/
static inline void kx_message_read(struct kx_slot *slot, const void *payload,
				   const struct kx_head *head, void *body, void *arena);
