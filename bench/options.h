/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_OPTIONS_H
#define KX_BENCH_OPTIONS_H

/*
 * The command line. One table (options.c) holds every option with its help
 * text, range and the commands it belongs to.
 */

#include <stdbool.h>

#include "measure/config.h"
#include "report/report.h"

enum kx_command {
	KX_COMMAND_CALL = 1,
	KX_COMMAND_FLOORS = 2,
	KX_COMMAND_STANDARD = 4,
	KX_COMMAND_COMPARE = 8,
	KX_COMMAND_ANATOMY = 16,
	KX_COMMAND_PEERS = 32,
	KX_COMMAND_SCALE = 64,
};

struct kx_options {
	enum kx_command command;
	struct kx_config config;
	enum kx_output output;
	const char *only;    /* standard: numbers of rows with commas; NULL: all */
	const char *floors;  /* names with commas; NULL: those that fit; "none" */
	uint64_t entities;   /* scale: no more than that, */
	uint64_t handles;    /* and that */
	const char *parts;   /* peers: names with commas; NULL: all */
	const char *peers;   /* peers: names with commas; NULL: all that are there */
	const char *out;     /* folder for results as files; NULL: none */
	const char *file[2]; /* compare */
};

/* What the caller does next. */
enum kx_parse {
	KX_PARSE_RUN,
	KX_PARSE_HELP, /* help was printed: exit 0 */
	KX_PARSE_BAD,  /* a complaint that names the option was printed: exit 2 */
};

enum kx_parse kx_options_parse(int argc, char **argv, struct kx_options *options);

#endif /* KX_BENCH_OPTIONS_H */
