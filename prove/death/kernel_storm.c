/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The kernel process ends at a random moment under full load, with everybody else
 * (C-06, K-01 at random), or by an assertion of its own (K-08), or is told to end (K-07), or is
 * stopped for a while and goes on (K-03). After its death no entity may be left, soon; after a stop
 * nobody may have been declared dead, and all calls go on.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "oracle.h"
#include "result.h"
#include "rig.h"

#define SLOWEST 1000000000ull /* ns: K-07's bound */

struct tally {
	uint64_t rounds;
	uint64_t failures;
	uint64_t slowest_ns; /* until no process of the solution was left */
	uint64_t sum_ns;
};

static const char *const busy[] = {
	"server t.Server storm server",
	"a t.Client SEED=1 CALLS=1000000000 storm client",
	"b t.Client SEED=2 CALLS=1000000000 storm client",
	NULL,
};

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
		fprintf(stderr, "after %.1f s there are still %u processes\n", (double)took / 1e9,
			rig_processes(rig->folder));
		tally->failures++;
	}
}

static void start(struct rig *rig, const char *const options[])
{
	rig_image(rig, busy, NULL, "security.so");
	rig_start(rig, options);
}

static void end_by(int number, struct kx_campaign *campaign, const char *const options[],
		   struct tally *tally)
{
	static struct rig rig;
	bool begun;
	bool well;

	start(&rig, options);
	(void)usleep((useconds_t)kx_random(campaign, 120000)); /* the random moment */
	begun = rig_processes(rig.folder) > 0;
	(void)kill(rig.kernel, number);
	await_nobody(&rig, tally);
	if (!rig_wait_end(&rig))
		tally->failures++;
	rig_end(&rig);
	/* So early that it had no say in how SIGTERM ends it: as good. */
	well = (number != SIGTERM && WIFSIGNALED(rig.status) && WTERMSIG(rig.status) == number) ||
	       (WIFEXITED(rig.status) && WEXITSTATUS(rig.status) == 0) ||
	       (!begun && WIFSIGNALED(rig.status) && WTERMSIG(rig.status) == SIGTERM);
	if (rig_count(&rig, "FAIL ") || !well) {
		fprintf(stderr, "status 0x%x\n%s\n", (unsigned)rig.status, rig.text);
		tally->failures++;
	}
	tally->rounds++;
}

static void storm(struct kx_campaign *campaign, int number, const char *name, uint64_t rounds)
{
	struct tally tally = {0};

	if (!kx_wants(campaign, name))
		return;
	while (tally.rounds < rounds && !tally.failures)
		end_by(number, campaign, tally.rounds % 2 ? rig_relayed : rig_direct, &tally);
	kx_result(campaign, name, "P7,P4", tally.rounds, number == SIGTERM ? "ends" : "deaths",
		  tally.failures, "nobody left after %.1f ms (mean), %.1f ms (slowest)",
		  (double)tally.sum_ns / 1e6 / (double)(tally.rounds ? tally.rounds : 1),
		  (double)tally.slowest_ns / 1e6);
}

/* Stopped again and again under one load; then all calls must be going on. */
static void stop_and_go_on(struct kx_campaign *campaign, uint64_t stops)
{
	static const char *const options[] = {NULL};
	static struct rig rig;
	uint64_t failures = 0;
	char name[32];

	if (!kx_wants(campaign, "K-03"))
		return;
	(void)snprintf(name, sizeof(name), "rig%d", (int)getpid());
	start(&rig, options);
	(void)usleep(200000); /* all of it runs */
	for (uint64_t i = 0; i < stops && !failures; i++) {
		(void)kill(rig.kernel, SIGSTOP);
		(void)usleep(10000 + (useconds_t)kx_random(campaign, 90000)); /* how long */
		(void)kill(rig.kernel, SIGCONT);
		(void)usleep((useconds_t)kx_random(campaign, 20000)); /* until the next */
		if (rig_wait_ms(&rig, "FAIL ", 1, 1))
			failures++;
	}
	failures += (uint64_t)abs(kx_oracle_look(name, false));
	if (rig_processes(rig.folder) != 3)
		failures++;
	if (failures)
		fprintf(stderr, "%u processes\n%s\n", rig_processes(rig.folder), rig.text);
	rig_end(&rig);
	kx_result(campaign, "K-03", "P1,P3,P7", stops, "stops", failures,
		  "of 10 to 100 ms under load; nobody declared dead, nobody stuck after it");
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;

	kx_campaign_begin(&campaign, argc, argv);
	storm(&campaign, SIGKILL, "C-06-kernel", kx_by_tier(&campaign, 4, 60, 5000));
	storm(&campaign, SIGTERM, "K-07", kx_by_tier(&campaign, 4, 40, 1000));
	storm(&campaign, SIGABRT, "K-08", kx_by_tier(&campaign, 2, 20, 1000));
	stop_and_go_on(&campaign, kx_by_tier(&campaign, 10, 60, 1000));
	return kx_campaign_end(&campaign);
}
