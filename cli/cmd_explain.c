/* SPDX-License-Identifier: Apache-2.0 */

/*
 * kosix explain: why an event was denied (or granted and put on record), from
 * the lines the kernel process wrote (kernel/audit.c):
 *
 *   denied #12 request Client -> Server ep.Method: WHY; read NAME = VALUE; to grant it: RULE
 */

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kx_commands.h"

static const char help[] =
	"Usage: kosix explain [--last | NUMBER] [FILE]\n"
	"Explains decisions of the policy from FILE, the standard error of `kosix run` (default:\n"
	"standard input): all of them, the last one, or event NUMBER.\n"
	"Exit status: 0 explained, 1 there is no such event, 2 wrong arguments.\n";

struct wanted {
	bool last;
	unsigned long long number; /* 0: any */
};

/* The verdict in @line, or NULL if it is no decision. */
static char *find_verdict(char *line)
{
	char *denied = strstr(line, "denied #");
	char *granted = strstr(line, "granted #");

	return denied ? denied : granted;
}

/* The parts of an explanation, one a line. */
static void print_parts(char *text)
{
	const char *label = "because";
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
			label = "it read";
			text += 5;
		} else if (strncmp(text, "to grant it: ", 13) == 0) {
			label = "this rule would grant it";
			text += 13;
		}
		printf("  %s: %s\n", label, text);
	}
}

static void explain(const char *line)
{
	char *copy = strdup(line);
	char *verdict = copy ? find_verdict(copy) : NULL;
	char *why = verdict ? strstr(verdict, ": ") : NULL;

	if (why) {
		*why = '\0';
		printf("%s\n", verdict);
		print_parts(why + 2);
	}
	free(copy);
}

static int explain_from(FILE *in, const struct wanted *wanted)
{
	char *line = NULL;
	char *kept = NULL;
	size_t room = 0;
	unsigned int found = 0;

	while (getline(&line, &room, in) > 0) {
		char *verdict = find_verdict(line);
		unsigned long long number;

		line[strcspn(line, "\n")] = '\0';
		if (!verdict || sscanf(strchr(verdict, '#'), "#%llu", &number) != 1)
			continue;
		if (wanted->number && wanted->number != number)
			continue;
		found++;
		if (!wanted->last) {
			explain(line);
			continue;
		}
		free(kept);
		kept = strdup(line);
	}
	if (kept)
		explain(kept);
	free(kept);
	free(line);
	if (found)
		return 0;
	kx_complain("explain: there is no such event in the input; decisions are on the standard "
		    "error of `kosix run`");
	return 1;
}

static int explain_file(const char *path, const struct wanted *wanted)
{
	FILE *in = path ? fopen(path, "r") : stdin;
	int status;

	if (!in) {
		kx_complain("explain: cannot open %s: %s", path, strerror(errno));
		return 1;
	}
	status = explain_from(in, wanted);
	if (path)
		(void)fclose(in);
	return status;
}

int kx_cmd_explain(int argc, char **argv)
{
	static const struct option options[] = {{"last", no_argument, NULL, 'l'},
						{"help", no_argument, NULL, 'h'},
						{NULL, 0, NULL, 0}};
	struct wanted wanted = {0};
	int option;
	char *end;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h')
			return fputs(help, stdout) < 0;
		if (option == '?')
			return 2;
		wanted.last = true;
	}
	if (optind < argc) {
		wanted.number = strtoull(argv[optind], &end, 10);
		if (*end || end == argv[optind])
			wanted.number = 0;
		else
			optind++;
	}
	if (argc - optind > 1) {
		kx_complain("explain: expected one file; see --help");
		return 2;
	}
	return explain_file(optind < argc ? argv[optind] : NULL, &wanted);
}
