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
#include "sweep.h"

static struct rig rig;
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

static bool running; /* not over yet */

/* The rig ends this program when something is left behind. */
static void say_where(void)
{
	if (running)
		fprintf(stderr, "allocation %s of %s, status 0x%x:\n%.6000s\n", at, place,
			(unsigned)rig.status, rig.text);
}

static struct kx_fault_end run_here(void *context)
{
	struct kx_fault_end end;

	(void)context;
	running = true;
	end = kx_fault_run(&rig, preload, NULL);
	running = end.wrong;
	say_where();
	running = false;
	return end;
}

static struct kx_fault_end run_with(struct kx_sweep *sweep, uint32_t where, unsigned long n)
{
	(void)snprintf(at, sizeof(at), "%lu", n);
	(void)snprintf(place, sizeof(place), "%u", where);
	atomic_store(&counter->count, 0);
	atomic_store(&counter->struck, 0);
	return kx_fault_apart(sweep->campaign, run_here, NULL);
}

static bool fail_at(struct kx_sweep *sweep, uint32_t where, unsigned long n)
{
	struct kx_fault_end end = run_with(sweep, where, n);

	return kx_sweep_count(sweep, end, atomic_load(&counter->struck) > 0);
}

/* A run without faults says which there are. */
static bool count_allocations(struct kx_sweep *sweep)
{
	struct kx_fault_end end = run_with(sweep, 0, 1ul << 40);

	return kx_sweep_note(sweep, end, counter->places, atomic_load(&counter->count),
			     KX_FAIL_NOTED);
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;
	struct kx_sweep sweep = {.campaign = &campaign, .fail_at = fail_at};

	kx_campaign_begin(&campaign, argc, argv);
	(void)kx_wants(&campaign, "K-04");
	(void)atexit(say_where);
	sweep.stride = kx_by_tier(&campaign, 401, 7, 1);
	sweep.limit_ns = kx_prove_now_ns() + kx_by_tier(&campaign, 20, 90, 7200) * 1000000000u;
	if (!make_counter()) {
		fprintf(stderr, "no memory for a counter\n");
		return 77;
	}
	if (count_allocations(&sweep))
		kx_sweep_go(&sweep);
	kx_sweep_result(&sweep, "K-04", "allocation", " (libseccomp's own are left out)");
	return kx_campaign_end(&campaign);
}
