/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A message as text, in the notation of PAL: { value : 1028, name : "abc" }.
 * Contents come from processes: every offset is checked, what is not printable
 * is shown as '?', long texts and lists are cut.
 */

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ksm_inside.h"

#define SHOWN_TEXT     200u
#define SHOWN_BYTES    32u
#define SHOWN_ELEMENTS 16u
#define DEEPEST        12u

struct writer {
	char *text;
	size_t size, used;
	const struct kx_event *event;
};

/* Bytes of the message in which a value must lie. */
struct room {
	const uint8_t *at;
	uint64_t size;
};

static void put(struct writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct writer *w, const char *format, ...)
{
	va_list args;
	int length;

	if (w->used + 1 >= w->size)
		return;
	va_start(args, format);
	length = vsnprintf(w->text + w->used, w->size - w->used, format, args);
	va_end(args);
	if (length > 0)
		w->used += (size_t)length;
	if (w->used >= w->size)
		w->used = w->size - 1;
}

static struct room chunk_of(const struct writer *w, struct room room, uint64_t offset)
{
	const struct kx_event *event = w->event;
	uint32_t pointer[2];

	if (offset > room.size || room.size - offset < sizeof(pointer))
		return (struct room){0};
	memcpy(pointer, room.at + offset, sizeof(pointer));
	if (!event->arena || pointer[0] > event->arena_size ||
	    pointer[1] > event->arena_size - pointer[0])
		return (struct room){0};
	return (struct room){(const uint8_t *)event->arena + pointer[0], pointer[1]};
}

static uint64_t number_at(struct room room, uint64_t offset, uint32_t bytes)
{
	uint64_t value = 0;

	/* Little-endian, like everything Kosix runs on. */
	if (bytes <= sizeof(value) && offset <= room.size && room.size - offset >= bytes)
		memcpy(&value, room.at + offset, bytes);
	return value;
}

static void put_handle(struct writer *w, struct room room, uint64_t offset)
{
	const struct kx_event *event = w->event;
	uint64_t at = (uint64_t)(room.at + offset - (const uint8_t *)event->fixed);

	for (uint32_t i = 0; i < event->handle_count; i++)
		if (event->handles[i].offset == at) {
			put(w, "{ handle : %u, rights : 0x%x }", event->handles[i].sid,
			    event->handles[i].rights);
			return;
		}
	put(w, "{ handle : 0, rights : 0 }");
}

static void put_string(struct writer *w, struct room chunk)
{
	size_t length = chunk.at ? strnlen((const char *)chunk.at, chunk.size) : 0;

	put(w, "\"");
	for (size_t i = 0; i < length && i < SHOWN_TEXT;) {
		uint32_t bytes;
		const char *at = (const char *)chunk.at + i;
		const char *shown = kx_ksm_shown(at, length - i, &bytes);

		if (*at == '"' || *at == '\\')
			put(w, "\\%c", *at);
		else
			put(w, "%.*s", (int)bytes, shown);
		i += bytes;
	}
	put(w, length > SHOWN_TEXT ? "\"..." : "\"");
}

static void put_bytes(struct writer *w, struct room chunk)
{
	put(w, "[");
	for (uint64_t i = 0; i < chunk.size && i < SHOWN_BYTES; i++)
		put(w, "%s0x%02x", i ? ", " : "", chunk.at[i]);
	if (chunk.size > SHOWN_BYTES)
		put(w, ", ... %" PRIu64 " bytes in all", chunk.size);
	put(w, "]");
}

static void put_value(struct writer *w, struct room room, uint64_t offset,
		      const struct kx_ksm_type *type, unsigned int depth);

static void put_elements(struct writer *w, struct room room, uint64_t offset,
			 const struct kx_ksm_type *elem, uint64_t count, unsigned int depth)
{
	put(w, "[");
	for (uint64_t i = 0; i < count && i < SHOWN_ELEMENTS; i++) {
		put(w, "%s", i ? ", " : "");
		put_value(w, room, offset + i * elem->size, elem, depth);
	}
	if (count > SHOWN_ELEMENTS)
		put(w, ", ... %" PRIu64 " in all", count);
	put(w, "]");
}

static void put_members(struct writer *w, struct room room, uint64_t offset,
			const struct kx_ksm_member *members, uint32_t count, unsigned int depth)
{
	put(w, "{");
	for (uint32_t i = 0; i < count; i++) {
		put(w, "%s%s : ", i ? ", " : " ", members[i].name);
		put_value(w, room, offset + members[i].offset, members[i].type, depth);
	}
	put(w, " }");
}

static void put_union(struct writer *w, struct room room, uint64_t offset,
		      const struct kx_ksm_type *type, unsigned int depth)
{
	uint64_t tag = number_at(room, offset, 4);

	if (tag < type->count)
		put_members(w, room, offset + type->inner, &type->members[tag], 1, depth);
	else
		put(w, "{ }");
}

static void put_value(struct writer *w, struct room room, uint64_t offset,
		      const struct kx_ksm_type *type, unsigned int depth)
{
	uint64_t value = number_at(room, offset, type->size);
	struct room chunk;

	if (depth == DEEPEST || offset > room.size || room.size - offset < type->size) {
		put(w, "...");
		return;
	}
	switch (type->kind) {
	case KX_KSM_UNSIGNED:
		put(w, "%" PRIu64, value);
		break;
	case KX_KSM_SIGNED:
		put(w, "%" PRId64,
		    (int64_t)(value << (64 - 8 * type->size)) >> (64 - 8 * type->size));
		break;
	case KX_KSM_HANDLE:
		put_handle(w, room, offset);
		break;
	case KX_KSM_STRING:
		put_string(w, chunk_of(w, room, offset));
		break;
	case KX_KSM_BYTES:
		put_bytes(w, chunk_of(w, room, offset));
		break;
	case KX_KSM_SEQUENCE:
		chunk = chunk_of(w, room, offset);
		put_elements(w, chunk, 0, type->elem,
			     type->elem->size ? chunk.size / type->elem->size : 0, depth + 1);
		break;
	case KX_KSM_ARRAY:
		put_elements(w, room, offset, type->elem, type->count, depth + 1);
		break;
	case KX_KSM_STRUCT:
		put_members(w, room, offset, type->members, type->count, depth + 1);
		break;
	case KX_KSM_UNION:
		put_union(w, room, offset, type, depth + 1);
		break;
	}
}

bool kx_ksm_describe(const struct kx_ksm_message *message, const struct kx_event *event, char *text,
		     size_t size)
{
	struct writer writer = {.text = text, .size = size, .event = event};

	if (!event->fixed || event->fixed_size != message->size || !size)
		return false;
	put_members(&writer, (struct room){event->fixed, event->fixed_size}, 0, message->params,
		    message->count, 0);
	/* The end is missing: it must not look whole. */
	if (writer.used + 1 >= size && size > 4)
		memcpy(text + size - 4, "...", 4);
	return true;
}
