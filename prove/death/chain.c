/* SPDX-License-Identifier: Apache-2.0 */

/*
 * calls through a row of 64 entities (tests/system/scenario_chain.c), some of which are
 * killed, one after the other, before some operation on a shared word in a request that goes
 * through them. Before the break everybody is answered, behind it nobody notices.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "oracle.h"
#include "result.h"
#include "rig.h"

#define DEPTH     64u
#define BRANCHES  3u
#define MOST_STEP 90u /* operations of a request through a link, and some of the next one */

static struct rig rig;

struct plan {
	unsigned step[DEPTH + 1];   /* of the link of that level; 0: it is not killed */
	unsigned die_at[DEPTH + 1]; /* request from which on it may be killed */
	unsigned nearest;           /* of the victims */
	unsigned victims;
};

/* The far ones first, so that each dies while it can be reached; up to four are left out between.
 */
static void draw_plan(struct kx_campaign *campaign, struct plan *plan)
{
	unsigned request = 3;

	memset(plan, 0, sizeof(*plan));
	for (unsigned level = DEPTH - (unsigned)kx_random(campaign, 2); level > 1;
	     level -= level > 5 ? 1 + (unsigned)kx_random(campaign, 5) : level - 1) {
		plan->step[level] = 1 + (unsigned)kx_random(campaign, MOST_STEP);
		plan->die_at[level] = request;
		plan->nearest = level;
		plan->victims++;
		request += 1 + (unsigned)kx_random(campaign, 4);
	}
}

static void write_link(char line[200], const struct plan *plan, unsigned level)
{
	char next[32] = "";
	char death[48] = "";

	if (level < DEPTH)
		(void)snprintf(next, sizeof(next), ">l%u NEXT=1 ", level + 1);
	if (plan->step[level])
		(void)snprintf(death, sizeof(death), "DIE_AT=%u STEP=%u ", plan->die_at[level],
			       plan->step[level] - 1);
	(void)snprintf(line, 200, "l%u t.Server %sLEVEL=%u %schain server", level, next, level,
		       death);
}

static void write_client(char line[256], const struct plan *plan)
{
	int length = snprintf(line, 256, "client t.Client >l1 SECONDS=60 LAST=%u VICTIMS=,",
			      plan->nearest);

	for (unsigned level = 1; level <= DEPTH; level++)
		if (plan->step[level])
			length += snprintf(line + length, 256 - (size_t)length, "%u,", level);
	(void)snprintf(line + length, 256 - (size_t)length, " chain client");
}

/* Beside it others call links behind a victim, from the start on. */
static unsigned write_branches(char lines[BRANCHES][200], const struct plan *plan)
{
	unsigned count = 0;

	for (unsigned level = 2; level <= DEPTH && count < BRANCHES; level++) {
		if (!plan->step[level - 1] || plan->step[level])
			continue;
		(void)snprintf(lines[count], 200, "b%u t.Client >l%u LEVEL=%u branch client", count,
			       level, level);
		count++;
	}
	return count;
}

static void await_processes(unsigned wanted)
{
	int64_t end = rig_now_ms() + 5000;

	while (rig_processes(rig.folder) != wanted && rig_now_ms() < end)
		(void)usleep(2000); /* no parent of theirs to wait as */
}

/* One chain; failures. */
static unsigned run(const struct plan *plan, const char *const options[])
{
	static char lines[DEPTH][200];
	static char branches[BRANCHES][200];
	static char client[256];
	const char *entities[DEPTH + BRANCHES + 2] = {client};
	unsigned count = write_branches(branches, plan);
	unsigned failures = 0;
	unsigned wanted = 1 + count + DEPTH - plan->victims;
	char name[32];

	write_client(client, plan);
	for (unsigned level = 1; level <= DEPTH; level++) {
		write_link(lines[level - 1], plan, level);
		entities[level] = lines[level - 1];
	}
	for (unsigned i = 0; i < count; i++)
		entities[DEPTH + 1 + i] = branches[i];
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, options);
	(void)snprintf(name, sizeof(name), "rig%d", (int)getpid());
	if (!rig_wait_ms(&rig, "BROKEN UP TO", 1, 70000))
		failures++;
	await_processes(wanted);
	if (rig_processes(rig.folder) != wanted || kx_oracle_look(name, false) != 0)
		failures++;
	if (rig_count(&rig, "FAIL ") || failures)
		fprintf(stderr, "%u processes, not %u: %s\n%s\n", rig_processes(rig.folder), wanted,
			client, rig.text);
	failures += rig_count(&rig, "FAIL ") != 0;
	rig_end(&rig);
	return failures + !(WIFEXITED(rig.status) && WEXITSTATUS(rig.status) == 0);
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;
	uint64_t rounds;
	uint64_t deaths = 0;
	uint64_t failures = 0;

	kx_campaign_begin(&campaign, argc, argv);
	(void)kx_wants(&campaign, "A-03");
	rounds = kx_by_tier(&campaign, 1, 9, 600);
	for (uint64_t i = 0; i < rounds && !failures; i++) {
		struct plan plan;

		draw_plan(&campaign, &plan);
		failures += run(&plan, rig_ways[i % RIG_WAYS]);
		deaths += plan.victims;
	}
	kx_result(
		&campaign, "A-03", "P3,P1,P5", deaths, "deaths", failures,
		"in rows of %u nested calls, of all levels, before any of the first %u operations "
		"on shared words",
		DEPTH, MOST_STEP);
	return kx_campaign_end(&campaign);
}
