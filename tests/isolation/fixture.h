/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TEST_ISOLATION_FIXTURE_H
#define KX_TEST_ISOLATION_FIXTURE_H

/*
 * Starts one program under one profile, collects what it writes, and waits for
 * its end. Every step that can block has a bound of 20 s.
 */

#include <stddef.h>
#include <sys/types.h>

#include "kernel/isolation/profile.h"
#include "kernel/isolation/spawn.h"

#define FIXTURE_OUTPUT_MAX 65536u

struct fixture_run {
	char output[FIXTURE_OUTPUT_MAX]; /* stdout and stderr, in order */
	int status;                      /* as waitpid() gives it; -1 if it never ended */
};

/* Path of a program built beside the tests. */
const char *fixture_program(const char *name);

/*
 * Runs @argv[0] with @extra descriptors from place 3 on. Returns 0, or a
 * negative errno when the start failed (@run->output then says where).
 */
int fixture_start_and_wait(struct kx_isolation *isolation,
			   const struct kx_isolation_profile *profile, const char *const *argv,
			   const char *const *envp, const int *extra, unsigned int extra_count,
			   struct fixture_run *run);

/* The same with a probed machine, no environment and no extra descriptors. */
int fixture_run_simple(const struct kx_isolation_profile *profile, const char *const *argv,
		       struct fixture_run *run);

/* Waits for the end of a process; kills it after 20 s. Returns its status. */
int fixture_wait(const struct kx_spawned *spawned);

/* Open descriptors of this process. */
size_t fixture_count_fds(void);

/* Children of this process, dead or alive. */
size_t fixture_count_children(void);

#endif /* KX_TEST_ISOLATION_FIXTURE_H */
