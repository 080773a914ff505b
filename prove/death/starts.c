/* SPDX-License-Identifier: Apache-2.0 */

/*
 * C-07: an entity is killed before each system call of its life, from the first one
 * after its creation (sandbox, exec, loader, attaching) to the first calls over a channel:
 * once the client of a pair, once the server. A pair beside must not notice, the other
 * half of its own is told, and nothing is left. In tier N every call, else a part that
 * another seed moves.
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"
#include "oracle.h"
#include "result.h"
#include "rig.h"

#define NOT_STARTED 3
#define CLIENT      2u /* of the entities below, in the order of their start */
#define SERVER      1u

static struct rig rig;

/* True: somebody died at it. */
static bool kill_at(unsigned victim, unsigned long at, uint64_t *failures)
{
	static const char *const entities[] = {
		"s t.Server once server", "c t.Client >s METHOD=asked once client",
		"server t.Server beside server", "other t.Client after client", NULL};
	static const char *const options[] = {"--spin=off", NULL};
	struct kx_calls *calls = kx_calls_open();
	bool refused;
	bool passed;
	char name[32];

	if (!calls)
		exit(77);
	calls->victim = victim;
	calls->at = at;
	rig_image(&rig, entities, NULL, "security.so");
	rig_child = kx_calls_hold;
	rig_start(&rig, options);
	rig_child = NULL;
	kx_calls_follow(rig.kernel);
	passed = rig_wait_ms(&rig, "PASS after", 1, 20000) &&
		 (victim == CLIENT || rig_wait_ms(&rig, "PASS once", 1, 20000));
	if (!passed) {
		(void)snprintf(name, sizeof(name), "rig%d", (int)getpid());
		(void)kx_oracle_look(name, true);
	}
	rig_end(&rig);
	refused = WIFEXITED(rig.status) && WEXITSTATUS(rig.status) == NOT_STARTED;
	if (!kx_calls_end() || (!refused && !passed) || rig_count(&rig, "FAIL ") ||
	    !WIFEXITED(rig.status)) {
		fprintf(stderr, "victim %u, call %lu (%s): status 0x%x\n%.4000s\n", victim, at,
			kx_call_name(calls->number), (unsigned)rig.status, rig.text);
		++*failures;
	}
	return calls->number >= 0;
}

static void go_through(struct kx_campaign *campaign, unsigned victim)
{
	unsigned long stride = kx_by_tier(campaign, 61, 5, 1);
	unsigned long at = 1 + kx_random(campaign, stride);
	uint64_t failures = 0;
	const char *name = victim == CLIENT ? "C-07-client" : "C-07-server";
	uint64_t deaths = 0;

	if (!kx_wants(campaign, name))
		return;
	for (; kill_at(victim, at, &failures) && !failures; at += stride)
		deaths++;
	failures += deaths == 0; /* it makes more calls than that */
	kx_result(campaign, name, "P1,P3,P4", deaths, "deaths", failures,
		  "before every %lu. system call of its start, up to its %lu. one", stride, at);
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;

	if (geteuid() != 0) {
		fprintf(stderr, "C-07 needs root: nobody else may trace entities\n");
		return 77;
	}
	kx_campaign_begin(&campaign, argc, argv);
	go_through(&campaign, CLIENT);
	go_through(&campaign, SERVER);
	return kx_campaign_end(&campaign);
}
