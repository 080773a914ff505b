/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Policies with mistakes. A line that must be complained about ends in
 * `// error: text` or `// warning: text`, or both; the message must be on that line
 * and hold the text (`text$`: end in it), and there must be no other message. And whole policies
 * without one of their words: whatever is said of them must say where and what.
 */

#include <ctype.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "psl.h"

#define LINES 200u

/* What lines of one file announce: at most one message of each severity. */
struct expected {
	char text[KX_NOTE][LINES][256];
	bool seen[KX_NOTE][LINES];
};

static const char *const marks[KX_NOTE] = {
	[KX_ERROR] = "// error: ",
	[KX_WARNING] = "// warning: ",
};

static void read_expected(const char *path, struct expected *expected)
{
	FILE *file = fopen(path, "r");
	char line[512];
	uint32_t number = 0;

	assert_non_null(file);
	memset(expected, 0, sizeof(*expected));
	while (fgets(line, sizeof(line), file) && ++number < LINES) {
		line[strcspn(line, "\n")] = '\0';
		for (int severity = 0; severity < KX_NOTE; severity++) {
			const char *text = strstr(line, marks[severity]);
			const char *end = text ? strstr(text + 1, " // ") : NULL;
			size_t length = strlen(marks[severity]);

			if (text)
				(void)snprintf(expected->text[severity][number],
					       sizeof(expected->text[0][0]), "%.*s",
					       end ? (int)(end - text - (ptrdiff_t)length) : 255,
					       text + length);
		}
	}
	(void)fclose(file);
}

/* Whether @message holds @text; "TEXT$": ends in it. */
static bool says(const char *message, const char *text)
{
	size_t length = strlen(text);
	size_t all = strlen(message);

	if (text[length - 1] != '$')
		return strstr(message, text) != NULL;
	return all >= length - 1 && strncmp(message + all - (length - 1), text, length - 1) == 0;
}

/* Number of messages that were wrong or missing. */
static unsigned int compare(const struct kx_diag *diag, const char *path, struct expected *expected)
{
	unsigned int wrong = 0;

	for (const struct kx_message *m = diag->first; m; m = m->next) {
		uint32_t line = m->loc.line < LINES ? m->loc.line : 0;
		bool good = m->severity == KX_NOTE;

		if (!good && *expected->text[m->severity][line])
			good = says(m->text, expected->text[m->severity][line]);
		if (good && m->severity != KX_NOTE)
			expected->seen[m->severity][line] = true;
		if (!good)
			print_message("%s:%u: unexpected: %s\n", path, m->loc.line, m->text);
		wrong += !good;
	}
	for (uint32_t at = 0; at < KX_NOTE * LINES; at++) {
		uint32_t severity = at / LINES, line = at % LINES;

		if (!*expected->text[severity][line] || expected->seen[severity][line])
			continue;
		print_message("%s:%u: missing: %s\n", path, line, expected->text[severity][line]);
		wrong++;
	}
	return wrong;
}

static unsigned int check_file(const char *path)
{
	struct kx_psl *psl = kx_psl_new();
	static struct expected expected;
	unsigned int wrong;

	assert_non_null(psl);
	read_expected(path, &expected);
	kx_psl_add_dir(psl, KX_POLICY_SOURCES);
	if (strstr(path, "ginger")) {
		kx_psl_define(psl, "BOARD=x86");
		kx_psl_define(psl, "RULE=grannt");
	}
	if (kx_psl_load(psl, path) && kx_psl_check(psl))
		(void)kx_psl_check_tests(psl);
	wrong = compare(kx_psl_diag(psl), path, &expected);
	if (kx_psl_diag(psl)->errors == 0 && !strstr(path, "/accepted_")) {
		print_message("%s: accepted\n", path);
		wrong++;
	}
	kx_psl_free(psl);
	return wrong;
}

static void every_mistake_is_named_at_its_place(void **state)
{
	unsigned int wrong = 0;
	glob_t files;

	(void)state;
	assert_int_equal(glob(KX_MISTAKES "/*.psl", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		wrong += check_file(files.gl_pathv[i]);
	assert_true(files.gl_pathc >= 9);
	globfree(&files);
	assert_int_equal(wrong, 0);
}

/* Past the word or the single character at @at, and the blanks behind it. */
static const char *token_end(const char *at)
{
	const char *end = at;

	while (isalnum((unsigned char)*end) || *end == '_')
		end++;
	return end == at ? at + 1 : end;
}

/* Whether the messages for @text, if there are any, say where and what. */
static bool is_survived(const char *path, const char *text)
{
	struct kx_psl *psl = kx_psl_new();
	bool good = true;

	assert_non_null(psl);
	kx_psl_add_dir(psl, KX_SOLUTIONS);
	kx_psl_add_dir(psl, KX_POLICY_SOURCES);
	if (kx_psl_load_text(psl, path, text) && kx_psl_check(psl))
		(void)kx_psl_check_tests(psl);
	for (const struct kx_message *m = kx_psl_diag(psl)->first; m; m = m->next)
		good &= *m->text && (m->severity == KX_NOTE || (m->loc.line && m->loc.column));
	kx_psl_free(psl);
	return good;
}

static unsigned int leave_out_each(const char *path)
{
	static char text[65536], without[65536];
	FILE *file = fopen(path, "r");
	unsigned int wrong = 0, count = 0;
	const char *end;

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	(void)fclose(file);
	for (const char *at = text; *at; at = end) {
		end = token_end(at);
		/* One in three: enough to meet every kind of place, and done in a second or two. */
		if (isspace((unsigned char)*at) || count++ % 3)
			continue;
		(void)snprintf(without, sizeof(without), "%.*s%s", (int)(at - text), text, end);
		if (is_survived(path, without))
			continue;
		print_message("%s without '%.*s' at byte %td\n", path, (int)(end - at), at,
			      at - text);
		wrong++;
	}
	return wrong;
}

static unsigned int errors_of(const char *path, const char *text)
{
	struct kx_psl *psl = kx_psl_new();
	unsigned int errors;

	assert_non_null(psl);
	kx_psl_add_dir(psl, KX_SOLUTIONS);
	kx_psl_add_dir(psl, KX_POLICY_SOURCES);
	(void)kx_psl_load_text(psl, path, text);
	errors = kx_psl_diag(psl)->errors;
	kx_psl_free(psl);
	return errors;
}

/* What is said behind a bracket that does not fit would be noise. */
static void policy_with_one_bracket_left_out_has_one_error(void **state)
{
	static const char path[] = KX_SOLUTIONS "/every_event.psl";
	static char text[65536];
	FILE *file = fopen(path, "r");
	unsigned int wrong = 0, errors;

	(void)state;
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	(void)fclose(file);
	for (char *at = strpbrk(text, "(){}[]"); at; at = strpbrk(at + 1, "(){}[]")) {
		char letter = *at;

		*at = ' ';
		errors = errors_of(path, text);
		*at = letter;
		if (errors != 1)
			print_message("%u errors without the '%c' at byte %td\n", errors, letter,
				      at - text);
		wrong += errors != 1;
	}
	assert_int_equal(wrong, 0);
}

/* What is said of a condition in @opened parentheses of which @closed are closed. */
static unsigned int errors_in_parentheses(int opened, int closed)
{
	static char text[8192], many[2048];

	memset(many, '(', 1024);
	memset(many + 1024, ')', 1024);
	(void)snprintf(text, sizeof(text), "use nk.basic._\nrequest { assert (%.*s true %.*s) }\n",
		       opened, many, closed, many + 1024);
	return errors_of("deep.psl", text);
}

/* There is a number of open brackets from which on only the parser looks whether they fit. */
static void deep_brackets_that_fit_are_no_mistake(void **state)
{
	(void)state;
	for (int depth = 250; depth <= 260; depth++) {
		assert_int_equal(errors_in_parentheses(depth, depth), 0);
		assert_int_equal(errors_in_parentheses(depth, depth - 1), 1);
		assert_int_equal(errors_in_parentheses(depth - 1, depth), 1);
	}
	assert_int_equal(errors_in_parentheses(1000, 1000), 0);
	assert_int_equal(errors_in_parentheses(1000, 10), 1);
}

static void policy_with_one_thing_left_out_is_survived(void **state)
{
	(void)state;
	assert_int_equal(leave_out_each(KX_SOLUTIONS "/every_event.psl"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mistake_is_named_at_its_place),
		cmocka_unit_test(policy_with_one_thing_left_out_is_survived),
		cmocka_unit_test(policy_with_one_bracket_left_out_has_one_error),
		cmocka_unit_test(deep_brackets_that_fit_are_no_mistake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
