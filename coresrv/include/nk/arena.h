/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NK_ARENA_H
#define NK_ARENA_H

/*
 * The arena: caller-owned memory behind a message for everything of variable
 * size. Chunks are cut from it one after the other; a message refers to a
 * chunk by nk_ptr_t, offset and size in bytes from the arena's start, so the
 * arena can be copied anywhere.
 *
 * Rules:
 *  - An offset is a multiple of the element's alignment. The start of the
 *    memory may be anything: user code passes plain char arrays.
 *  - New chunks are zero. (Programs copy strings without their last byte.)
 *  - A null arena, or one whose end is not behind its start, has no room.
 *  - Nothing in a received nk_ptr_t is trusted: outside the arena, misaligned,
 *    or not a whole number of elements reads as a null pointer and count 0.
 *  - No elements is not an error: a chunk of size 0, a non-null pointer.
 *
 * An arena is not locked. Nothing here blocks, but for the one line about an arena that is full.
 */

#include <nk/assert.h>
#include <nk/compiler.h>
#include <nk/errno.h>
#include <nk/stand.h>
#include <nk/types.h>

typedef struct nk_arena {
	void *start;
	void *current; /* end of the last chunk */
	void *end;
} nk_arena;

/* Brace initialiser over [first, behind_last); both C and C++, static or automatic. */
#define NK_ARENA_INITIALIZER(first, behind_last)                                                   \
	{                                                                                          \
		(first), (first), (behind_last)                                                    \
	}

/* The same at run time. */
static inline void nk_arena_init(struct nk_arena *self, void *start, void *end)
{
	self->start = start;
	self->current = start;
	self->end = end;
}

static inline struct nk_arena __nk_arena_over(void *start, nk_size_t size)
{
	struct nk_arena arena;

	nk_arena_init(&arena, start, __nk_cast(char *, start) + size);
	return arena;
}

/* An arena over @size bytes of the calling function's stack: an initialiser inside functions. */
#define NK_ARENA_AUTO(size) __nk_arena_over(__builtin_alloca(size), (size))

/* Forgets all chunks; the memory keeps its content. A null arena is left alone. */
static inline void nk_arena_reset(struct nk_arena *self)
{
	if (self)
		self->current = self->start;
}

/* Bytes from the start to @pos, 0 if the arena is null or turned round. */
static inline nk_size_t __nk_arena_span(const struct nk_arena *self, const void *pos)
{
	if (!self || !self->start || __nk_address(pos) < __nk_address(self->start))
		return 0;
	return __nk_address(pos) - __nk_address(self->start);
}

/* Bytes the arena can hold in all. */
static inline nk_size_t nk_arena_capacity(const struct nk_arena *self)
{
	return self ? __nk_arena_span(self, self->end) : 0;
}

/* Bytes in use: what has to travel with the message. */
static inline nk_size_t nk_arena_allocated_size(const struct nk_arena *self)
{
	return self ? __nk_arena_span(self, self->current) : 0;
}

#if __STDC_HOSTED__
/* Says once on standard error that @size bytes did not fit; in programs that have libkos. */
#ifdef __cplusplus
extern "C"
#endif
	void
	__nk_hint_arena_full(nk_size_t size, nk_size_t used, nk_size_t room) __attribute__((weak));
#endif

/*
 * Of @size bytes there was no room. SUBTLE: takes values, for of an arena whose address a
 * function elsewhere may have kept, the compiler knows nothing any more.
 */
static inline void *__nk_arena_full(nk_size_t size, nk_size_t used, nk_size_t room)
{
#if __STDC_HOSTED__
	if (size && __nk_hint_arena_full)
		__nk_hint_arena_full(size, used, room);
#else
	nk_unused(size);
	nk_unused(used);
	nk_unused(room);
#endif
	return NK_NULL;
}

/*
 * Cuts a chunk of @size zero bytes at an offset that is a multiple of @align (a
 * power of two). Returns its address and fills *@ptr; NK_NULL when there is no
 * room, and *@ptr is {0, 0}, the arena unchanged.
 */
static inline void *__nk_arena_alloc(struct nk_arena *self, nk_ptr_t *ptr, nk_size_t size,
				     nk_size_t align)
{
	nk_size_t room = nk_arena_capacity(self);
	nk_size_t offset = (nk_arena_allocated_size(self) + align - 1) & ~(align - 1);
	char *chunk;

	ptr->offset = 0;
	ptr->size = 0;
	if (!self || !self->start)
		return __nk_arena_full(size, 0, 0);
	if (size == 0 && offset > room)
		offset = room & ~(align - 1);
	if (offset > room || size > room - offset || offset + size > NK_UINT32_MAX)
		return __nk_arena_full(size, nk_arena_allocated_size(self), room);
	chunk = __nk_cast(char *, self->start) + offset;
	nk_memset(chunk, 0, size);
	if (size)
		self->current = chunk + size;
	ptr->offset = __nk_cast(nk_uint32_t, offset);
	ptr->size = __nk_cast(nk_uint32_t, size);
	return chunk;
}

static inline void *_nk_arena_alloc(struct nk_arena *self, nk_ptr_t *ptr, nk_size_t count,
				    nk_size_t size, nk_size_t align)
{
	nk_size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		ptr->offset = 0;
		ptr->size = 0;
		return NK_NULL;
	}
	return __nk_arena_alloc(self, ptr, bytes, align);
}

static inline nk_err_t _nk_arena_store(struct nk_arena *self, nk_ptr_t *ptr, const void *src,
				       nk_size_t count, nk_size_t size, nk_size_t align)
{
	void *chunk = _nk_arena_alloc(self, ptr, count, size, align);

	if (!chunk)
		return count == 0 ? NK_EOK : NK_ENOMEM;
	nk_memcpy(chunk, src, ptr->size);
	return NK_EOK;
}

/* The chunk *@ptr describes and its *@size in bytes, or NK_NULL and 0. */
static inline void *__nk_arena_get(const struct nk_arena *self, const nk_ptr_t *ptr,
				   nk_size_t *size)
{
	nk_size_t room = nk_arena_capacity(self);

	*size = 0;
	if (!self || !self->start || ptr->offset > room || ptr->size > room - ptr->offset)
		return NK_NULL;
	*size = ptr->size;
	return __nk_cast(char *, self->start) + ptr->offset;
}

/* Writes @value into the caller's counter, whatever its width; too big reads as its maximum. */
static inline void _nk_arena_get_write_count(void *count, nk_size_t width, nk_size_t value)
{
	nk_uint8_t n8 = __nk_cast(nk_uint8_t, value > NK_UINT8_MAX ? NK_UINT8_MAX : value);
	nk_uint16_t n16 = __nk_cast(nk_uint16_t, value > NK_UINT16_MAX ? NK_UINT16_MAX : value);
	nk_uint32_t n32 = __nk_cast(nk_uint32_t, value);
	nk_uint64_t n64 = value;

	if (!count)
		return;
	if (width == sizeof(n8))
		nk_memcpy(count, &n8, sizeof(n8));
	else if (width == sizeof(n16))
		nk_memcpy(count, &n16, sizeof(n16));
	else if (width == sizeof(n32))
		nk_memcpy(count, &n32, sizeof(n32));
	else if (width == sizeof(n64))
		nk_memcpy(count, &n64, sizeof(n64));
}

static inline void *_nk_arena_get(const struct nk_arena *self, const nk_ptr_t *ptr, void *count,
				  nk_size_t count_width, nk_size_t size, nk_size_t align)
{
	nk_size_t bytes = 0;
	void *chunk = ptr ? __nk_arena_get(self, ptr, &bytes) : NK_NULL;

	if (chunk && ((ptr->offset & (align - 1)) != 0 || bytes % size != 0)) {
		chunk = NK_NULL;
		bytes = 0;
	}
	_nk_arena_get_write_count(count, count_width, bytes / size);
	return chunk;
}

/*
 * For users. @ptr is `nk_ptr_t *` (a field of a message), @count elements of
 * @type in any integer type.
 *
 * nk_arena_alloc   -> type *, zeroed, or null without room
 * nk_arena_store   -> NK_EOK, or NK_ENOMEM without room; copies @count elements from @src
 * nk_arena_get     -> type *, or null on a bad descriptor; @count_out is the
 *                     address of a counter of 1, 2, 4 or 8 bytes
 */
#define nk_arena_alloc(type, arena, ptr, count)                                                    \
	__nk_cast(type *, _nk_arena_alloc((arena), (ptr), __nk_cast(nk_size_t, count),             \
					  sizeof(type), nk_alignof(type)))
#define nk_arena_store(type, arena, ptr, src, count)                                               \
	_nk_arena_store((arena), (ptr), (src), __nk_cast(nk_size_t, count), sizeof(type),          \
			nk_alignof(type))
#define nk_arena_get(type, arena, ptr, count_out)                                                  \
	__nk_cast(type *, _nk_arena_get((arena), (ptr), (count_out), sizeof(*(count_out)),         \
					sizeof(type), nk_alignof(type)))

#endif /* NK_ARENA_H */
