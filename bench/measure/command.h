/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_COMMAND_H
#define KX_BENCH_COMMAND_H

/*
 * Runs another program and reads its output line by line, with a time limit.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "place.h"

/* What a line of output means to its reader. */
enum kx_line {
	KX_LINE_MORE, /* go on */
	KX_LINE_DONE, /* the last that was wanted: end the program, all is well */
	KX_LINE_BAD,  /* complained about: end the program, the run failed */
};

struct kx_command {
	const char *name; /* for complaints */
	char *const *argv;
	const struct kx_place *place; /* bound as the broker */
	uint64_t limit_ns;
	enum kx_line (*line)(void *arg, const char *line); /* without its newline */
	void *arg;
	uint64_t grace_ns; /* to end when asked; 0: two seconds */
	pid_t *pid;        /* where to put its process while it runs; may be NULL */
};

/* What a finished command used, all of its reaped children included. */
struct kx_command_use {
	uint64_t cpu_ns;
	uint64_t voluntary;
	uint64_t involuntary;
};

/*
 * Blocks until a line was the last that was wanted: true. False after a
 * complaint if the program ended before that, a line was bad, or the time was
 * over. In every case the program is asked to end (SIGINT) and waited for; if
 * it still runs after its grace it is killed, which makes the result false.
 */
bool kx_command_run(const struct kx_command *command, struct kx_command_use *use);

#endif /* KX_BENCH_COMMAND_H */
