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
#include "sweep.h"

static struct rig rig;
static struct kx_calls *calls;   /* of the last run */
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
	struct kx_calls *own = kx_calls_open();

	if (!own)
		return end;
	own->place = fault->place;
	own->at = fault->at;
	own->choice = fault->choice;
	running = own;
	end = kx_fault_run(&rig, kx_calls_hold, kx_calls_follow);
	end.wrong |= !kx_calls_end();
	if (!end.wrong)
		running = NULL;
	say_where();
	return end;
}

static struct kx_fault_end run_with(struct kx_sweep *sweep, uint32_t place, unsigned long at,
				    unsigned choice)
{
	struct fault fault = {place, at, choice};

	return kx_fault_apart(sweep->campaign, run_here, &fault);
}

static bool fail_in(struct kx_sweep *sweep, uint32_t place, unsigned long at, unsigned choice)
{
	struct kx_fault_end end = run_with(sweep, place, at, choice);

	return kx_sweep_count(sweep, end, calls->number >= 0);
}

/* In one way, at night in all those that the call has. */
static bool fail_at(struct kx_sweep *sweep, uint32_t place, unsigned long at)
{
	unsigned first = (unsigned)kx_random(sweep->campaign, 6);

	if (!fail_in(sweep, place, at, first))
		return false;
	for (unsigned i = 1; sweep->campaign->tier == KX_TIER_NIGHT && i < calls->choices; i++)
		(void)fail_in(sweep, place, at, first + i);
	return true;
}

static void fail_only(struct kx_sweep *sweep, unsigned long at)
{
	(void)fail_in(sweep, 0, at, 0);
	for (unsigned i = 1; i < calls->choices; i++)
		(void)fail_in(sweep, 0, at, i);
}

/* A run without faults says which there are. */
static bool count_calls(struct kx_sweep *sweep)
{
	struct kx_fault_end end;

	calls = kx_calls_open();
	if (!calls)
		return false;
	end = run_with(sweep, 0, 0, 0);
	return kx_sweep_note(sweep, end, calls->places, calls->count, KX_CALLS_NOTED);
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;
	struct kx_sweep sweep = {.campaign = &campaign, .fail_at = fail_at};
	const char *only = getenv("KX_FAIL_AT");

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
	sweep.stride = kx_by_tier(&campaign, 307, 17, 1);
	sweep.limit_ns = kx_prove_now_ns() + kx_by_tier(&campaign, 20, 120, 14400) * 1000000000u;
	if (count_calls(&sweep)) {
		if (only)
			fail_only(&sweep, strtoul(only, NULL, 10));
		else
			kx_sweep_go(&sweep);
	}
	kx_sweep_result(&sweep, "K-05", "system call", "");
	return kx_campaign_end(&campaign);
}
