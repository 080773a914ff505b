/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Edges: W1 -> W2 (abi/kx_channel.h).
 * Property: a server that arms, looks, finds nothing and sleeps is woken by a client
 * that publishes at the same time: the bell it sleeps on has another value.
 */

#include "model.h"

#include "inbox.h"

static void *client(void *unused)
{
	const struct kx_port port = {.arm = &region.arm, .bell = &region.bell};

	(void)kx_slot_post(&region.slots[0], 1, false);
	(void)ring_if_armed(&port);
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
		model_two_threads(client, server);
		model_require(!sleeps_still());
	}
	return 0;
}
