/* SPDX-License-Identifier: Apache-2.0 */

/*
 * K-08 at chosen places: the kernel process aborts where it comes to an operation on a shared
 * word for the first time, once for each place of its code that has one, while entities do one
 * of everything: calls direct and relayed, handles, kernel calls, ends. Each time all of them
 * must be gone soon, and nothing left (files that it kept for them: K-02-files). Every place from
 * tier P on; in tier T a part that another seed moves.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "result.h"
#include "rig.h"

#define SLOWEST 1000000000ull /* ns */

struct tally {
	uint64_t deaths;
	uint64_t failures;
	uint64_t sum_ns; /* from the end of the kernel process until no process was left */
	uint64_t slowest_ns;
};

static char site[24];

static void set_site(void)
{
	(void)setenv("KX_POINT_SITE", site, 1);
	(void)setenv("KX_POINT_DO", "abort", 1);
}

/* True once the kernel process has ended, which it may do before or after the entities are done. */
static bool has_ended(struct rig *rig)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)rig->kernel, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == rig->kernel;
}

static bool wait_for_the_end(struct rig *rig)
{
	uint64_t limit = kx_prove_now_ns() + 20 * SLOWEST;

	while (!has_ended(rig) && kx_prove_now_ns() < limit)
		if (rig_wait_ms(rig, "PASS patient", 1, 1))
			break;
	return has_ended(rig);
}

static void await_nobody(struct rig *rig, struct tally *tally)
{
	uint64_t start = kx_prove_now_ns();
	uint64_t took;

	while (rig_processes(rig->folder) && kx_prove_now_ns() - start < 10 * SLOWEST)
		(void)usleep(200); /* no parent of ours to wait as */
	took = kx_prove_now_ns() - start;
	tally->sum_ns += took;
	if (took > tally->slowest_ns)
		tally->slowest_ns = took;
	if (took > SLOWEST) {
		fprintf(stderr, "site %s: %u processes are left\n%s\n", site,
			rig_processes(rig->folder), rig->text);
		tally->failures++;
	}
}

/* False: all was done and no such place was come to. */
static bool abort_at(unsigned long place, struct tally *tally)
{
	static const char *const entities[] = {"server t.Server storm server",
					       "client t.Client patient client", NULL};
	static const char *const options[] = {"--spin=off", NULL};
	static struct rig rig;
	bool aborted;

	(void)snprintf(site, sizeof(site), "%lu", place);
	rig_image(&rig, entities, NULL, "security.so");
	rig_child = set_site;
	rig_start(&rig, options);
	rig_child = NULL;
	if (wait_for_the_end(&rig))
		await_nobody(&rig, tally);
	else
		(void)kill(rig.kernel, SIGTERM); /* and what it does then */
	if (!rig_wait_end(&rig))
		tally->failures++;
	rig_end(&rig);
	aborted = WIFSIGNALED(rig.status) && WTERMSIG(rig.status) == SIGABRT;
	if (rig_count(&rig, "FAIL ") || (!aborted && WIFSIGNALED(rig.status))) {
		fprintf(stderr, "site %s: status 0x%x\n%s\n", site, (unsigned)rig.status, rig.text);
		tally->failures++;
	}
	tally->deaths += aborted;
	return aborted;
}

/* Every @stride-th place, from a random one on; returns how many there are. */
static unsigned long go_through(struct kx_campaign *campaign, unsigned long stride,
				struct tally *tally)
{
	unsigned long place = kx_random(campaign, stride);

	while (abort_at(place, tally) && !tally->failures)
		place += stride;
	return place;
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;
	struct tally tally = {0};
	unsigned long stride;
	unsigned long places = 0;
	uint64_t rounds;

	kx_campaign_begin(&campaign, argc, argv);
	stride = kx_by_tier(&campaign, 11, 1, 1);
	rounds = kx_by_tier(&campaign, 1, 1, 30);
	for (uint64_t i = 0; i < rounds && !tally.failures; i++)
		places = go_through(&campaign, stride, &tally);
	tally.failures += tally.deaths < rounds; /* it has more places than that */
	kx_result(&campaign, "K-08-places", "P7,P4", tally.deaths, "deaths", tally.failures,
		  "at %s of %lu places of its code, when first come to; nobody left after "
		  "%.1f ms (mean), %.1f ms (slowest)",
		  stride == 1 ? "each" : "a part", places,
		  (double)tally.sum_ns / 1e6 / (double)(tally.deaths + !tally.deaths),
		  (double)tally.slowest_ns / 1e6);
	return kx_campaign_end(&campaign);
}
