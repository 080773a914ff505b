/* SPDX-License-Identifier: Apache-2.0 */

/* An audit record in words; see explain.h. */

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "explain.h"

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static long long number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

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

/* "  label     text", the text one column for all labels. */
static void print_label(const char *label, enum look of_text)
{
	look(DIM);
	printf("  %-9s ", label);
	look(PLAIN);
	look(of_text);
}

static void end_line(void)
{
	look(PLAIN);
	putchar('\n');
}

/* --- parts ---------------------------------------------------------------------------- */

static void print_party(const char *label, const json_t *party)
{
	if (!party)
		return;
	print_label(label, PLAIN);
	fputs(text_of(party, "task"), stdout);
	if (strcmp(text_of(party, "task"), text_of(party, "class")) != 0)
		printf(" (class %s)", text_of(party, "class"));
	printf(", sid %lld\n", number(party, "sid"));
}

static void print_method(const json_t *record)
{
	const char *endpoint = text_of(record, "endpoint");

	if (!*text_of(record, "method"))
		return;
	print_label("method", BOLD);
	printf("%s%s%s", endpoint, *endpoint ? "." : "", text_of(record, "method"));
	look(PLAIN);
	if (*text_of(record, "interface"))
		printf(" of interface %s", text_of(record, "interface"));
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

/* The line of the policy, as compilers show it, if the file is still there. */
static void print_source(const char *path, long long wanted)
{
	FILE *in = open_source(path);
	char *line = NULL;
	size_t room = 0;
	long long at = 0;

	while (in && at < wanted && getline(&line, &room, in) > 0)
		at++;
	if (in && at == wanted && line) {
		line[strcspn(line, "\r\n")] = '\0';
		print_label("", DIM);
		printf("%lld | ", wanted);
		look(PLAIN);
		puts(line);
	}
	free(line);
	if (in)
		(void)fclose(in);
}

static void print_rule(const json_t *record)
{
	if (*text_of(record, "file")) {
		print_label("rule", PLAIN);
		printf("%s:%lld: ", text_of(record, "file"), number(record, "line"));
		look(BOLD);
		fputs(text_of(record, "rule"), stdout);
		end_line();
		print_source(text_of(record, "file"), number(record, "line"));
	} else if (*text_of(record, "rule")) {
		print_label("rule", BOLD);
		fputs(text_of(record, "rule"), stdout);
		end_line();
	}
}

static void print_remedy(const char *remedy)
{
	const char *label = "to grant";
	size_t length;

	for (; *remedy; remedy += length, remedy += *remedy == '\n') {
		length = strcspn(remedy, "\n");
		print_label(label, GREEN);
		printf("%.*s", (int)length, remedy);
		end_line();
		label = "and";
	}
}

void kx_explain_record(const json_t *record)
{
	const json_t *reads = json_object_get(record, "read");
	const json_t *read;
	size_t index;

	look(strcmp(text_of(record, "decision"), "denied") == 0 ? RED : BOLD);
	printf("%s %s #%lld", text_of(record, "event"), text_of(record, "decision"),
	       number(record, "number"));
	look(PLAIN);
	if (*text_of(record, "time"))
		printf(" at %s", text_of(record, "time"));
	putchar('\n');
	print_party("from", json_object_get(record, "src"));
	print_party("to", json_object_get(record, "dst"));
	print_method(record);
	if (*text_of(record, "message")) {
		print_label("message", PLAIN);
		puts(text_of(record, "message"));
	}
	print_rule(record);
	print_label("because", PLAIN);
	puts(text_of(record, "reason"));
	json_array_foreach(reads, index, read)
	{
		print_label("it read", PLAIN);
		printf("%s = %s\n", text_of(read, "name"), text_of(read, "value"));
	}
	print_remedy(text_of(record, "remedy"));
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
