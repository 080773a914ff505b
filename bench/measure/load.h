/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_LOAD_H
#define KX_BENCH_LOAD_H

/*
 * Strangers: busy loops on every core that the parties use (on no core in
 * particular, but as many, if the placement is free).
 */

#include <stdbool.h>

#include "config.h"
#include "team.h"

struct kx_load {
	struct kx_team team;
};

/* Starts @config->load loops per core. False after a complaint. */
bool kx_load_start(struct kx_load *load, const struct kx_config *config);

/* Ends them; also what kx_load_start() began and did not finish. */
void kx_load_stop(struct kx_load *load);

#endif /* KX_BENCH_LOAD_H */
