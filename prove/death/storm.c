/* SPDX-License-Identifier: Apache-2.0 */

/*
 * C-05, C-06 and C-13 on whole solutions (blow.h): each entity is a new process that is
 * created, connected, started, and buried.
 */

#include <stddef.h>

#include "blow.h"
#include "result.h"

int main(int argc, char **argv)
{
	static const char *const names[] = {"C-05", "C-05-relayed", "C-05-sleeping"};
	struct kx_campaign campaign;
	struct kx_outcome outcome;

	kx_campaign_begin(&campaign, argc, argv);
	for (unsigned i = 0; i < (campaign.only ? 3 : kx_by_tier(&campaign, 1, 3, 3)); i++) {
		const struct kx_storm storm = {
			.options = rig_ways[i],
			.seed = kx_random(&campaign, 1u << 30),
			.seconds = (unsigned)kx_by_tier(&campaign, 2, 25, 3600),
		};

		if (!kx_wants(&campaign, names[i]))
			continue;
		kx_blow(&storm, &outcome);
		kx_result(&campaign, names[i], "P1,P2,P3,P4", outcome.deaths, "deaths",
			  outcome.failures,
			  "%u cells of 6 entities; %u told, %u unharmed; %u looks of the oracle; "
			  "kernel process %u -> %u descriptors, %lu -> %lu kB",
			  outcome.cells, outcome.told, outcome.done, outcome.looks,
			  outcome.before.descriptors, outcome.after.descriptors,
			  outcome.before.resident_kb, outcome.after.resident_kb);
	}
	return kx_campaign_end(&campaign);
}
