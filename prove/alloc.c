/* SPDX-License-Identifier: Apache-2.0 */

/*
 * K-04: the n-th allocation of the kernel process fails, for every n until a run has
 * fewer. In tier N all of them, else a part that another seed moves.
 */

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "faults.h"
#include "result.h"

static char at[32];
static char count_path[64];
static atomic_ulong *counter;

static void preload(void)
{
	(void)setenv("LD_PRELOAD", KX_FAIL_ALLOC, 1);
	(void)setenv("KX_FAIL_AT", at, 1);
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

static struct kx_fault_end run_with(struct rig *rig, unsigned long n)
{
	(void)snprintf(at, sizeof(at), "%lu", n);
	atomic_store(counter, 0);
	return kx_fault_run(rig, preload, NULL);
}

int main(int argc, char **argv)
{
	static struct rig rig;
	struct kx_campaign campaign;
	uint64_t failures = 0;
	uint64_t refused = 0;
	uint64_t faults = 0;
	uint64_t limit_ns;
	unsigned long stride;
	unsigned long total;
	unsigned long n;

	kx_campaign_begin(&campaign, argc, argv);
	stride = kx_by_tier(&campaign, 401, 7, 1);
	limit_ns = kx_prove_now_ns() + kx_by_tier(&campaign, 20, 50, 3600) * 1000000000u;
	if (!make_counter()) {
		fprintf(stderr, "no memory for a counter\n");
		return 77;
	}
	if (run_with(&rig, 1ul << 40).wrong) {
		fprintf(stderr, "it does not run without faults either:\n%s\n", rig.text);
		failures++;
	}
	total = atomic_load(counter);
	/* The last ones are those of a running solution. */
	for (n = total - kx_random(&campaign, stride); n > 0 && n <= total; n -= stride) {
		struct kx_fault_end end = run_with(&rig, n);

		faults++;
		refused += end.refused_start;
		failures += end.wrong;
		if (end.wrong)
			fprintf(stderr, "allocation %lu, status 0x%x:\n%.6000s\n", n,
				(unsigned)rig.status, rig.text);
		if (kx_prove_now_ns() > limit_ns)
			break;
	}
	kx_result(&campaign, "K-04", "P3,P4,P8", faults, "faults", failures,
		  "every %lu. of %lu allocations failed, the last ones first, down to %ld; in %llu "
		  "runs the start was refused (libseccomp's own are left out)",
		  stride, total, n > total ? 1 : (long)n, (unsigned long long)refused);
	return kx_campaign_end(&campaign);
}
