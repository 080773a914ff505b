/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Edges: K3 -> K4 (abi/kx_link.h).
 * Property: the same as bell_no_lost_ring for a request that the kernel process hands
 * down: posted, kbell counted, karm read. The three lines of the kernel process are
 * ring_server() of kernel/relay/relay_post.c.
 */

#include "model.h"

#include "inbox.h"

static bool woken;

static void *kernel(void *unused)
{
	struct kx_down_tag *tag = (struct kx_down_tag *)(void *)down[0].tag;

	tag->listener = 1;
	(void)kx_slot_post(&down[0], 1, true);
	(void)kx_add(&kbell, 1);
	if (kx_load(&karm))
		woken = true;
	return unused;
}

static void *server(void *unused)
{
	(void)server_arms_and_looks();
	return unused;
}

int main(void)
{
	for (unsigned i = 0; i < MODEL_TIMES; i++) {
		inbox_open();
		woken = false;
		model_two_threads(kernel, server);
		model_require(!sleeps_still());
		/* Asleep when kbell changes: then it is woken. */
		model_require(!slept || woken);
	}
	return 0;
}
