/* SPDX-License-Identifier: Apache-2.0 */

/*
 * M-09: attackers without our library post to the kernel process and to a server as
 * fast as they can, all their slots at once. An honest client of the same server must
 * keep 80 % of its fair share, which is what Linux leaves it beside as many processes
 * that only compute; the kernel process must not grow. The others flood and compute in
 * turn, a second each, and the median of the pairs of neighbours is judged: each half
 * second of calls is one or the other thing's on the same machine.
 */

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fair.h"
#include "result.h"
#include "rig.h"

#define OTHERS 4u

struct shares {
	struct kx_turns turns;
	unsigned long grown_kb;
	bool broken;
};

static void measure(const char *method, unsigned rounds, struct shares *shares)
{
	static struct rig rig;
	static const char *const options[] = {NULL};
	unsigned seconds = KX_TURNS * rounds;
	char lines[2 + OTHERS][120];
	const char *entities[3 + OTHERS] = {lines[0], lines[1]};
	unsigned long before;

	(void)snprintf(lines[0], sizeof(lines[0]), "server t.Server turns server");
	(void)snprintf(lines[1], sizeof(lines[1]),
		       "honest t.Client METHOD=%s SECONDS=%u turns client", method, seconds);
	for (unsigned i = 0; i < OTHERS; i++) {
		(void)snprintf(lines[2 + i], sizeof(lines[0]), "evil%u t.Client @other inturn %u",
			       i, 1000 * seconds + 5000);
		entities[2 + i] = lines[2 + i];
	}
	entities[2 + OTHERS] = NULL;
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, options);
	/* Each thing was done once: what is allocated once is. */
	shares->broken = !rig_wait_ms(&rig, "TURN ", KX_TURNS, 1000 * seconds + 20000);
	before = rig_memory_kb(&rig, "VmRSS:");
	shares->broken |= !rig_wait_ms(&rig, "TURNS OVER", 1, 1000 * seconds + 20000);
	shares->grown_kb = rig_memory_kb(&rig, "VmRSS:");
	shares->grown_kb = shares->grown_kb > before ? shares->grown_kb - before : 0;
	kx_turns_read(&shares->turns, rig.text);
	if (shares->broken || shares->turns.mixed)
		fprintf(stderr, "%s\n", rig.text);
	rig_end(&rig);
	shares->broken |= !WIFEXITED(rig.status) || WEXITSTATUS(rig.status) != 0;
}

static void print_pairs(const char *method, const struct kx_turns *turns, unsigned pairs)
{
	for (unsigned i = 0; i < pairs; i++)
		fprintf(stderr, "%s: %.0f calls in a flood, %.0f beside as many that compute\n",
			method, turns->calls[KX_TURN_FLOOD][i], turns->calls[KX_TURN_COMPUTE][i]);
}

static double median_of(double values[KX_TURNS][KX_FAIR_MOST], const struct kx_turns *turns,
			enum kx_turn turn)
{
	return kx_median(values[turn], turns->count[turn]);
}

static void attack(struct kx_campaign *campaign, const char *method)
{
	unsigned rounds = (unsigned)kx_by_tier(campaign, 5, 25, KX_FAIR_MOST);
	static struct shares shares;
	struct kx_turns *turns = &shares.turns;
	struct kx_fair fair;
	unsigned last;
	char name[40];

	(void)snprintf(name, sizeof(name), "M-09-%s", method);
	if (!kx_wants(campaign, name))
		return;
	shares = (struct shares){0};
	measure(method, rounds, &shares);
	kx_fair_judge(&fair, turns, rounds);
	print_pairs(method, turns, fair.pairs);
	last = fair.pairs ? fair.pairs - 1 : 0;
	kx_result(campaign, name, "P8,P1", (uint64_t)median_of(turns->calls, turns, KX_TURN_FLOOD),
		  "calls", shares.broken || !fair.kept || shares.grown_kb > 8192,
		  "%.0f %% (median of %u, %.0f to %.0f) of the fair share beside %u floods (%.0f "
		  "calls in 0.5 s beside as many that compute); p99 %.0f us, %.0f beside as many "
		  "that compute, %.0f beside idle ones; kernel process +%lu kB",
		  100 * fair.ratio, fair.pairs, 100 * fair.ratios[0], 100 * fair.ratios[last],
		  OTHERS, median_of(turns->calls, turns, KX_TURN_COMPUTE),
		  median_of(turns->p99_us, turns, KX_TURN_FLOOD),
		  median_of(turns->p99_us, turns, KX_TURN_COMPUTE),
		  median_of(turns->p99_us, turns, KX_TURN_IDLE), shares.grown_kb);
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;

	kx_campaign_begin(&campaign, argc, argv);
	attack(&campaign, "echo");
	attack(&campaign, "asked");
	return kx_campaign_end(&campaign);
}
