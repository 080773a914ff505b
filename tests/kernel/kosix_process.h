/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KOSIX_PROCESS_H
#define KX_KOSIX_PROCESS_H

/*
 * One `kosix` at a time as a child, with what it prints. Its program folder has
 * kernel_actor as "actor". Every process it leaves behind becomes our child, so that
 * finish() finds it.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

#define OUTPUT_MAX 65536

struct running {
	pid_t pid;
	int out;
	int err;
	char out_text[OUTPUT_MAX];
	char err_text[OUTPUT_MAX];
	size_t out_used;
	size_t err_used;
	int status; /* exit status, or 128 + signal */
};

extern struct running kosix;

/* An init.yaml with one entity, or with the pair C -> S over the channel "ch". */
#define ONE(args) "entities:\n- {name: test.One, path: actor, args: [" args "]}\n"
#define PAIR(client, server)                                                                       \
	"entities:\n- {name: C, path: actor, args: [" client                                       \
	"], connections: [{target: S, id: ch}]}\n- {name: S, path: actor, args: [" server          \
	"], connections: [{target: C, id: back}]}\n"

/* For a group: the folder, and the folder's end. */
int kosix_setup(void **state);
int kosix_teardown(void **state);

/* Puts a program of the build into the folder as @name. */
void put_program(const char *program, const char *name);

/* Options for the next runs, by the environment. */
void more_args(const char *text);

/* Starts `kosix ARGS...`, leader of a process group of its own. */
void start(const char *const *args);
/* The same with a copy of it. */
void start_program(const char *program, const char *const *args);

/* Reads a little more; returns false when both outputs have ended. */
bool read_more(void);

void wait_for_output(const char *text);

/* Waits for the end; fails if a process is left. */
void finish(void);

/* `kosix run` from start to end with at most two options. */
void run(const char *yaml, const char *option, const char *more);

void err_says(const char *text);

#endif /* KX_KOSIX_PROCESS_H */
