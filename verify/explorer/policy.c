/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The waiting policy of the modelled machine (in place of kernel/ipc/wait.c): a
 * few looks, then sleep. How many decides what a call costs, never whether it ends.
 */

#include "sim.h"
#include "wait.h"

void kx_waiter_init(struct kx_waiter *memory)
{
	(void)memory;
}

void kx_waiter_learn(struct kx_waiter *memory, uint32_t looks)
{
	(void)memory;
	(void)looks;
}

void kx_wait_begin(struct kx_wait *wait, struct kx_waiter *memory, uint16_t peer_cpu,
		   bool peer_woken)
{
	(void)peer_cpu;
	(void)peer_woken;
	wait->memory = memory;
	wait->looks = kx_sim_bounds.looks;
}

bool kx_wait_step(struct kx_wait *wait)
{
	if (!wait->looks)
		return false;
	wait->looks--;
	return true;
}

void kx_wait_end(struct kx_wait *wait, bool slept)
{
	(void)wait;
	(void)slept;
}

uint16_t kx_wait_relayed(uint16_t cpu)
{
	return cpu;
}

uint16_t kx_wait_cpu(void)
{
	return 0;
}
