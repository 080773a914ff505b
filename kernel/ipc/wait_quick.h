/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_WAIT_QUICK_H
#define KX_WAIT_QUICK_H

/*
 * The quick look of wait.h, which is all that a call between two cores in use needs, so that it
 * costs no function call; whatever comes after it, or instead, is in wait.c. Include wait.h.
 */

#include <sched.h>
#include <sys/rseq.h>

#include "kx_atomic.h"

#define KX_WAIT_LOOKS 16u

enum kx_wait_stage { KX_WAIT_QUICK, KX_WAIT_SPIN, KX_WAIT_YIELD, KX_WAIT_SLEEP };

/* Set by kx_wait_setup(), the same for all waits of the process. */
struct kx_wait_config {
	uint32_t pauses_per_look;
	bool spin;
	bool may_yield;
	bool may_step; /* more than one processor to run on */
	bool crowded;  /* fewer processors than a relayed call has parties */
};

extern struct kx_wait_config kx_wait_config;

/* The rest of the three functions below. */
void kx_wait_begin_slowly(struct kx_wait *wait, struct kx_waiter *memory, uint16_t peer_cpu,
			  bool peer_woken) __attribute__((cold));
bool kx_wait_step_on(struct kx_wait *wait);
void kx_wait_judge(struct kx_wait *wait, bool slept);
void kx_wait_too_early(struct kx_waiter *memory, uint32_t looks);

/* As sched_getcpu() finds it, which is twice as long with the call. */
static inline uint16_t kx_wait_cpu(void)
{
	const struct rseq *own =
		(const struct rseq *)((const char *)__builtin_thread_pointer() + __rseq_offset);
	int32_t cpu = (int32_t)kx_fetch32(&own->cpu_id);

	/* Below 0: nobody keeps the number up to date, as under valgrind. */
	return (uint16_t)(cpu >= 0 ? cpu : sched_getcpu());
}

static inline void kx_wait_pass(uint32_t pauses)
{
	for (; pauses; pauses--)
		kx_pause();
}

static inline void kx_wait_begin(struct kx_wait *wait, struct kx_waiter *memory, uint16_t peer_cpu,
				 bool peer_woken)
{
	if (!kx_wait_config.spin || peer_woken || peer_cpu == KX_CPU_CROWDED ||
	    peer_cpu == kx_wait_cpu()) {
		kx_wait_begin_slowly(wait, memory, peer_cpu, peer_woken);
		return;
	}
	memory->same_core = 0;
	wait->memory = memory;
	wait->start_ns = 0;
	wait->looks = KX_WAIT_LOOKS;
	wait->stage = KX_WAIT_QUICK;
	wait->yields = false;
	wait->crowded = false;
	wait->quick = memory->first != 0;
}

static inline bool kx_wait_step(struct kx_wait *wait)
{
	if (wait->stage != KX_WAIT_QUICK)
		return kx_wait_step_on(wait);
	kx_wait_pass(wait->quick && wait->looks == KX_WAIT_LOOKS ? wait->memory->first
								 : kx_wait_config.pauses_per_look);
	if (--wait->looks == 0)
		wait->stage = KX_WAIT_SPIN;
	return true;
}

/* Learns from a first look that was in time: one pause earlier after four of them. */
static inline void kx_wait_in_time(struct kx_waiter *memory)
{
	if (++memory->in_time % 4 == 0 && memory->first > 1)
		memory->first--;
}

static inline void kx_wait_end(struct kx_wait *wait, bool slept)
{
	uint32_t looks = KX_WAIT_LOOKS - wait->looks;

	if (wait->quick && looks <= 1)
		kx_wait_in_time(wait->memory);
	else if (wait->quick)
		kx_wait_too_early(wait->memory, looks);
	if (wait->start_ns)
		kx_wait_judge(wait, slept);
}

#endif /* KX_WAIT_QUICK_H */
