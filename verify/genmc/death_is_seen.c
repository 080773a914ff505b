/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Edges: D1 -> D2 (abi/kx_task_page.h).
 * Property: a client that publishes while its server is being buried learns of it: the
 * slot is broken, or the state is read as DEAD. The kernel process's lines are those of
 * kx_channel_close() and kx_channel_region_end().
 */

#include "model.h"

#include "inbox.h"
#include "kx_task_page.h"

static bool learnt;

static void *kernel(void *unused)
{
	kx_store(&channel_state, KX_CHANNEL_DEAD);
	kx_fence();
	kx_slot_poison(&region.slots[0]);
	kx_futex_wake(&region.slots[0].w);
	return unused;
}

static void *client(void *unused)
{
	uint32_t old = kx_slot_post(&region.slots[0], 1, false);

	learnt = KX_SLOT_STATE(old) == KX_SLOT_POISON ||
		 kx_load(&channel_state) != KX_CHANNEL_DIRECT;
	return unused;
}

int main(void)
{
	uint32_t w;

	for (unsigned i = 0; i < MODEL_TIMES; i++) {
		inbox_open();
		learnt = false;
		model_two_threads(kernel, client);
		model_require(learnt || kx_slot_replied(&region.slots[0], 1, &w) == KX_EPEER);
	}
	return 0;
}
