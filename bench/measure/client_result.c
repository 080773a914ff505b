/* SPDX-License-Identifier: Apache-2.0 */
#include "client_result.h"

void kx_client_results_clear(struct kx_client_result *results, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		kx_hist_clear(&results[i].hist);
}

void kx_client_results_collect(const struct kx_client_result *results, unsigned count,
			       const struct kx_team *team, struct kx_turn *turn)
{
	uint64_t start = UINT64_MAX;
	uint64_t end = 0;

	kx_hist_clear(&turn->hist);
	for (unsigned i = 0; i < count; i++) {
		kx_hist_merge(&turn->hist, &results[i].hist);
		start = results[i].start_ns < start ? results[i].start_ns : start;
		end = results[i].end_ns > end ? results[i].end_ns : end;
	}
	turn->wall_ns = end - start;
	turn->cpu_ns = team->cpu_ns;
	turn->voluntary = team->voluntary;
	turn->involuntary = team->involuntary;
}
