/* SPDX-License-Identifier: Apache-2.0 */

/* An audit record in words; see explain.h. */

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "explain.h"
#include "field.h"

/* --- looks ---------------------------------------------------------------------------- */

enum look { PLAIN, DIM, BOLD, RED, GREEN };

/* Colours are for people at terminals; https://no-color.org */
static bool has_colours(void)
{
	static int answer = -1;
	const char *terminal = getenv("TERM");
	const char *no = getenv("NO_COLOR");

	if (answer < 0)
		answer = isatty(STDOUT_FILENO) && !(no && *no) &&
			 !(terminal && strcmp(terminal, "dumb") == 0);
	return answer;
}

static void look(enum look look)
{
	static const char *const codes[] = {"\033[0m", "\033[2m", "\033[1m", "\033[1;31m",
					    "\033[32m"};

	if (has_colours())
		fputs(codes[look], stdout);
}

/* Columns of the terminal; 0: no terminal, whose lines may be as long as they like. */
static size_t columns(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 40)
		return 80;
	return size.ws_col;
}

#define TEXT_COLUMN 12u

/*
 * @text, which begins in column @at: lines are broken at blanks and go on in TEXT_COLUMN. The
 * blanks of policies mean nothing, so what was broken may still be pasted.
 */
static void put_wrapped(const char *text, size_t at)
{
	size_t width = columns();

	while (*text) {
		size_t length = strcspn(text + 1, " ") + 1;

		if (width && at > TEXT_COLUMN && at + length > width) {
			printf("\n%*s", (int)TEXT_COLUMN, "");
			at = TEXT_COLUMN;
			text += *text == ' ';
			length = strcspn(text, " ");
		}
		printf("%.*s", (int)length, text);
		at += length;
		text += length;
	}
}

/* @text without the name of the folder this runs in, where files are known without it. */
static char *shorten(const char *text)
{
	char *folder = getcwd(NULL, 0);
	char *copy = strdup(text);
	size_t length = folder ? strlen(folder) : 0;

	for (char *at = copy; length > 1 && at && (at = strstr(at, folder));) {
		if (at[length] == '/' && (at == copy || at[-1] == ' '))
			memmove(at, at + length + 1, strlen(at + length + 1) + 1);
		else
			at += length;
	}
	free(folder);
	return copy;
}

/* "  label     text", the text one column for all labels. */
static void print_label(const char *label, enum look of_text)
{
	look(DIM);
	printf("  %-9s ", label);
	look(PLAIN);
	look(of_text);
}

static void print_text(const char *label, enum look of_text, const char *text)
{
	char *shown = shorten(text);

	print_label(label, of_text);
	put_wrapped(shown ? shown : text, TEXT_COLUMN);
	look(PLAIN);
	putchar('\n');
	free(shown);
}

/* --- parts ---------------------------------------------------------------------------- */

static void print_party(const char *label, const json_t *party)
{
	if (!party)
		return;
	print_label(label, PLAIN);
	fputs(kx_text(party, "task"), stdout);
	if (strcmp(kx_text(party, "task"), kx_text(party, "class")) != 0)
		printf(" (class %s)", kx_text(party, "class"));
	printf(", sid %lld\n", kx_number(party, "sid"));
}

/* A method that the class does not have. */
static void print_numbers(const json_t *record)
{
	const char *endpoint = kx_text(record, "endpoint");

	if (strcmp(kx_text(record, "event"), "request") != 0)
		return;
	print_label("method", BOLD);
	if (*endpoint)
		printf("%s", endpoint);
	else
		printf("endpoint %lld", kx_number(record, "riid"));
	printf(", method %lld", kx_number(record, "mid"));
	look(PLAIN);
	putchar('\n');
}

static void print_method(const json_t *record)
{
	const char *endpoint = kx_text(record, "endpoint");

	if (!*kx_text(record, "method")) {
		print_numbers(record);
		return;
	}
	print_label("method", BOLD);
	printf("%s%s%s", endpoint, *endpoint ? "." : "", kx_text(record, "method"));
	look(PLAIN);
	if (*kx_text(record, "interface"))
		printf(" of interface %s", kx_text(record, "interface"));
	putchar('\n');
}

/* @path to be read, if it is a file: a device or a pipe that a record names may never end. */
static FILE *open_source(const char *path)
{
	int fd = *path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	struct stat status;
	FILE *in = NULL;

	if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		in = fdopen(fd, "r");
	if (fd >= 0 && !in)
		(void)close(fd);
	return in;
}

/* Whether @line is @rule and nothing else. */
static bool is_all(const char *line, const char *rule)
{
	size_t length = strlen(rule);

	line += strspn(line, " \t");
	return strncmp(line, rule, length) == 0 && !line[length + strspn(line + length, " \t")];
}

/* The line of the policy, as compilers show it, if the file is there and says more than the rule.
 */
static void print_source(const char *path, long long wanted, const char *rule)
{
	FILE *in = open_source(path);
	char *line = NULL;
	size_t room = 0;
	long long at = 0;

	while (in && at < wanted && getline(&line, &room, in) > 0)
		at++;
	if (in && at == wanted && line) {
		line[strcspn(line, "\r\n")] = '\0';
		if (!is_all(line, rule)) {
			print_label("", DIM);
			printf("%lld | ", wanted);
			look(PLAIN);
			puts(line);
		}
	}
	free(line);
	if (in)
		(void)fclose(in);
}

static void print_rule(const json_t *record)
{
	const char *rule = kx_text(record, "rule");
	const char *file = kx_text(record, "file");
	char *place;

	if (!*file) {
		if (*rule)
			print_text("rule", BOLD, rule);
		return;
	}
	if (asprintf(&place, "%s:%lld: %s", file, kx_number(record, "line"), rule) < 0)
		return;
	print_text("rule", BOLD, place);
	free(place);
	print_source(file, kx_number(record, "line"), rule);
}

static void print_read(const json_t *read)
{
	char *text;

	if (asprintf(&text, "%s = %s", kx_text(read, "name"), kx_text(read, "value")) < 0)
		return;
	print_text("it read", PLAIN, text);
	free(text);
}

static void print_remedy(const char *remedy)
{
	const char *label = "to grant";

	for (size_t length; *remedy; remedy += length, remedy += *remedy == '\n') {
		char *line = strndup(remedy, length = strcspn(remedy, "\n"));

		if (line)
			print_text(label, GREEN, line);
		free(line);
		label = "and";
	}
}

void kx_explain_record(const json_t *record)
{
	const json_t *reads = json_object_get(record, "read");
	const json_t *read;
	size_t index;

	look(strcmp(kx_text(record, "decision"), "denied") == 0 ? RED : BOLD);
	printf("%s %s #%lld", kx_text(record, "event"), kx_text(record, "decision"),
	       kx_number(record, "number"));
	look(PLAIN);
	if (*kx_text(record, "time"))
		printf(" at %s", kx_text(record, "time"));
	putchar('\n');
	print_party("from", json_object_get(record, "src"));
	print_party("to", json_object_get(record, "dst"));
	print_method(record);
	if (*kx_text(record, "message"))
		print_text("message", PLAIN, kx_text(record, "message"));
	print_rule(record);
	print_text("because", PLAIN, kx_text(record, "reason"));
	json_array_foreach(reads, index, read)
	{
		print_read(read);
	}
	print_remedy(kx_text(record, "remedy"));
}

/* --- lines of text ------------------------------------------------------------------- */

/* The parts of an explanation, one a line. */
static void print_parts(char *text)
{
	const char *label = "because  ";
	char *next;

	for (; text; text = next) {
		next = strstr(text, "; read ");
		if (!next)
			next = strstr(text, "; to grant it: ");
		if (next) {
			*next = '\0';
			next += 2;
		}
		if (strncmp(text, "read ", 5) == 0) {
			label = "it read  ";
			text += 5;
		} else if (strncmp(text, "to grant it: ", 13) == 0) {
			label = "to grant ";
			text += 13;
		}
		printf("  %s %s\n", label, text);
	}
}

bool kx_explain_line(const char *line)
{
	char *copy = strdup(line);
	char *why = copy ? strstr(copy, ": ") : NULL;

	if (why) {
		*why = '\0';
		printf("%s\n", copy);
		print_parts(why + 2);
	}
	free(copy);
	return why != NULL;
}
