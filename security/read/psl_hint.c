/* SPDX-License-Identifier: Apache-2.0 */

/* What a syntax error may have been meant as. */

#include <ctype.h>
#include <string.h>

#include "psl_build.h"

#define DEEPEST 64u

const char *kx_psl_text_at(struct kx_psl_parse *parse, const struct kx_loc *loc)
{
	const char *end = parse->file->source.text + parse->file->source.len;
	const char *line = parse->file->source.text;

	for (uint32_t n = 1; n < loc->line && line < end; n++) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));

		line = newline ? newline + 1 : end;
	}
	if (loc->column > (size_t)(end - line))
		return "";
	line += loc->column - 1;
	return kx_pool_text(parse->pool, line,
			    loc->end_line == loc->line ? loc->end_column - loc->column
						       : strcspn(line, "\n"));
}

/* Keywords carry quotes in their printed name; compare what is inside. */
const char *kx_psl_guess_keyword(struct kx_psl_parse *parse, const char *got, const char **names,
				 size_t count)
{
	struct kx_guess guess;

	kx_guess_init(&guess, got);
	for (size_t i = 0; i < count; i++)
		if (names[i][0] == '\'' && names[i][2] != '\'')
			kx_guess_add(&guess,
				     kx_pool_text(parse->pool, names[i] + 1, strlen(names[i]) - 2));
	return kx_guess_text(&guess, parse->pool);
}

const char *kx_psl_missing_hint(const char *expected, const char *got)
{
	if (strcmp(expected, "'.'") == 0)
		return "; a policy file is used with '._' behind its name";
	if (strcmp(expected, "'{'") == 0 && strcmp(got, "'}'") == 0)
		return "; what a choice is made by stands in parentheses: choice (message.x) {";
	return "";
}

/* A place in the text, and the brackets that are open there. */
struct place {
	const char *at;
	uint32_t line, column;
	uint32_t depth;
	struct {
		char letter;
		uint32_t line, column;
	} open[DEEPEST];
	char before; /* last character that is no blank or comment */
};

static void step(struct place *p)
{
	if (*p->at == '\n') {
		p->line++;
		p->column = 0;
	}
	p->at++;
	p->column++;
}

/* Past a comment or text that begins at p->at; false: none does. */
static bool skip(struct place *p, const char *end)
{
	bool line = p->at[0] == '/' && p->at + 1 < end && p->at[1] == '/';
	bool block = p->at[0] == '/' && p->at + 1 < end && p->at[1] == '*';
	bool text = p->at[0] == '"';

	if (!line && !block && !text)
		return false;
	step(p);
	while (p->at < end) {
		char letter = *p->at;

		if ((line || text) && letter == '\n')
			return true;
		if (text && letter == '\\' && p->at + 1 < end)
			step(p);
		step(p);
		if (text && letter == '"') {
			p->before = '"';
			return true;
		}
		if (block && letter == '*' && p->at < end && *p->at == '/') {
			step(p);
			return true;
		}
	}
	return true;
}

static void take_bracket(struct place *p)
{
	char letter = *p->at;

	if (strchr("({[", letter) && p->depth < DEEPEST) {
		p->open[p->depth].letter = letter;
		p->open[p->depth].line = p->line;
		p->open[p->depth++].column = p->column;
	} else if (strchr(")}]", letter) && p->depth) {
		p->depth--;
	}
}

static void walk(struct place *p, const char *end, const struct kx_loc *to, bool faulty)
{
	while (p->at < end &&
	       (p->line < to->line || (p->line == to->line && p->column < to->column))) {
		if (skip(p, end))
			continue;
		if (faulty && p->column == 1 && kx_psl_declares(p->at, end))
			p->depth = 0;
		take_bracket(p);
		if (!isspace((unsigned char)*p->at))
			p->before = *p->at;
		step(p);
	}
}

/* Words and signs of other languages, and what they are in PSL; @branch: one may begin here. */
static const char *habit(const char *got, bool branch)
{
	static const struct {
		const char *got, *hint;
		bool branch; /* said only where one may begin */
	} habits[] = {
		{";", "; nothing stands between rules, leave it out", false},
		{"or", "; write '||'", false},
		{"and", "; write '&&'", false},
		{"not", "; write '!' for 'not'", false},
		{"in", "; compare with each value, joined by '||'", false},
		{"default", "; the default branch is '_'", true},
		{"else", "; the default branch is '_'", true},
		{"case", "; a branch is written VALUE : RULE", true},
	};

	for (size_t i = 0; i < sizeof(habits) / sizeof(*habits); i++)
		if (strcmp(habits[i].got, got) == 0 && (branch || !habits[i].branch))
			return habits[i].hint;
	return "";
}

/* The word behind which @p stands, blanks aside. */
static const char *word_before(struct kx_psl_parse *parse, const struct place *p)
{
	const char *end = p->at;
	const char *start;

	while (end > parse->file->source.text && isspace((unsigned char)end[-1]))
		end--;
	for (start = end; start > parse->file->source.text; start--)
		if (!isalnum((unsigned char)start[-1]) && start[-1] != '_')
			break;
	return kx_pool_text(parse->pool, start, (size_t)(end - start));
}

/* Whether what ends in @before may be compared or joined with something. */
static bool is_operand(char before)
{
	return isalnum((unsigned char)before) || (before && strchr("_\")]", before));
}

/* What was meant, by the sign that is not expected at @p and what stands before it. */
static const char *sign_hint(struct kx_psl_parse *parse, const struct place *p, const char *got)
{
	char open = p->open[p->depth - 1].letter;
	const char *before = word_before(parse, p);

	if (open != '{' && strcmp(got, "=") == 0)
		return "; to compare, write '=='";
	if (open == '(' && *got && strchr("=!<>", *got) && is_operand(p->before))
		return "; join comparisons by '&&'";
	if (strcmp(before, "not") == 0)
		return habit(before, false);
	if (strcmp(got, "}") == 0 && (strcmp(before, "grant") == 0 || strcmp(before, "deny") == 0))
		return kx_pool_format(parse->pool, "; write '%s ()'", before);
	if (open == '{' && strcmp(got, "{") == 0 && p->before == ')')
		return "; a condition is a rule, assert (...), or stands behind choice";
	return "";
}

/* Words that begin something which stands in no braces. */
static bool begins_binding(const char *token)
{
	static const char *const words[] = {"execute",  "request", "response", "error",
					    "security", "use",     "policy"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i], token) == 0)
			return true;
	return false;
}

static char closing(char open)
{
	if (open == '(')
		return ')';
	return open == '[' ? ']' : '}';
}

/* Whether a bracket is open at @p that @got closes. */
static bool closes_some(const struct place *p, char got)
{
	for (uint32_t i = 0; i < p->depth; i++)
		if (closing(p->open[i].letter) == got)
			return true;
	return false;
}

const char *kx_psl_syntax_hint(struct kx_psl_parse *parse, const struct kx_loc *loc, bool branch)
{
	const char *text = parse->file->source.text;
	const char *end = text + parse->file->source.len;
	struct place p = {.at = text, .line = 1, .column = 1};
	const char *token = kx_psl_text_at(parse, loc);
	const char *hint;
	char open;
	char got;

	walk(&p, end, loc, parse->faulty);
	hint = p.depth || *token == ';' ? habit(token, branch) : "";
	if (p.depth && !*hint)
		hint = sign_hint(parse, &p, token);
	if (!*hint && *token && strchr(")}]", *token) && !closes_some(&p, *token))
		return "; nothing is open that it could close";
	if (p.depth == 0 || *hint)
		return hint;
	open = p.open[p.depth - 1].letter;
	got = p.at < end ? *p.at : '\0';
	if (!got || (open == '{' && begins_binding(token)) ||
	    (strchr(")}]", got) && got != closing(open)))
		return kx_pool_format(parse->pool, "; the '%c' in line %u, column %u is not closed",
				      open, p.open[p.depth - 1].line, p.open[p.depth - 1].column);
	if (open != '{' && is_operand(p.before) &&
	    (isalnum((unsigned char)got) || strchr("_\"(", got)))
		return "; an operator or a comma is missing in front of it";
	return "";
}
