/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_BASES_H
#define KX_KAV_BASES_H

/*
 * Bases: the signatures the engine looks for. Read from text, one signature a line:
 *
 *   NAME WHERE CODE HEX [HEX...]      # comment
 *
 *   WHERE  test    the whole object: the pattern, then only blank space, 128 bytes at most;
 *                  one of the documented prefixes (WARN-, CURE-, ...) may stand in front
 *          start   the object begins with the pattern
 *          any     the pattern is somewhere in the object
 *   CODE   2 modified, 3 suspicious, 4 virus
 *
 * Patterns are hexadecimal and may come in pieces, so that no file here looks like a virus to
 * another scanner. Bases are read-only once made: any number of threads may scan with them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KX_KAV_NAME_MAX    64
#define KX_KAV_PATTERN_MAX 1024
#define KX_KAV_WHY_MAX     256

enum kx_kav_where {
	KX_KAV_WHERE_TEST,
	KX_KAV_WHERE_START,
	KX_KAV_WHERE_ANY,
};

struct kx_kav_signature {
	char name[KX_KAV_NAME_MAX];
	enum kx_kav_where where;
	int code; /* enum kx_kav_code: 2, 3 or 4 */
	size_t len;
	uint8_t *bytes;
};

struct kx_kav_yara; /* compiled YARA rules, see kx_kav_yara.h */

struct kx_kav_bases {
	struct kx_kav_signature *list;
	size_t count;
	size_t longest;           /* of all patterns that may be anywhere */
	uint64_t anywhere;        /* "test" patterns count anywhere in this many first bytes */
	struct kx_kav_yara *yara; /* or NULL */
};

/*
 * Adds the signatures of @text to @bases. @file is for messages only. Returns false with the
 * place and the reason in @why (KX_KAV_WHY_MAX bytes); signatures before the bad line remain.
 */
bool kx_kav_bases_add(struct kx_kav_bases *bases, const char *file, const char *text, size_t len,
		      char *why);
void kx_kav_bases_free(struct kx_kav_bases *bases);

#endif /* KX_KAV_BASES_H */
