/* SPDX-License-Identifier: Apache-2.0 */
#include "psl_ginger.h"

#include <ctype.h>
#include <string.h>

#define DEPTH 64u /* of nested {% if %} */

struct ginger {
	struct kx_psl *psl;
	struct kx_source *source;
	struct kx_psl_define *defines; /* those of the session, behind those that were set */
	char *out;
	size_t used, room;
	struct {
		size_t at;  /* of its {% if %} */
		bool outer; /* what is around it is kept */
		bool done;  /* one of its branches was kept */
		bool has_else;
	} open[DEPTH];
	unsigned int depth;
	bool keep;
	bool failed;
	/* the expression being read */
	const char *at, *end;
};

static void complain(struct ginger *g, const char *at, const char *what)
{
	struct kx_loc loc = {.source = g->source, .line = 1, .column = 1};

	for (const char *p = g->source->text; p < at; p++) {
		loc.column++;
		if (*p == '\n') {
			loc.line++;
			loc.column = 1;
		}
	}
	loc.end_line = loc.line;
	loc.end_column = loc.column + 1;
	kx_error(g->psl->diag, &loc, "preprocessor: %s", what);
	g->failed = true;
}

/* Text that is left out leaves its line ends behind. */
static void put(struct ginger *g, const char *text, size_t len, bool keep)
{
	if (g->used + len >= g->room) {
		char *bigger = kx_pool_alloc(g->psl->pool, 2 * (g->room + len));

		if (g->used)
			memcpy(bigger, g->out, g->used);
		g->out = bigger;
		g->room = 2 * (g->room + len);
	}
	for (size_t i = 0; i < len; i++)
		if (keep || text[i] == '\n')
			g->out[g->used++] = text[i];
}

/* NULL: not defined. */
static const char *lookup(const struct ginger *g, const char *name, size_t len)
{
	for (const struct kx_psl_define *d = g->defines; d; d = d->next)
		if (strncmp(d->name, name, len) == 0 && d->name[len] == '\0')
			return d->value;
	return NULL;
}

static void skip_blanks(struct ginger *g)
{
	while (g->at < g->end && isspace((unsigned char)*g->at))
		g->at++;
}

static bool take(struct ginger *g, const char *word)
{
	size_t len = strlen(word);

	skip_blanks(g);
	if ((size_t)(g->end - g->at) < len || memcmp(g->at, word, len) != 0)
		return false;
	if (isalpha((unsigned char)*word) && g->at + len < g->end &&
	    (isalnum((unsigned char)g->at[len]) || g->at[len] == '_'))
		return false;
	g->at += len;
	return true;
}

/* A quoted text, a number or a variable; NULL for one that is not defined. */
static const char *read_operand(struct ginger *g)
{
	const char *start;

	skip_blanks(g);
	start = g->at;
	if (g->at < g->end && (*g->at == '"' || *g->at == '\'')) {
		const char *close = memchr(g->at + 1, *g->at, (size_t)(g->end - g->at - 1));

		if (!close) {
			complain(g, start, "text is not closed");
			g->at = g->end;
			return "";
		}
		g->at = close + 1;
		return kx_pool_text(g->psl->pool, start + 1, (size_t)(close - start - 1));
	}
	while (g->at < g->end && (isalnum((unsigned char)*g->at) || *g->at == '_'))
		g->at++;
	if (g->at == start) {
		complain(g, start, "expected a variable or a text in quotes");
		g->at = g->end;
		return "";
	}
	if (isdigit((unsigned char)*start))
		return kx_pool_text(g->psl->pool, start, (size_t)(g->at - start));
	return lookup(g, start, (size_t)(g->at - start));
}

static const char *read_value(struct ginger *g)
{
	const char *value = read_operand(g);

	return value ? value : "";
}

static bool read_or(struct ginger *g, unsigned int depth);

static bool is_true(const char *value)
{
	return *value && strcmp(value, "0") != 0 && strcmp(value, "false") != 0 &&
	       strcmp(value, "False") != 0;
}

/* NAME is defined, NAME is not defined */
static bool read_test(struct ginger *g, const char *value)
{
	bool negated = take(g, "not");

	if (!take(g, "defined"))
		complain(g, g->at, "only 'is defined' and 'is not defined' are known");
	return (value != NULL) != negated;
}

/* NAME in ["a", "b"] */
static bool read_membership(struct ginger *g, const char *value)
{
	bool found = false;

	if (!take(g, "["))
		complain(g, g->at, "'in' takes a list: [\"a\", \"b\"]");
	while (!g->failed && !take(g, "]")) {
		found |= strcmp(read_value(g), value) == 0;
		if (!take(g, ",") && g->at < g->end && *g->at != ']')
			complain(g, g->at, "',' or ']' is missing");
		if (g->at == g->end)
			complain(g, g->at, "']' is missing");
	}
	return found;
}

static bool read_term(struct ginger *g, unsigned int depth)
{
	const char *left;

	if (depth > DEPTH) {
		complain(g, g->at, "condition is nested too deeply");
		g->at = g->end;
		return false;
	}
	if (take(g, "not") || (!take(g, "!=") && take(g, "!")))
		return !read_term(g, depth + 1);
	if (take(g, "(")) {
		bool value = read_or(g, depth + 1);

		if (!take(g, ")"))
			complain(g, g->at, "')' is missing");
		return value;
	}
	left = read_operand(g);
	if (take(g, "is"))
		return read_test(g, left);
	if (!left)
		left = "";
	if (take(g, "in"))
		return read_membership(g, left);
	if (take(g, "=="))
		return strcmp(left, read_value(g)) == 0;
	if (take(g, "!="))
		return strcmp(left, read_value(g)) != 0;
	return is_true(left);
}

static bool read_and(struct ginger *g, unsigned int depth)
{
	bool value = read_term(g, depth);

	while (take(g, "and") || take(g, "&&"))
		value = read_term(g, depth) && value;
	return value;
}

static bool read_or(struct ginger *g, unsigned int depth)
{
	bool value = read_and(g, depth);

	while (take(g, "or") || take(g, "||"))
		value = read_and(g, depth) || value;
	return value;
}

static void open_if(struct ginger *g, const char *tag)
{
	bool value = read_or(g, 0);

	if (g->depth == DEPTH) {
		complain(g, tag, "{% if %} is nested too deeply");
		return;
	}
	g->open[g->depth].at = (size_t)(tag - g->source->text);
	g->open[g->depth].outer = g->keep;
	g->open[g->depth].done = value;
	g->open[g->depth].has_else = false;
	g->depth++;
	g->keep = g->keep && value;
}

/* {% elif %} with its condition, {% else %} with none. */
static void next_branch(struct ginger *g, const char *tag, bool is_else)
{
	bool value = is_else ? true : read_or(g, 0);

	if (g->depth == 0) {
		complain(g, tag, "there is no {% if %} in front of this");
		return;
	}
	if (g->open[g->depth - 1].has_else)
		complain(g, tag, "stands behind {% else %}");
	g->open[g->depth - 1].has_else = is_else;
	g->keep = g->open[g->depth - 1].outer && !g->open[g->depth - 1].done && value;
	g->open[g->depth - 1].done |= value;
}

/* {% set NAME = value %}: for the rest of this text. */
static void set_variable(struct ginger *g)
{
	struct kx_psl_define *define;
	const char *name;
	const char *value;

	skip_blanks(g);
	name = g->at;
	while (g->at < g->end && (isalnum((unsigned char)*g->at) || *g->at == '_'))
		g->at++;
	name = kx_pool_text(g->psl->pool, name, (size_t)(g->at - name));
	if (!*name || !take(g, "=")) {
		complain(g, g->at, "expected NAME = value");
		return;
	}
	value = read_value(g);
	if (!g->keep || g->failed)
		return;
	define = kx_pool_new(g->psl->pool, struct kx_psl_define);
	*define = (struct kx_psl_define){g->defines, name, value};
	g->defines = define;
}

static void statement(struct ginger *g, const char *tag)
{
	if (take(g, "if")) {
		open_if(g, tag);
	} else if (take(g, "elif")) {
		next_branch(g, tag, false);
	} else if (take(g, "else")) {
		next_branch(g, tag, true);
	} else if (take(g, "endif")) {
		if (g->depth == 0)
			complain(g, tag, "there is no {% if %} in front of this");
		else
			g->keep = g->open[--g->depth].outer;
	} else if (take(g, "set")) {
		set_variable(g);
	} else {
		complain(g, tag, "only if, elif, else, endif and set are known");
		return;
	}
	skip_blanks(g);
	if (g->at != g->end && !g->failed)
		complain(g, g->at,
			 "unexpected text; conditions are NAME == \"text\", NAME != \"text\", "
			 "NAME in [\"text\"], NAME is defined, joined by 'and', 'or', 'not'");
}

/* The construct at @text; returns what is behind it. */
static const char *construct(struct ginger *g, const char *text, const char *end)
{
	const char close[3] = {text[1] == '{' ? '}' : text[1], '}', '\0'};
	const char *stop = memmem(text + 2, (size_t)(end - text - 2), close, 2);

	if (!stop) {
		complain(g, text, "this is not closed");
		return end;
	}
	g->at = text + 2;
	g->end = stop;
	if (g->at < g->end && *g->at == '-')
		g->at++;
	if (g->end > g->at && g->end[-1] == '-')
		g->end--;
	if (text[1] == '%') {
		statement(g, text);
	} else if (text[1] == '{') {
		const char *value = read_value(g);

		put(g, value, strlen(value), g->keep);
	}
	put(g, text, (size_t)(stop + 2 - text), false);
	return stop + 2;
}

bool kx_psl_ginger(struct kx_psl *psl, struct kx_source *source)
{
	struct ginger g = {.psl = psl, .source = source, .defines = psl->defines, .keep = true};
	const char *text = source->text;
	const char *end = text + source->len;
	unsigned int errors = psl->diag->errors;

	g.room = source->len + 1;
	g.out = kx_pool_alloc(psl->pool, g.room);
	while (text < end) {
		const char *brace = memchr(text, '{', (size_t)(end - text));

		if (!brace || brace + 1 >= end) {
			put(&g, text, (size_t)(end - text), g.keep);
			break;
		}
		if (!strchr("%{#", brace[1])) {
			put(&g, text, (size_t)(brace + 1 - text), g.keep);
			text = brace + 1;
			continue;
		}
		put(&g, text, (size_t)(brace - text), g.keep);
		text = construct(&g, brace, end);
	}
	if (g.depth > 0)
		complain(&g, source->text + g.open[g.depth - 1].at, "{% endif %} is missing");
	if (psl->diag->errors != errors)
		return false;
	put(&g, "", 1, true);
	source->text = g.out;
	source->len = g.used - 1;
	return true;
}
