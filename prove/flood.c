/* SPDX-License-Identifier: Apache-2.0 */

/*
 * M-09: attackers without our library post to the kernel process and to a server as
 * fast as they can, all their slots at once. An honest client of the same server must
 * keep 80 % of its fair share, which is what Linux leaves it beside as many processes
 * that only compute; the kernel process must not grow.
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

struct share {
	unsigned long calls;
	unsigned long p99_us;
	unsigned long grown_kb;
	bool broken;
};

static struct share measure(const char *method, bool attacked, unsigned seconds)
{
	static struct rig rig;
	static const char *const options[] = {NULL};
	char lines[2 + OTHERS][120];
	const char *entities[3 + OTHERS] = {lines[0], lines[1]};
	struct share share = {0};
	unsigned long before;
	const char *at;

	(void)snprintf(lines[0], sizeof(lines[0]), "server t.Server share server");
	(void)snprintf(lines[1], sizeof(lines[1]),
		       "honest t.Client METHOD=%s SECONDS=%u WHO=me share client", method, seconds);
	for (unsigned i = 0; i < OTHERS; i++) {
		if (attacked)
			(void)snprintf(lines[2 + i], sizeof(lines[0]),
				       "evil%u t.Client @other flood %u", i, 1000 * seconds + 3000);
		else
			(void)snprintf(lines[2 + i], sizeof(lines[0]),
				       "other%u t.Client @other burn %u", i, 1000 * seconds + 3000);
		entities[2 + i] = lines[2 + i];
	}
	entities[2 + OTHERS] = NULL;
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, options);
	(void)usleep(400000); /* everybody is at it; what is allocated once is */
	before = rig_memory_kb(&rig, "VmRSS:");
	share.broken = !rig_wait_ms(&rig, "SHARE me", 1, 1000 * seconds + 20000);
	share.grown_kb = rig_memory_kb(&rig, "VmRSS:");
	share.grown_kb = share.grown_kb > before ? share.grown_kb - before : 0;
	at = strstr(rig.text, "SHARE me");
	if (share.broken || !at ||
	    sscanf(at, "SHARE me calls=%lu p99=%lu", &share.calls, &share.p99_us) != 2) {
		share.broken = true;
		fprintf(stderr, "%s\n", rig.text);
	}
	rig_end(&rig);
	share.broken |= !WIFEXITED(rig.status) || WEXITSTATUS(rig.status) != 0;
	return share;
}

/* The best of three pairs: what else the machine does must not speak against anybody. */
static void attack(struct kx_campaign *campaign, const char *method)
{
	unsigned seconds = (unsigned)kx_by_tier(campaign, 1, 3, 60);
	struct share best_fair = {0};
	struct share best = {0};
	uint64_t failures = 1;
	double ratio = 0;
	char name[40];

	(void)snprintf(name, sizeof(name), "M-09-%s", method);
	if (!kx_wants(campaign, name))
		return;
	for (unsigned i = 0; i < 3 && failures; i++) {
		struct share fair = measure(method, false, seconds);
		struct share attacked = measure(method, true, seconds);
		double now = fair.calls ? (double)attacked.calls / (double)fair.calls : 0;

		fprintf(stderr, "%s: %lu calls in a flood, %lu beside as many that compute\n",
			method, attacked.calls, fair.calls);
		if (fair.broken || attacked.broken || now < ratio)
			continue;
		ratio = now;
		best = attacked;
		best_fair = fair;
		failures = ratio < 0.8 || attacked.grown_kb > 8192;
	}
	kx_result(campaign, name, "P8,P1", best.calls, "calls", failures,
		  "%.0f %% of the fair share beside %u floods (%lu calls beside as many that "
		  "compute); p99 "
		  "%lu us, %lu beside as many that compute; kernel process +%lu kB",
		  100 * ratio, OTHERS, best_fair.calls, best.p99_us, best_fair.p99_us,
		  best.grown_kb);
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;

	kx_campaign_begin(&campaign, argc, argv);
	attack(&campaign, "echo");
	attack(&campaign, "asked");
	return kx_campaign_end(&campaign);
}
