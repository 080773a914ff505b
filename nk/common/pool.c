/* SPDX-License-Identifier: Apache-2.0 */

/* A chain of blocks; the newest is filled from its front. */

#include "pool.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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

/* All pages at once cost less than a fault for each. Where Linux cannot, nothing is lost. */
static void fill(void *memory, size_t size)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t first = ((uintptr_t)memory + page - 1) & -page;
	uintptr_t end = ((uintptr_t)memory + size) & -page;

	(void)madvise((void *)first, end - first, MADV_POPULATE_WRITE);
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
	fill(block, sizeof(*block) + size);
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

#define DIGITS 21 /* of the largest number, and a zero byte */

static const char *decimal(char *digits, unsigned long long value)
{
	char *at = digits + DIGITS - 1;

	*at = '\0';
	do {
		*--at = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	return at;
}

/* The text that the conversion at *@format stands for, which is then behind us; NULL for others. */
static const char *convert(const char **format, va_list *args, char *digits)
{
	const char *text;

	if (strncmp(*format, "%s", 2) == 0) {
		*format += 2;
		text = va_arg(*args, const char *);
		return text ? text : "(null)";
	}
	if (strncmp(*format, "%llu", 4) == 0) {
		*format += 4;
		return decimal(digits, va_arg(*args, unsigned long long));
	}
	return NULL;
}

/* The same as kx_format_short(), which keeps its @args. */
static int format_short(char *to, size_t room, const char *format, va_list *args)
{
	char digits[DIGITS];
	size_t used = 0;
	int rest;

	while (*format) {
		const char *text = format;
		size_t len = (size_t)(strchrnul(format, '%') - format);

		format += len;
		if (len == 0) {
			text = convert(&format, args, digits);
			if (!text)
				break;
			len = strlen(text);
		}
		if (len >= room - used)
			return -1;
		memcpy(to + used, text, len);
		used += len;
	}
	to[used] = '\0';
	if (!*format)
		return (int)used;
	rest = vsnprintf(to + used, room - used, format, *args);
	return rest >= 0 && (size_t)rest < room - used ? (int)used + rest : -1;
}

int kx_format_short(char *to, size_t room, const char *format, va_list args)
{
	va_list copy;
	int len;

	va_copy(copy, args);
	len = format_short(to, room, format, &copy);
	va_end(copy);
	return len;
}

char *kx_pool_vformat(struct kx_pool *pool, const char *format, va_list args)
{
	char small[256];
	va_list measure;
	char *text;
	int len = kx_format_short(small, sizeof(small), format, args);

	if (len >= 0)
		return kx_pool_text(pool, small, (size_t)len);
	va_copy(measure, args);
	len = vsnprintf(NULL, 0, format, measure);
	va_end(measure);
	len = len < 0 ? 0 : len;
	text = kx_pool_alloc(pool, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, args);
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
