/* SPDX-License-Identifier: Apache-2.0 */
#include "wait.h"

#include <sched.h>
#include <time.h>

#define LOOK_NS        40u
#define CAP_NS         50000u
#define FLOOR_NS       (CAP_NS / 64u)
#define LONG_YIELD_NS  100000u
#define CREDIT_NS      2000000u
#define REGAIN         16u
#define NO_YIELD       128u
#define FIRST_NO_YIELD 4u /* of a wait for a third party */
#define STEP_OFF_AFTER 200u
#define STEP_PAUSE_MS  2000u

struct kx_wait_config kx_wait_config = {.pauses_per_look = 4, .spin = true, .may_yield = true};

static uint64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint32_t kx_wait_measure_pause(void)
{
	uint64_t best = UINT64_MAX;

	for (int turn = 0; turn < 8; turn++) {
		uint64_t start = now_ns();
		uint64_t spent;

		for (int i = 0; i < 1000; i++)
			kx_pause();
		spent = now_ns() - start;
		if (spent < best)
			best = spent;
	}
	return best ? (uint32_t)best : 1u; /* nanoseconds per 1000 pauses = picoseconds per pause */
}

uint32_t kx_wait_pauses(uint32_t pause_ps)
{
	uint32_t pauses = (LOOK_NS * 1000u + pause_ps / 2) / pause_ps;

	return pauses ? pauses : 1;
}

void kx_wait_setup(uint32_t pause_ps, bool spin, bool crowded)
{
	int policy = sched_getscheduler(0);
	cpu_set_t cpus;

	if (!pause_ps)
		pause_ps = kx_wait_measure_pause();
	kx_wait_config.pauses_per_look = kx_wait_pauses(pause_ps);
	kx_wait_config.spin = spin;
	kx_wait_config.may_yield = policy != SCHED_FIFO && policy != SCHED_RR;
	kx_wait_config.may_step =
		sched_getaffinity(0, sizeof(cpus), &cpus) == 0 && CPU_COUNT(&cpus) > 1;
	kx_wait_config.crowded = crowded;
}

void kx_waiter_init(struct kx_waiter *memory)
{
	*memory = (struct kx_waiter){.budget_ns = CAP_NS, .step_pause_ms = 1};
}

void kx_waiter_learn(struct kx_waiter *memory, uint32_t looks)
{
	memory->first = kx_wait_config.pauses_per_look;
	memory->most = looks * kx_wait_config.pauses_per_look;
}

uint16_t kx_wait_relayed(uint16_t cpu)
{
	return kx_wait_config.crowded ? KX_CPU_CROWDED : cpu;
}

/* Leaves this processor once: mask it out, mask it back. */
static void step_off(struct kx_waiter *memory, uint64_t now)
{
	cpu_set_t all;
	cpu_set_t others;

	memory->same_core = 0;
	if (!kx_wait_config.may_step || now < memory->step_after_ns)
		return;
	if (sched_getaffinity(0, sizeof(all), &all) != 0 || CPU_COUNT(&all) < 2)
		return;
	others = all;
	CPU_CLR((size_t)sched_getcpu(), &others);
	if (sched_setaffinity(0, sizeof(others), &others) == 0)
		(void)sched_setaffinity(0, sizeof(all), &all);
	memory->step_after_ns = now + (uint64_t)memory->step_pause_ms * 1000000u;
	if (memory->step_pause_ms < STEP_PAUSE_MS)
		memory->step_pause_ms *= 2;
}

/*
 * Learns when the first look pays: one pause later whenever it was too early, one
 * earlier after four that were in time. Far too early is a whole look later if none was
 * in time since the last that was too early, or ever; after one in time it says only
 * that the other side was held up.
 */
void kx_wait_too_early(struct kx_waiter *memory, uint32_t looks)
{
	bool again = memory->in_time == 0;

	memory->in_time = 0;
	memory->first += looks > 3 && again ? kx_wait_config.pauses_per_look : 1;
	if (memory->first > memory->most)
		memory->first = memory->most;
}

void kx_wait_begin_slowly(struct kx_wait *wait, struct kx_waiter *memory, uint16_t peer_cpu,
			  bool peer_woken)
{
	bool here = peer_cpu != KX_CPU_UNKNOWN && peer_cpu == kx_wait_cpu();
	bool spin = kx_wait_config.spin;

	wait->memory = memory;
	wait->start_ns = 0;
	wait->looks = KX_WAIT_LOOKS;
	wait->crowded = peer_cpu == KX_CPU_CROWDED;
	wait->yields = here || peer_woken || wait->crowded;
	wait->quick = spin && !wait->yields && memory->first;
	wait->stage = !spin ? KX_WAIT_SLEEP : wait->yields ? KX_WAIT_YIELD : KX_WAIT_QUICK;
	if (!here)
		memory->same_core = 0;
	else if (++memory->same_core >= STEP_OFF_AFTER)
		step_off(memory, now_ns());
}

/* The quick look is over: find out how much longer looking is worth. */
static bool begin_budget(struct kx_wait *wait, uint64_t now)
{
	struct kx_waiter *memory = wait->memory;

	wait->start_ns = now;
	if (wait->yields) {
		wait->limit_ns = CAP_NS;
		if (kx_wait_config.may_yield && now >= memory->no_yield_until_ns)
			return true;
	} else {
		wait->limit_ns = memory->budget_ns;
		if (!memory->budget_ns && ++memory->sleeps % 64 == 0)
			wait->limit_ns = CAP_NS / 4;
		if (wait->limit_ns)
			return true;
	}
	wait->stage = KX_WAIT_SLEEP;
	return false;
}

/* For how long there is no yielding. What was lost is paid with it. */
static void forbid_yields(struct kx_waiter *memory, uint64_t before_ns, bool crowded)
{
	uint64_t most = NO_YIELD * memory->lost_ns;
	bool again = before_ns - memory->no_yield_until_ns <= memory->forbidden_ns;
	uint64_t ns = again ? 4 * memory->forbidden_ns : FIRST_NO_YIELD * memory->lost_ns;

	memory->forbidden_ns = crowded && ns < most ? ns : most;
	memory->no_yield_until_ns = before_ns + memory->forbidden_ns;
	memory->lost_ns = 0;
}

void kx_waiter_lost(struct kx_waiter *memory, uint64_t before_ns, uint64_t lost_ns, bool crowded)
{
	uint64_t regained = (before_ns - memory->lost_at_ns) / REGAIN;

	if (lost_ns <= LONG_YIELD_NS)
		return;
	memory->lost_ns = lost_ns + (memory->lost_ns > regained ? memory->lost_ns - regained : 0);
	memory->lost_at_ns = before_ns + lost_ns;
	if (memory->lost_ns > CREDIT_NS)
		forbid_yields(memory, before_ns, crowded);
}

static bool step_yield(struct kx_wait *wait)
{
	struct kx_waiter *memory = wait->memory;
	uint64_t before = now_ns();
	uint64_t lost;

	if (!wait->start_ns && !begin_budget(wait, before))
		return false;
	(void)sched_yield();
	lost = now_ns() - before;
	kx_waiter_lost(memory, before, lost, wait->crowded);
	if (before + lost - wait->start_ns > wait->limit_ns)
		wait->stage = KX_WAIT_SLEEP;
	return true;
}

static bool step_spin(struct kx_wait *wait)
{
	uint64_t now = now_ns();

	if (!wait->start_ns && !begin_budget(wait, now))
		return false;
	if (now - wait->start_ns > wait->limit_ns) {
		wait->stage = KX_WAIT_SLEEP;
		return false;
	}
	kx_wait_pass(kx_wait_config.pauses_per_look);
	return true;
}

bool kx_wait_step_on(struct kx_wait *wait)
{
	switch (wait->stage) {
	case KX_WAIT_SPIN:
		return step_spin(wait);
	case KX_WAIT_YIELD:
		return step_yield(wait);
	default:
		return false;
	}
}

void kx_wait_judge(struct kx_wait *wait, bool slept)
{
	struct kx_waiter *memory = wait->memory;

	if (wait->yields)
		return;
	if (!slept || now_ns() - wait->start_ns <= CAP_NS) {
		memory->sleeps = 0;
		memory->budget_ns = memory->budget_ns ? memory->budget_ns * 2 : FLOOR_NS;
		if (memory->budget_ns > CAP_NS)
			memory->budget_ns = CAP_NS;
	} else {
		memory->budget_ns /= 2;
		if (memory->budget_ns < FLOOR_NS)
			memory->budget_ns = 0;
	}
}
