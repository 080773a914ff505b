/* SPDX-License-Identifier: Apache-2.0 */

/*
 * V-07: store buffering on this machine. Two threads, each on a processor of its own, store to one
 * word and load the other's. With plain stores and loads both may read the old value, and this
 * machine must be seen to do that, or the rest says nothing; with kx_store() and kx_load(), on
 * which no wake-up of the hand-off is lost, never.
 */

#include <pthread.h>
#include <sched.h>
#include <stdio.h>

#include "kx_atomic.h"
#include "result.h"

struct place {
	_Alignas(128) kx_word word;
};

#define BATCH 1024u /* rounds between two meetings */

static struct place words[2][BATCH];
static uint8_t seen[2][BATCH];
static struct place meetings[2]; /* of each thread */
static uint64_t batches;
static bool ordered;
static int processors[2];

static void run_on(int processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
}

/* Both are there; whoever waits lets others run, should there be only one processor for both. */
static void meet(unsigned me)
{
	uint32_t number = atomic_fetch_add(&meetings[me].word, 1) + 1;

	for (unsigned looks = 1; atomic_load(&meetings[!me].word) < number; looks++)
		if (looks % 1024 == 0)
			(void)sched_yield();
}

static uint32_t store_and_load(kx_word *own, kx_word *other)
{
	if (ordered) {
		kx_store(own, 1);
		return kx_load(other);
	}
	atomic_store_explicit(own, 1, memory_order_relaxed);
	return atomic_load_explicit(other, memory_order_relaxed);
}

/* Rounds that both missed, of one batch. */
static unsigned play_batch(unsigned me)
{
	unsigned missed = 0;

	for (unsigned i = 0; i < BATCH; i++)
		atomic_store_explicit(&words[me][i].word, 0, memory_order_relaxed);
	meet(me);
	for (unsigned i = 0; i < BATCH; i++)
		seen[me][i] = (uint8_t)store_and_load(&words[me][i].word, &words[!me][i].word);
	meet(me);
	for (unsigned i = 0; i < BATCH; i++)
		missed += !seen[0][i] && !seen[1][i];
	meet(me);
	return missed;
}

static void *play(void *number)
{
	unsigned me = (unsigned)(size_t)number;
	uint64_t missed = 0;

	run_on(processors[me]);
	for (uint64_t i = 0; i < batches; i++)
		missed += play_batch(me);
	return (void *)(size_t)missed;
}

static uint64_t race(bool with_order)
{
	pthread_t other;
	void *missed;

	ordered = with_order;
	atomic_store(&meetings[0].word, 0);
	atomic_store(&meetings[1].word, 0);
	if (pthread_create(&other, NULL, play, (void *)1) != 0)
		return UINT64_MAX;
	missed = play((void *)0);
	(void)pthread_join(other, NULL);
	return (uint64_t)(size_t)missed;
}

static bool has_two_processors(void)
{
	unsigned found = 0;
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return false;
	for (int i = 0; i < CPU_SETSIZE && found < 2; i++)
		if (CPU_ISSET(i, &set))
			processors[found++] = i;
	return found == 2;
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;
	uint64_t plain;
	uint64_t failures;

	kx_campaign_begin(&campaign, argc, argv);
	if (!has_two_processors()) {
		fprintf(stderr, "V-07 needs two processors\n");
		return 77;
	}
	(void)kx_wants(&campaign, "V-07");
	batches = kx_by_tier(&campaign, 200, 1000, 3000);
	plain = race(false);
	failures = race(true);
	if (!plain && !failures)
		kx_result(&campaign, "V-07", "P1", 0, "rounds", 0,
			  "this machine does not show what plain stores and loads may do");
	else
		kx_result(&campaign, "V-07", "P1", 2 * BATCH * batches, "rounds", failures,
			  "of store buffering: both missed in %llu with plain stores and loads, in "
			  "%llu with those of the hand-off",
			  (unsigned long long)plain, (unsigned long long)failures);
	return kx_campaign_end(&campaign);
}
