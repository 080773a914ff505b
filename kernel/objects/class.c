/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Blob maker for EDL classes. Two passes over the same code are avoided by
 * growing one zeroed buffer and addressing it by offsets only.
 */

#include "class.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kx_limits.h"

#define BLOB_LIMIT (1u << 20) /* a class with more than that would not fit task pages */

struct builder {
	char *bytes;
	uint32_t used;
	uint32_t room;
	bool failed;
	char *error;
	char where[160]; /* endpoint, method, message under work */
};

static void fail(struct builder *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void fail(struct builder *b, const char *format, ...)
{
	char text[KX_CLASS_ERROR_MAX - sizeof(b->where) - 4];
	va_list list;

	if (b->failed)
		return;
	b->failed = true;
	va_start(list, format);
	(void)vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	if (b->error)
		(void)snprintf(b->error, KX_CLASS_ERROR_MAX, "%s%s%s", b->where,
			       *b->where ? ": " : "", text);
}

static bool grow(struct builder *b, uint32_t end)
{
	uint32_t room = b->room ? b->room : 4096;
	char *bytes;

	while (room < end)
		room *= 2;
	bytes = realloc(b->bytes, room);
	if (!bytes)
		return false;
	memset(bytes + b->room, 0, room - b->room);
	b->bytes = bytes;
	b->room = room;
	return true;
}

/* @count elements of @size zeroed bytes, 8-byte aligned; their offset, 0 on failure. */
static uint32_t reserve(struct builder *b, size_t count, size_t size)
{
	uint32_t offset = (b->used + 7) & ~7u;

	if (b->failed)
		return 0;
	if (count > BLOB_LIMIT || count * size > BLOB_LIMIT - offset) {
		fail(b, "class is larger than %u bytes", BLOB_LIMIT);
		return 0;
	}
	if (offset + count * size > b->room && !grow(b, offset + (uint32_t)(count * size))) {
		fail(b, "out of memory");
		return 0;
	}
	b->used = offset + (uint32_t)(count * size);
	return offset;
}

static void *at(struct builder *b, uint32_t offset)
{
	return b->bytes + offset;
}

static uint32_t put_text(struct builder *b, const char *text)
{
	size_t length = strlen(text);
	uint32_t offset;

	if (!length)
		return 0;
	if (length >= KX_NAME_MAX) {
		fail(b, "name \"%.40s...\" is longer than %u bytes", text, KX_NAME_MAX - 1);
		return 0;
	}
	offset = reserve(b, 1, length + 1);
	if (offset)
		memcpy(at(b, offset), text, length + 1);
	return offset;
}

static const char *text_of(struct builder *b, const json_t *object, const char *key, bool needed)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_string(value))
		return json_string_value(value);
	if (value || needed)
		fail(b, "\"%s\" is %s", key, value ? "not a string" : "missing");
	return "";
}

static uint32_t number_of(struct builder *b, const json_t *object, const char *key,
			  uint32_t otherwise)
{
	const json_t *value = json_object_get(object, key);

	if (!value)
		return otherwise;
	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    json_integer_value(value) > UINT32_MAX) {
		fail(b, "\"%s\" is not a number from 0 to 4294967295", key);
		return otherwise;
	}
	return (uint32_t)json_integer_value(value);
}

static uint32_t bytes_of(const struct kx_field *field)
{
	return field->kind == KX_FIELD_ARENA ? 8 : 16;
}

/* Fields lie inside what holds them: the constant part behind its header, or one element. */
static void check_fields(struct builder *b, uint32_t fields, uint32_t count, uint32_t first,
			 uint32_t size)
{
	const struct kx_field *field;
	uint64_t end;
	uint32_t index;

	for (index = 0; index < count && !b->failed; index++) {
		field = (const struct kx_field *)at(b, fields) + index;
		end = field->offset + (uint64_t)(field->repeat - 1) * field->stride +
		      bytes_of(field);
		if (field->offset < first || end > size)
			fail(b, "field at offset %u does not fit the %u bytes that hold it",
			     field->offset, size);
	}
}

static uint32_t put_fields(struct builder *b, const json_t *fields, unsigned depth,
			   uint32_t *count);

static void put_field(struct builder *b, const json_t *field, uint32_t offset, unsigned depth)
{
	const char *kind = text_of(b, field, "kind", true);
	struct kx_field made = {
		.offset = number_of(b, field, "offset", 0),
		.repeat = number_of(b, field, "repeat", 1),
		.element = number_of(b, field, "elem", 1),
		.align = number_of(b, field, "align", 1),
		.max = number_of(b, field, "max", KX_MESSAGE_LIMIT),
	};

	made.stride = number_of(b, field, "stride", strcmp(kind, "handle") ? 8 : 16);
	if (!strcmp(kind, "ptr"))
		made.kind = KX_FIELD_ARENA;
	else if (!strcmp(kind, "handle"))
		made.kind = KX_FIELD_HANDLE;
	else
		fail(b, "field kind \"%.20s\" is neither \"ptr\" nor \"handle\"", kind);
	if (!made.element || !made.align || (made.align & (made.align - 1)) || !made.repeat)
		fail(b,
		     "field at offset %u: \"elem\" and \"repeat\" must not be 0, \"align\" a "
		     "power of two",
		     made.offset);
	/* One on the other, there could be billions of them in a few bytes. */
	if (made.repeat > 1 && made.stride < bytes_of(&made))
		fail(b, "field at offset %u: \"stride\" %u is less than the field", made.offset,
		     made.stride);
	made.fields = put_fields(b, json_object_get(field, "fields"), depth + 1, &made.field_count);
	check_fields(b, made.fields, made.field_count, 0, made.element);
	if (!b->failed)
		*(struct kx_field *)at(b, offset) = made;
}

/*
 * Which member of a union counts, only the message says: its arena descriptors
 * are judged where they are used, by nk_arena_get() of the receiver.
 */
static bool is_union(const json_t *field)
{
	const char *kind = json_string_value(json_object_get(field, "kind"));

	return kind && !strcmp(kind, "union");
}

static uint32_t put_fields(struct builder *b, const json_t *fields, unsigned depth, uint32_t *count)
{
	uint32_t offset;
	size_t index;

	*count = 0;
	if (!fields || json_is_null(fields))
		return 0;
	if (!json_is_array(fields)) {
		fail(b, "\"fields\" is not an array");
		return 0;
	}
	if (!json_array_size(fields))
		return 0;
	if (depth >= KX_FIELD_DEPTH) {
		fail(b, "fields nested deeper than %u", KX_FIELD_DEPTH);
		return 0;
	}
	offset = reserve(b, json_array_size(fields), sizeof(struct kx_field));
	for (index = 0; index < json_array_size(fields) && !b->failed; index++) {
		if (is_union(json_array_get(fields, index)))
			continue;
		put_field(b, json_array_get(fields, index),
			  offset + *count * (uint32_t)sizeof(struct kx_field), depth);
		++*count;
	}
	return offset;
}

static void put_message(struct builder *b, const json_t *message, const char *which,
			struct kx_message_desc *out)
{
	size_t length = strlen(b->where);

	*out = (struct kx_message_desc){0};
	if (!message || json_is_null(message) || b->failed)
		return;
	(void)snprintf(b->where + length, sizeof(b->where) - length, ".%s", which);
	out->size = number_of(b, message, "size", 0);
	out->arena = number_of(b, message, "arena", 0);
	out->handles = number_of(b, message, "handles", 0);
	if (out->size < KX_MESSAGE_MIN || out->size > KX_MESSAGE_LIMIT)
		fail(b, "\"size\" %u is not between %u and %u", out->size, KX_MESSAGE_MIN,
		     KX_MESSAGE_LIMIT);
	if (out->handles > KX_MESSAGE_CAPS)
		fail(b, "more than %u handles in one message", KX_MESSAGE_CAPS);
	out->fields = put_fields(b, json_object_get(message, "fields"), 0, &out->field_count);
	if (!b->failed)
		check_fields(b, out->fields, out->field_count, KX_MESSAGE_MIN, out->size);
	b->where[length] = '\0';
}

static void put_method(struct builder *b, const json_t *method, uint32_t mid, uint32_t offset)
{
	const char *name = text_of(b, method, "name", true);
	struct kx_method made = {0};
	size_t length = strlen(b->where);

	(void)snprintf(b->where + length, sizeof(b->where) - length, ".%.40s", name);
	if (number_of(b, method, "mid", mid) != mid)
		fail(b, "\"mid\" is not %u: methods stand in order from 0", mid);
	if (!json_is_object(json_object_get(method, "req")))
		fail(b, "\"req\" is missing");
	made.name = put_text(b, name);
	put_message(b, json_object_get(method, "req"), "req", &made.request);
	put_message(b, json_object_get(method, "res"), "res", &made.response);
	put_message(b, json_object_get(method, "err"), "err", &made.error);
	if (!b->failed)
		*(struct kx_method *)at(b, offset) = made;
	b->where[length] = '\0';
}

static void put_endpoint(struct builder *b, const json_t *endpoint, uint32_t riid, uint32_t at_end,
			 uint32_t at_methods, uint32_t first)
{
	const json_t *methods = json_object_get(endpoint, "methods");
	const char *name = text_of(b, endpoint, "name", true);
	struct kx_endpoint made = {.first_method = first,
				   .method_count = (uint32_t)json_array_size(methods)};
	uint32_t mid;

	(void)snprintf(b->where, sizeof(b->where), "endpoint \"%.60s\"", name);
	if (number_of(b, endpoint, "riid", riid) != riid)
		fail(b, "\"riid\" is not %u: endpoints stand in order from 0", riid);
	made.name = put_text(b, name);
	made.qualified = put_text(b, text_of(b, endpoint, "qualified", false));
	made.interface = put_text(b, text_of(b, endpoint, "interface", false));
	made.security = json_is_true(json_object_get(endpoint, "security"));
	if (!b->failed)
		*(struct kx_endpoint *)at(b, at_end + riid * (uint32_t)sizeof(made)) = made;
	for (mid = 0; mid < made.method_count && !b->failed; mid++)
		put_method(b, json_array_get(methods, mid), mid,
			   at_methods + (first + mid) * (uint32_t)sizeof(struct kx_method));
	b->where[0] = '\0';
}

static size_t count_methods(const json_t *endpoints)
{
	const json_t *endpoint;
	size_t count = 0;
	size_t index;

	json_array_foreach((json_t *)(uintptr_t)endpoints, index, endpoint) count +=
		json_array_size(json_object_get(endpoint, "methods"));
	return count;
}

static void put_class(struct builder *b, const char *name, const json_t *endpoints)
{
	struct kx_class made = {.endpoint_count = (uint32_t)json_array_size(endpoints),
				.method_count = (uint32_t)count_methods(endpoints)};
	uint32_t first = 0;
	uint32_t riid;

	if (made.endpoint_count >= UINT16_MAX)
		fail(b, "more than %u endpoints", UINT16_MAX - 1);
	reserve(b, 1, sizeof(made));
	made.name = put_text(b, name);
	made.endpoints = reserve(b, made.endpoint_count, sizeof(struct kx_endpoint));
	made.methods = reserve(b, made.method_count, sizeof(struct kx_method));
	for (riid = 0; riid < made.endpoint_count && !b->failed; riid++) {
		const json_t *endpoint = json_array_get(endpoints, riid);

		put_endpoint(b, endpoint, riid, made.endpoints, made.methods, first);
		first += (uint32_t)json_array_size(json_object_get(endpoint, "methods"));
	}
	made.bytes = b->used;
	if (!b->failed)
		*(struct kx_class *)at(b, 0) = made;
}

struct kx_class *kx_class_from_json(const char *name, const json_t *definition, char *error)
{
	const json_t *endpoints = json_object_get(definition, "endpoints");
	struct builder b = {.error = error};

	if (error)
		*error = '\0';
	if (!json_is_object(definition))
		fail(&b, "class definition is not an object");
	else if (endpoints && !json_is_array(endpoints))
		fail(&b, "\"endpoints\" is not an array");
	else
		put_class(&b, name, endpoints);
	if (!b.failed)
		return (struct kx_class *)(void *)b.bytes;
	free(b.bytes);
	return NULL;
}

static bool fields_have_handles(const struct kx_class *class_table, uint32_t offset, uint32_t count)
{
	const struct kx_field *field = kx_class_fields(class_table, offset);
	uint32_t index;

	/* Depth is bounded by KX_FIELD_DEPTH when the blob is made. */
	for (index = 0; index < count; index++, field++) {
		if (field->kind == KX_FIELD_HANDLE ||
		    fields_have_handles(class_table, field->fields, field->field_count))
			return true;
	}
	return false;
}

bool kx_class_has_handles(const struct kx_class *class_table, const struct kx_message_desc *desc)
{
	return desc->handles || fields_have_handles(class_table, desc->fields, desc->field_count);
}
