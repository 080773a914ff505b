/* SPDX-License-Identifier: Apache-2.0 */

/* Which bytes of a text that comes from a process may be shown. */

#include "ksm_inside.h"

/* The code of the character of @bytes bytes at @at, UINT32_MAX if it is none. */
static uint32_t code_of(const unsigned char *at, uint32_t bytes)
{
	uint32_t code = bytes == 1 ? at[0] : at[0] & (0xffu >> (bytes + 1));

	for (uint32_t i = 1; i < bytes; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return UINT32_MAX;
		code = code << 6 | (at[i] & 0x3f);
	}
	return code;
}

/* Bytes of the character at @at that may be shown; 0: none. */
static uint32_t letter(const char *at, uint64_t length)
{
	static const uint32_t least[] = {0, ' ', 0xa0, 0x800, 0x10000};
	unsigned char first = (unsigned char)*at;
	uint32_t bytes = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	uint32_t code;

	if (bytes > length || (first & 0xc0) == 0x80 || first > 0xf4)
		return 0;
	code = code_of((const unsigned char *)at, bytes);
	if (code < least[bytes] || code == 0x7f || code > 0x10ffff ||
	    (code >= 0xd800 && code < 0xe000))
		return 0;
	/* Marks of direction, invisible and line-breaking ones. */
	if ((code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	    (code >= 0x2060 && code <= 0x206f) || code == 0x61c || code == 0xfeff)
		return 0;
	return bytes;
}

const char *kx_ksm_shown(const char *at, uint64_t length, uint32_t *bytes)
{
	*bytes = letter(at, length);
	if (*bytes)
		return at;
	*bytes = 1;
	return "?";
}
