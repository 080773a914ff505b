/* SPDX-License-Identifier: Apache-2.0 */

/* Pieces of source and C text that several writers need. */

#include <string.h>

#include "psl_inside.h"

#define SHOWN 200u /* characters of a rule that are kept */

static const char *at_place(const struct kx_source *source, uint32_t line, uint32_t column)
{
	const char *at = source->text;
	const char *end = source->text + source->len;

	for (; line > 1 && at < end; line--) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		at = newline ? newline + 1 : end;
	}
	return at + column - 1 <= end ? at + column - 1 : end;
}

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

/*
 * The last place of rules found in long files is remembered: every rule asks
 * once, in order, and counting lines from the top each time would be quadratic.
 */
static const char *find(const struct kx_loc *loc)
{
	static const struct kx_source *source;
	static const char *text;
	static const char *at;
	static uint32_t line;

	if (source != loc->source || text != loc->source->text || line > loc->line) {
		source = loc->source;
		text = source->text;
		at = text;
		line = 1;
	}
	while (line < loc->line) {
		const char *newline = memchr(at, '\n', (size_t)(text + source->len - at));

		if (!newline)
			return at_place(loc->source, loc->line, loc->column);
		at = newline + 1;
		line++;
	}
	return at + loc->column - 1;
}

const char *kx_psl_source_text(struct kx_psl *psl, const struct kx_loc *loc)
{
	const char *end;
	const char *at;
	char *out;
	size_t used = 0;

	if (!loc->source || !loc->line)
		return "";
	at = find(loc);
	end = at;
	if (loc->end_line == loc->line) {
		end = at + (loc->end_column - loc->column);
	} else {
		for (uint32_t line = loc->line; line < loc->end_line; line++)
			end = strchr(end, '\n') + 1;
		end += loc->end_column - 1;
	}
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
