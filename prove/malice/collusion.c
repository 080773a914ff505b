/* SPDX-License-Identifier: Apache-2.0 */

/*
 * M-13: two entities with a channel try to pass bits past the policy (tests/system/hostile_pair.c).
 *
 *   M-13-strict   policy grants nothing but what a start needs, everything is relayed
 *   M-13-direct   the same policy, direct channels allowed: nothing is granted, so there is none
 *   M-13-granted  a policy that grants a method: the ring is theirs, and the harness must see it
 *   M-13-control  the same without isolation: every means must be heard, else its silence above
 *                 says nothing; but for flags, which need an open file that both have, and the
 *                 kernel process gives nobody one that another has
 *
 * What docs/isolation.md lists under "What remains open" is heard; anything else may not be.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "result.h"
#include "rig.h"

struct cell {
	const char *name;
	bool apart;
	const char *option;
	bool ring; /* is theirs */
	bool open; /* everything is */
};

static const struct cell cells[] = {
	{"M-13-strict", true, "--mediate=all", false, false},
	{"M-13-direct", true, "--mediate=direct", false, false},
	{"M-13-granted", false, "--mediate=direct", true, false},
	{"M-13-control", false, "--isolation=off", true, true},
};

static struct rig rig;

static void keep_apart(void)
{
	(void)setenv("KX_POLICY_APART", "1", 1);
}

/* Documented to be open, whatever the policy. */
static bool is_known(const char *means)
{
	return !strcmp(means, "file_wake") || !strcmp(means, "thread_wake") ||
	       !strcmp(means, "robust_wake");
}

/* Where a method is granted the ring is theirs, and kernel calls are. */
static bool is_granted(const char *means)
{
	return !strcmp(means, "ring") || !strcmp(means, "relay") || !strcmp(means, "sid");
}

/* Right, or wrong, so often that it is no chance: of 25 windows and more, 17 of 20. */
static bool is_open(unsigned right, unsigned windows)
{
	unsigned same = right > windows - right ? right : windows - right;

	return windows && same * 20 >= windows * 17;
}

static bool must_be_heard(const struct cell *cell, const char *means)
{
	return (cell->open && strcmp(means, "flags") != 0) || is_known(means) ||
	       (cell->ring && is_granted(means));
}

struct tally {
	unsigned means;
	unsigned failures;
	bool poor;      /* too few windows in time, or not heard what must be: proves nothing */
	char open[200]; /* their names */
};

static void judge(const struct cell *cell, struct tally *tally)
{
	const char *line = rig.text;
	char means[32];
	unsigned right;
	unsigned windows;

	while ((line = strstr(line, "HEARD "))) {
		if (sscanf(line, "HEARD %31s %u of %u", means, &right, &windows) != 3 ||
		    right > windows)
			break;
		line += 6;
		tally->means++;
		fprintf(stderr, "%s %s: %u of %u\n", cell->name, means, right, windows);
		tally->poor |= windows < 20;
		if (!is_open(right, windows)) {
			tally->poor |= must_be_heard(cell, means);
			continue;
		}
		tally->failures += !must_be_heard(cell, means);
		(void)snprintf(tally->open + strlen(tally->open),
			       sizeof(tally->open) - strlen(tally->open), " %s", means);
	}
}

#define MEANS 12u /* of hostile_pair.c */

/* Nobody told: then nothing could be heard. */
static bool have_both_run(void)
{
	unsigned told = 0;
	const char *at = strstr(rig.text, "TOLD ");

	return at && sscanf(at, "TOLD %u", &told) == 1 && told > 0 &&
	       !strstr(rig.text, "FAIL hostile");
}

static struct tally run(const struct cell *cell, unsigned ms)
{
	const char *const options[] = {cell->option, NULL};
	struct tally tally = {0};
	char lines[2][100];
	const char *const entities[] = {lines[0], lines[1], NULL};

	(void)snprintf(lines[0], sizeof(lines[0]), "server t.Server @other hear %u", ms);
	(void)snprintf(lines[1], sizeof(lines[1]), "teller t.Client @other tell %u", ms);
	rig_image(&rig, entities, NULL, "security.so");
	rig_child = cell->apart ? keep_apart : NULL;
	rig_start(&rig, options);
	rig_child = NULL;
	(void)rig_wait_ms(&rig, "HEARD lock", 1, ms + 20000);
	(void)rig_wait_ms(&rig, "TOLD ", 1, 20000);
	rig_end(&rig);
	judge(cell, &tally);
	tally.poor |= tally.means != MEANS || !have_both_run();
	tally.failures += !WIFEXITED(rig.status) || WEXITSTATUS(rig.status) != 0;
	return tally;
}

static void collude(struct kx_campaign *campaign, const struct cell *cell)
{
	unsigned ms = (unsigned)kx_by_tier(campaign, 25000, 25000, 144000);
	struct tally tally = {.poor = true};

	if (!kx_wants(campaign, cell->name))
		return;
	/* On a machine that is busy elsewhere windows are missed: once more, for longer. */
	for (unsigned tries = 0; tries < 3 && tally.poor && !tally.failures; tries++, ms += ms / 2)
		tally = run(cell, ms);
	tally.failures += tally.poor;
	if (tally.failures)
		fprintf(stderr, "%s: status 0x%x\n%.4000s\n", cell->name, (unsigned)rig.status,
			rig.text);
	kx_result(campaign, cell->name, "P6,P5", tally.means, "means", tally.failures,
		  "two that collude, %s; heard over:%s", cell->option,
		  tally.open[0] ? tally.open : " nothing");
}

int main(int argc, char **argv)
{
	struct kx_campaign campaign;

	kx_campaign_begin(&campaign, argc, argv);
	for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++)
		collude(&campaign, &cells[i]);
	return kx_campaign_end(&campaign);
}
