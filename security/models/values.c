/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Reading messages, numbers, and what is noted for the trail. Offsets in the
 * arena are checked here again, though the kernel process checked them: a
 * module may be asked by others (PAL, tests, fuzzers).
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ksm_inside.h"

const uint8_t *kx_ksm_element(struct kx_ksm_event *e, const uint8_t *base, uint64_t offset,
			      uint64_t index, uint64_t count, uint64_t stride)
{
	if (!base)
		return NULL;
	if (index >= count) {
		kx_ksm_fail(e, "index out of bounds");
		return NULL;
	}
	return base + offset + index * stride;
}

/* The bytes an nk_ptr_t at @at describes; NULL: outside of the arena. */
static const uint8_t *chunk(struct kx_ksm_event *e, const uint8_t *at, uint64_t *size)
{
	uint32_t pointer[2];

	memcpy(pointer, at, sizeof(pointer));
	if (pointer[0] > e->arena_size || pointer[1] > e->arena_size - pointer[0]) {
		kx_ksm_fail(e, "a descriptor points outside of the arena");
		return NULL;
	}
	*size = pointer[1];
	return e->arena ? e->arena + pointer[0] : (const uint8_t *)"";
}

const uint8_t *kx_ksm_chunk_element(struct kx_ksm_event *e, const uint8_t *base, uint64_t offset,
				    uint64_t index, uint64_t stride)
{
	const uint8_t *start;
	uint64_t size;

	if (!base)
		return NULL;
	start = chunk(e, base + offset, &size);
	return start ? kx_ksm_element(e, start, 0, index, size / stride, stride) : NULL;
}

uint64_t kx_ksm_chunk_count(struct kx_ksm_event *e, const uint8_t *base, uint64_t offset,
			    uint64_t stride)
{
	uint64_t size;

	return base && chunk(e, base + offset, &size) ? size / stride : 0;
}

const uint8_t *kx_ksm_member(struct kx_ksm_event *e, const uint8_t *base, uint64_t offset,
			     uint64_t member, uint64_t union_offset)
{
	if (!base)
		return NULL;
	if (kx_ksm_u32(base, offset) != member) {
		kx_ksm_fail(e, "another member of the union is set");
		return NULL;
	}
	return base + offset + union_offset;
}

struct kx_ksm_text kx_ksm_string(struct kx_ksm_event *e, const uint8_t *base, uint64_t offset)
{
	struct kx_ksm_text text = {"", 0};
	const uint8_t *start;
	uint64_t size;

	if (!base)
		return text;
	start = chunk(e, base + offset, &size);
	if (start) {
		text.data = (const char *)start;
		text.len = (uint32_t)strnlen(text.data, size);
	}
	return text;
}

struct kx_ksm_text kx_ksm_bytes(struct kx_ksm_event *e, const uint8_t *base, uint64_t offset)
{
	struct kx_ksm_text text = {"", 0};
	const uint8_t *start;
	uint64_t size;

	if (!base)
		return text;
	start = chunk(e, base + offset, &size);
	if (start)
		text = (struct kx_ksm_text){(const char *)start, (uint32_t)size};
	return text;
}

static const struct kx_event_handle *find_handle(const struct kx_ksm_event *e, const uint8_t *base,
						 uint64_t offset)
{
	uint64_t at;

	if (!base || base < e->fixed || base > e->fixed + e->fixed_size)
		return NULL;
	at = (uint64_t)(base - e->fixed) + offset;
	for (uint32_t i = 0; i < e->event->handle_count; i++)
		if (e->event->handles[i].offset == at)
			return &e->event->handles[i];
	return NULL;
}

uint64_t kx_ksm_handle(struct kx_ksm_event *e, const uint8_t *base, uint64_t offset)
{
	const struct kx_event_handle *handle = find_handle(e, base, offset);

	return handle ? handle->sid : 0;
}

uint64_t kx_ksm_rights(struct kx_ksm_event *e, const uint8_t *base, uint64_t offset)
{
	const struct kx_event_handle *handle = find_handle(e, base, offset);

	return handle ? handle->rights : 0;
}

static const char overflow[] = "the result of a calculation does not fit";

uint64_t kx_ksm_overflow_u(struct kx_ksm_event *e)
{
	kx_ksm_fail(e, overflow);
	return 0;
}

int64_t kx_ksm_overflow_s(struct kx_ksm_event *e)
{
	kx_ksm_fail(e, overflow);
	return 0;
}

int64_t kx_ksm_signed(struct kx_ksm_event *e, uint64_t value)
{
	return value > INT64_MAX ? kx_ksm_overflow_s(e) : (int64_t)value;
}

uint64_t kx_ksm_fit_u(struct kx_ksm_event *e, uint64_t value, uint64_t max)
{
	return value > max ? kx_ksm_overflow_u(e) : value;
}

int64_t kx_ksm_fit_s(struct kx_ksm_event *e, int64_t value, int64_t min, int64_t max)
{
	return value < min || value > max ? kx_ksm_overflow_s(e) : value;
}

uint64_t kx_ksm_unsigned(struct kx_ksm_event *e, int64_t value, uint64_t max)
{
	return value < 0 || (uint64_t)value > max ? kx_ksm_overflow_u(e) : (uint64_t)value;
}

uint64_t kx_ksm_abs(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

bool kx_ksm_text_equal(struct kx_ksm_text a, struct kx_ksm_text b)
{
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* --- notes --------------------------------------------------------------------------- */

#define NOTE_BYTES sizeof(((struct kx_trail *)0)->reads[0].value)

/* Room for the value of @name; NULL: it is noted already, was not there, or there is no room. */
static char *next_note(struct kx_ksm_event *e, const char *name)
{
	struct kx_trail *trail = e->trail;
	bool is_there = !e->failure;
	char *note;

	e->failure = NULL;
	for (uint32_t i = 0; i < trail->read_count; i++)
		if (strcmp(trail->reads[i].name, name) == 0)
			return NULL;
	if (trail->read_count == KX_TRAIL_READS)
		return NULL;
	trail->reads[trail->read_count].name = name;
	note = trail->reads[trail->read_count++].value;
	if (is_there)
		return note;
	(void)snprintf(note, NOTE_BYTES, "none");
	return NULL;
}

void kx_ksm_note_u(struct kx_ksm_event *e, const char *name, uint64_t value)
{
	char *note = next_note(e, name);

	if (!note)
		return;
	if (value < 10)
		(void)snprintf(note, NOTE_BYTES, "%" PRIu64, value);
	else
		(void)snprintf(note, NOTE_BYTES, "%" PRIu64 " (0x%" PRIx64 ")", value, value);
}

void kx_ksm_note_s(struct kx_ksm_event *e, const char *name, int64_t value)
{
	char *note = next_note(e, name);

	if (note)
		(void)snprintf(note, NOTE_BYTES, "%" PRId64, value);
}

void kx_ksm_note_bool(struct kx_ksm_event *e, const char *name, bool value)
{
	char *note = next_note(e, name);

	if (note)
		(void)snprintf(note, NOTE_BYTES, "%s", value ? "true" : "false");
}

/* Texts come from processes. */
void kx_ksm_note_text(struct kx_ksm_event *e, const char *name, struct kx_ksm_text value)
{
	char *note = next_note(e, name);
	uint32_t used = 1;
	uint32_t at = 0;

	if (!note)
		return;
	note[0] = '"';
	while (at < value.len) {
		uint32_t bytes;
		const char *shown = kx_ksm_shown(value.data + at, value.len - at, &bytes);

		if (used + bytes > NOTE_BYTES - 5)
			break;
		memcpy(note + used, shown, bytes);
		used += bytes;
		at += bytes;
	}
	(void)snprintf(note + used, NOTE_BYTES - used, "\"%s", at < value.len ? "..." : "");
}

void kx_ksm_note_level(struct kx_ksm_event *e, const char *name, const struct kx_ksm_mic *mic,
		       uint64_t sid)
{
	char *note = next_note(e, name);

	if (note && !kx_ksm_mic_level(mic, sid, note, NOTE_BYTES))
		(void)snprintf(note, NOTE_BYTES, "none");
}

void kx_ksm_note_fields(struct kx_ksm_event *e, const struct kx_ksm_rule *rule)
{
	for (uint32_t i = 0; i < rule->field_count; i++) {
		const struct kx_ksm_field *field = &rule->fields[i];
		unsigned int shift = 64u - 8u * field->bytes;
		uint64_t value = 0;

		/* Little-endian, like everything Kosix runs on. */
		memcpy(&value, e->fixed + field->offset, field->bytes);
		if (field->is_signed)
			kx_ksm_note_s(e, field->name, (int64_t)(value << shift) >> shift);
		else
			kx_ksm_note_u(e, field->name, value);
	}
}
