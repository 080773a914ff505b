/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NK_STAND_H
#define NK_STAND_H

/*
 * The few memory and string helpers generated code and the arena use. They are
 * built on compiler built-ins, so freestanding code needs no C library header;
 * a size of zero is legal everywhere, also with null pointers.
 */

#include <nk/compiler.h>
#include <nk/inttypes.h>
#include <nk/stddef.h>

static inline void *nk_memset(void *dst, int value, nk_size_t size)
{
	return size ? __builtin_memset(dst, value, size) : dst;
}

static inline void *nk_memcpy(void *dst, const void *src, nk_size_t size)
{
	return size ? __builtin_memcpy(dst, src, size) : dst;
}

static inline int nk_memcmp(const void *a, const void *b, nk_size_t size)
{
	return size ? __builtin_memcmp(a, b, size) : 0;
}

static inline nk_size_t nk_strlen(const nk_char_t *s)
{
	return __builtin_strlen(s);
}

/* Length of @s, at most @max; reads no byte behind that. */
static inline nk_size_t nk_strnlen(const nk_char_t *s, nk_size_t max)
{
	nk_size_t n = 0;

	while (n < max && s[n] != '\0')
		n++;
	return n;
}

static inline int nk_strcmp(const nk_char_t *a, const nk_char_t *b)
{
	return __builtin_strcmp(a, b);
}

/* Copies at most @size characters and fills the rest with zeros, like strncpy. */
static inline nk_char_t *nk_strncpy(nk_char_t *dst, const nk_char_t *src, nk_size_t size)
{
	nk_size_t i = 0;

	for (; i < size && src[i] != '\0'; i++)
		dst[i] = src[i];
	for (; i < size; i++)
		dst[i] = '\0';
	return dst;
}

/* As bsearch(): the element of the sorted @base that @cmp calls equal, or NK_NULL. */
static inline const void *nk_bsearch(const void *key, const void *base, nk_size_t count,
				     nk_size_t size, int (*cmp)(const void *, const void *))
{
	const char *low = __nk_cast(const char *, base);

	while (count > 0) {
		const char *middle = low + (count / 2) * size;
		int order = cmp(key, middle);

		if (order == 0)
			return middle;
		if (order > 0) {
			low = middle + size;
			count--;
		}
		count /= 2;
	}
	return NK_NULL;
}

#endif /* NK_STAND_H */
