/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_NK_POOL_H
#define KX_NK_POOL_H

/*
 * Memory for one compilation: everything a front end makes lives until the
 * whole is thrown away, so nothing is freed alone. Memory is zeroed.
 *
 * Running out of memory ends the program with a message and status 1: a
 * compiler has nothing better to do, and no caller has to test for it.
 */

#include <stdarg.h>
#include <stddef.h>

struct kx_pool {
	struct kx_pool_block *blocks;
	size_t used; /* bytes handed out, for tests and limits */
};

/* Makes @pool empty. The caller owns it and ends it with kx_pool_free(). */
void kx_pool_init(struct kx_pool *pool);

/* Frees all memory of @pool at once; @pool is empty afterwards. */
void kx_pool_free(struct kx_pool *pool);

/* Forgets what @pool handed out and keeps a block of it to hand out again. */
void kx_pool_reset(struct kx_pool *pool);

/* @size zero bytes, aligned for any type. Never returns NULL. */
void *kx_pool_alloc(struct kx_pool *pool, size_t size);

/* A copy of @len bytes at @text with a zero byte behind it. */
char *kx_pool_text(struct kx_pool *pool, const char *text, size_t len);

/*
 * The same as vsnprintf(), but -1 where @room is too small, and quick where the format is
 * made of texts, %s and %llu, as nearly all here are. @args stay usable.
 */
int kx_format_short(char *to, size_t room, const char *format, va_list args);

/* printf into the pool. */
char *kx_pool_format(struct kx_pool *pool, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
char *kx_pool_vformat(struct kx_pool *pool, const char *format, va_list args);

#define kx_pool_new(pool, type) ((type *)kx_pool_alloc((pool), sizeof(type)))

#endif /* KX_NK_POOL_H */
