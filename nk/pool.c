/* SPDX-License-Identifier: Apache-2.0 */

/* A chain of blocks; the newest is filled from its front. */

#include "pool.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So large that it comes from the system, which gives it zeroed page by page. */
#define BLOCK_BYTES ((size_t)256 * 1024)

struct kx_pool_block {
	struct kx_pool_block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) char bytes[];
};

void kx_pool_init(struct kx_pool *pool)
{
	pool->blocks = NULL;
	pool->used = 0;
}

void kx_pool_free(struct kx_pool *pool)
{
	while (pool->blocks) {
		struct kx_pool_block *block = pool->blocks;

		pool->blocks = block->next;
		free(block);
	}
	pool->used = 0;
}

void kx_pool_reset(struct kx_pool *pool)
{
	struct kx_pool_block *kept = pool->blocks;

	if (!kept)
		return;
	pool->blocks = kept->next;
	kx_pool_free(pool);
	memset(kept->bytes, 0, kept->used);
	kept->used = 0;
	kept->next = NULL;
	pool->blocks = kept;
}

static struct kx_pool_block *add_block(struct kx_pool *pool, size_t size)
{
	struct kx_pool_block *block = NULL;

	if (size < BLOCK_BYTES)
		size = BLOCK_BYTES;
	if (size < SIZE_MAX - sizeof(*block))
		block = calloc(1, sizeof(*block) + size);
	if (!block) {
		fprintf(stderr, "nk: error: out of memory (%zu bytes wanted)\n", size);
		exit(1);
	}
	block->size = size;
	block->next = pool->blocks;
	pool->blocks = block;
	return block;
}

void *kx_pool_alloc(struct kx_pool *pool, size_t size)
{
	struct kx_pool_block *block = pool->blocks;
	void *memory;

	if (size > SIZE_MAX / 2)
		size = SIZE_MAX / 2;
	size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (!block || size > block->size - block->used)
		block = add_block(pool, size);
	memory = block->bytes + block->used;
	block->used += size;
	pool->used += size;
	return memory;
}

char *kx_pool_text(struct kx_pool *pool, const char *text, size_t len)
{
	char *copy = kx_pool_alloc(pool, len + 1);

	memcpy(copy, text, len);
	return copy;
}

char *kx_pool_vformat(struct kx_pool *pool, const char *format, va_list args)
{
	char small[256];
	va_list again;
	char *text;
	int len;

	va_copy(again, args);
	len = vsnprintf(small, sizeof(small), format, args);
	if (len < 0) {
		text = kx_pool_text(pool, "", 0);
	} else if ((size_t)len < sizeof(small)) {
		text = kx_pool_text(pool, small, (size_t)len);
	} else {
		text = kx_pool_alloc(pool, (size_t)len + 1);
		vsnprintf(text, (size_t)len + 1, format, again);
	}
	va_end(again);
	return text;
}

char *kx_pool_format(struct kx_pool *pool, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = kx_pool_vformat(pool, format, args);
	va_end(args);
	return text;
}
