/* SPDX-License-Identifier: Apache-2.0 */

/*
 * C-04: an entity is killed before each machine instruction of an operation: Call
 * (direct, relayed, with bytes, with a handle each way), the first Call that makes the
 * region, connect, exit; Recv and Reply. Waiting parties sleep at once, so that the
 * path has one length. Whoever is left must get a documented end; after all deaths of
 * a solution a probe must find everything as it was. In tier N every instruction, else
 * a part of them that another seed moves.
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
#include "trace.h"

#define VICTIMS 16u
#define LONGEST 200000ul

struct operation {
	const char *name;
	bool server; /* the victim is one */
	const char *method;
};

static const struct operation operations[] = {
	{"echo", false, ""},     {"asked", false, ""},
	{"bytes", false, ""},    {"give", false, ""},
	{"take", false, ""},     {"open", false, ""},
	{"connect", false, ""},  {"exit", false, ""},
	{"serve", true, "echo"}, {"serve-asked", true, "asked"},
};

#define OPERATIONS (sizeof(operations) / sizeof(*operations))

struct walk {
	const struct operation *operation;
	unsigned long next; /* instruction of the next victim */
	unsigned long stride;
	unsigned long length; /* of the operation; 0: not known yet */
	uint64_t deaths;
	uint64_t failures;
};

struct line {
	char text[120];
};

static void describe(const struct walk *walk, struct line lines[], const char *entities[])
{
	unsigned n = 0;

	(void)snprintf(lines[n].text, sizeof(lines[n].text), "server t.Server storm server");
	entities[n] = lines[n].text;
	n++;
	(void)snprintf(lines[n].text, sizeof(lines[n].text), "probe t.Client probe client");
	entities[n] = lines[n].text;
	n++;
	for (unsigned i = 0; i < VICTIMS; i++) {
		if (walk->operation->server) {
			(void)snprintf(lines[n].text, sizeof(lines[n].text),
				       "s%u t.Server step server", i);
			entities[n] = lines[n].text;
			n++;
			(void)snprintf(lines[n].text, sizeof(lines[n].text),
				       "c%u t.Client >s%u METHOD=%s once client", i, i,
				       walk->operation->method);
		} else {
			(void)snprintf(lines[n].text, sizeof(lines[n].text),
				       "v%u t.Client OP=%s step client", i, walk->operation->name);
		}
		entities[n] = lines[n].text;
		n++;
	}
	entities[n] = NULL;
}

static void fail_with(struct walk *walk, struct rig *rig, const char *what)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "rig%d", (int)getpid());
	fprintf(stderr, "%s near instruction %lu: %s\n%.3000s\n", walk->operation->name, walk->next,
		what, rig->text);
	(void)kx_oracle_look(name, true);
	walk->failures++;
}

/* True: there is more of the operation. */
static bool kill_victims(struct walk *walk, struct rig *rig)
{
	pid_t victims[VICTIMS];
	bool more = true;

	if (!kx_await_stopped(rig->kernel, "step", victims, VICTIMS)) {
		fail_with(walk, rig, "victims did not come to their operation");
		return false;
	}
	for (unsigned i = 0; i < VICTIMS; i++) {
		unsigned long steps = walk->next;

		switch (kx_step_through(victims[i], &steps)) {
		case KX_STEPPED:
			walk->deaths++;
			walk->next += walk->stride;
			break;
		case KX_STEP_DONE:
			walk->length = steps;
			more = false;
			break;
		default:
			fail_with(walk, rig, "cannot be traced");
			more = false;
		}
		kx_kill_traced(victims[i]);
	}
	return more;
}

static void run_probe(struct walk *walk, struct rig *rig)
{
	pid_t probe;

	if (!kx_await_stopped(rig->kernel, "probe", &probe, 1)) {
		fail_with(walk, rig, "no probe");
		return;
	}
	(void)kill(probe, SIGCONT);
	if (!rig_wait(rig, "PASS probe", 1) ||
	    !rig_wait(rig, "PASS once", walk->operation->server ? VICTIMS : 0) ||
	    rig_count(rig, "FAIL "))
		fail_with(walk, rig, "somebody else was hurt");
}

static bool walk_some(struct walk *walk)
{
	static const char *const options[] = {"--spin=off", NULL};
	struct line lines[2 * VICTIMS + 2];
	const char *entities[2 * VICTIMS + 3];
	static struct rig rig;
	bool more;

	describe(walk, lines, entities);
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, options);
	more = kill_victims(walk, &rig);
	if (!walk->failures)
		run_probe(walk, &rig);
	rig_end(&rig);
	if (!WIFEXITED(rig.status) || WEXITSTATUS(rig.status) != 0)
		fail_with(walk, &rig, "the kernel process did not end well");
	return more && !walk->failures && walk->next < LONGEST;
}

static void walk_through(struct kx_campaign *campaign, const struct operation *operation)
{
	unsigned long stride = kx_by_tier(campaign, 301, 67, 1);
	struct walk walk = {.operation = operation, .stride = stride};
	uint64_t limit_ns = kx_prove_now_ns() + kx_by_tier(campaign, 10, 20, 2700) * 1000000000u;
	char name[40];

	(void)snprintf(name, sizeof(name), "C-04-%s", operation->name);
	if (!kx_wants(campaign, name))
		return;
	walk.next = kx_random(campaign, stride);
	while (walk_some(&walk) && kx_prove_now_ns() < limit_ns)
		;
	kx_result(campaign, name, "P1,P3,P4", walk.deaths, "deaths", walk.failures,
		  walk.length ? "of an operation of %lu instructions; every %lu. one"
			      : "up to instruction %lu, when the time was over; every %lu. one",
		  walk.length ? walk.length : walk.next, walk.stride);
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;
	unsigned count = OPERATIONS;

	if (geteuid() != 0) {
		fprintf(stderr, "C-04 needs root: entities may not be traced by anybody else\n");
		return 77;
	}
	kx_campaign_begin(&campaign, argc, argv);
	if (campaign.tier == KX_TIER_TEST && !campaign.only)
		count = 1;
	for (unsigned i = 0; i < count; i++)
		walk_through(&campaign, &operations[i]);
	return kx_campaign_end(&campaign);
}
