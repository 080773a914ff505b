/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Proves: kernel/ipc/validate.c
 * Arena descriptors that are looked into lie in the arena, whatever they say; so do the
 * elements that are looked at for the sake of a descriptor.
 */

#include "memory.h"

#include "message.h"

/* A descriptor is copied from the message: it can be anything. */
#undef memcpy
#define memcpy(to, from, bytes) wp_fetch_chunk(to, from, bytes)
struct chunk;
void wp_fetch_chunk(struct chunk *to, const uint8_t *from, size_t bytes);

#include "validate.c"

/*@ requires \valid(to) && \valid_read(from + (0 .. bytes - 1));
  @ requires bytes == sizeof(struct chunk);
  @ assigns *to;
  @*/
void wp_fetch_chunk(struct chunk *to, const uint8_t *from, size_t bytes);

/* Believed of the description: kernel/objects/class.c has checked it. */
/*@ predicate description(struct kx_field *field) =
  @   \valid_read(field) && field->element > 0 && field->align > 0;
  @ predicate whole(struct scene *scene) =
  @   \valid(scene) && \valid_read(scene->arena + (0 .. scene->arena_size - 1));
  @ axiomatic multiples {
  @   axiom room: \forall integer a, b, e;
  @     e > 0 && 0 <= a < b && a % e == 0 && b % e == 0 ==> a + e <= b;
  @   axiom next: \forall integer a, e; e > 0 && 0 <= a && a % e == 0 ==> (a + e) % e == 0;
  @ }
  @*/

/* Believed: that it changes nothing but what may still be looked at. */
/*@ requires whole(scene) && depth <= KX_FIELD_DEPTH + 1;
  @ assigns scene->nested_left;
  @*/
static bool fields_valid(struct scene *scene, uint32_t fields, uint32_t count, const uint8_t *base,
			 unsigned depth);

/*@ requires whole(scene) && description(field) && \valid_read(chunk) && depth <= KX_FIELD_DEPTH;
  @ requires \separated(scene, chunk, field);
  @ requires 0 < chunk->size && chunk->offset + chunk->size <= scene->arena_size;
  @ requires chunk->size % field->element == 0;
  @ assigns scene->nested_left;
  @*/
static bool elements_valid(struct scene *scene, const struct kx_field *field,
			   const struct chunk *chunk, unsigned depth);

/*@ requires whole(scene) && description(field) && \valid_read(where + (0 .. 7));
  @ requires depth <= KX_FIELD_DEPTH;
  @ requires \separated(scene, field);
  @ assigns scene->nested_left;
  @*/
static bool chunk_valid(struct scene *scene, const struct kx_field *field, const uint8_t *where,
			unsigned depth);
