/* SPDX-License-Identifier: Apache-2.0 */

/* Collecting and printing messages; the nearest-name search. */

#include "diag.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#include <sys/stat.h>

#define GUESS_LETTERS 48u /* longer names are not guessed */
#define GUESS_TRIES   2000u
#define LINE_BYTES    200u /* of a source line, shown in a message */

void kx_diag_init(struct kx_diag *diag, struct kx_pool *pool)
{
	memset(diag, 0, sizeof(*diag));
	diag->pool = pool;
}

/* Counts a message; says whether to keep its text. */
static bool count_message(struct kx_diag *diag, enum kx_severity severity)
{
	if (severity == KX_NOTE)
		return diag->last && diag->errors <= KX_DIAG_MAX;
	if (severity == KX_ERROR)
		return ++diag->errors <= KX_DIAG_MAX;
	if (diag->no_warnings)
		return false;
	return ++diag->warnings <= KX_DIAG_MAX;
}

void kx_diag_add(struct kx_diag *diag, enum kx_severity severity, const struct kx_loc *loc,
		 const char *format, ...)
{
	struct kx_message *message;
	va_list args;

	if (severity == KX_WARNING && diag->warnings_are_errors && !diag->no_warnings)
		severity = KX_ERROR;
	if (!count_message(diag, severity))
		return;
	message = kx_pool_new(diag->pool, struct kx_message);
	message->severity = severity;
	if (loc)
		message->loc = *loc;
	va_start(args, format);
	message->text = kx_pool_vformat(diag->pool, format, args);
	va_end(args);
	if (diag->last)
		diag->last->next = message;
	else
		diag->first = message;
	diag->last = message;
}

static const char *find_line(const struct kx_source *source, uint32_t line)
{
	const char *at = source->text;
	const char *end = source->text + source->len;

	for (; line > 1; line--) {
		at = memchr(at, '\n', (size_t)(end - at));
		if (!at)
			return end;
		at++;
	}
	return at;
}

/* One source line, control characters made harmless. */
static void print_line(FILE *out, const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		fputc(line[i] == '\t' || !iscntrl((unsigned char)line[i]) ? line[i] : '?', out);
	fputc('\n', out);
}

/* Tabs stay tabs and later bytes of a UTF-8 letter take no room, so the caret stands right. */
static void print_caret(FILE *out, const char *line, size_t column, size_t width)
{
	for (size_t i = 0; i + 1 < column; i++) {
		if (line[i] == '\t')
			fputc('\t', out);
		else if (((unsigned char)line[i] & 0xc0) != 0x80)
			fputc(' ', out);
	}
	fputc('^', out);
	for (size_t i = 1; i < width; i++)
		if (((unsigned char)line[column - 1 + i] & 0xc0) != 0x80)
			fputc('~', out);
	fputc('\n', out);
}

static void print_excerpt(const struct kx_loc *loc, FILE *out)
{
	const char *line = find_line(loc->source, loc->line);
	size_t rest = (size_t)(loc->source->text + loc->source->len - line);
	const char *newline = memchr(line, '\n', rest);
	size_t len = newline ? (size_t)(newline - line) : rest;
	size_t width = 1;

	if (len > 0 && line[len - 1] == '\r')
		len--;
	if (loc->column > len + 1 || loc->column > LINE_BYTES)
		return;
	if (len > LINE_BYTES)
		len = LINE_BYTES;
	if (loc->end_line == loc->line && loc->end_column > loc->column)
		width = loc->end_column - loc->column;
	if (width > len + 1 - loc->column && loc->column <= len)
		width = len + 1 - loc->column;
	if (loc->column > len)
		width = 1;
	fprintf(out, "%5u | ", loc->line);
	print_line(out, line, len);
	fputs("      | ", out);
	print_caret(out, line, loc->column, width);
}

static bool is_file(const char *path)
{
	struct stat found;

	return stat(path, &found) == 0 && S_ISREG(found.st_mode);
}

const char *kx_copied_from(const char *name, char path[PATH_MAX])
{
	FILE *file;
	char *line;

	if ((size_t)snprintf(path, PATH_MAX, "%s.from", name) >= PATH_MAX)
		return NULL;
	file = fopen(path, "r");
	if (!file)
		return NULL;
	line = fgets(path, PATH_MAX, file);
	fclose(file);
	if (line)
		line[strcspn(line, "\n")] = '\0';
	return line;
}

/* The file that a person wrote. Others may have files that end in .from, too. */
static const char *written_name(const struct kx_source *source, char path[PATH_MAX])
{
	const char *from = kx_copied_from(source->name, path);

	return from && is_file(from) ? from : source->name;
}

static void print_place(const struct kx_loc *loc, FILE *out)
{
	char path[PATH_MAX];

	fputs(written_name(loc->source, path), out);
	if (loc->line)
		fprintf(out, ":%u:%u", loc->line, loc->column);
	fputs(": ", out);
}

static void print_message(const struct kx_message *message, FILE *out, bool colour)
{
	static const char *const names[] = {"error", "warning", "note"};
	static const char *const paints[] = {"\033[1;31m", "\033[1;35m", "\033[1;36m"};
	const struct kx_loc *loc = &message->loc;

	if (loc->source)
		print_place(loc, out);
	fprintf(out, "%s%s:%s %s\n", colour ? paints[message->severity] : "",
		names[message->severity], colour ? "\033[0m" : "", message->text);
	if (loc->source && loc->line)
		print_excerpt(loc, out);
}

void kx_diag_print(const struct kx_diag *diag, FILE *out, bool colour)
{
	for (const struct kx_message *m = diag->first; m; m = m->next)
		print_message(m, out, colour);
	if (diag->errors > KX_DIAG_MAX)
		fprintf(out, "%u more error%s not shown\n", diag->errors - KX_DIAG_MAX,
			diag->errors == KX_DIAG_MAX + 1 ? "" : "s");
}

/* Edit distance with swaps of neighbours; case counts half, rounded down by the caller. */
static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
	size_t rows[3][GUESS_LETTERS + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];

	for (size_t j = 0; j <= m; j++)
		last[j] = 2 * j;
	for (size_t i = 1; i <= n; i++) {
		now[0] = 2 * i;
		for (size_t j = 1; j <= m; j++) {
			bool same = tolower((unsigned char)a[i - 1]) ==
				    tolower((unsigned char)b[j - 1]);
			size_t cost = a[i - 1] == b[j - 1] ? 0 : same ? 1 : 2;
			size_t best = last[j - 1] + cost;

			if (last[j] + 2 < best)
				best = last[j] + 2;
			if (now[j - 1] + 2 < best)
				best = now[j - 1] + 2;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 2 < best)
				best = before[j - 2] + 2;
			now[j] = best;
		}
		size_t *free_row = before;

		before = last;
		last = now;
		now = free_row;
	}
	return last[m];
}

void kx_guess_init(struct kx_guess *guess, const char *wanted)
{
	guess->wanted = wanted;
	guess->best = NULL;
	guess->distance = SIZE_MAX;
	guess->tried = 0;
}

/* Whether the longer name is the shorter one with more in front: gate.Server.gate, gate. */
static bool is_tail(const char *a, size_t n, const char *b, size_t m)
{
	const char *longer = n > m ? a : b;
	const char *shorter = n > m ? b : a;
	size_t more = n > m ? n - m : m - n;

	return more && longer[more - 1] == '.' && strcasecmp(longer + more, shorter) == 0;
}

void kx_guess_add(struct kx_guess *guess, const char *candidate)
{
	size_t n = strnlen(guess->wanted, GUESS_LETTERS + 1);
	size_t m = strnlen(candidate, GUESS_LETTERS + 1);
	size_t most = (n > m ? n : m) / 3 * 2 + 1; /* what is farther is not near */
	size_t found;

	if (n == 0 || m == 0 || n > GUESS_LETTERS || m > GUESS_LETTERS ||
	    guess->tried++ > GUESS_TRIES)
		return;
	found = distance(guess->wanted, n, candidate, m);
	if (found > most && is_tail(guess->wanted, n, candidate, m))
		found = most;
	if (found < guess->distance && found <= most) {
		guess->distance = found;
		guess->best = candidate;
	}
}

const char *kx_guess_text(const struct kx_guess *guess, struct kx_pool *pool)
{
	if (!guess->best)
		return "";
	return kx_pool_format(pool, "; did you mean '%s'?", guess->best);
}
