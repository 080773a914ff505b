/* SPDX-License-Identifier: Apache-2.0 */

/*
 * S-10: the storm (blow.h) with random delays before the operations on shared words, in
 * the kernel process and in all entities: another order of things with each seed. Built
 * with the killpoint variant of kernel/ipc, where generations come round as well.
 * Beside it a client and a server that nobody else calls or ends: a wake-up that is lost
 * between these two is made good by nobody, where in a cell the next client rings; and what the
 * client is told of a death is wrong.
 */

#include <stdio.h>
#include <stdlib.h>

#include "blow.h"
#include "result.h"

static char seed_text[40];

static void dawdle(void)
{
	(void)setenv("KX_POINT_SEED", seed_text, 1);
}

int main(int argc, char **argv)
{
	static const char *const pair[] = {"server t.Server storm server",
					   "c t.Client CALLS=1000000000 ALONE=1 storm client",
					   NULL};
	struct kx_campaign campaign;
	struct kx_outcome sum = {0};
	uint64_t seeds = 0;
	uint64_t wanted;

	kx_campaign_begin(&campaign, argc, argv);
	wanted = kx_by_tier(&campaign, 1, 6, 200);
	for (; seeds < wanted && !sum.failures; seeds++) {
		unsigned seed = 1 + (unsigned)kx_random(&campaign, 1u << 30);
		char env[60];
		const struct kx_storm storm = {
			.options = seeds % 2 ? rig_sleeping : rig_direct,
			.beside = pair,
			.env = env,
			.prepare = dawdle,
			.seed = seed,
			.seconds = (unsigned)kx_by_tier(&campaign, 1, 3, 20),
		};
		struct kx_outcome outcome;

		(void)snprintf(seed_text, sizeof(seed_text), "%u", seed);
		(void)snprintf(env, sizeof(env), "KX_POINT_SEED=%u", seed);
		kx_blow(&storm, &outcome);
		sum.deaths += outcome.deaths;
		sum.cells += outcome.cells;
		sum.failures += outcome.failures;
	}
	kx_result(&campaign, "S-10", "P1,P2,P3,P4", sum.deaths, "deaths", sum.failures,
		  "%llu seeds of delays in everybody; %u cells of 6 entities",
		  (unsigned long long)seeds, sum.cells);
	return kx_campaign_end(&campaign);
}
