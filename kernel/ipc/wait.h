/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_WAIT_H
#define KX_WAIT_H

/*
 * How long to look before sleeping. Nothing here affects correctness: a wait
 * ends in a sleep on a futex, and the order of steps only decides what it costs.
 *
 *   1  quick look: 16 looks about 50 ns apart (not if the other side was last on
 *      this core, or had to be woken). The first one comes when the answer came the
 *      last times, for a look that is too early takes the cache line away from the
 *      side that is about to write it, and costs more than a late one
 *   2  other side elsewhere: go on looking up to a learnt budget of at most 50 us
 *   3  other side on this core, or just woken: yield and look, up to 50 us; no
 *      longer if strangers run here (kx_waiter_lost); never under a real-time scheduler
 *   4  sleep
 *
 * A client that found the server on its own core 200 times in a row steps off
 * that core once, at most every 1 ms to 2 s.
 *
 * struct kx_waiter is the memory from one wait to the next: private to a thread,
 * or used by one thread at a time. Where two threads do share one, only the
 * learning suffers.
 */

#include <stdbool.h>
#include <stdint.h>

struct kx_waiter {
	uint32_t budget_ns;     /* what looking is worth at present */
	uint32_t first;         /* learnt: pauses before the first look; 0: not learnt */
	uint32_t most;          /* of them */
	uint32_t in_time;       /* first looks in a row that found the answer */
	uint32_t sleeps;        /* sleeps since the budget fell to 0: every 64th tries again */
	uint32_t same_core;     /* waits in a row with the other side on this core */
	uint32_t step_pause_ms; /* least time between two steps off a core */
	uint64_t step_after_ns; /* no stepping off before */
	uint64_t lost_ns;       /* to long yields, less what was regained since */
	uint64_t lost_at_ns;
	uint64_t no_yield_until_ns;
	uint64_t forbidden_ns; /* how long there was no yielding the last time */
};

struct kx_wait {
	struct kx_waiter *memory;
	uint64_t start_ns; /* end of the quick look */
	uint32_t looks;    /* left in the quick look */
	uint32_t limit_ns;
	uint8_t stage;
	bool yields;
	bool crowded; /* for a third party, on a machine without a core for each */
	bool quick;   /* began with the quick look */
};

#define KX_CPU_UNKNOWN UINT16_MAX
/* Behind the other side stands a third one, and there are not cores for all: yield. */
#define KX_CPU_CROWDED (UINT16_MAX - 1)

/*
 * Once per process, before the first wait. @pause_ps: length of a pause
 * instruction in picoseconds, 0 to measure it here. @spin false: always sleep.
 * @crowded: the machine has fewer cores than a relayed call has parties.
 */
void kx_wait_setup(uint32_t pause_ps, bool spin, bool crowded);

/*
 * Pauses of @pause_ps each from one look to the next, at least one: to the nearest, since one
 * that takes about 20 ns, and is measured at 19.7 or 20.4, must not be two now and one then.
 */
uint32_t kx_wait_pauses(uint32_t pause_ps);

/* Measures a pause instruction: picoseconds. Takes about 0.2 ms. */
uint32_t kx_wait_measure_pause(void);

void kx_waiter_init(struct kx_waiter *memory);

/*
 * From now on @memory also learns when to look first, at most @looks looks late. For one side
 * of a pair these may be many; the other must stop soon, for two that wait the longer the
 * longer the other waits would never stop.
 */
void kx_waiter_learn(struct kx_waiter *memory, uint32_t looks);

/*
 * A yield at @before_ns took @lost_ns. Over 100 us is long: the processor's own work (a
 * tick, a kernel call of this pair) costs that now and then, a stranger who stays costs
 * it again and again, or a whole slice at once. So a sixteenth of the time may be lost,
 * and 2 ms in advance; if more is, there is no yielding for 128 times what was lost.
 * @crowded: 4 times at first, and four times the last time if that is not long over: a
 * sleep then costs two of the three parties more than it costs a pair, and one slice of a
 * program that starts must not forbid yields for half a second.
 */
void kx_waiter_lost(struct kx_waiter *memory, uint64_t before_ns, uint64_t lost_ns, bool crowded);

/*
 * For a wait on a relayed message, which three parties take part in: @cpu, or
 * KX_CPU_CROWDED on a machine with fewer cores than that, where whoever spins
 * keeps the core from the one it waits for.
 */
uint16_t kx_wait_relayed(uint16_t cpu);

/*
 * kx_wait_begin  @peer_cpu: where the other side ran last; @peer_woken: it was just woken for this
 * kx_wait_step   passes a little time. True: look (again); false: go to sleep. Also before the
 *                first look
 * kx_wait_end    what was waited for has come. @slept: it was waited for asleep
 * kx_wait_cpu    the processor this thread runs on, as the other side will read it
 */
#if defined(KX_ATOMICS_EXPLORER) || defined(KX_MODEL_INBOX_H)
/* Models bring their own. */
void kx_wait_begin(struct kx_wait *wait, struct kx_waiter *memory, uint16_t peer_cpu,
		   bool peer_woken);
bool kx_wait_step(struct kx_wait *wait);
void kx_wait_end(struct kx_wait *wait, bool slept);
uint16_t kx_wait_cpu(void);
#else
#include "wait_quick.h"
#endif

#endif /* KX_WAIT_H */
