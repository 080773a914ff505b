/* SPDX-License-Identifier: Apache-2.0 */

/* Reading signatures from text; see kx_kav_bases.h for the form of a line. */

#include "kx_kav_bases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/kx_kav_wire.h"

#define LINE_BYTES (2 * KX_KAV_PATTERN_MAX + 256)

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Appends the bytes of one piece to @out; NULL, or what is wrong with the piece. */
static const char *add_piece(const char *piece, uint8_t *out, size_t *len)
{
	for (; piece[0] != '\0'; piece += 2) {
		int high = hex_digit(piece[0]);
		int low = high < 0 ? -1 : hex_digit(piece[1]);

		if (low < 0)
			return "a pattern is an even number of digits 0-9 and a-f";
		if (*len == KX_KAV_PATTERN_MAX)
			return "the pattern is longer than 1024 bytes";
		out[(*len)++] = (uint8_t)(high << 4 | low);
	}
	return NULL;
}

static const char *read_where(const char *word, enum kx_kav_where *where)
{
	static const char *const words[] = {
		[KX_KAV_WHERE_TEST] = "test",
		[KX_KAV_WHERE_START] = "start",
		[KX_KAV_WHERE_ANY] = "any",
	};

	for (size_t i = 0; word && i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i]) == 0) {
			*where = (enum kx_kav_where)i;
			return NULL;
		}
	}
	return "the second word is test, start or any";
}

static const char *read_code(const char *word, int *code)
{
	if (!word || word[0] < '2' || word[0] > '4' || word[1] != '\0')
		return "the third word is 2 (modified), 3 (suspicious) or 4 (virus)";
	*code = word[0] - '0';
	return NULL;
}

static const char *read_name(const char *word, char *name)
{
	if (strlen(word) >= KX_KAV_NAME_MAX)
		return "the name is longer than 63 bytes";
	memcpy(name, word, strlen(word) + 1);
	return NULL;
}

/* Takes @line apart. Returns NULL or the reason; a line without a word leaves len 0. */
static const char *read_line(char *line, struct kx_kav_signature *signature, uint8_t *bytes)
{
	static const char blank[] = " \t\r";
	const char *why = NULL;
	char *rest = NULL;
	char *word = strtok_r(line, blank, &rest);

	signature->len = 0;
	if (!word)
		return NULL;
	why = read_name(word, signature->name);
	if (!why)
		why = read_where(strtok_r(NULL, blank, &rest), &signature->where);
	if (!why)
		why = read_code(strtok_r(NULL, blank, &rest), &signature->code);
	while (!why && (word = strtok_r(NULL, blank, &rest)))
		why = add_piece(word, bytes, &signature->len);
	if (!why && signature->len == 0)
		why = "no pattern";
	return why;
}

static bool append(struct kx_kav_bases *bases, const struct kx_kav_signature *signature,
		   const uint8_t *bytes)
{
	struct kx_kav_signature *list =
		realloc(bases->list, (bases->count + 1) * sizeof(*bases->list));
	struct kx_kav_signature *added;

	if (!list)
		return false;
	bases->list = list;
	added = &list[bases->count];
	*added = *signature;
	added->bytes = malloc(signature->len);
	if (!added->bytes)
		return false;
	memcpy(added->bytes, bytes, signature->len);
	bases->count++;
	if (signature->where != KX_KAV_WHERE_START && signature->len > bases->longest)
		bases->longest = signature->len;
	return true;
}

/* One line, still with its comment. */
static const char *add_line(struct kx_kav_bases *bases, const char *text, size_t len)
{
	struct kx_kav_signature signature = {0};
	uint8_t bytes[KX_KAV_PATTERN_MAX];
	char line[LINE_BYTES];
	const char *why;

	if (len >= sizeof(line))
		return "the line is too long";
	memcpy(line, text, len);
	line[len] = '\0';
	line[strcspn(line, "#")] = '\0';
	why = read_line(line, &signature, bytes);
	if (!why && signature.len > 0 && !append(bases, &signature, bytes))
		why = "no memory";
	return why;
}

bool kx_kav_bases_add(struct kx_kav_bases *bases, const char *file, const char *text, size_t len,
		      char *why)
{
	unsigned line = 1;

	for (size_t at = 0; at < len; line++) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t n = end ? (size_t)(end - (text + at)) : len - at;
		const char *wrong = add_line(bases, text + at, n);

		if (wrong) {
			(void)snprintf(why, KX_KAV_WHY_MAX, "%s:%u:1: %s", file, line, wrong);
			return false;
		}
		at += n + 1;
	}
	return true;
}

void kx_kav_bases_free(struct kx_kav_bases *bases)
{
	for (size_t i = 0; i < bases->count; i++)
		free(bases->list[i].bytes);
	free(bases->list);
	*bases = (struct kx_kav_bases){0};
}
