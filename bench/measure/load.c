/* SPDX-License-Identifier: Apache-2.0 */
#include "load.h"

#include <stdatomic.h>

static int busy(void *arg)
{
	const int *core = arg;

	if (*core != KX_PLACE_NONE && !kx_place_bind_core(*core))
		return 1;
	for (;;)
		atomic_signal_fence(memory_order_seq_cst); /* keeps the loop */
}

bool kx_load_start(struct kx_load *load, const struct kx_config *config)
{
	unsigned parties = config->relay ? 3 : 2;
	unsigned cores = kx_place_cores(&config->place, parties);

	load->team.name = "load";
	for (unsigned i = 0; i < cores * config->load; i++) {
		int core = config->place.kind == KX_PLACE_FREE
				   ? KX_PLACE_NONE
				   : kx_place_core(&config->place, parties, i % cores);

		if (!kx_team_spawn(&load->team, "busy loop", KX_MEMBER_STAYS, busy, &core))
			return false;
	}
	return true;
}

void kx_load_stop(struct kx_load *load)
{
	kx_team_end(&load->team);
}
