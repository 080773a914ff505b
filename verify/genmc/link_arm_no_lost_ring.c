/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Edges: K1 -> K2 (abi/kx_link.h).
 * Property: an entity publishes while the kernel process goes to sleep: either that
 * finds the request, or the entity rings. The kernel process's lines are those of
 * kx_peers_arm(), the entity's those of kx_rt_ring_kernel().
 */

#include "model.h"

#include "kernel/ipc/slot.h"
#include "kx_channel.h"

static struct kx_slot up;
static kx_word link_arm;
static bool rung;
static bool found;

static void *entity(void *unused)
{
	(void)kx_slot_post(&up, 1, false);
	if (kx_load(&link_arm) != KX_ARM_AWAKE)
		rung = true;
	return unused;
}

static void *kernel(void *unused)
{
	kx_store(&link_arm, KX_ARM_RING);
	kx_fence();
	found = KX_SLOT_IS_POSTED(kx_load(&up.w));
	return unused;
}

int main(void)
{
	for (unsigned i = 0; i < MODEL_TIMES; i++) {
		memset(&up, 0, sizeof(up));
		atomic_init(&link_arm, KX_ARM_AWAKE);
		rung = found = false;
		model_two_threads(entity, kernel);
		model_require(rung || found);
	}
	return 0;
}
