/* SPDX-License-Identifier: Apache-2.0 */

/* Pieces of source and C text that several writers need. */

#include <string.h>

#include "psl_inside.h"

#define SHOWN 200u /* characters of a rule that are kept */

/* Blanks and comments at @at; what is behind them. */
static const char *skip(const char *at, const char *end)
{
	for (;;) {
		const char *close;

		while (at < end && strchr(" \t\r\n\f\v", *at))
			at++;
		if (end - at < 2 || at[0] != '/' || (at[1] != '*' && at[1] != '/'))
			return at;
		if (at[1] == '/')
			close = memchr(at, '\n', (size_t)(end - at));
		else
			close = memmem(at + 2, (size_t)(end - at - 2), "*/", 2);
		if (!close)
			return end;
		at = close + (at[1] == '*' ? 2 : 1);
	}
}

/* Where the lines of a source begin: every rule asks, and in no order. */
struct kx_psl_lines {
	struct kx_psl_lines *next;
	const struct kx_source *source;
	const char **starts; /* of line 1, 2 ...; behind the last one, the end of the text */
	uint32_t count;
};

static struct kx_psl_lines *index_lines(struct kx_psl *psl, const struct kx_source *source)
{
	struct kx_psl_lines *lines = kx_pool_new(psl->pool, struct kx_psl_lines);
	const char *end = source->text + source->len;
	uint32_t count = 1;

	for (const char *at = source->text; (at = memchr(at, '\n', (size_t)(end - at))); at++)
		count++;
	lines->source = source;
	lines->starts = kx_pool_alloc(psl->pool, (count + 1) * sizeof(*lines->starts));
	for (const char *at = source->text; at; at = memchr(at, '\n', (size_t)(end - at))) {
		at += lines->count != 0;
		lines->starts[lines->count++] = at;
	}
	lines->starts[lines->count] = end;
	lines->next = psl->lines;
	psl->lines = lines;
	return lines;
}

static const char *place(struct kx_psl *psl, const struct kx_source *source, uint32_t line,
			 uint32_t column)
{
	struct kx_psl_lines *lines = psl->lines;
	const char *end = source->text + source->len;
	const char *start;

	while (lines && lines->source != source)
		lines = lines->next;
	if (!lines)
		lines = index_lines(psl, source);
	start = lines->starts[line <= lines->count ? line - 1 : lines->count];
	return (size_t)(end - start) < column - 1 ? end : start + column - 1;
}

const char *kx_psl_source_text(struct kx_psl *psl, const struct kx_loc *loc)
{
	const char *end;
	const char *at;
	char *out;
	size_t used = 0;

	if (!loc->source || !loc->line)
		return "";
	at = place(psl, loc->source, loc->line, loc->column);
	end = place(psl, loc->source, loc->end_line, loc->end_column);
	out = kx_pool_alloc(psl->pool, SHOWN + 4);
	while (at < end && used < SHOWN) {
		const char *next = skip(at, end);

		if (next != at) {
			if (used && next < end)
				out[used++] = ' ';
			at = next;
			continue;
		}
		out[used++] = *at++;
	}
	if (at < end)
		memcpy(out + used, "...", 3);
	return out;
}

const char *kx_psl_c_string(struct kx_psl *psl, const char *text, size_t len)
{
	char *out = kx_pool_alloc(psl->pool, 4 * len + 3);
	size_t used = 0;

	out[used++] = '"';
	for (size_t i = 0; i < len; i++) {
		unsigned char letter = (unsigned char)text[i];

		if (letter == '"' || letter == '\\') {
			out[used++] = '\\';
			out[used++] = (char)letter;
		} else if (letter < ' ' || letter >= 127 || letter == '?') {
			out[used++] = '\\';
			out[used++] = (char)('0' + letter / 64);
			out[used++] = (char)('0' + letter / 8 % 8);
			out[used++] = (char)('0' + letter % 8);
		} else {
			out[used++] = (char)letter;
		}
	}
	out[used++] = '"';
	return out;
}
