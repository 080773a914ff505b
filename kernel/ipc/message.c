/* SPDX-License-Identifier: Apache-2.0 */
#include "message.h"

#include <string.h>

static inline uint32_t arena_at(uint32_t body)
{
	return (body + 7u) & ~7u;
}

/* True if both parts travel on the slot's own line. */
static inline bool is_inline(uint32_t body, uint32_t arena)
{
	return (arena ? arena_at(body) + (uint64_t)arena : body) <= KX_INLINE;
}

/* What travels on the slot's line is a few words: a loop costs less than a call. */
static inline void copy_line(uint8_t *to, const uint8_t *from, uint32_t bytes)
{
	uint64_t word;

	for (; bytes >= sizeof(word);
	     bytes -= sizeof(word), to += sizeof(word), from += sizeof(word)) {
		memcpy(&word, from, sizeof(word));
		memcpy(to, &word, sizeof(word));
	}
	for (; bytes; bytes--)
		*to++ = *from++;
}

static inline void copy(uint8_t *to, const uint8_t *from, uint32_t bytes)
{
	if (bytes <= KX_INLINE)
		copy_line(to, from, bytes);
	else
		memcpy(to, from, bytes);
}

size_t kx_message_bytes(const struct kx_head *head)
{
	uint32_t body = kx_head_body(head);

	return head->arena ? (size_t)arena_at(body) + head->arena : body;
}

void kx_message_write_head(struct kx_slot *slot, const struct kx_head *head)
{
	slot->iid = head->iid;
	slot->mid = head->mid;
	slot->ex = head->ex;
	slot->arena = head->arena;
}

enum kx_result kx_message_write(struct kx_slot *slot, void *payload, uint32_t max,
				const struct kx_outgoing *out)
{
	uint32_t body;
	uint8_t *to;

	if (!kx_head_fits(&out->head, max))
		return KX_EINVAL;
	body = kx_head_body(&out->head);
	to = is_inline(body, out->head.arena) ? slot->bytes : payload;
	kx_message_write_head(slot, &out->head);
	copy(to, out->body, body);
	copy(to + arena_at(body), out->arena, out->head.arena);
	return KX_OK;
}

void kx_message_read(struct kx_slot *slot, const void *payload, const struct kx_head *head,
		     void *body, void *arena)
{
	uint32_t bytes = kx_head_body(head);
	const uint8_t *from = is_inline(bytes, head->arena) ? slot->bytes : payload;

	copy(body, from, bytes);
	copy(arena, from + arena_at(bytes), head->arena);
}
