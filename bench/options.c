/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "floors/floor.h"
#include "measure/complain.h"
#include "peers/peers.h"
#include "run.h"
#include "standard.h"

#define CALL     KX_COMMAND_CALL
#define FLOORS   KX_COMMAND_FLOORS
#define STANDARD KX_COMMAND_STANDARD
#define COMPARE  KX_COMMAND_COMPARE
#define ANATOMY  KX_COMMAND_ANATOMY
#define PEERS    KX_COMMAND_PEERS
#define SCALE    KX_COMMAND_SCALE
#define ONE_RUN  (CALL | FLOORS)
#define ONE_CASE (CALL | FLOORS | ANATOMY)
#define ANY_RUN  (CALL | FLOORS | STANDARD)

#define STANDARD_TURN_NS 100000000u
#define STANDARD_TURNS   25u
#define SCALE_ENTITIES   10000u
#define SCALE_HANDLES    1024000u
#define SCALE_ROUNDS     20000u
#define PEERS_TURN_NS    200000000u

#define FIRST_OPTION 256 /* getopt values: FIRST_OPTION + index in specs[] */

struct spec {
	const char *name;
	const char *argument; /* NULL: takes none */
	unsigned commands;
	const char *help;
	/* One of three: set() does it, output is chosen, or a number goes to the field at offset.
	 */
	bool (*set)(struct kx_options *options, const char *text, char *why, size_t size);
	enum kx_output output; /* never the table: that is the default */
	size_t offset;         /* in struct kx_options */
	size_t width;
	uint64_t min;
	uint64_t max;
	uint64_t scale; /* the field's units in one unit of the option */
};

static bool set_place(struct kx_options *options, const char *text, char *why, size_t size)
{
	return kx_place_parse(text, &options->config.place, why, size) &&
	       kx_place_check(&options->config.place, why, size);
}

static bool set_path(struct kx_options *options, const char *text, char *why, size_t size)
{
	options->config.relay = strcmp(text, "relay") == 0;
	if (options->config.relay || strcmp(text, "direct") == 0)
		return true;
	(void)snprintf(why, size, "'%s' is neither direct nor relay", text);
	return false;
}

static bool set_policy(struct kx_options *options, const char *text, char *why, size_t size)
{
	options->config.policy = text;
	if (access(text, R_OK) == 0)
		return true;
	(void)snprintf(why, size, "'%s' cannot be read", text);
	return false;
}

static bool set_api(struct kx_options *options, const char *text, char *why, size_t size)
{
	options->config.nk = strcmp(text, "nk") == 0;
	if (options->config.nk || strcmp(text, "raw") == 0)
		return true;
	(void)snprintf(why, size, "'%s' is neither raw nor nk", text);
	return false;
}

static bool set_spin(struct kx_options *options, const char *text, char *why, size_t size)
{
	options->config.always_sleep = strcmp(text, "off") == 0;
	if (options->config.always_sleep || strcmp(text, "adaptive") == 0)
		return true;
	(void)snprintf(why, size, "'%s' is neither adaptive nor off", text);
	return false;
}

/* Every name must be known; they are looked up again when the run is set up. */
static bool set_floors(struct kx_options *options, const char *text, char *why, size_t size)
{
	const char *at = text;

	options->floors = text;
	if (strcmp(text, "none") == 0)
		return true;
	for (;;) {
		char name[32];
		size_t length = strcspn(at, ",");

		(void)snprintf(name, sizeof(name), "%.*s", (int)length, at);
		if (!kx_floor_find(name)) {
			(void)snprintf(why, size, "'%s' is no floor", name);
			return false;
		}
		if (at[length] == '\0')
			return true;
		at += length + 1;
	}
}

static bool set_only(struct kx_options *options, const char *text, char *why, size_t size)
{
	options->only = text;
	return kx_standard_known(text, why, size);
}

static bool set_parts(struct kx_options *options, const char *text, char *why, size_t size)
{
	options->parts = text;
	return kx_peers_parts_known(text, why, size);
}

/* Every name must be known; which are there the run will tell. */
static bool set_peers(struct kx_options *options, const char *text, char *why, size_t size)
{
	const char *at = text;

	options->peers = text;
	for (;;) {
		char name[32];
		size_t length = strcspn(at, ",");

		(void)snprintf(name, sizeof(name), "%.*s", (int)length, at);
		if (!kx_peer_find(name)) {
			(void)snprintf(why, size, "'%s' is no peer", name);
			return false;
		}
		if (at[length] == '\0')
			return true;
		at += length + 1;
	}
}

static bool set_out(struct kx_options *options, const char *text, char *why, size_t size)
{
	(void)why;
	(void)size;
	options->out = text;
	return true;
}

#define OPTION(member)                                                                             \
	.offset = offsetof(struct kx_options, member),                                             \
	.width = sizeof(((struct kx_options *)NULL)->member)
#define FIELD(member)                                                                              \
	.offset = offsetof(struct kx_options, config.member),                                      \
	.width = sizeof(((struct kx_options *)NULL)->config.member)
#define RANGE(low, high) .min = (low), .max = (high), .scale = 1

static const struct spec specs[] = {
	{"place", "WHERE", ONE_CASE | SCALE,
	 "pin:C,S[,K] cores of client, server, kernel process or broker;\n"
	 "same:N one core; duo:A,B all on two cores; free (default: two or three cores)",
	 .set = set_place},
	{"size", "BYTES", ONE_CASE, "payload each way, 8 to 65536 (8)", FIELD(size),
	 RANGE(KX_SIZE_MIN, KX_SIZE_MAX)},
	{"clients", "N", ONE_RUN, "clients of one server; a floor runs N pairs (1)", FIELD(clients),
	 RANGE(1, 256)},
	{"pairs", "N", ONE_RUN, "client and server pairs at the same time (1)", FIELD(pairs),
	 RANGE(1, 64)},
	{"idle-clients", "N", CALL, "connected clients that never call (0)", FIELD(idle_clients),
	 RANGE(0, 4000)},
	{"threads", "N", CALL, "server threads in Recv (1)", FIELD(threads), RANGE(1, 64)},
	{"path", "PATH", CALL | ANATOMY, "direct, or relay: through the kernel process (direct)",
	 .set = set_path},
	{"policy", "MODULE", CALL,
	 "security module of the solution, as kosix-bench-calls.so and\n"
	 "kosix-bench-content.so beside this program (allow-all)",
	 .set = set_policy},
	{"api", "HOW", CALL, "raw: Call, Recv, Reply; nk: generated proxy and dispatch (raw)",
	 .set = set_api},
	{"spin", "HOW", CALL | ANATOMY, "adaptive, or off: always sleep (adaptive)",
	 .set = set_spin},
	{"rounds", "N", ANY_RUN | ANATOMY | PEERS | SCALE,
	 "calls of each client in a turn, at most (100000)", FIELD(rounds), RANGE(10, 1000000000)},
	{"turns", "N", ANY_RUN | ANATOMY | PEERS,
	 "turns of each mechanism, in turn, each with new processes;\n"
	 "medians are taken (5; standard: 25)",
	 FIELD(turns), RANGE(1, KX_TURNS_MAX)},
	{"turn-time", "MS", ANY_RUN | ANATOMY | PEERS,
	 "a turn ends after this time even if calls are left (1000; standard: 100)", FIELD(turn_ns),
	 .min = 1, .max = 600000, .scale = 1000000},
	{"starts", "N", ONE_RUN,
	 "start the processes N times in each turn, and count the start with the\n"
	 "lowest median: where memory lands then matters less (1)",
	 FIELD(starts), RANGE(1, 100)},
	{"only", "ROWS", STANDARD, "only these rows, by their numbers, with commas (all)",
	 .set = set_only},
	{"gap", "US", ONE_CASE, "pause before each call, microseconds (0)", FIELD(gap_ns), .min = 0,
	 .max = 1000000, .scale = 1000},
	{"quiet", "MS", CALL, "after the calls, watch for so long what the idle server uses (0)",
	 FIELD(quiet_ns), .min = 0, .max = 60000, .scale = 1000000},
	{"load", "N", ONE_CASE, "busy loops per core beside the measurement (0)", FIELD(load),
	 RANGE(0, 64)},
	{"drop-below", "NS", ANY_RUN | PEERS,
	 "leave out turns whose two-line spin of 8 bytes is faster: client and\n"
	 "server shared a physical core (150; 0: keep all; unless all are)",
	 FIELD(drop_ns), RANGE(0, 100000)},
	{"floors", "LIST", ONE_RUN, "floors to measure, with commas, or none (those that fit)",
	 .set = set_floors},
	{"line", NULL, ANY_RUN | SCALE, "one RESULT line for each mechanism",
	 .output = KX_OUTPUT_LINE},
	{"json", NULL, ANY_RUN | COMPARE | ANATOMY | PEERS | SCALE, "one JSON document",
	 .output = KX_OUTPUT_JSON},
	{"csv", NULL, ANY_RUN, "comma-separated values with a head", .output = KX_OUTPUT_CSV},
	{"entities", "N", SCALE, "no solution of more idle entities (10000)", OPTION(entities),
	 RANGE(10, 100000)},
	{"handles", "N", SCALE, "nor of more handles (1024000)", OPTION(handles),
	 RANGE(1024, 1024000)},
	{"parts", "LIST", PEERS,
	 "two-cores, one-core, sizes, clients, busy, idle; with commas (all)", .set = set_parts},
	{"peers", "LIST", PEERS, "only these, with commas (all)", .set = set_peers},
	{"out", "FOLDER", PEERS | SCALE, "write results and pictures there as files",
	 .set = set_out},
	{"help", NULL, ANY_RUN | COMPARE | ANATOMY | PEERS | SCALE, "this text", .set = NULL},
};

#define SPEC_COUNT (sizeof(specs) / sizeof(specs[0]))

static const struct {
	const char *name;
	enum kx_command command;
	const char *help;
} commands[] = {
	{"call", CALL, "measure calls of Kosix beside the floors"},
	{"floors", FLOORS, "measure only the floors: the least a round trip costs here"},
	{"standard", STANDARD, "the standard set, each figure beside its bar"},
	{"anatomy", ANATOMY, "say where the time of a call goes, direct or relayed"},
	{"peers", PEERS, "Kosix beside other IPC systems, as far as they are installed"},
	{"scale", SCALE, "what calls, deaths and memory cost as a solution grows"},
	{"compare", COMPARE, "compare two files written with --json: compare BEFORE AFTER"},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static void print_commands(void)
{
	printf("Usage: kosix-bench COMMAND [OPTION...]\n\n"
	       "Measures round trips between processes, in nanoseconds.\n\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].help);
	/* Its options are its own: policy.c. */
	printf("  %-10s %s\n", "policy", "what one decision of a security module costs");
	printf("\nkosix-bench COMMAND --help lists the options; kosix-bench --version says which\n"
	       "release this is.\n\n"
	       "Exit status: 0 done; 1 a measurement failed; 2 wrong use.\n");
}

/* The text of @help, its further lines under the first. */
static void print_option(const struct spec *spec)
{
	char head[40];
	const char *line = spec->help;
	const char *end;

	(void)snprintf(head, sizeof(head), "--%s %s", spec->name,
		       spec->argument ? spec->argument : "");
	while ((end = strchr(line, '\n')) != NULL) {
		printf("  %-18s %.*s\n", head, (int)(end - line), line);
		head[0] = '\0';
		line = end + 1;
	}
	printf("  %-18s %s\n", head, line);
}

static void print_help(size_t command)
{
	printf("Usage: kosix-bench %s [OPTION...]%s\n\n%s\n\n", commands[command].name,
	       commands[command].command == COMPARE ? " BEFORE AFTER" : "", commands[command].help);
	for (size_t i = 0; i < SPEC_COUNT; i++)
		if (specs[i].commands & commands[command].command)
			print_option(&specs[i]);
	if (commands[command].command & ONE_RUN) {
		printf("\nFloors (both sides copy the payload in and out):\n");
		for (unsigned i = 0; kx_floors[i]; i++)
			printf("  %-18s %s\n", kx_floors[i]->name, kx_floors[i]->what);
	}
	printf("\nExit status: 0 done; 1 a measurement failed; 2 wrong use.\n");
}

/* A decimal number within the range; false: @value is unchanged. */
static bool read_number(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	unsigned long long number;
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno != 0 || *end != '\0' || number < min || number > max)
		return false;
	*value = number;
	return true;
}

static bool set_number(const struct spec *spec, struct kx_options *options, const char *text,
		       char *why, size_t size)
{
	char *field = (char *)options + spec->offset;
	uint64_t value;
	unsigned narrow;

	if (!read_number(text, spec->min, spec->max, &value)) {
		(void)snprintf(why, size, "'%s' is not a number from %" PRIu64 " to %" PRIu64, text,
			       spec->min, spec->max);
		return false;
	}
	value *= spec->scale;
	narrow = (unsigned)value;
	if (spec->width == sizeof(narrow))
		memcpy(field, &narrow, sizeof(narrow));
	else
		memcpy(field, &value, sizeof(value));
	return true;
}

static enum kx_parse bad(const char *command, const char *option, const char *why)
{
	(void)kx_complain("%s: %s; see kosix-bench %s --help", option, why, command);
	return KX_PARSE_BAD;
}

static enum kx_parse too_many_starts(const char *command, unsigned starts)
{
	char option[64];
	char why[64];

	(void)snprintf(option, sizeof(option), "--turns times --starts may be %d at most",
		       KX_TURNS_MAX);
	(void)snprintf(why, sizeof(why), "a turn has %u start%s here", starts,
		       starts == 1 ? "" : "s");
	return bad(command, option, why);
}

static enum kx_parse apply(size_t command, const struct spec *spec, struct kx_options *options)
{
	char option[40];
	char why[160];

	(void)snprintf(option, sizeof(option), "--%s", spec->name);
	if (!(spec->commands & commands[command].command)) {
		(void)snprintf(why, sizeof(why), "is no option of '%s'", commands[command].name);
		return bad(commands[command].name, option, why);
	}
	if (strcmp(spec->name, "help") == 0) {
		print_help(command);
		return KX_PARSE_HELP;
	}
	if (spec->output != KX_OUTPUT_TABLE) {
		options->output = spec->output;
		return KX_PARSE_RUN;
	}
	if (spec->set ? !spec->set(options, optarg, why, sizeof(why))
		      : !set_number(spec, options, optarg, why, sizeof(why)))
		return bad(commands[command].name, option, why);
	return KX_PARSE_RUN;
}

static void fill_getopt(struct option *list)
{
	for (size_t i = 0; i < SPEC_COUNT; i++)
		list[i] = (struct option){
			.name = specs[i].name,
			.has_arg = specs[i].argument ? required_argument : no_argument,
			.val = FIRST_OPTION + (int)i,
		};
	list[SPEC_COUNT] = (struct option){0};
}

/*
 * What is left on the line after the options: two files for compare, else nothing;
 * and whether the options go together.
 */
static enum kx_parse take_rest(int argc, char **argv, size_t command, struct kx_options *options)
{
	const char *name = commands[command].name;
	unsigned starts = options->command == STANDARD ? kx_standard_starts(options->only)
						       : options->config.starts;

	if (options->command != COMPARE && optind < argc)
		return bad(name, argv[optind], "is not expected here");
	if (options->config.nk && options->config.size != KX_SIZE_MIN)
		return bad(name, "--api nk", "carries 8 bytes: leave --size out");
	if (options->config.turns * starts > KX_TURNS_MAX)
		return too_many_starts(name, starts);
	if (options->command != COMPARE)
		return KX_PARSE_RUN;
	if (argc - optind != 2)
		return bad(name, name, "takes two files: BEFORE AFTER");
	options->file[0] = argv[optind];
	options->file[1] = argv[optind + 1];
	return KX_PARSE_RUN;
}

static enum kx_parse parse_command(int argc, char **argv, size_t command,
				   struct kx_options *options)
{
	struct option list[SPEC_COUNT + 1];
	const char *name = commands[command].name;
	int value;

	fill_getopt(list);
	opterr = 0;
	optind = 0; /* glibc: start over, also when called again */
	while ((value = getopt_long(argc, argv, ":", list, NULL)) != -1) {
		enum kx_parse result;

		if (value == ':')
			return bad(name, argv[optind - 1], "needs a value");
		if (value == '?')
			return bad(name, argv[optind - 1], "is no option");
		result = apply(command, &specs[value - FIRST_OPTION], options);
		if (result != KX_PARSE_RUN)
			return result;
	}
	return take_rest(argc, argv, command, options);
}

/*
 * Many short turns: a phase of the machine that lasts longer is seen by every row, and
 * where memory lands is drawn often.
 */
static void set_standard(struct kx_options *options)
{
	options->config.turn_ns = STANDARD_TURN_NS;
	options->config.turns = STANDARD_TURNS;
}

enum kx_parse kx_options_parse(int argc, char **argv, struct kx_options *options)
{
	*options = (struct kx_options){.config = kx_config_default(),
				       .entities = SCALE_ENTITIES,
				       .handles = SCALE_HANDLES};
	if (argc < 2) {
		(void)kx_complain("which command? One of call, floors, standard, anatomy, peers, "
				  "scale, compare, policy; "
				  "see kosix-bench --help");
		return KX_PARSE_BAD;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		print_commands();
		return KX_PARSE_HELP;
	}
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(argv[1], commands[i].name) == 0) {
			options->command = commands[i].command;
			if (options->command == ANATOMY)
				options->config.rounds = UINT64_MAX;
			if (options->command == PEERS)
				options->config.turn_ns = PEERS_TURN_NS;
			if (options->command == SCALE)
				options->config.rounds = SCALE_ROUNDS;
			if (options->command == STANDARD)
				set_standard(options);
			return parse_command(argc - 1, argv + 1, i, options);
		}
	(void)kx_complain(argv[1][0] == '-' ? "'%s' is an option, and a command comes first; see "
					      "kosix-bench --help"
					    : "'%s' is no command; see kosix-bench --help",
			  argv[1]);
	return KX_PARSE_BAD;
}
