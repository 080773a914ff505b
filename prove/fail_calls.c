/* SPDX-License-Identifier: Apache-2.0 */

/*
 * K-05: a system call of the kernel process that can fail does, with an error that is
 * plausible there. First one from each place that calls, then the n-th one for every n
 * until a run has fewer: in tier N all of them with all errors, else a part that another seed
 * moves. KX_FAIL_AT=n in the environment takes the n-th one alone, with all its errors.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calls.h"
#include "faults.h"
#include "result.h"

struct sweep {
	struct kx_campaign *campaign;
	struct kx_calls *calls; /* of the last run */
	unsigned long total;
	unsigned long stride;
	uint32_t *places; /* of each call of a run without faults */
	unsigned long noted;
	unsigned different; /* of the places */
	unsigned tried;     /* of those */
	uint64_t faults;
	uint64_t missed; /* runs without the call that was to fail */
	uint64_t refused;
	uint64_t failures;
	uint64_t limit_ns;
};

static struct rig rig;
static struct kx_calls *running; /* not over yet */

/* The rig ends the process when something is left behind. */
static void say_where(void)
{
	if (running)
		fprintf(stderr, "call %lu of %08x, %s: %s; status 0x%x:\n%.6000s\n", running->at,
			(unsigned)running->place, kx_call_name(running->number),
			strerror(running->error), (unsigned)rig.status, rig.text);
	running = NULL;
}

struct fault {
	uint32_t place;
	unsigned long at;
	unsigned choice;
};

static struct kx_fault_end run_here(void *context)
{
	const struct fault *fault = context;
	struct kx_fault_end end = {.wrong = true};
	struct kx_calls *calls = kx_calls_open();

	if (!calls)
		return end;
	calls->place = fault->place;
	calls->at = fault->at;
	calls->choice = fault->choice;
	running = calls;
	end = kx_fault_run(&rig, kx_calls_hold, kx_calls_follow);
	end.wrong |= !kx_calls_end();
	if (!end.wrong)
		running = NULL;
	say_where();
	return end;
}

static struct kx_fault_end run_with(struct sweep *sweep, uint32_t place, unsigned long at,
				    unsigned choice)
{
	struct fault fault = {place, at, choice};

	return kx_fault_apart(sweep->campaign, run_here, &fault);
}

/* False: this run had no such call. */
static bool fail_at(struct sweep *sweep, uint32_t place, unsigned long at, unsigned choice)
{
	struct kx_fault_end end = run_with(sweep, place, at, choice);
	bool struck = sweep->calls->number >= 0;

	sweep->faults += struck;
	sweep->missed += !struck;
	sweep->refused += end.refused_start;
	sweep->failures += end.wrong;
	return struck;
}

/* Every choice of the call after the first, if there is time for all. */
static bool fail_in_all_ways(struct kx_campaign *campaign, struct sweep *sweep, uint32_t place,
			     unsigned long at)
{
	unsigned first = (unsigned)kx_random(campaign, 6);

	if (!fail_at(sweep, place, at, first))
		return false;
	for (unsigned i = 1; campaign->tier == KX_TIER_NIGHT && i < sweep->calls->choices; i++)
		(void)fail_at(sweep, place, at, first + i);
	return true;
}

/* One call from each place, any of those it makes. The last places first: those of a running
 * solution. */
static void go_through_places(struct kx_campaign *campaign, struct sweep *sweep)
{
	for (unsigned long n = sweep->noted; n-- > 0;) {
		unsigned long count = kx_fault_times(sweep->places, sweep->noted, n);

		if (!count)
			continue;
		if (kx_prove_now_ns() > sweep->limit_ns)
			return;
		sweep->tried += fail_in_all_ways(campaign, sweep, sweep->places[n],
						 1 + kx_random(campaign, count));
	}
}

/* The last ones first, too. */
static void go_through(struct kx_campaign *campaign, struct sweep *sweep)
{
	const char *only = getenv("KX_FAIL_AT");

	if (only) {
		(void)fail_at(sweep, 0, strtoul(only, NULL, 10), 0);
		for (unsigned i = 1; i < sweep->calls->choices; i++)
			(void)fail_at(sweep, 0, strtoul(only, NULL, 10), i);
		return;
	}
	go_through_places(campaign, sweep);
	for (unsigned long n = sweep->total - kx_random(campaign, sweep->stride);
	     n > 0 && n <= sweep->total && kx_prove_now_ns() < sweep->limit_ns; n -= sweep->stride)
		(void)fail_in_all_ways(campaign, sweep, 0, n);
}

/* A run without faults says which there are. */
static bool count_calls(struct sweep *sweep)
{
	struct kx_fault_end end;

	sweep->calls = kx_calls_open();
	if (!sweep->calls)
		return false;
	end = run_with(sweep, 0, 0, 0);
	sweep->total = sweep->calls->count;
	if (!kx_fault_free(end, sweep->total))
		return false;
	sweep->noted = sweep->total < KX_CALLS_NOTED ? sweep->total : KX_CALLS_NOTED;
	sweep->places = calloc(sweep->noted + 1, sizeof(*sweep->places));
	if (!sweep->places)
		return false;
	memcpy(sweep->places, sweep->calls->places, sweep->noted * sizeof(*sweep->places));
	sweep->different = kx_fault_different(sweep->places, sweep->noted);
	return true;
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;
	struct sweep sweep = {0};

	if (geteuid() != 0) {
		fprintf(stderr, "K-05 needs root: nobody else may trace the kernel process\n");
		return 77;
	}
#ifndef __x86_64__
	fprintf(stderr, "K-05 knows the registers of x86-64 only\n");
	return 77;
#endif
	kx_campaign_begin(&campaign, argc, argv);
	(void)kx_wants(&campaign, "K-05");
	(void)atexit(say_where);
	sweep.campaign = &campaign;
	sweep.stride = kx_by_tier(&campaign, 307, 17, 1);
	sweep.limit_ns = kx_prove_now_ns() + kx_by_tier(&campaign, 20, 120, 14400) * 1000000000u;
	if (count_calls(&sweep))
		go_through(&campaign, &sweep);
	sweep.failures += !sweep.faults; /* that would prove nothing */
	kx_result(&campaign, "K-05", "P3,P4,P8", sweep.faults, "faults", sweep.failures,
		  "one system call of a run fails: one from %u of %u places, then about every "
		  "%lu. of %lu, the last ones first; in %llu runs the start was refused, %llu more "
		  "had no such call",
		  sweep.tried, sweep.different, sweep.stride, sweep.total,
		  (unsigned long long)sweep.refused, (unsigned long long)sweep.missed);
	free(sweep.places);
	return kx_campaign_end(&campaign);
}
