/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CALL_TEXT_H
#define KX_CALL_TEXT_H

/*
 * Strings that an entity sent as arena bytes of a kernel call: zero-terminated,
 * one behind the other. The bytes are the kernel process's private copy.
 */

#include <stddef.h>
#include <string.h>

struct kx_call_text {
	const char *at;
	const char *end;
};

/* The next string, or NULL when there is none or it is not terminated. */
static inline const char *kx_call_text_next(struct kx_call_text *text)
{
	const char *found = text->at;
	const char *zero;

	if (found == text->end)
		return NULL;
	zero = memchr(found, '\0', (size_t)(text->end - found));
	if (!zero)
		return NULL;
	text->at = zero + 1;
	return found;
}

static inline struct kx_call_text kx_call_text(const void *bytes, size_t length)
{
	const char *first = bytes ? bytes : "";

	return (struct kx_call_text){.at = first, .end = first + (bytes ? length : 0)};
}

#endif /* KX_CALL_TEXT_H */
