/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_SOLUTION_H
#define KX_BENCH_SOLUTION_H

/*
 * The solution that is measured, as files: an init description (who is there
 * and who is connected to whom), class descriptors (what the messages look
 * like), and the image made of both and of the entities' programs.
 *
 *   pairs x echo   server, one for --clients callers and all idle ones
 *   caller         clients x pairs of them, and the idle ones
 *   gate           lets callers through when all have arrived
 */

#include <stdbool.h>

#include "config.h"
#include "scratch.h"

/* The programs of a run; those of entities come before the kernel process's. */
enum kx_program {
	KX_PROGRAM_CALLER,
	KX_PROGRAM_ECHO,
	KX_PROGRAM_GATE,
	KX_PROGRAM_PROBER,
	KX_PROGRAM_KERNEL,
	KX_PROGRAM_COUNT,
};

/* The file name of a program; with config->stamped, of the one that stamps if there is one. */
const char *kx_program_name(const struct kx_config *config, enum kx_program program);

/* Programs beside this one: "kosix-kernel", "kosix-image", "kosix-bench-caller", ... */
#define KX_PROGRAM_PATH (PATH_MAX + 64)

/* Path of the program @name in the folder of this program. False: not found. */
bool kx_program_path(const char *name, char *path);

/*
 * Writes everything for @config into @scratch and makes the image "solution"
 * there. Blocks for as long as kosix-image runs. False after a complaint.
 */
bool kx_solution_make(const struct kx_config *config, const struct kx_scratch *scratch);

/* The init description of `scale` (scale_solution.c): groups of idle clients, victims, a prober. */
bool kx_scale_write_init(const struct kx_config *config, const char *path);

#endif /* KX_BENCH_SOLUTION_H */
