/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Pairs that race, and that count (tests/system/scenario_races.c):
 *
 *   S-03  CallEx with a millisecond's time against replies after about as long: the client
 *         has its reply exactly if the server's Reply said so, and the next call is clean
 *   S-04  a signal to every thread of both sides twenty thousand times a second or so
 *   A-02  threads that call over one handle: each request arrives once, in order
 *   A-06  signal handlers that call while their thread does, receives or asks the kernel
 *   A-08  interrupt objects set and cleared at any moment of a call, and of a wait for one
 *   C-10  threads cancelled at any moment of a call, more of them than there are slots
 *   P6    what the module granted, what servers received, what clients were told: the same
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

static struct rig rig;

static void count_verdicts(void)
{
	(void)setenv("KX_POLICY_COUNTS", "1", 1);
}

/* One run of scenario @name; false: it did not pass. */
static bool run(struct kx_campaign *campaign, const char *name, unsigned way, unsigned seconds)
{
	char solution[32];
	char lines[2][120];
	const char *entities[] = {lines[0], lines[1], NULL};
	unsigned seed = (unsigned)kx_random(campaign, 1u << 30);
	bool passed;

	(void)snprintf(lines[0], sizeof(lines[0]), "server t.Server SEED=%u SECONDS=%u %s server",
		       seed, seconds, name);
	(void)snprintf(lines[1], sizeof(lines[1]), "client t.Client SEED=%u SECONDS=%u %s client",
		       seed, seconds, name);
	rig_image(&rig, entities, NULL, "security.so");
	rig_child = count_verdicts;
	rig_start(&rig, rig_ways[way]);
	rig_child = NULL;
	passed = rig_wait_ms(&rig, "client\n", 1, 1000 * seconds + 20000);
	(void)snprintf(solution, sizeof(solution), "rig%d", (int)getpid());
	if (!passed || rig_count(&rig, "FAIL "))
		(void)kx_oracle_look(solution, false);
	rig_end(&rig);
	passed = passed && !rig_count(&rig, "FAIL ") && WIFEXITED(rig.status) &&
		 WEXITSTATUS(rig.status) == 0;
	if (!passed)
		fprintf(stderr, "%s, way %u, seed %u: status 0x%x\n%.4000s\n", name, way, seed,
			(unsigned)rig.status, rig.text);
	return passed;
}

/* The numbers of the line that begins with @word; how many there were. */
static int numbers(const char *word, const char *format, unsigned long *a, unsigned long *b)
{
	const char *line = strstr(rig.text, word);

	return line ? sscanf(line, format, a, b) : 0;
}

static unsigned disagree(const char *what, unsigned long a, unsigned long b)
{
	if (a == b)
		return 0;
	fprintf(stderr, "%s: %lu and %lu\n%s\n", what, a, b, rig.text);
	return 1;
}

struct sum {
	unsigned long done;
	unsigned long other;
	unsigned failures;
};

static void deadlines(struct sum *sum)
{
	unsigned long called = 0;
	unsigned long answered = 1;
	unsigned long late = 0;
	unsigned long dropped;

	(void)numbers("CALLED ", "CALLED %lu late %lu", &called, &late);
	(void)numbers("ANSWERED ", "ANSWERED %lu late %lu", &answered, &dropped);
	sum->failures += disagree("replies that came and that were given", called, answered);
	sum->done += called + late;
	sum->other += late;
}

/* Both sides say how many; the client's is counted. */
static void signals(struct sum *sum)
{
	unsigned long count = 0;
	unsigned long calls = 0;

	for (const char *at = rig.text; (at = strstr(at, "SIGNALS ")); at++) {
		if (sscanf(at, "SIGNALS %lu calls %lu", &count, &calls) != 2)
			continue;
		sum->done += count;
		sum->other += calls;
	}
	sum->failures += !sum->done || !sum->other;
}

static void cancellations(struct sum *sum)
{
	unsigned long cancelled = 0;
	unsigned long calls = 0;

	(void)numbers("CANCELLED ", "CANCELLED %lu calls %lu", &cancelled, &calls);
	sum->failures += !cancelled || !calls;
	sum->done += cancelled;
	sum->other += calls;
}

/* "CALLED n" of the client and "DELIVERED n" of the server: the same. */
static void count_delivered(struct sum *sum, unsigned long called)
{
	unsigned long delivered = called + 1;
	unsigned long unused = 0;

	(void)numbers("DELIVERED ", "DELIVERED %lu", &delivered, &unused);
	sum->failures += disagree("calls answered and requests received", called, delivered);
}

static void order(struct sum *sum)
{
	unsigned long called = 0;
	unsigned long least = 0;

	(void)numbers("CALLED ", "CALLED %lu least %lu", &called, &least);
	count_delivered(sum, called);
	sum->done += called;
	sum->other += least;
}

/* Both sides say how many. */
static void handlers(struct sum *sum)
{
	unsigned long right = 0;
	unsigned long refused = 0;

	for (const char *at = rig.text; (at = strstr(at, "HANDLED ")); at++) {
		if (sscanf(at, "HANDLED %lu refused %lu", &right, &refused) != 2)
			continue;
		sum->done += right + refused;
		sum->other += refused;
	}
	sum->failures += !sum->other || sum->other == sum->done;
}

static void interruptions(struct sum *sum)
{
	unsigned long called = 0;
	unsigned long interrupted = 0;

	(void)numbers("CALLED ", "CALLED %lu interrupted %lu", &called, &interrupted);
	count_delivered(sum, called);
	sum->done += called + interrupted;
	sum->other += interrupted;
}

static void mediation(struct sum *sum)
{
	unsigned long delivered = 0;
	unsigned long denied = 0;
	unsigned long asked = 0;
	unsigned long judged[4] = {1, 1, 1, 1};
	const char *line = strstr(rig.text, "JUDGED ");

	(void)numbers("DELIVERED ", "DELIVERED %lu", &delivered, &asked);
	(void)numbers("ASKED ", "ASKED %lu denied %lu", &asked, &denied);
	if (line)
		(void)sscanf(line, "JUDGED requests %lu denied %lu responses %lu denied %lu",
			     &judged[0], &judged[1], &judged[2], &judged[3]);
	sum->failures += disagree("granted and delivered requests", judged[0], delivered);
	sum->failures += disagree("granted responses and replies", judged[2], asked);
	sum->failures += disagree("denials and refusals", judged[1] + judged[3], denied);
	sum->done += asked + denied;
	sum->other += delivered;
}

static const struct race {
	const char *name;
	const char *scenario;
	const char *promises;
	const char *unit;
	void (*count)(struct sum *sum);
	unsigned long night; /* how many tier N wants */
	const char *note;
} races[] = {
	{"S-03", "deadline", "P1,P3,P2", "calls", deadlines, 1000000,
	 "of them timed out; a reply came exactly where Reply said so"},
	{"S-04", "stormed", "P1,P3", "signals", signals, 10000000,
	 "calls meanwhile, all right; no early sleep"},
	{"A-02", "once_each", "P2,P1", "calls", order, 10000000,
	 "of them of the slowest thread of six; each arrived once and in order"},
	{"A-06", "handlers", "P2,P3,P1", "handlers", handlers, 1000000,
	 "of them refused, for they interrupted a call, a wait or a reply; the others right"},
	{"A-08", "interrupted", "P3,P1,P2", "calls", interruptions, 1000000,
	 "of them interrupted; exactly the others were received, and all of these answered"},
	{"C-10", "cancelled", "P1,P4", "threads", cancellations, 100000,
	 "calls beside them and after; threads cancelled in a call"},
	{"P6", "judged", "P6,P3", "calls", mediation, 1000000,
	 "delivered, as many as the module granted; replies and refusals agree as well"},
};

/* Each way once, in tier N until there are as many as it wants or two hours are over. */
static void run_race(struct kx_campaign *campaign, const struct race *race)
{
	unsigned seconds = (unsigned)kx_by_tier(campaign, 1, 5, 60);
	unsigned long wanted = kx_by_tier(campaign, 0, 0, race->night);
	uint64_t limit_ns = kx_prove_now_ns() + 7200ull * 1000000000u;
	struct sum sum = {0};

	for (unsigned n = 0; !sum.failures; n++) {
		if (n >= RIG_WAYS && (sum.done >= wanted || kx_prove_now_ns() > limit_ns))
			break;
		if (run(campaign, race->scenario, n % RIG_WAYS, seconds))
			race->count(&sum);
		else
			sum.failures++;
	}
	kx_result(campaign, race->name, race->promises, sum.done, race->unit, sum.failures,
		  "%lu %s", sum.other, race->note);
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;

	kx_campaign_begin(&campaign, argc, argv);
	for (size_t i = 0; i < sizeof(races) / sizeof(*races); i++)
		if (kx_wants(&campaign, races[i].name))
			run_race(&campaign, &races[i]);
	return kx_campaign_end(&campaign);
}
