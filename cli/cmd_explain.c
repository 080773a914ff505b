/* SPDX-License-Identifier: Apache-2.0 */

/*
 * kosix explain: why an event was denied, or granted and put on record. Records
 * come from a running solution, from the file its last run left, from a file of
 * audit records (JSON lines), or from the standard error of `kosix run`.
 */

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "audit_path.h"
#include "explain.h"
#include "kx_commands.h"
#include "solution_client.h"

static const char help[] =
	"Usage: kosix explain [--last | NUMBER] [--json] [FILE]\n"
	"       kosix explain [--last | NUMBER] [--json] [--follow] [--solution=NAME]\n"
	"Says why the policy denied an event: who, what, with which message, by which rule, what\n"
	"the rule read, and the smallest change of the policy that would grant it. NUMBER is the\n"
	"one after # in the line that `kosix run` prints.\n"
	"\n"
	"Without FILE: the file that KOSIX_AUDIT names, else of the running solution that has "
	"such\n"
	"an event, else of the last run that left records.\n"
	"  FILE              audit records (kosix run --audit=FILE) or the standard error of a "
	"run;\n"
	"                    - is standard input\n"
	"  --solution=NAME   of this running solution (kosix ps)\n"
	"  --last            the last record only\n"
	"  --follow          go on with new records until the solution ends\n"
	"  --json            the records as they are, one a line\n"
	"\n"
	"Exit status: 0 explained, 1 there is no such event, 2 wrong arguments.\n";

struct wanted {
	bool last, follow, json;
	unsigned long long number; /* 0: any */
	const char *solution;
	const char *file;
};

static void print_record(const struct wanted *wanted, const json_t *record)
{
	if (!wanted->json) {
		kx_explain_record(record);
		return;
	}
	(void)json_dumpf(record, stdout, JSON_COMPACT);
	putchar('\n');
}

static int none(const char *where)
{
	kx_complain("explain: there is no such event in %s; denials are recorded, and what an "
		    "audit profile of the policy wants",
		    where);
	return 1;
}

/* --- from a file ------------------------------------------------------------------------ */

/* The verdict in a line of `kosix run`, or NULL if it is no decision. */
static const char *find_verdict(const char *line)
{
	const char *denied = strstr(line, "denied #");

	return denied ? denied : strstr(line, "granted #");
}

/* Number of the event that @line is about; 0: none. */
static unsigned long long number_of(const char *line)
{
	const char *verdict = find_verdict(line);
	unsigned long long number = 0;
	json_t *record;

	if (*line == '{') {
		record = json_loads(line, 0, NULL);
		number = (unsigned long long)json_integer_value(json_object_get(record, "number"));
		json_decref(record);
	} else if (verdict && sscanf(strchr(verdict, '#'), "#%llu", &number) != 1) {
		number = 0;
	}
	return number;
}

static void print_line(const struct wanted *wanted, const char *line)
{
	json_t *record = *line == '{' ? json_loads(line, 0, NULL) : NULL;

	if (record)
		print_record(wanted, record);
	else
		(void)kx_explain_line(find_verdict(line));
	json_decref(record);
}

static unsigned int explain_lines(FILE *in, const struct wanted *wanted)
{
	char *line = NULL;
	char *kept = NULL;
	size_t room = 0;
	unsigned int found = 0;

	while (getline(&line, &room, in) > 0) {
		unsigned long long number;

		line[strcspn(line, "\n")] = '\0';
		number = number_of(line);
		if (!number || (wanted->number && wanted->number != number))
			continue;
		found++;
		if (!wanted->last) {
			print_line(wanted, line);
			continue;
		}
		free(kept);
		kept = strdup(line);
	}
	if (kept)
		print_line(wanted, kept);
	free(kept);
	free(line);
	return found;
}

static int explain_file(const char *path, const struct wanted *wanted)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *in = standard ? stdin : fopen(path, "re");
	unsigned int found;

	if (!in) {
		kx_complain("explain: cannot open %s: %s", path, strerror(errno));
		return 1;
	}
	found = explain_lines(in, wanted);
	if (!standard)
		(void)fclose(in);
	return found ? 0 : none(path);
}

/* --- from a running solution --------------------------------------------------------------- */

enum outcome { EXPLAINED, NOTHING, NO_ANSWER };

static enum outcome explain_event(const char *name, const struct wanted *wanted)
{
	char command[64];
	json_t *record;
	bool found;

	(void)snprintf(command, sizeof(command), "event %llu", wanted->number);
	record = kx_solution_ask(name, command);
	if (!record)
		return NO_ANSWER;
	found = json_object_get(record, "number") != NULL;
	if (found)
		print_record(wanted, record);
	json_decref(record);
	return found ? EXPLAINED : NOTHING;
}

/* Records from *@position on; how many, or -1 when the solution does not answer. */
static int explain_some(const char *name, const struct wanted *wanted, long long *position)
{
	char command[64];
	json_t *answer;
	json_t *record;
	size_t index;
	int count;

	(void)snprintf(command, sizeof(command), "audit %lld", *position);
	answer = kx_solution_ask(name, command);
	if (!answer)
		return -1;
	if (json_integer_value(json_object_get(answer, "lost")))
		printf("(%lld earlier records are no longer kept)\n",
		       (long long)json_integer_value(json_object_get(answer, "lost")));
	json_array_foreach(json_object_get(answer, "records"), index, record)
		print_record(wanted, record);
	count = (int)json_array_size(json_object_get(answer, "records"));
	*position = json_integer_value(json_object_get(answer, "next"));
	json_decref(answer);
	(void)fflush(stdout);
	return count;
}

static enum outcome explain_running(const char *name, const struct wanted *wanted)
{
	struct timespec pause = {.tv_nsec = 100000000};
	long long position = 0;
	int count = 0;

	if (wanted->last || wanted->number)
		return explain_event(name, wanted);
	do {
		count = explain_some(name, wanted, &position);
		if (count == 0 && wanted->follow)
			(void)nanosleep(&pause, NULL);
	} while (count > 0 || (count == 0 && wanted->follow));
	if (position)
		return EXPLAINED;
	return count < 0 ? NO_ANSWER : NOTHING;
}

/* The exit status for @outcome of the running solution @name. */
static int tell(enum outcome outcome, const char *name)
{
	if (outcome == NOTHING)
		return none(name);
	if (outcome == NO_ANSWER)
		kx_complain("explain: no solution named \"%s\" answers; see kosix ps", name);
	return outcome == EXPLAINED ? 0 : 1;
}

/* --- nobody said from where ---------------------------------------------------------------- */

/* Solutions that run; those with such an event come first. */
struct running {
	char *names[KX_SOLUTIONS_MOST];
	size_t count, with_event;
};

static bool has_event(const char *name, const struct wanted *wanted)
{
	char command[64];
	json_t *record;
	bool found;

	(void)snprintf(command, sizeof(command), "event %llu", wanted->number);
	record = kx_solution_ask(name, command);
	found = json_object_get(record, "number") != NULL;
	json_decref(record);
	return found;
}

/* Any is to be followed, whatever it has so far. */
static void find_running(struct running *running, const struct wanted *wanted)
{
	size_t index;
	char *name;

	running->count = kx_solution_names(running->names, KX_SOLUTIONS_MOST);
	for (index = 0; index < running->count; index++) {
		name = running->names[index];
		if (!wanted->follow && !has_event(name, wanted))
			continue;
		running->names[index] = running->names[running->with_event];
		running->names[running->with_event++] = name;
	}
}

static int explain_last_run(const struct running *running, const char *list,
			    const struct wanted *wanted)
{
	char *file = wanted->follow ? NULL : kx_audit_newest();
	int status = 1;

	if (file && running->count)
		kx_complain("explain: %s %s no such event; of the last run that left records, %s:",
			    list, running->count == 1 ? "runs and has" : "run and have", file);
	if (file)
		status = explain_file(file, wanted);
	else if (running->count)
		status = none(list);
	else
		kx_complain("explain: no solution runs and none has left records; give a file, or "
			    "run one (kosix run)");
	free(file);
	return status;
}

/* The one solution that has such an event; else the last run's file. */
static int explain_found(const struct running *running, const struct wanted *wanted)
{
	size_t candidates = running->with_event;
	char *list = kx_solution_list(running->names, candidates ? candidates : running->count);
	int status = 1;

	if (!candidates) {
		status = explain_last_run(running, list, wanted);
	} else if (candidates > 1) {
		kx_complain(
			"explain: several solutions %s: %s; choose one with --solution=NAME, or "
			"give the FILE of a run that has ended",
			wanted->follow ? "run" : "have such an event", list);
	} else {
		if (running->count > 1)
			kx_complain("explain: of %s, the only solution with such an event:", list);
		status = tell(explain_running(list, wanted), list);
	}
	free(list);
	return status;
}

/* The file that KOSIX_AUDIT names comes before what runs. */
static int explain_default(const struct wanted *wanted)
{
	const char *named = wanted->follow ? NULL : getenv("KOSIX_AUDIT");
	struct running running = {.count = 0};
	int status;

	if (!named || !*named || strcmp(named, "off") == 0)
		find_running(&running, wanted);
	status = explain_found(&running, wanted);
	while (running.count)
		free(running.names[--running.count]);
	return status;
}

/* --- arguments ------------------------------------------------------------------------------- */

/* -1: go on; else the exit status. */
static int read_options(int argc, char **argv, struct wanted *wanted)
{
	static const struct option options[] = {
		{"last", no_argument, NULL, 'l'}, {"follow", no_argument, NULL, 'f'},
		{"json", no_argument, NULL, 'j'}, {"solution", required_argument, NULL, 's'},
		{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	int option;
	char *end;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h')
			return fputs(help, stdout) < 0;
		if (option == '?')
			return 2;
		wanted->last |= option == 'l';
		wanted->follow |= option == 'f';
		wanted->json |= option == 'j';
		if (option == 's')
			wanted->solution = optarg;
	}
	if (optind < argc) {
		wanted->number = strtoull(argv[optind], &end, 10);
		if (*end || end == argv[optind])
			wanted->number = 0;
		else
			optind++;
	}
	if (argc - optind > 1 || (optind < argc && (wanted->solution || wanted->follow))) {
		kx_complain("explain: expected one file, or a running solution; see --help");
		return 2;
	}
	wanted->file = argv[optind];
	return -1;
}

int kx_cmd_explain(int argc, char **argv)
{
	struct wanted wanted = {0};
	int status = read_options(argc, argv, &wanted);

	if (status >= 0)
		return status;
	if (wanted.solution)
		return tell(explain_running(wanted.solution, &wanted), wanted.solution);
	if (wanted.file)
		return explain_file(wanted.file, &wanted);
	return explain_default(&wanted);
}
