/* SPDX-License-Identifier: Apache-2.0 */

/*
 * S-01: entities are stopped (SIGSTOP) before each of their operations on a shared word
 * and continued later: clients of one server, then servers with a client each. While
 * they stand, a pair beside must go on; afterwards every call must end as if nothing
 * had been, each request served once. In tier N every operation, else the first ones
 * and a growing stride.
 *
 * C-08: the same victims are killed instead, in calls that carry a handle to the server
 * or from it; then a probe of the same server must get handles across, and when all
 * clients are gone the server must have as many handles as in a solution of the same
 * entities in which nobody was killed.
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

#define VICTIMS  16u
#define LAST     2000u
#define NO_POINT 1000000000u

struct walk {
	const char *method;
	bool server; /* the victims are */
	bool kill;
	unsigned dense; /* points taken one by one */
	unsigned next;  /* point of the next victim */
	unsigned met;   /* victims that came to their point */
	unsigned hit;   /* all of them so far */
	bool unharmed;  /* this time nobody comes to a point */
	int handles;    /* of the server in the end if nobody is killed */
	uint64_t failures;
};

static struct rig rig;
static char lines[2 * VICTIMS + 2][140];
static const char *entities[2 * VICTIMS + 3];

static unsigned after(const struct walk *walk, unsigned point)
{
	return point < walk->dense ? point + 1 : point + 1 + point / 3;
}

static void describe(struct walk *walk)
{
	unsigned n = 2;

	(void)snprintf(lines[0], sizeof(lines[0]), "server t.Server once server");
	(void)snprintf(lines[1], sizeof(lines[1]), "other t.Client %s client",
		       walk->kill ? "handed" : "after");
	for (unsigned i = 0; i < VICTIMS; i++, walk->next = after(walk, walk->next)) {
		char how[60];

		(void)snprintf(how, sizeof(how), "KILL_AT=%u KILL_HOW=%c",
			       walk->unharmed ? NO_POINT : walk->next, walk->kill ? 'k' : 't');
		if (walk->server)
			(void)snprintf(lines[n++], sizeof(lines[0]),
				       "s%u t.Server KILL_LATER=1 %s once server", i, how);
		if (walk->server)
			(void)snprintf(lines[n++], sizeof(lines[0]),
				       "c%u t.Client >s%u METHOD=%s once client", i, i,
				       walk->method);
		else
			(void)snprintf(lines[n++], sizeof(lines[0]),
				       "c%u t.Client METHOD=%s %s once client", i, walk->method,
				       how);
	}
	for (unsigned i = 0; i < n; i++)
		entities[i] = lines[i];
	entities[n] = NULL;
}

static void fail(struct walk *walk, const char *what)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "rig%d", (int)getpid());
	(void)kx_oracle_look(name, true);
	fprintf(stderr, "%s %s %s up to point %u: %s\n%.4000s\n", walk->kill ? "kill" : "stop",
		walk->server ? "server" : "client", walk->method, walk->next, what, rig.text);
	walk->failures++;
}

/* All that stand go on, again and again, until all calls are over: each stops once. */
static bool continue_all(unsigned *met)
{
	pid_t stopped[2 * VICTIMS];

	*met = 0;
	for (int tries = 0; tries < 600; tries++) {
		unsigned count = kx_stopped_children(rig.kernel, "once", stopped, 2 * VICTIMS);

		for (unsigned i = 0; i < count; i++)
			(void)kill(stopped[i], SIGCONT);
		*met += count;
		if (rig_wait_ms(&rig, "PASS once client", VICTIMS, 100))
			return true;
	}
	return false;
}

/* The server that outlived them all has what it had. */
static void check_handles(struct walk *walk)
{
	int handles = -1;
	char name[32];

	(void)snprintf(name, sizeof(name), "rig%d", (int)getpid());
	for (int tries = 0; tries < 500; tries++) {
		handles = kx_oracle_handles(name, "server");
		if (walk->unharmed)
			walk->handles = handles;
		if (handles > 0 && handles == walk->handles)
			return;
		(void)usleep(10000); /* what a death undoes has no end that is told */
	}
	fprintf(stderr, "%d handles of the server, %d before\n", handles, walk->handles);
	fail(walk, "the server has another number of handles");
}

/* The last victims are dead or done. */
static bool all_over(void)
{
	for (int tries = 0; tries < 3000; tries++) {
		if (rig_processes(rig.folder) <= 1)
			return true;
		(void)usleep(10000); /* no parent of theirs to wait as */
	}
	return false;
}

static void run_batch(struct walk *walk, const char *const options[])
{
	unsigned unharmed;

	describe(walk);
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, options);
	if (!rig_wait(&rig, walk->kill ? "PASS handed" : "PASS after", 1))
		fail(walk, "the pair beside was hurt");
	else if (!walk->kill && !continue_all(&walk->met))
		fail(walk, "somebody did not go on");
	else if (walk->kill && walk->server && !rig_wait(&rig, "PASS once client", VICTIMS))
		fail(walk, "a client was not told");
	if (walk->kill && !walk->server && !walk->failures) {
		if (all_over())
			check_handles(walk);
		else
			fail(walk, "clients are left");
	}
	rig_end(&rig);
	unharmed = rig_count(&rig, "UNHARMED"); /* all output has come only now */
	if (walk->kill)
		walk->met = VICTIMS - unharmed;
	if ((!walk->kill || walk->unharmed) && !walk->failures && unharmed != VICTIMS)
		fail(walk, "a call was lost");
	if (rig_count(&rig, "FAIL ") || !WIFEXITED(rig.status) || WEXITSTATUS(rig.status) != 0)
		fail(walk, "a check failed");
	walk->hit += walk->met;
}

/* The same entities, and nobody is killed: what the server has then. */
static void run_unharmed(struct walk *walk, const char *const options[])
{
	unsigned next = walk->next;

	walk->unharmed = true;
	run_batch(walk, options);
	walk->unharmed = false;
	walk->next = next;
	walk->met = 1;
}

static void go_through(struct kx_campaign *campaign, const char *name, bool kill,
		       const char *const methods[])
{
	static const char *const spinning[] = {"--spin=adaptive", NULL};
	uint64_t failures = 0;
	uint64_t points = 0;

	if (!kx_wants(campaign, name))
		return;
	for (unsigned i = 0; i < kx_by_tier(campaign, 1, 8, 8) && !failures; i++) {
		struct walk walk = {
			.method = methods[i % 2],
			.server = i / 2 % 2,
			.kill = kill,
			.dense = (unsigned)kx_by_tier(campaign, 8, 40, LAST),
			.met = 1,
		};
		const char *const *options = i / 4 ? spinning : rig_sleeping;

		if (kill && !walk.server)
			run_unharmed(&walk, options);
		while (walk.met && walk.next < LAST && !walk.failures)
			run_batch(&walk, options);
		points += walk.hit;
		failures += walk.failures;
	}
	kx_result(campaign, name, kill ? "P4,P1,P3" : "P1,P2,P3", points, kill ? "deaths" : "stops",
		  failures, "%s and %s; clients and servers, asleep and spinning", methods[0],
		  methods[1]);
}

int main(int argc, char **argv)
{
	static const char *const calls[] = {"echo", "asked"};
	static const char *const handles[] = {"give", "take"};
	struct kx_campaign campaign;

	kx_campaign_begin(&campaign, argc, argv);
	go_through(&campaign, "S-01", false, calls);
	go_through(&campaign, "C-08", true, handles);
	return kx_campaign_end(&campaign);
}
