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
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "result.h"
#include "rig.h"

#define OTHERS 4u
#define MOST   60u

enum turn { IDLE, COMPUTE, FLOOD, TURNS };

/* What the client got in turns of each kind. */
struct shares {
	double calls[TURNS][MOST];
	double p99_us[TURNS][MOST];
	unsigned count[TURNS];
	unsigned long grown_kb;
	bool broken;
};

static int compare(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Puts them in order; of none: 0. */
static double median(double *values, unsigned count)
{
	if (count == 0)
		return 0;
	qsort(values, count, sizeof(*values), compare);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* They come in order: a pair that is not of neighbours compares nothing. */
static void read_turns(const char *text, struct shares *shares)
{
	const char *at = text;
	unsigned next = IDLE;
	unsigned turn;
	double calls;
	double p99_us;

	while ((at = strstr(at, "TURN ")) != NULL) {
		if (sscanf(at, "TURN %u calls=%lf p99=%lf", &turn, &calls, &p99_us) == 3 &&
		    turn < TURNS && shares->count[turn] < MOST) {
			shares->calls[turn][shares->count[turn]] = calls;
			shares->p99_us[turn][shares->count[turn]++] = p99_us;
			shares->broken |= turn != next;
			next = (turn + 1) % TURNS;
		}
		at++;
	}
}

static void measure(const char *method, unsigned rounds, struct shares *shares)
{
	static struct rig rig;
	static const char *const options[] = {NULL};
	unsigned seconds = TURNS * rounds;
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
	shares->broken = !rig_wait_ms(&rig, "TURN ", TURNS, 1000 * seconds + 20000);
	before = rig_memory_kb(&rig, "VmRSS:");
	shares->broken |= !rig_wait_ms(&rig, "TURNS OVER", 1, 1000 * seconds + 20000);
	shares->grown_kb = rig_memory_kb(&rig, "VmRSS:");
	shares->grown_kb = shares->grown_kb > before ? shares->grown_kb - before : 0;
	read_turns(rig.text, shares);
	if (shares->broken)
		fprintf(stderr, "%s\n", rig.text);
	rig_end(&rig);
	shares->broken |= !WIFEXITED(rig.status) || WEXITSTATUS(rig.status) != 0;
}

/* Of each flood and the neighbour that computes; their number. */
static unsigned find_ratios(const char *method, const struct shares *shares, double *ratios)
{
	unsigned pairs = shares->count[FLOOD] < shares->count[COMPUTE] ? shares->count[FLOOD]
								       : shares->count[COMPUTE];

	for (unsigned i = 0; i < pairs; i++) {
		double fair = shares->calls[COMPUTE][i];

		ratios[i] = fair > 0 ? shares->calls[FLOOD][i] / fair : 0;
		fprintf(stderr, "%s: %.0f calls in a flood, %.0f beside as many that compute\n",
			method, shares->calls[FLOOD][i], fair);
	}
	return pairs;
}

static void attack(struct kx_campaign *campaign, const char *method)
{
	unsigned rounds = (unsigned)kx_by_tier(campaign, 5, 11, MOST);
	static struct shares shares;
	double ratios[MOST] = {0};
	unsigned pairs;
	double ratio;
	char name[40];

	(void)snprintf(name, sizeof(name), "M-09-%s", method);
	if (!kx_wants(campaign, name))
		return;
	shares = (struct shares){0};
	measure(method, rounds, &shares);
	pairs = find_ratios(method, &shares, ratios);
	shares.broken |= pairs < rounds || shares.count[IDLE] < rounds;
	ratio = shares.broken ? 0 : median(ratios, pairs);
	kx_result(campaign, name, "P8,P1", (uint64_t)median(shares.calls[FLOOD], pairs), "calls",
		  shares.broken || ratio < 0.8 || shares.grown_kb > 8192,
		  "%.0f %% (median of %u, %.0f to %.0f) of the fair share beside %u floods (%.0f "
		  "calls in 0.5 s beside as many that compute); p99 %.0f us, %.0f beside as many "
		  "that compute, %.0f beside idle ones; kernel process +%lu kB",
		  100 * ratio, pairs, 100 * ratios[0], 100 * ratios[pairs ? pairs - 1 : 0], OTHERS,
		  median(shares.calls[COMPUTE], pairs), median(shares.p99_us[FLOOD], pairs),
		  median(shares.p99_us[COMPUTE], pairs), median(shares.p99_us[IDLE], pairs),
		  shares.grown_kb);
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;

	kx_campaign_begin(&campaign, argc, argv);
	attack(&campaign, "echo");
	attack(&campaign, "asked");
	return kx_campaign_end(&campaign);
}
