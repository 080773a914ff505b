/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The class blob is trusted (the kernel process made it and checked every offset
 * in it); the message is not.
 */

#include "validate.h"

#include <string.h>

#include "kx_index.h"

/* An arena descriptor as it lies in a message (nk_ptr_t). */
struct chunk {
	uint32_t offset;
	uint32_t size;
};

static const void *at(const struct kx_class *blob, uint32_t offset)
{
	return (const uint8_t *)blob + offset;
}

/* What field checks need to know. */
struct scene {
	const struct kx_class *blob;
	const uint8_t *arena;
	uint32_t arena_size;
	uint32_t nested_left; /* bytes of elements with fields that may still be looked at */
};

static bool fields_valid(struct scene *scene, uint32_t fields, uint32_t count, const uint8_t *base,
			 unsigned depth);

/*
 * Chunks of records that overlap would be looked at again and again, a power of the
 * message's size in all; whoever fills an arena gives each its own place, so
 * together they are no longer than the arena.
 */
static bool elements_valid(struct scene *scene, const struct kx_field *field,
			   const struct chunk *chunk, unsigned depth)
{
	const uint8_t *first = scene->arena + kx_index(chunk->offset, scene->arena_size);

	if (chunk->size > scene->nested_left)
		return false;
	scene->nested_left -= chunk->size;
	/*@ loop invariant done <= chunk->size && done % field->element == 0;
	  @ loop assigns done, scene->nested_left;
	  @ loop variant chunk->size - done;
	  @*/
	for (uint32_t done = 0; done < chunk->size; done += field->element)
		if (!fields_valid(scene, field->fields, field->field_count, first + done,
				  depth + 1))
			return false;
	return true;
}

static bool chunk_valid(struct scene *scene, const struct kx_field *field, const uint8_t *where,
			unsigned depth)
{
	struct chunk chunk;

	memcpy(&chunk, where, sizeof(chunk));
	if (chunk.size == 0)
		return true; /* empty, or not set: the offset means nothing */
	if (chunk.offset > scene->arena_size || chunk.size > scene->arena_size - chunk.offset)
		return false;
	if (chunk.size > field->max || chunk.size % field->element != 0 ||
	    chunk.offset % field->align != 0)
		return false;
	return field->field_count == 0 || elements_valid(scene, field, &chunk, depth);
}

static bool fields_valid(struct scene *scene, uint32_t fields, uint32_t count, const uint8_t *base,
			 unsigned depth)
{
	const struct kx_field *field = at(scene->blob, fields);

	if (depth > KX_FIELD_DEPTH)
		return false;
	for (uint32_t i = 0; i < count; i++, field++) {
		if (field->kind != KX_FIELD_ARENA)
			continue;
		for (uint32_t n = 0; n < field->repeat; n++)
			if (!chunk_valid(scene, field, base + field->offset + n * field->stride,
					 depth))
				return false;
	}
	return true;
}

bool kx_message_fields_valid(const struct kx_class *blob, const struct kx_message_desc *desc,
			     const void *body, const void *arena, uint32_t arena_size)
{
	struct scene scene = {blob, arena, arena_size, arena_size};

	return fields_valid(&scene, desc->fields, desc->field_count,
			    (const uint8_t *)body - KX_MESSAGE_MIN, 0);
}

bool kx_message_handles(const struct kx_class *blob, const struct kx_message_desc *desc,
			void *fixed,
			bool (*visit)(void *context, void *descriptor, uint32_t offset),
			void *context)
{
	const struct kx_field *field = at(blob, desc->fields);

	for (uint32_t i = 0; i < desc->field_count; i++, field++) {
		if (field->kind != KX_FIELD_HANDLE)
			continue;
		for (uint32_t n = 0; n < field->repeat; n++) {
			uint32_t offset = field->offset + n * field->stride;

			if (!visit(context, (uint8_t *)fixed + offset, offset))
				return false;
		}
	}
	return true;
}
