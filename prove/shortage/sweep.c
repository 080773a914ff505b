/* SPDX-License-Identifier: Apache-2.0 */
#include "sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often its place came up to the @n-th one; 0: it comes again, later. */
static unsigned long times(const struct kx_sweep *sweep, unsigned long n)
{
	const uint32_t *places = sweep->places;
	unsigned long count = 0;

	for (unsigned long i = n + 1; i < sweep->noted; i++)
		if (places[i] == places[n])
			return 0;
	for (unsigned long i = 0; i <= n; i++)
		count += places[i] == places[n];
	return count;
}

static bool ran_well(struct kx_fault_end end, unsigned long places)
{
	bool well = !end.wrong && !end.refused_start && end.on_record && places;

	if (!well)
		fprintf(stderr, "it does not run without faults either%s%s\n",
			end.on_record ? "" : ": nothing was put on record",
			places ? "" : ": no place for faults was counted");
	return well;
}

bool kx_sweep_note(struct kx_sweep *sweep, struct kx_fault_end end, const uint32_t *places,
		   unsigned long total, unsigned long room)
{
	sweep->total = total;
	if (!ran_well(end, total))
		return false;
	sweep->noted = total < room ? total : room;
	sweep->places = calloc(sweep->noted, sizeof(*places));
	if (!sweep->places)
		return false;
	memcpy(sweep->places, places, sweep->noted * sizeof(*places));
	for (unsigned long n = 0; n < sweep->noted; n++)
		sweep->different += times(sweep, n) > 0;
	return true;
}

bool kx_sweep_count(struct kx_sweep *sweep, struct kx_fault_end end, bool struck)
{
	sweep->faults += struck;
	sweep->missed += !struck;
	sweep->refused += end.refused_start;
	sweep->failures += end.wrong;
	return struck;
}

static bool is_over(const struct kx_sweep *sweep)
{
	return kx_prove_now_ns() >= sweep->limit_ns;
}

/* One from each place, any of those it makes. */
static void go_through_places(struct kx_sweep *sweep)
{
	for (unsigned long n = sweep->noted; n-- > 0 && !is_over(sweep);) {
		unsigned long count = times(sweep, n);

		if (count)
			sweep->tried += sweep->fail_at(sweep, sweep->places[n],
						       1 + kx_random(sweep->campaign, count));
	}
}

void kx_sweep_go(struct kx_sweep *sweep)
{
	go_through_places(sweep);
	for (unsigned long n = sweep->total - kx_random(sweep->campaign, sweep->stride);
	     n > 0 && n <= sweep->total && !is_over(sweep); n -= sweep->stride)
		(void)sweep->fail_at(sweep, 0, n);
}

void kx_sweep_result(struct kx_sweep *sweep, const char *name, const char *what,
		     const char *besides)
{
	sweep->failures += !sweep->faults; /* that would prove nothing */
	kx_result(sweep->campaign, name, "P3,P4,P8", sweep->faults, "faults", sweep->failures,
		  "one %s of a run fails: one from %u of %u places, then about every %lu. of %lu, "
		  "the last ones first; in %llu runs the start was refused, %llu more had no such "
		  "%s%s",
		  what, sweep->tried, sweep->different, sweep->stride, sweep->total,
		  (unsigned long long)sweep->refused, (unsigned long long)sweep->missed, what,
		  besides);
	free(sweep->places);
}
