/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_FUZZ_H
#define KX_FUZZ_H

/*
 * What every target shares: its entry, and a reader that turns the input into
 * small numbers and pieces of bytes. An input that is used up reads as zeros, so
 * that any prefix of an input is an input.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzz_input {
	const uint8_t *at;
	size_t left;
};

static inline void fuzz_bytes(struct fuzz_input *in, void *to, size_t size)
{
	size_t part = size < in->left ? size : in->left;

	memset(to, 0, size);
	if (part)
		memcpy(to, in->at, part);
	in->at += part;
	in->left -= part;
}

static inline uint8_t fuzz_u8(struct fuzz_input *in)
{
	uint8_t value;

	fuzz_bytes(in, &value, sizeof(value));
	return value;
}

static inline uint32_t fuzz_u32(struct fuzz_input *in)
{
	uint32_t value;

	fuzz_bytes(in, &value, sizeof(value));
	return value;
}

/* What must hold whatever the input is. */
#define fuzz_require(condition)                                                                    \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			(void)fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__,         \
				      #condition);                                                 \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

#endif /* KX_FUZZ_H */
