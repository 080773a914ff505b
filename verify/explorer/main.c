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
	"SCENARIO: those of the set that runs with every test; it also fails if they\n"
	"leave out a situation of the table that is printed last.\n"
	"\n"
	"  -a, --all           every scenario, the long ones too\n"
	"  -c, --coverage      the table also for the scenarios that are named\n"
	"  -l, --list          name the scenarios and end\n"
	"  -m, --most=N        keep to N states (default 20000000): a scenario that has more is\n"
	"                      searched with the largest bound on turns that fits, which is said\n"
	"  -q, --quiet         do not print the steps that lead to a failure\n"
	"  -t, --turns=N       bound the turns away from threads that could go on; 0: no bound\n"
	"  -s, --shortest      search breadth first: the shortest such list, more memory\n"
	"      --tier=T|P|N    as a campaign of prove/: result lines; N is --all\n"
	"      --seed=N        nothing here is random\n"
	"  -h, --help          this text\n"
	"\n"
	"Exit status: 0 every state is fine, 1 some state is not, 2 could not finish.\n";

struct choice {
	struct kx_search_options options;
	bool all;
	bool list;
	bool coverage;
	bool campaign;
	char **names; /* ended by NULL; none: the set for every test */
};

/* What has been searched. */
struct tally {
	unsigned count;
	unsigned failed;
	unsigned bounded;    /* long ones: only with a bound on turns of the explorer's own */
	unsigned unfinished; /* not even so, or one of the set for every test */
	uint64_t states;
	double seconds;
	uint32_t seen; /* situations */
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

#define MOST_TURNS 16

/*
 * A scenario with more states than fit: every order in which threads that could go on are
 * turned away from no more than so often, for as many turns as there is room. *turns says
 * how many; 0: not even one.
 */
static struct kx_search_result search_bounded(const struct kx_scenario *scenario,
					      const struct choice *choice, int *turns)
{
	struct kx_search_options options = choice->options;
	struct kx_search_result best = {.unfinished = true};
	int most = scenario->bounds.switches ? scenario->bounds.switches - 1 : MOST_TURNS;
	double seconds = 0;

	*turns = 0;
	for (options.turns = 1; options.turns <= most; options.turns++) {
		struct kx_search_result result = kx_search(scenario, &options);

		seconds += result.seconds;
		if (result.unfinished)
			break;
		best = result;
		*turns = options.turns;
		if (result.failure)
			break;
	}
	best.seconds = seconds;
	return best;
}

/* One line and, if it failed, the path above it. Returns the situations reached. */
static uint32_t explore(const struct kx_scenario *scenario, const struct choice *choice,
			struct tally *tally)
{
	struct kx_search_result result;
	char bound[80] = "ok";
	bool cut_off;
	int turns = 0;

	kx_situations = 0;
	result = kx_search(scenario, &choice->options);
	if (result.unfinished && choice->options.turns < 0)
		result = search_bounded(scenario, choice, &turns);
	/* One of every test run is to be searched whole: cut off is no success. */
	cut_off = !result.failure && (result.unfinished || (turns && scenario->ci));
	if (result.unfinished)
		(void)snprintf(bound, sizeof(bound), "not finished: more states than --most");
	else if (turns)
		(void)snprintf(bound, sizeof(bound), "%s only orders with %d turn%s or less",
			       cut_off ? "not finished:" : "ok, but", turns, turns > 1 ? "s" : "");
	(void)printf("%-24s %9llu states %10llu moves %6llu ends depth %5zu %7.2f s  %s\n",
		     scenario->name, (unsigned long long)result.states,
		     (unsigned long long)result.moves, (unsigned long long)result.ends,
		     result.depth, result.seconds, result.failure ? result.failure : bound);
	(void)fflush(stdout);
	tally->count++;
	tally->failed += result.failure != NULL;
	tally->unfinished += cut_off;
	tally->bounded += !result.failure && !cut_off && turns;
	tally->states += result.states;
	tally->seconds += result.seconds;
	tally->seen |= kx_situations;
	return kx_situations;
}

#define MOST_SCENARIOS 64u

static unsigned go_through(const struct choice *choice, struct tally *tally)
{
	const char *names[MOST_SCENARIOS];
	uint32_t seen[MOST_SCENARIOS];

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		for (const struct kx_scenario *s = lists[i]; s->name; s++) {
			if (choice->list) {
				(void)printf("%-24s %s%s\n", s->name, s->ci ? "" : "(long) ",
					     s->about);
			} else if (is_named(choice, s) && tally->count < MOST_SCENARIOS) {
				names[tally->count] = s->name;
				seen[tally->count] = explore(s, choice, tally);
			}
		}
	}
	if (!tally->count || (choice->names[0] && !choice->coverage))
		return 0;
	for (unsigned i = 0; i < tally->count; i++)
		kx_situations_row(names[i], seen[i]);
	kx_situations_legend();
	return kx_situations_missing(tally->seen);
}

static void print_results(const struct tally *tally, unsigned missing)
{
	(void)printf("RESULT name=V-01 promises=P1,P2,P3,P7 count=%llu unit=states failures=%u "
		     "seed=0 seconds=%.1f note=the shipped hand-off in %u scenarios, every order "
		     "of steps; %u of them only with a bound on turns, %u not finished\n",
		     (unsigned long long)tally->states, tally->failed + tally->unfinished,
		     tally->seconds, tally->count, tally->bounded, tally->unfinished);
	(void)printf("RESULT name=V-01-reached promises=- count=%u unit=situations failures=%u "
		     "seed=0 seconds=%.1f note=of %u: arms, roles, hand-backs, relay, hostile "
		     "client, deaths\n",
		     KX_SITUATIONS - missing, missing, tally->seconds, KX_SITUATIONS);
}

static int run(const struct choice *choice)
{
	struct tally tally = {0};
	unsigned missing = go_through(choice, &tally);

	if (choice->list)
		return 0;
	if (!tally.count) {
		(void)fprintf(stderr, "kx_explorer: no such scenario; --list names them\n");
		return 2;
	}
	if (choice->campaign)
		print_results(&tally, missing);
	return tally.failed || missing ? 1 : tally.unfinished ? 2 : 0;
}

/* False: say how it is used, and end. */
static bool take_option(struct choice *choice, int option)
{
	switch (option) {
	case 'a':
		choice->all = true;
		return true;
	case 'c':
		choice->coverage = true;
		return true;
	case 'l':
		choice->list = true;
		return true;
	case 'm':
		choice->options.most_states = strtoull(optarg, NULL, 10);
		return true;
	case 'q':
		choice->options.quiet = true;
		return true;
	case 's':
		choice->options.shortest = true;
		return true;
	case 't':
		choice->options.turns = (int)strtol(optarg, NULL, 10);
		return true;
	case 'T':
		choice->campaign = true;
		choice->all = strcmp(optarg, "N") == 0;
		return true;
	case 'S':
		return true;
	default:
		return false;
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"all", no_argument, NULL, 'a'},
		{"coverage", no_argument, NULL, 'c'},
		{"list", no_argument, NULL, 'l'},
		{"most", required_argument, NULL, 'm'},
		{"quiet", no_argument, NULL, 'q'},
		{"shortest", no_argument, NULL, 's'},
		{"turns", required_argument, NULL, 't'},
		{"tier", required_argument, NULL, 'T'},
		{"seed", required_argument, NULL, 'S'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	struct choice choice = {.options = {.most_states = 20000000, .turns = -1}};
	int option;

	while ((option = getopt_long(argc, argv, "aclm:qst:h", options, NULL)) != -1) {
		if (option == 'h') {
			(void)fputs(help, stdout);
			return 0;
		}
		if (!take_option(&choice, option)) {
			(void)fputs("kx_explorer: try --help\n", stderr);
			return 2;
		}
	}
	choice.names = argv + optind;
	return run(&choice);
}
