/* SPDX-License-Identifier: Apache-2.0 */

/*
 * the kernel process with too few descriptors, too little address space, too small
 * files, from next to nothing to enough. Either the solution is not started, with a
 * reason; or it runs, and refuses with a code what it has no room for; never half.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults.h"
#include "result.h"

static struct rig rig;
static int resource;
static rlim_t value;

static void set_limit(void)
{
	const struct rlimit limit = {value, value};

	if (setrlimit(resource, &limit) != 0)
		_exit(98);
}

struct tally {
	uint64_t runs;
	uint64_t refused;
	uint64_t partly;
	uint64_t failures;
};

/* By a code of a kernel call, or of a function of files. */
static bool is_refused_always(void)
{
	static const int errors[] = {EMFILE, ENFILE, ENOMEM, ENOSPC, EFBIG};
	char still[80];

	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		(void)snprintf(still, sizeof(still), " still %s\n", strerror(errors[i]));
		if (strstr(rig.text, still))
			return true;
	}
	return strstr(rig.text, " still 0x9");
}

static void run_with(struct tally *tally, rlim_t limit)
{
	struct kx_fault_end end;
	bool wrong;

	value = limit;
	end = kx_fault_run(&rig, set_limit, NULL);
	/* Something was refused again and again, and all else goes on. */
	wrong = end.wrong &&
		!(is_refused_always() && WIFEXITED(rig.status) && WEXITSTATUS(rig.status) == 0);
	tally->runs++;
	tally->refused += end.refused_start;
	tally->partly += end.wrong && !wrong;
	/* Below that the loader does not find room for the program itself. */
	if (wrong && WIFEXITED(rig.status) && WEXITSTATUS(rig.status) == 127) {
		tally->refused++;
		return;
	}
	tally->failures += wrong || (end.refused_start && !rig.length);
	if (wrong)
		fprintf(stderr, "resource %d, limit %llu: status 0x%x\n%.4000s\n", resource,
			(unsigned long long)limit, (unsigned)rig.status, rig.text);
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;
	struct tally tally = {0};
	rlim_t step;

	kx_campaign_begin(&campaign, argc, argv);
	step = kx_by_tier(&campaign, 16, 5, 1);
	resource = RLIMIT_NOFILE;
	for (rlim_t n = 4 + kx_random(&campaign, step); n < 64; n += step)
		run_with(&tally, n);
	resource = RLIMIT_AS;
	for (rlim_t mb = 24 + kx_random(&campaign, step); mb < 160; mb += 2 * step)
		run_with(&tally, mb << 20);
	resource = RLIMIT_FSIZE;
	for (rlim_t kb = 0; kb < 4096; kb = kb * 4 + 16)
		run_with(&tally, kb << 10);
	kx_result(&campaign, "R-01", "P8,P3,P4", tally.runs, "limits", tally.failures,
		  "descriptors, address space, size of files; %llu times not started, %llu times "
		  "part of the work refused",
		  (unsigned long long)tally.refused, (unsigned long long)tally.partly);
	return kx_campaign_end(&campaign);
}
