/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_CLIENT_RESULT_H
#define KX_BENCH_CLIENT_RESULT_H

/*
 * What one client of a turn leaves in memory it shares with the parent. Each is
 * written by its client alone, and read when that has ended.
 */

#include "subject.h"
#include "team.h"

struct kx_client_result {
	_Alignas(128) uint64_t start_ns; /* first call begun */
	uint64_t end_ns;                 /* last call ended */
	struct kx_hist hist;
};

void kx_client_results_clear(struct kx_client_result *results, unsigned count);

/* The turn that @count clients had, and what the ended processes of @team used. */
void kx_client_results_collect(const struct kx_client_result *results, unsigned count,
			       const struct kx_team *team, struct kx_turn *turn);

#endif /* KX_BENCH_CLIENT_RESULT_H */
