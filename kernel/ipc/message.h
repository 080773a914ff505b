/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_MESSAGE_H
#define KX_MESSAGE_H

/*
 * A message on its way through a slot. The sender describes its buffers with a
 * kx_outgoing; the receiver reads the head once into a kx_head, decides on that,
 * and copies the bytes into its own memory before anything looks at them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kx_slot.h"
#include "result.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "kx_head.first begins with iid");

/* Most bytes of a payload that a receiver asks for in order to write them. */
#define KX_MESSAGE_OWNED 4096u

/*
 * What stands in front of the bytes, fetched once: a private copy.
 *
 * SUBTLE: on the path of a call it is read and written by `first` as a whole. A load that is
 * wider than the stores before it waits until all of those have left the store buffer.
 */
struct kx_head {
	union {
		struct {
			uint16_t iid;
			uint16_t mid;
			uint32_t ex;
		};
		uint64_t first;
	};
	uint32_t arena;
};

struct kx_outgoing {
	struct kx_head head;
	const void *body;  /* constant part behind the 24-byte header */
	const void *arena; /* head.arena bytes */
};

static inline uint16_t kx_head_iid(const struct kx_head *head)
{
	return (uint16_t)head->first;
}

static inline uint16_t kx_head_mid(const struct kx_head *head)
{
	return (uint16_t)(head->first >> 16);
}

static inline uint32_t kx_head_ex(const struct kx_head *head)
{
	return (uint32_t)(head->first >> 32);
}

static inline uint64_t kx_head_first(uint16_t iid, uint16_t mid, uint32_t ex)
{
	return (uint64_t)ex << 32 | (uint32_t)mid << 16 | iid;
}

/* Bytes of the constant part behind its header; head.ex must have been checked. */
static inline uint32_t kx_head_body(const struct kx_head *head)
{
	return KX_EX_SIZE(kx_head_ex(head)) - KX_MESSAGE_MIN;
}

/*
 * True if the head describes a message of at least a header and at most @max
 * bytes, constant part and arena together.
 */
static inline bool kx_head_fits(const struct kx_head *head, uint32_t max)
{
	uint32_t fixed = KX_EX_SIZE(kx_head_ex(head));

	return fixed >= KX_MESSAGE_MIN && fixed <= max && head->arena <= max - fixed;
}

/* Where the arena begins behind a constant part of @body bytes. */
static inline uint32_t kx_message_arena_at(uint32_t body)
{
	return (body + 7u) & ~7u;
}

/* True if both parts travel on the slot's own line. */
static inline bool kx_message_is_inline(uint32_t body, uint32_t arena)
{
	return (arena ? kx_message_arena_at(body) + (uint64_t)arena : body) <= KX_INLINE;
}

/* What travels on the slot's line is a few words: a loop costs less than a call. */
static inline void kx_message_copy_line(uint8_t *to, const uint8_t *from, uint32_t bytes)
{
	/*@ loop invariant to + bytes == \at(to + bytes, Pre);
	  @ loop invariant from + bytes == \at(from + bytes, Pre);
	  @ loop invariant bytes <= \at(bytes, Pre);
	  @ loop assigns bytes, to, from, \at(to, Pre)[0 .. \at(bytes, Pre) - 1];
	  @ loop variant bytes;
	  @*/
	for (; bytes >= 8; bytes -= 8, to += 8, from += 8) {
		uint64_t word = kx_alone64(from);

		memcpy(to, &word, sizeof(word));
	}
	/*@ loop invariant to + bytes == \at(to + bytes, Pre);
	  @ loop invariant from + bytes == \at(from + bytes, Pre);
	  @ loop invariant bytes <= \at(bytes, Pre);
	  @ loop assigns bytes, to, from, \at(to, Pre)[0 .. \at(bytes, Pre) - 1];
	  @ loop variant bytes;
	  @*/
	for (; bytes; bytes--)
		*to++ = *from++;
}

/* Writes the head alone: the bytes have been written, or are none. */
static inline void kx_message_write_head(struct kx_slot *slot, const struct kx_head *head)
{
	slot->first = head->first;
	slot->arena = head->arena;
}

/*
 * Writes a message into a slot the caller owns. @payload is the slot's payload
 * area, in which kx_head_fits().
 */
static inline void kx_message_put(struct kx_slot *slot, void *payload,
				  const struct kx_outgoing *out)
{
	uint32_t body = kx_head_body(&out->head);
	uint8_t *to = kx_message_is_inline(body, out->head.arena) ? slot->bytes : payload;

	kx_message_write_head(slot, &out->head);
	if (body <= KX_INLINE)
		kx_message_copy_line(to, out->body, body);
	else
		memcpy(to, out->body, body);
	if (out->head.arena)
		memcpy(to + kx_message_arena_at(body), out->arena, out->head.arena);
}

/* The same for a payload area of @max bytes; KX_EINVAL, with nothing written: it does not fit. */
static inline enum kx_result kx_message_write(struct kx_slot *slot, void *payload, uint32_t max,
					      const struct kx_outgoing *out)
{
	if (!kx_head_fits(&out->head, max))
		return KX_EINVAL;
	kx_message_put(slot, payload, out);
	return KX_OK;
}

/*
 * Bytes a message takes behind its head; head.ex must have been checked. More than
 * KX_INLINE stand in the payload, in the same order and at the same distances as
 * behind the 24 bytes of an nk_message: body, up to 7 bytes of padding, arena.
 */
static inline size_t kx_message_bytes(const struct kx_head *head)
{
	uint32_t body = kx_head_body(head);

	return head->arena ? (size_t)kx_message_arena_at(body) + head->arena : body;
}

/* Fetches the head of the message in a slot, each field once. */
static inline void kx_message_head(struct kx_slot *slot, struct kx_head *head)
{
	head->first = kx_fetch64(&slot->first);
	head->arena = kx_fetch32(&slot->arena);
}

/*
 * Asks for the first lines of a message in the payload in order to write them: the
 * receiver answers in the same place. Read only, each of them would have to be fetched
 * a second time for that; so it moves once each way. More than the processor can have
 * under way at a time gains nothing.
 */
static inline void kx_message_own(const uint8_t *payload, size_t bytes)
{
	if (bytes > KX_MESSAGE_OWNED)
		bytes = KX_MESSAGE_OWNED;
	for (size_t at = 0; at < bytes; at += KX_CACHE_PAIR / 2)
		kx_own(payload + at);
}

/*
 * Copies the bytes of a message whose head was checked with kx_head_fits() into
 * @body (kx_head_body() bytes) and @arena (head->arena bytes).
 */
static inline void kx_message_read(struct kx_slot *slot, const void *payload,
				   const struct kx_head *head, void *body, void *arena)
{
	uint32_t bytes = kx_head_body(head);
	const uint8_t *from = slot->bytes;

	if (!kx_message_is_inline(bytes, head->arena)) {
		from = payload;
		kx_message_own(from, kx_message_bytes(head));
	}
	if (bytes <= KX_INLINE)
		kx_message_copy_line(body, from, bytes);
	else
		memcpy(body, from, bytes);
	if (head->arena)
		memcpy(arena, from + kx_message_arena_at(bytes), head->arena);
}

#endif /* KX_MESSAGE_H */
