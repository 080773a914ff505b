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
#include <sys/stat.h>
#include <time.h>

#include "audit_path.h"
#include "explain.h"
#include "field.h"
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
	"an event, else, if all of them answer, of the last run that left records.\n"
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
	if (kx_number(answer, "lost"))
		printf("(%lld earlier record%s no longer kept)\n", kx_number(answer, "lost"),
		       kx_number(answer, "lost") == 1 ? " is" : "s are");
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

#define PATIENCE_MS 2000

/* Solutions that run: with such an event, without, and those that did not answer. */
struct running {
	struct group {
		char *names[KX_SOLUTIONS_MOST];
		size_t count;
	} with, without, silent;
};

static void add(struct group *group, char *name)
{
	group->names[group->count++] = name;
}

static void clear(struct group *group)
{
	while (group->count)
		free(group->names[--group->count]);
}

static long long now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static enum outcome has_event(int asked, unsigned ms)
{
	json_t *answer = kx_solution_answer(asked, ms);
	enum outcome outcome = !answer                             ? NO_ANSWER
			       : json_object_get(answer, "number") ? EXPLAINED
								   : NOTHING;

	json_decref(answer);
	return outcome;
}

/* All are asked, then all have the same two seconds. */
static void sort_by_answer(struct running *running, char **names, size_t count, const char *command)
{
	struct group *const groups[] = {&running->with, &running->without, &running->silent};
	int asked[KX_SOLUTIONS_MOST];
	long long end = now_ms() + PATIENCE_MS;
	long long left;
	size_t index;

	for (index = 0; index < count; index++) {
		asked[index] = kx_solution_begin(names[index], command, 100);
		if (asked[index] < 0 && errno == EAGAIN)
			add(&running->silent, names[index]);
		else if (asked[index] < 0)
			free(names[index]); /* it has just ended, or is not this user's */
	}
	for (index = 0; index < count; index++) {
		left = end - now_ms();
		if (asked[index] >= 0)
			add(groups[has_event(asked[index], left > 0 ? (unsigned)left : 0)],
			    names[index]);
	}
}

/* Any is to be followed, whatever it has so far. */
static void find_running(struct running *running, const struct wanted *wanted)
{
	char *names[KX_SOLUTIONS_MOST];
	size_t count = kx_solution_names(names, KX_SOLUTIONS_MOST);
	char command[64];

	(void)snprintf(command, sizeof(command), "event %llu", wanted->number);
	if (!wanted->follow) {
		sort_by_answer(running, names, count, command);
		return;
	}
	while (count)
		add(&running->with, names[--count]);
}

/* Which run that is: its file, and when its last record came. */
static void tell_run(const char *file)
{
	struct stat status;
	struct tm when;
	char text[32];

	if (stat(file, &status) < 0 || !localtime_r(&status.st_mtime, &when) ||
	    !strftime(text, sizeof(text), "%F %T", &when))
		return;
	kx_complain("explain: of the last run that left records, %s, written %s:", file, text);
}

static int explain_last_run(const struct group *without, const struct wanted *wanted)
{
	char *list = kx_solution_list(without->names, without->count);
	char *file = wanted->follow ? NULL : kx_audit_newest();
	int status = 1;

	if (file && without->count)
		kx_complain("explain: %s %s no such event", list,
			    without->count == 1 ? "runs and has" : "run and have");
	if (file) {
		tell_run(file);
		status = explain_file(file, wanted);
	} else if (without->count) {
		status = none(list);
	} else {
		kx_complain("explain: no solution runs and none has left records; give a file, or "
			    "run one (kosix run)");
	}
	free(file);
	free(list);
	return status;
}

static void tell_silent(const struct group *silent)
{
	char *list = kx_solution_list(silent->names, silent->count);

	if (silent->count)
		kx_complain("explain: %s %s not answer, and may have such an event", list,
			    silent->count == 1 ? "does" : "do");
	free(list);
}

static int explain_candidates(const struct running *running, const struct wanted *wanted)
{
	char *list = kx_solution_list(running->with.names, running->with.count);
	int status = 1;

	if (running->with.count > 1) {
		kx_complain(
			"explain: several solutions %s: %s; choose one with --solution=NAME, or "
			"give the FILE of a run that has ended",
			wanted->follow ? "run" : "have such an event", list);
	} else {
		if (running->without.count + running->silent.count)
			kx_complain("explain: of %s, the only solution %swith such an event:", list,
				    running->silent.count ? "that answers " : "");
		status = tell(explain_running(list, wanted), list);
	}
	free(list);
	return status;
}

/* The one solution that has such an event; else, if none has, the last run's file. */
static int explain_found(const struct running *running, const struct wanted *wanted)
{
	tell_silent(&running->silent);
	if (running->with.count)
		return explain_candidates(running, wanted);
	return running->silent.count ? 1 : explain_last_run(&running->without, wanted);
}

/* The file that KOSIX_AUDIT names comes before what runs. */
static int explain_default(const struct wanted *wanted)
{
	const char *named = wanted->follow ? NULL : getenv("KOSIX_AUDIT");
	struct running running = {0};
	int status;

	if (!named || !*named || strcmp(named, "off") == 0)
		find_running(&running, wanted);
	status = explain_found(&running, wanted);
	clear(&running.with);
	clear(&running.without);
	clear(&running.silent);
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
