/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Brackets that do not fit. What a parser says behind one of them is noise, so a text that has
 * one is looked at before: it is cut where a declaration begins at the left edge, each part
 * without such a fault is read as usual, and of the others one thing is said. Layout means nothing
 * in a text whose brackets fit.
 */

#include <ctype.h>
#include <string.h>

#include "psl_build.h"

#define DEEPEST 256u

struct bracket {
	char letter;
	uint32_t line, column;
	uint32_t indent; /* of its line */
};

/* A place in the text, and what is open there. */
struct walk {
	const char *at, *end;
	uint32_t line, column, indent;
	bool blank;     /* nothing but blanks stands before it in its line */
	uint32_t depth; /* may pass DEEPEST: those are counted, and the parser looks at them */
	struct bracket open[DEEPEST];
	/* Closed by a '}' further left than its line: that was meant for another. */
	struct bracket suspect;
	struct bracket text; /* begins in its line and does not end there */
};

static void step(struct walk *w)
{
	if (*w->at == '\n') {
		w->line++;
		w->column = 0;
		w->indent = 0;
		w->blank = true;
	} else if (w->blank && isspace((unsigned char)*w->at)) {
		w->indent++;
	} else {
		w->blank = false;
	}
	w->at++;
	w->column++;
}

static bool begins(const struct walk *w, const char *text)
{
	size_t length = strlen(text);

	return (size_t)(w->end - w->at) >= length && memcmp(w->at, text, length) == 0;
}

/* Past @stop, if it comes before the end of the line, or with @lines of the text. */
static bool skip_to(struct walk *w, const char *stop, bool lines)
{
	while (w->at < w->end && !begins(w, stop) && (lines || *w->at != '\n')) {
		if (*w->at == '\\' && *stop == '"' && w->at + 1 < w->end && w->at[1] != '\n')
			step(w);
		step(w);
	}
	if (!begins(w, stop))
		return false;
	for (size_t i = strlen(stop); i > 0; i--)
		step(w);
	return true;
}

static bool skip_line(struct walk *w)
{
	(void)skip_to(w, "\n", false);
	return true;
}

static bool skip_text(struct walk *w)
{
	struct bracket here = {'"', w->line, w->column, w->indent};

	step(w);
	if (!skip_to(w, "\"", false) && !w->text.letter)
		w->text = here;
	return true;
}

static bool skip_block(struct walk *w)
{
	while (*w->at == '`')
		step(w);
	return skip_to(w, "```", true);
}

/* Past one comment, text or pattern that begins here. False: it is not closed. */
static bool skip(struct walk *w)
{
	if (begins(w, "//"))
		return skip_line(w);
	if (begins(w, "/*"))
		return skip_to(w, "*/", true);
	if (begins(w, "```regex"))
		return skip_block(w);
	if (begins(w, "\""))
		return skip_text(w);
	return true;
}

static char closing(char open)
{
	return open == '(' ? ')' : open == '[' ? ']' : '}';
}

/* False: the bracket at w->at does not fit. */
static bool take(struct walk *w)
{
	struct bracket here = {*w->at, w->line, w->column, w->indent};
	const struct bracket *last;

	if (strchr("({[", here.letter)) {
		if (w->depth < DEEPEST)
			w->open[w->depth] = here;
		w->depth++;
		return true;
	}
	if (w->depth == 0)
		return false;
	if (w->depth > DEEPEST) {
		w->depth--;
		return true;
	}
	last = &w->open[w->depth - 1];
	if (here.letter != closing(last->letter))
		return false;
	w->depth--;
	if (w->depth && w->blank && here.indent < last->indent && !w->suspect.letter)
		w->suspect = *last;
	return true;
}

bool kx_psl_declares(const char *at, const char *end)
{
	static const char *const words[] = {"use",     "task",     "execute", "audit",    "policy",
					    "request", "response", "error",   "security", "assert"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t length = strlen(words[i]);

		if ((size_t)(end - at) < length || memcmp(at, words[i], length) != 0)
			continue;
		at += length;
		return at == end || (!isalnum((unsigned char)*at) && *at != '_');
	}
	return false;
}

static bool begins_declaration(const struct walk *w)
{
	return w->column == 1 && kx_psl_declares(w->at, w->end);
}

enum end {
	AT_END,
	AT_DECLARATION,
	AT_FAULT,
	AT_NOTHING, /* a comment is not closed: that is what has to be said */
};

/* To the next declaration at the left edge if @parts, a bracket that does not fit, or the end. */
static enum end walk(struct walk *w, bool parts)
{
	while (w->at < w->end) {
		const char *before = w->at;

		if (!skip(w))
			return AT_NOTHING;
		if (w->at != before)
			continue;
		if (parts && begins_declaration(w))
			return AT_DECLARATION;
		if (*w->at && strchr("(){}[]", *w->at) && !take(w))
			return AT_FAULT;
		step(w);
	}
	return AT_END;
}

/* What stands at w->at, for a message. */
static const char *token(struct kx_psl_parse *parse, const struct walk *w, struct kx_loc *loc)
{
	size_t length = 1;

	*loc = (struct kx_loc){&parse->file->source, w->line, w->column, w->line, w->column};
	if (w->at == w->end)
		return "the end of the file";
	while (isalnum((unsigned char)*w->at) && w->at + length < w->end &&
	       isalnum((unsigned char)w->at[length]))
		length++;
	loc->end_column += (uint32_t)length;
	return kx_pool_format(parse->pool, "'%.*s'", (int)length, w->at);
}

static void say_open(struct kx_psl_parse *parse, const struct walk *w)
{
	const struct bracket *open = &w->open[(w->depth < DEEPEST ? w->depth : DEEPEST) - 1];
	struct kx_loc loc;
	const char *got = token(parse, w, &loc);

	if (open->letter == '{' && w->suspect.letter)
		open = &w->suspect;
	kx_error(parse->diag, &loc,
		 "%s is not expected here; the '%c' in line %u, column %u is not closed", got,
		 open->letter, open->line, open->column);
}

static void say_text(struct kx_psl_parse *parse, const struct bracket *text)
{
	const struct kx_loc loc = {&parse->file->source, text->line, text->column, text->line,
				   text->column + 1};

	kx_error(parse->diag, &loc, KX_PSL_TEXT_OPEN);
}

/* Whether a bracket is open that the one at w->at closes. */
static bool closes_some(const struct walk *w)
{
	for (uint32_t i = 0; i < w->depth && i < DEEPEST; i++)
		if (closing(w->open[i].letter) == *w->at)
			return true;
	return false;
}

static void blank_out(char *from, const char *to)
{
	for (; from < to; from++)
		if (*from != '\n')
			*from = ' ';
}

/* One message about the part that begins at @from; @w is where its fault shows. */
static void say(struct kx_psl_parse *parse, const struct walk *from, const struct walk *w,
		enum end end)
{
	struct walk behind = *w;

	if (w->text.letter) {
		say_text(parse, &w->text);
	} else if (end != AT_FAULT || closes_some(w)) {
		say_open(parse, w);
	} else {
		/* One too many, or one is missing in front: the parser knows where. */
		step(&behind);
		kx_psl_parse_part(parse, from->at, (size_t)(behind.at - from->at), from->line,
				  from->column);
	}
}

/* Of one part, up to the next declaration; @copy is where it stands in the copy. */
static enum end check_part(struct kx_psl_parse *parse, struct walk *w, char *copy)
{
	struct walk from;
	enum end end;

	w->depth = 0;
	w->suspect.letter = w->text.letter = '\0';
	from = *w;
	if (w->at < w->end && begins_declaration(w))
		step(w);
	end = walk(w, true);
	if (end == AT_NOTHING || (end != AT_FAULT && w->depth == 0 && !w->text.letter))
		return end;
	say(parse, &from, w, end);
	while (end == AT_FAULT) {
		step(w);
		end = walk(w, true);
	}
	blank_out(copy, copy + (w->at - from.at));
	return end;
}

const char *kx_psl_without_faults(struct kx_psl_parse *parse, const char *text, size_t length,
				  uint32_t column)
{
	struct walk w = {
		.at = text, .end = text + length, .line = 1, .column = column, .blank = true};
	struct walk all = w;
	enum end end = walk(&all, false);
	char *copy;

	if (end == AT_NOTHING || (end == AT_END && all.depth == 0 && !all.text.letter))
		return text;
	parse->faulty = true;
	copy = kx_pool_alloc(parse->pool, length + 1);
	memcpy(copy, text, length);
	do
		end = check_part(parse, &w, copy + (w.at - text));
	while (end == AT_DECLARATION);
	return copy;
}
