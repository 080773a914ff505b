/* SPDX-License-Identifier: Apache-2.0 */

/*
 * K-05: the n-th system call of the kernel process that can fail does, with an error
 * that is plausible there, for every n until a run has fewer. In tier N all of them with
 * all errors, else a part that another seed moves. KX_FAIL_AT=n in the environment takes
 * the n-th one alone, with all its errors.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calls.h"
#include "faults.h"
#include "result.h"

struct sweep {
	struct kx_calls *calls;
	unsigned long total;
	unsigned long stride;
	uint64_t faults;
	uint64_t refused;
	uint64_t failures;
	uint64_t limit_ns;
};

static struct rig rig;
static struct kx_calls *running; /* not over yet */

/* The rig ends this program when something is left behind. */
static void say_where(void)
{
	if (running)
		fprintf(stderr, "call %lu, %s: %s\n", running->at, kx_call_name(running->number),
			strerror(running->error));
}

static struct kx_fault_end run_with(struct sweep *sweep, unsigned long at, unsigned choice)
{
	struct kx_fault_end end = {.wrong = true};

	sweep->calls = kx_calls_open();
	if (!sweep->calls)
		return end;
	sweep->calls->at = at;
	sweep->calls->choice = choice;
	running = sweep->calls;
	end = kx_fault_run(&rig, kx_calls_hold, kx_calls_follow);
	running = NULL;
	end.wrong |= !kx_calls_end();
	return end;
}

static void fail_at(struct sweep *sweep, unsigned long at, unsigned choice)
{
	struct kx_fault_end end = run_with(sweep, at, choice);

	sweep->faults += sweep->calls->number >= 0;
	sweep->refused += end.refused_start;
	sweep->failures += end.wrong;
	if (end.wrong)
		fprintf(stderr, "call %lu, %s: %s; status 0x%x:\n%.6000s\n", at,
			kx_call_name(sweep->calls->number), strerror(sweep->calls->error),
			(unsigned)rig.status, rig.text);
}

/* The last ones first: those of a running solution. */
static void go_through(struct kx_campaign *campaign, struct sweep *sweep)
{
	const char *only = getenv("KX_FAIL_AT");

	if (only) {
		fail_at(sweep, strtoul(only, NULL, 10), 0);
		for (unsigned i = 1; i < sweep->calls->choices; i++)
			fail_at(sweep, strtoul(only, NULL, 10), i);
		return;
	}
	for (unsigned long n = sweep->total - kx_random(campaign, sweep->stride);
	     n > 0 && n <= sweep->total; n -= sweep->stride) {
		unsigned first = (unsigned)kx_random(campaign, 6);

		fail_at(sweep, n, first);
		for (unsigned i = 1; campaign->tier == KX_TIER_NIGHT && i < sweep->calls->choices;
		     i++)
			fail_at(sweep, n, first + i);
		if (kx_prove_now_ns() > sweep->limit_ns)
			break;
	}
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
	(void)atexit(say_where);
	sweep.stride = kx_by_tier(&campaign, 307, 17, 1);
	sweep.limit_ns = kx_prove_now_ns() + kx_by_tier(&campaign, 20, 70, 7200) * 1000000000u;
	if (run_with(&sweep, 0, 0).wrong) {
		fprintf(stderr, "it does not run without faults either:\n%s\n", rig.text);
		sweep.failures++;
	}
	sweep.total = sweep.calls ? sweep.calls->count : 0;
	if (!sweep.failures)
		go_through(&campaign, &sweep);
	kx_result(
		&campaign, "K-05", "P3,P4,P8", sweep.faults, "faults", sweep.failures,
		"one system call of a run fails; about every %lu. of %lu, the last ones first; in "
		"%llu runs the start was refused",
		sweep.stride, sweep.total, (unsigned long long)sweep.refused);
	return kx_campaign_end(&campaign);
}
