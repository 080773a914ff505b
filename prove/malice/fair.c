/* SPDX-License-Identifier: Apache-2.0 */
#include "fair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return *x < *y ? -1 : *x > *y;
}

double kx_median(double *values, unsigned count)
{
	if (count == 0)
		return 0;
	qsort(values, count, sizeof(*values), compare);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

void kx_turns_read(struct kx_turns *turns, const char *text)
{
	unsigned next = KX_TURN_IDLE;
	unsigned turn;
	double calls;
	double p99_us;

	*turns = (struct kx_turns){0};
	for (const char *at = text; (at = strstr(at, "TURN ")) != NULL; at++) {
		if (sscanf(at, "TURN %u calls=%lf p99=%lf", &turn, &calls, &p99_us) != 3 ||
		    turn >= KX_TURNS)
			continue;
		turns->mixed |= turn != next;
		next = (turn + 1) % KX_TURNS;
		if (turns->count[turn] == KX_FAIR_MOST)
			continue;
		turns->calls[turn][turns->count[turn]] = calls;
		turns->p99_us[turn][turns->count[turn]++] = p99_us;
	}
}

void kx_fair_judge(struct kx_fair *fair, const struct kx_turns *turns, unsigned rounds)
{
	bool enough = rounds > 0 && !turns->mixed;

	*fair = (struct kx_fair){.pairs = turns->count[KX_TURN_FLOOD]};
	if (turns->count[KX_TURN_COMPUTE] < fair->pairs)
		fair->pairs = turns->count[KX_TURN_COMPUTE];
	for (unsigned i = 0; i < fair->pairs; i++) {
		double share = turns->calls[KX_TURN_COMPUTE][i];

		fair->ratios[i] = share > 0 ? turns->calls[KX_TURN_FLOOD][i] / share : 0;
	}
	for (unsigned turn = 0; turn < KX_TURNS; turn++)
		enough &= turns->count[turn] >= rounds;
	fair->ratio = kx_median(fair->ratios, fair->pairs);
	if (!enough)
		fair->ratio = 0;
	fair->kept = fair->ratio >= KX_FAIR;
}
