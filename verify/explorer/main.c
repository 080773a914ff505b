/* SPDX-License-Identifier: Apache-2.0 */

/* kx_explorer: visits every state of the scenarios asked for. */

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios.h"

static const struct kx_scenario *const lists[] = {kx_direct,    kx_relay, kx_roles,  kx_unwatched,
						  kx_giving_up, kx_death, kx_hostile};

static const char help[] =
	"Usage: kx_explorer [OPTION]... [SCENARIO]...\n"
	"Runs the hand-off code of kernel/ipc through every order of steps, with store\n"
	"buffers, deaths and spurious wakes, and says if any of them ends badly. Without\n"
	"SCENARIO: those of the set that runs with every test.\n"
	"\n"
	"  -a, --all           every scenario, the long ones too\n"
	"  -l, --list          name the scenarios and end\n"
	"  -m, --most=N        give up after N states (default 20000000)\n"
	"  -q, --quiet         do not print the steps that lead to a failure\n"
	"  -t, --turns=N       bound the turns away from threads that could go on; 0: no bound\n"
	"  -s, --shortest      search breadth first: the shortest such list, more memory\n"
	"  -h, --help          this text\n"
	"\n"
	"Exit status: 0 every state is fine, 1 some state is not, 2 could not finish.\n";

struct choice {
	struct kx_search_options options;
	bool all;
	bool list;
	char **names; /* ended by NULL; none: the set for every test */
};

static bool is_named(const struct choice *choice, const struct kx_scenario *scenario)
{
	if (!choice->names[0])
		return choice->all || scenario->ci;
	for (unsigned i = 0; choice->names[i]; i++)
		if (strcmp(choice->names[i], scenario->name) == 0)
			return true;
	return false;
}

/* One line and, if it failed, the path above it. Returns the exit status. */
static int explore(const struct kx_scenario *scenario, const struct choice *choice)
{
	struct kx_search_result result = kx_search(scenario, &choice->options);
	const char *verdict = result.failure      ? result.failure
			      : result.unfinished ? "not finished: more states than --most"
						  : "ok";

	(void)printf("%-24s %9llu states %10llu moves %6llu ends depth %5zu %7.2f s  %s\n",
		     scenario->name, (unsigned long long)result.states,
		     (unsigned long long)result.moves, (unsigned long long)result.ends,
		     result.depth, result.seconds, verdict);
	(void)fflush(stdout);
	return result.failure ? 1 : result.unfinished ? 2 : 0;
}

static int go_through(const struct choice *choice)
{
	unsigned count = 0;
	int status = 0;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		for (const struct kx_scenario *s = lists[i]; s->name; s++) {
			int now = 0;

			if (choice->list)
				(void)printf("%-24s %s%s\n", s->name, s->ci ? "" : "(long) ",
					     s->about);
			else if (is_named(choice, s) && ++count)
				now = explore(s, choice);
			status = now > status ? now : status;
		}
	}
	if (!choice->list && !count) {
		(void)fprintf(stderr, "kx_explorer: no such scenario; --list names them\n");
		return 2;
	}
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"all", no_argument, NULL, 'a'},        {"list", no_argument, NULL, 'l'},
		{"most", required_argument, NULL, 'm'}, {"quiet", no_argument, NULL, 'q'},
		{"shortest", no_argument, NULL, 's'},   {"turns", required_argument, NULL, 't'},
		{"help", no_argument, NULL, 'h'},       {NULL, 0, NULL, 0},
	};
	struct choice choice = {.options = {.most_states = 20000000, .turns = -1}};
	int option;

	while ((option = getopt_long(argc, argv, "alm:qst:h", options, NULL)) != -1) {
		switch (option) {
		case 'a':
			choice.all = true;
			break;
		case 'l':
			choice.list = true;
			break;
		case 'm':
			choice.options.most_states = strtoull(optarg, NULL, 10);
			break;
		case 'q':
			choice.options.quiet = true;
			break;
		case 's':
			choice.options.shortest = true;
			break;
		case 't':
			choice.options.turns = (int)strtol(optarg, NULL, 10);
			break;
		case 'h':
			(void)fputs(help, stdout);
			return 0;
		default:
			(void)fputs("kx_explorer: try --help\n", stderr);
			return 2;
		}
	}
	choice.names = argv + optind;
	return go_through(&choice);
}
