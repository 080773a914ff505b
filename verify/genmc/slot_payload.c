/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Edges: P1 -> P2, S1 -> S2 (abi/kx_slot.h).
 * Property: two calls in a row over one slot; the server sees each request whole, the
 * client each reply, and nothing is read while the other side may write it.
 */

#include "model.h"

#include "kernel/ipc/slot.h"

#define CALLS 2u

static struct kx_slot slot;

static bool take(uint32_t *gen)
{
	return kx_slot_take(&slot, gen) == KX_OK;
}

static bool replied(uint32_t gen)
{
	uint32_t w;

	return kx_slot_replied(&slot, gen, &w) == KX_OK;
}

static void *client(void *unused)
{
	for (uint32_t call = 1; call <= CALLS; call++) {
		slot.bytes[0] = (uint8_t)call;
		(void)kx_slot_post(&slot, call, false);
		model_await(replied(call));
		model_require(slot.bytes[0] == 10 + call);
	}
	return unused;
}

static void *server(void *unused)
{
	uint32_t gen;
	bool wake;

	for (uint32_t call = 1; call <= CALLS; call++) {
		model_await(take(&gen));
		model_require(gen == call && slot.bytes[0] == call);
		slot.bytes[0] = (uint8_t)(10 + call);
		model_require(kx_slot_reply(&slot, gen, &wake) == KX_OK);
	}
	return unused;
}

int main(void)
{
	for (unsigned i = 0; i < MODEL_TIMES; i++) {
		memset(&slot, 0, sizeof(slot));
		model_two_threads(client, server);
	}
	return 0;
}
