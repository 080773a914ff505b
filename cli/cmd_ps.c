/* SPDX-License-Identifier: Apache-2.0 */

/* kosix ps: entities of running solutions, their counters, and who waits for whom. */

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "kx_commands.h"
#include "solution_client.h"

#define MOST_SOLUTIONS 64

static const char help[] =
	"Usage: kosix ps [--json] [NAME...]\n"
	"Shows the running solutions of this user, or those named: entities, states, calls\n"
	"made directly and through the kernel process, denials, and who waits for whom.\n"
	"\n"
	"  --json   one JSON object per solution, one a line\n"
	"  --help   this text\n"
	"\n"
	"Exit status: 0 shown, 1 no such solution or nothing runs, 2 wrong arguments.\n";

static void show_entity(const json_t *entity)
{
	const json_t *counters = json_object_get(entity, "counters");

	printf("%4lld %7lld  %-8s %10lld %10lld %10lld %8lld %8lld  %s", kx_number(entity, "task"),
	       kx_number(entity, "pid"), kx_text(entity, "state"),
	       kx_number(counters, "direct_calls"), kx_number(counters, "calls"),
	       kx_number(counters, "received"), kx_number(counters, "denied"),
	       kx_number(entity, "handles"), kx_text(entity, "name"));
	printf("%s%s%s\n", " (", kx_text(entity, "class"), ")");
}

static void show_wait(const json_t *wait)
{
	char text[KX_SOLUTION_WAIT_MAX];

	kx_solution_wait(wait, text, sizeof(text));
	printf("  %s\n", text);
}

static void show(const json_t *ps)
{
	const json_t *entities = json_object_get(ps, "entities");
	const json_t *waits = json_object_get(ps, "waits");
	char *cycle = kx_solution_cycle(ps);
	size_t index;

	printf("%s  policy %s  up %.1f s\n", kx_text(ps, "name"), kx_text(ps, "policy"),
	       (double)kx_number(ps, "uptime_ms") / 1000.0);
	printf("%4s %7s  %-8s %10s %10s %10s %8s %8s  %s\n", "TASK", "PID", "STATE", "DIRECT",
	       "RELAYED", "RECEIVED", "DENIED", "HANDLES", "NAME (CLASS)");
	for (index = 0; index < json_array_size(entities); index++)
		show_entity(json_array_get(entities, index));
	for (index = 0; index < json_array_size(waits); index++)
		show_wait(json_array_get(waits, index));
	if (cycle)
		printf("  deadlock: %s\n", cycle);
	free(cycle);
}

static int show_one(const char *name, bool json)
{
	json_t *ps = kx_solution_ask(name, "ps");

	if (!ps) {
		kx_complain("no solution named \"%s\" answers", name);
		return 1;
	}
	if (json) {
		json_dumpf(ps, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		show(ps);
	}
	json_decref(ps);
	return 0;
}

static int show_all(bool json)
{
	char *names[MOST_SOLUTIONS];
	size_t count = kx_solution_names(names, MOST_SOLUTIONS);
	int status = 0;
	size_t index;

	if (!count) {
		kx_complain("no solution is running");
		return 1;
	}
	for (index = 0; index < count; index++) {
		status |= show_one(names[index], json);
		free(names[index]);
	}
	return status;
}

int kx_cmd_ps(int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	bool json = false;
	int status = 0;
	int code;

	while ((code = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (code == 'h')
			return fputs(help, stdout) < 0;
		if (code == '?')
			return 2;
		json = true;
	}
	if (optind == argc)
		return show_all(json);
	for (; optind < argc; optind++)
		status |= show_one(argv[optind], json);
	return status;
}
