/* SPDX-License-Identifier: Apache-2.0 */
#include "stamp_log.h"

#include <inttypes.h>

#if defined(__x86_64__)
#include <x86intrin.h>
#else
#include <sched.h>
#include <time.h>
#endif

#define EVENTS       65536u
#define PERIOD_SHIFT 25  /* ticks: 16 ms at 2 GHz */
#define WINDOW_SHIFT 22  /* of each period, so much is sampled, */
#define CALLS        32u /* and of that, so many calls */
#define CPU_MASK     0xfffu

struct event {
	uint64_t ticks;
	uint32_t key;
	uint16_t cpu;
	uint16_t point;
};

struct stamp {
	uint64_t ticks;
	uint32_t cpu;
};

/* A party begins with one of its points; what it stamps then is kept or not with that. */
struct party {
	uint64_t period;
	uint32_t left; /* calls to keep in this period */
	bool on;
	struct stamp running; /* the last sleep that ended, ticks 0: none since */
};

static const struct {
	uint8_t party;
	bool begins;
	bool runs;
} points[KX_STAMP_COUNT] = {
	[KX_STAMP_CALL] = {.party = 0, .begins = true},
	[KX_STAMP_POSTED] = {.party = 0},
	[KX_STAMP_RUNG] = {.party = 0},
	[KX_STAMP_AWAKE] = {.party = 0},
	[KX_STAMP_ANSWERED] = {.party = 0},
	[KX_STAMP_DONE] = {.party = 0},
	[KX_STAMP_RUNNING] = {.party = 1, .runs = true},
	[KX_STAMP_TAKEN] = {.party = 1, .begins = true},
	[KX_STAMP_RECEIVED] = {.party = 1},
	[KX_STAMP_REPLY] = {.party = 1},
	[KX_STAMP_REPLIED] = {.party = 1},
	[KX_STAMP_WOKE] = {.party = 1},
	[KX_STAMP_K_RUNNING] = {.party = 2, .runs = true},
	[KX_STAMP_K_TAKEN] = {.party = 2, .begins = true},
	[KX_STAMP_K_JUDGED] = {.party = 2},
	[KX_STAMP_K_POSTED] = {.party = 2},
	[KX_STAMP_K_RUNG] = {.party = 2},
	[KX_STAMP_K_REPLY] = {.party = 3, .begins = true},
	[KX_STAMP_K_APPROVED] = {.party = 3},
	[KX_STAMP_K_ANSWERED] = {.party = 3},
	[KX_STAMP_K_WOKE] = {.party = 3},
};

static struct {
	bool keeps;
	uint32_t count;
	struct party party[4];
	struct event event[EVENTS];
} stamps;

static inline struct stamp now(void)
{
	struct stamp stamp;
#if defined(__x86_64__)
	/* Everything before it is done; the number of the processor comes with it. */
	stamp.ticks = __rdtscp(&stamp.cpu);
	stamp.cpu &= CPU_MASK;
#else
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	stamp.ticks = (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
	stamp.cpu = (uint32_t)sched_getcpu();
#endif
	return stamp;
}

static inline void keep(enum kx_stamp point, uint32_t key, struct stamp stamp)
{
	if (stamps.count < EVENTS)
		stamps.event[stamps.count++] = (struct event){
			.ticks = stamp.ticks,
			.key = key,
			.cpu = (uint16_t)stamp.cpu,
			.point = (uint16_t)point,
		};
}

/* Is the call that begins now one of those to keep? */
static bool sampled(struct party *party, uint64_t ticks)
{
	uint64_t period = ticks >> PERIOD_SHIFT;

	if (period != party->period) {
		party->period = period;
		party->left = CALLS;
	}
	if ((ticks - (period << PERIOD_SHIFT)) >> WINDOW_SHIFT != 0 || !party->left)
		return false;
	party->left--;
	return true;
}

/* The sleep that ended before this request was found. The kernel process wakes up for both halves.
 */
static void keep_running(const struct party *at)
{
	struct party *sleeper = &stamps.party[at == &stamps.party[1] ? 1 : 2];

	if (sleeper->running.ticks && at->on)
		keep(sleeper == &stamps.party[1] ? KX_STAMP_RUNNING : KX_STAMP_K_RUNNING, 0,
		     sleeper->running);
	sleeper->running.ticks = 0;
}

void kx_stamp(enum kx_stamp point, uint32_t key)
{
	struct party *party = &stamps.party[points[point].party];
	struct stamp stamp;

	if (!stamps.keeps)
		return;
	if (points[point].runs) {
		party->running = now();
		return;
	}
	if (!points[point].begins && !party->on)
		return;
	stamp = now();
	if (points[point].begins) {
		party->on = sampled(party, stamp.ticks);
		if (point != KX_STAMP_CALL)
			keep_running(party);
	}
	if (party->on)
		keep(point, key, stamp);
}

void kx_stamps_start(void)
{
	stamps.count = 0;
	stamps.keeps = true;
}

bool kx_stamps_print(FILE *out)
{
	stamps.keeps = false;
	for (uint32_t i = 0; i < stamps.count; i++) {
		const struct event *event = &stamps.event[i];

		fprintf(out, KX_STAMP_LINE " %x %x %" PRIx32 " %" PRIx64 "\n", event->point,
			event->cpu, event->key, event->ticks);
	}
	return fflush(out) == 0 && !ferror(out);
}

static uint64_t time_of(uint32_t rounds)
{
	uint64_t start = now().ticks;

	for (uint32_t i = 0; i < rounds; i++)
		kx_stamp(KX_STAMP_POSTED, i);
	return now().ticks - start;
}

/* The best of three: the first of them touches fresh memory. */
uint64_t kx_stamps_cost(void)
{
	const uint32_t rounds = 1000;
	uint64_t best = UINT64_MAX;

	stamps.keeps = true;
	stamps.party[0].on = true;
	for (int turn = 0; turn < 3; turn++) {
		uint64_t spent;

		stamps.count = 0;
		spent = time_of(rounds);
		best = spent < best ? spent : best;
	}
	stamps.keeps = false;
	stamps.party[0].on = false;
	return best * 100 / rounds;
}
