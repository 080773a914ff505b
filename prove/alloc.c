/* SPDX-License-Identifier: Apache-2.0 */

/*
 * K-04: an allocation of the kernel process fails. First one from each place that allocates,
 * then the n-th one for every n until a run has fewer: in tier N all of them, else a part
 * that another seed moves.
 */

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fail_alloc.h"
#include "faults.h"
#include "result.h"

struct sweep {
	struct kx_campaign *campaign;
	struct rig rig;
	unsigned long total;
	unsigned long stride;
	uint32_t *places; /* of each allocation of a run without faults */
	unsigned long noted;
	unsigned different; /* of the places */
	unsigned tried;     /* of those */
	uint64_t faults;
	uint64_t missed; /* runs without the allocation that was to fail */
	uint64_t refused;
	uint64_t failures;
	uint64_t limit_ns;
};

static char at[32];
static char place[32];
static char count_path[64];
static struct kx_fail_count *counter;

static void preload(void)
{
	(void)setenv("LD_PRELOAD", KX_FAIL_ALLOC, 1);
	(void)setenv("KX_FAIL_AT", at, 1);
	(void)setenv("KX_FAIL_PLACE", place, 1);
	(void)setenv("KX_FAIL_COUNT", count_path, 1);
}

/* In memory alone, and gone with this process. */
static bool make_counter(void)
{
	int fd = memfd_create("count", 0);

	if (fd < 0 || ftruncate(fd, sizeof(*counter)) != 0)
		return false;
	counter = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	(void)snprintf(count_path, sizeof(count_path), "/proc/%d/fd/%d", (int)getpid(), fd);
	return counter != MAP_FAILED;
}

static struct rig *running; /* not over yet */

/* The rig ends this program when something is left behind. */
static void say_where(void)
{
	if (running)
		fprintf(stderr, "allocation %s of %s, status 0x%x:\n%.6000s\n", at, place,
			(unsigned)running->status, running->text);
}

static struct kx_fault_end run_here(void *context)
{
	struct rig *rig = context;
	struct kx_fault_end end;

	running = rig;
	end = kx_fault_run(rig, preload, NULL);
	if (!end.wrong)
		running = NULL;
	say_where();
	running = NULL;
	return end;
}

static struct kx_fault_end run_with(struct sweep *sweep, uint32_t where, unsigned long n)
{
	(void)snprintf(at, sizeof(at), "%lu", n);
	(void)snprintf(place, sizeof(place), "%u", where);
	atomic_store(&counter->count, 0);
	atomic_store(&counter->struck, 0);
	return kx_fault_apart(sweep->campaign, run_here, &sweep->rig);
}

/* False: this run had no such allocation. */
static bool fail_at(struct sweep *sweep, uint32_t where, unsigned long n)
{
	struct kx_fault_end end = run_with(sweep, where, n);
	bool struck = atomic_load(&counter->struck) > 0;

	sweep->faults += struck;
	sweep->missed += !struck;
	sweep->refused += end.refused_start;
	sweep->failures += end.wrong;
	return struck;
}

/* One from each place, any of those it makes. The last places first: those of a running solution.
 */
static void go_through_places(struct kx_campaign *campaign, struct sweep *sweep)
{
	for (unsigned long n = sweep->noted; n-- > 0;) {
		unsigned long count = kx_fault_times(sweep->places, sweep->noted, n);

		if (!count)
			continue;
		if (kx_prove_now_ns() > sweep->limit_ns)
			return;
		sweep->tried += fail_at(sweep, sweep->places[n], 1 + kx_random(campaign, count));
	}
}

/* A run without faults says which there are. */
static bool count_allocations(struct sweep *sweep)
{
	struct kx_fault_end end = run_with(sweep, 0, 1ul << 40);

	if (!kx_fault_free(end, atomic_load(&counter->count)))
		return false;
	sweep->total = atomic_load(&counter->count);
	sweep->noted = sweep->total < KX_FAIL_NOTED ? sweep->total : KX_FAIL_NOTED;
	sweep->places = calloc(sweep->noted + 1, sizeof(*sweep->places));
	if (!sweep->places)
		return false;
	memcpy(sweep->places, counter->places, sweep->noted * sizeof(*sweep->places));
	sweep->different = kx_fault_different(sweep->places, sweep->noted);
	return true;
}

int main(int argc, char **argv)
{
	static struct sweep sweep;
	struct kx_campaign campaign;

	kx_campaign_begin(&campaign, argc, argv);
	(void)kx_wants(&campaign, "K-04");
	(void)atexit(say_where);
	sweep.campaign = &campaign;
	sweep.stride = kx_by_tier(&campaign, 401, 7, 1);
	sweep.limit_ns = kx_prove_now_ns() + kx_by_tier(&campaign, 20, 90, 7200) * 1000000000u;
	if (!make_counter()) {
		fprintf(stderr, "no memory for a counter\n");
		return 77;
	}
	if (count_allocations(&sweep))
		go_through_places(&campaign, &sweep);
	for (unsigned long n = sweep.total - kx_random(&campaign, sweep.stride);
	     n > 0 && n <= sweep.total && kx_prove_now_ns() < sweep.limit_ns; n -= sweep.stride)
		fail_at(&sweep, 0, n);
	sweep.failures += !sweep.faults; /* that would prove nothing */
	kx_result(&campaign, "K-04", "P3,P4,P8", sweep.faults, "faults", sweep.failures,
		  "one allocation of a run fails: one from %u of %u places, then every %lu. of "
		  "%lu, the last ones first; in %llu runs the start was refused, %llu more had no "
		  "such allocation (libseccomp's own are left out)",
		  sweep.tried, sweep.different, sweep.stride, sweep.total,
		  (unsigned long long)sweep.refused, (unsigned long long)sweep.missed);
	free(sweep.places);
	return kx_campaign_end(&campaign);
}
