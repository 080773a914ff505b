/* SPDX-License-Identifier: Apache-2.0 */

/*
 * S-08-pace: on one processor a call with spinning is no slower than half of one that sleeps at
 * once, for whoever spins holds up the one it waits for. Nothing may run beside it.
 */

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "result.h"
#include "rig.h"

static void one_processor(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	if (sched_setaffinity(0, sizeof(one), &one) != 0)
		_exit(98);
}

/* Calls of @method within a second on one processor; 0: it did not come to its end. */
static unsigned long pace(const char *method, const char *spin)
{
	static struct rig rig;
	const char *const options[] = {spin, NULL};
	char client[120];
	const char *const entities[] = {"server t.Server share server", client, NULL};
	unsigned long calls = 0;
	const char *at;

	(void)snprintf(client, sizeof(client),
		       "client t.Client METHOD=%s SECONDS=1 WHO=me share client", method);
	rig_image(&rig, entities, NULL, "security.so");
	rig_child = one_processor;
	rig_start(&rig, options);
	rig_child = NULL;
	(void)rig_wait_ms(&rig, "SHARE me", 1, 20000);
	at = strstr(rig.text, "SHARE me");
	if (!at || sscanf(at, "SHARE me calls=%lu", &calls) != 1)
		fprintf(stderr, "S-08-pace: %s\n", rig.text);
	rig_end(&rig);
	return WIFEXITED(rig.status) && WEXITSTATUS(rig.status) == 0 ? calls : 0;
}

/* The best of some pairs: what else the machine does must not speak against anybody. */
static void compare(struct kx_campaign *campaign)
{
	static const char *const methods[] = {"echo", "asked"};
	uint64_t tries = kx_by_tier(campaign, 3, 3, 30);
	unsigned long best[2][2] = {{0}};
	uint64_t failures = 0;

	for (unsigned m = 0; m < 2; m++) {
		for (uint64_t i = 0; i < tries; i++)
			for (unsigned way = 0; way < 2; way++) {
				unsigned long calls =
					pace(methods[m], way ? "--spin=off" : "--spin=adaptive");

				failures += calls == 0;
				if (calls > best[m][way])
					best[m][way] = calls;
			}
		failures += best[m][0] * 2 < best[m][1];
	}
	kx_result(campaign, "S-08-pace", "P1", 4 * tries, "seconds", failures,
		  "on one processor; echo %lu calls a second, %lu without spinning; asked %lu, %lu "
		  "(the best of each)",
		  best[0][0], best[0][1], best[1][0], best[1][1]);
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;

	kx_campaign_begin(&campaign, argc, argv);
	(void)kx_wants(&campaign, "S-08-pace");
	compare(&campaign);
	return kx_campaign_end(&campaign);
}
