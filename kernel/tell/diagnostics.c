/* SPDX-License-Identifier: Apache-2.0 */

/* Messages about input files; see diagnostics.h. */

#include "diagnostics.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 512
#define WORD_MAX 64

/* Places that warnings leave for the errors that may follow. */
#define KEPT_FOR_ERRORS 20u

static int place(const struct kx_diagnostics *diagnostics, size_t line, size_t column, char *text)
{
	if (!line)
		return snprintf(text, TEXT_MAX, "%s", diagnostics->file);
	return snprintf(text, TEXT_MAX, "%s:%zu:%zu", diagnostics->file, line, column);
}

void kx_diagnose(struct kx_diagnostics *diagnostics, bool error, size_t line, size_t column,
		 const char *format, ...)
{
	char text[TEXT_MAX];
	va_list list;
	size_t used;

	diagnostics->errors += error;
	if (diagnostics->count >= KX_DIAGNOSTICS_MAX - (error ? 0 : KEPT_FOR_ERRORS))
		return;
	used = (size_t)place(diagnostics, line, column, text);
	if (used < TEXT_MAX)
		used += (size_t)snprintf(text + used, TEXT_MAX - used,
					 ": %s: ", error ? "error" : "warning");
	if (used < TEXT_MAX) {
		va_start(list, format);
		(void)vsnprintf(text + used, TEXT_MAX - used, format, list);
		va_end(list);
	}
	diagnostics->texts[diagnostics->count] = strdup(text);
	if (diagnostics->texts[diagnostics->count])
		diagnostics->count++;
}

void kx_diagnostics_clear(struct kx_diagnostics *diagnostics)
{
	while (diagnostics->count)
		free(diagnostics->texts[--diagnostics->count]);
	diagnostics->errors = 0;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Number of single-letter edits between two words shorter than WORD_MAX. */
static size_t edits(const char *from, const char *to)
{
	size_t row[WORD_MAX];
	size_t length = strlen(to);
	size_t diagonal;
	size_t above;
	size_t i;
	size_t j;

	for (j = 0; j <= length; j++)
		row[j] = j;
	for (i = 1; from[i - 1]; i++) {
		diagonal = row[0];
		row[0] = i;
		for (j = 1; j <= length; j++) {
			above = row[j];
			row[j] = smaller(smaller(row[j - 1], above) + 1,
					 diagonal + (from[i - 1] != to[j - 1]));
			diagonal = above;
		}
	}
	return row[length];
}

const char *kx_did_you_mean(const char *word, const char *const *candidates, size_t count)
{
	const char *best = NULL;
	size_t limit = strlen(word) / 3 + 1;
	size_t index;
	size_t distance;

	for (index = 0; index < count && strlen(word) < WORD_MAX; index++) {
		if (strlen(candidates[index]) >= WORD_MAX)
			continue;
		distance = edits(word, candidates[index]);
		if (distance <= limit) {
			limit = distance - (distance > 0);
			best = candidates[index];
		}
	}
	return best;
}
