/* SPDX-License-Identifier: Apache-2.0 */
#include "result.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The result that is being worked on; "": none. */
static char due[64];

uint64_t kx_prove_now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void wrong_usage(const char *program)
{
	fprintf(stderr, "usage: %s [--seed N] [--tier T|P|N] [--only RESULT]\n", program);
	exit(2);
}

static enum kx_tier tier_of(const char *program, const char *text)
{
	static const char letters[] = "TPN";
	const char *at = text[0] && !text[1] ? strchr(letters, text[0]) : NULL;

	if (!at)
		wrong_usage(program);
	return (enum kx_tier)(at - letters);
}

static void is_due(const char *name)
{
	(void)snprintf(due, sizeof(due), "%s", name);
}

/* What the rig finds after a run (tests/system/rig.h) ends the program: that is a failure, too. */
static void say_what_is_due(int status, void *unused)
{
	(void)unused;
	if (due[0] && status != 0 && status != 77)
		printf("RESULT name=%s promises=- count=1 unit=runs failures=1 seed=0 seconds=0.0"
		       " note=ended with status %d before its result, see its stderr\n",
		       due, status);
}

void kx_campaign_begin(struct kx_campaign *campaign, int argc, char **argv)
{
	memset(campaign, 0, sizeof(*campaign));
	campaign->tier = KX_TIER_TEST;
	campaign->seed = 1;
	for (int i = 1; i < argc; i += 2) {
		if (i + 1 >= argc)
			wrong_usage(argv[0]);
		if (strcmp(argv[i], "--seed") == 0)
			campaign->seed = strtoull(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--tier") == 0)
			campaign->tier = tier_of(argv[0], argv[i + 1]);
		else if (strcmp(argv[i], "--only") == 0)
			campaign->only = argv[i + 1];
		else
			wrong_usage(argv[0]);
	}
	campaign->state = campaign->seed;
	campaign->start_ns = kx_prove_now_ns();
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	if (campaign->only)
		is_due(campaign->only);
	(void)on_exit(say_what_is_due, NULL);
}

bool kx_wants(const struct kx_campaign *campaign, const char *name)
{
	bool wants = !campaign->only || strcmp(campaign->only, name) == 0;

	if (wants)
		is_due(name);
	return wants;
}

uint64_t kx_by_tier(const struct kx_campaign *campaign, uint64_t few, uint64_t some, uint64_t many)
{
	const uint64_t amounts[] = {few, some, many};

	return amounts[campaign->tier];
}

/* SplitMix64: any seed will do, neighbours too. */
uint64_t kx_random(struct kx_campaign *campaign, uint64_t limit)
{
	uint64_t z = (campaign->state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	z ^= z >> 31;
	return limit ? z % limit : z;
}

void kx_result(struct kx_campaign *campaign, const char *name, const char *promises, uint64_t count,
	       const char *unit, uint64_t failures, const char *note, ...)
{
	uint64_t now = kx_prove_now_ns();
	va_list list;

	printf("RESULT name=%s promises=%s count=%llu unit=%s failures=%llu seed=%llu seconds=%.1f"
	       " note=",
	       name, promises, (unsigned long long)count, unit, (unsigned long long)failures,
	       (unsigned long long)campaign->seed, (double)(now - campaign->start_ns) / 1e9);
	va_start(list, note);
	(void)vprintf(note, list);
	va_end(list);
	printf("\n");
	campaign->start_ns = now;
	campaign->failures += failures > 0;
	if (strcmp(due, name) == 0)
		is_due("");
}

int kx_campaign_end(const struct kx_campaign *campaign)
{
	is_due("");
	return campaign->failures ? 1 : 0;
}
