/* SPDX-License-Identifier: Apache-2.0 */
#include "series.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "interrupt.h"
#include "load.h"

#define SLOW_NS          5000.0
#define SLOW_NS_PER_BYTE 1.0

bool kx_series_add(struct kx_series *series, const struct kx_subject *subject)
{
	if (series->count == KX_SERIES_ROWS)
		return kx_complain("more than %d mechanisms in one run", KX_SERIES_ROWS);
	series->rows[series->count++] = (struct kx_row){.subject = subject};
	return true;
}

static unsigned starts(const struct kx_series *series)
{
	return series->config.turns * series->config.starts;
}

static bool prepare_row(struct kx_series *series, struct kx_row *row)
{
	if (!row->subject->fits(row->subject, &series->config, row->skipped, sizeof(row->skipped)))
		return true;
	row->samples = calloc(starts(series) + 1, sizeof(*row->samples));
	if (series->keeps)
		row->turns = calloc(starts(series) + 1, sizeof(struct kx_hist *));
	if (!row->samples || (series->keeps && !row->turns))
		return kx_complain("no memory for %u turns", starts(series));
	if (row->subject->prepare(row->subject, &series->config, &row->state))
		return true;
	row->state = NULL;
	return false;
}

static bool prepare(struct kx_series *series)
{
	bool ok = !series->cores.subject || prepare_row(series, &series->cores);

	for (size_t i = 0; ok && i < series->count; i++)
		ok = prepare_row(series, &series->rows[i]);
	return ok;
}

static bool keep_histogram(struct kx_row *row, const struct kx_turn *turn)
{
	row->turns[row->count] = malloc(sizeof(turn->hist));
	if (!row->turns[row->count])
		return false;
	*row->turns[row->count] = turn->hist;
	return true;
}

static bool run_row(struct kx_row *row, struct kx_turn *turn)
{
	memset(turn, 0, sizeof(*turn));
	kx_hist_clear(&turn->hist);
	if (!row->subject->run_turn(row->state, turn))
		return false;
	if (row->turns && !keep_histogram(row, turn))
		return kx_complain("no memory for a histogram");
	row->samples[row->count++] = kx_sample_of(turn);
	return true;
}

/* What failed has complained. True if the others go on without it. */
static bool leave_out(const struct kx_series *series, struct kx_row *row)
{
	if (!series->tolerates || !row->subject->floor || kx_interrupted())
		return false;
	row->subject->finish(row->state);
	row->state = NULL;
	for (size_t t = 0; row->turns && t < row->count; t++)
		free(row->turns[t]);
	row->count = 0;
	(void)snprintf(row->skipped, sizeof(row->skipped), "failed, see above");
	return true;
}

/* Where the cores are: before the first start, and after each. */
static bool run_cores(struct kx_series *series, struct kx_turn *turn)
{
	return !series->cores.state || run_row(&series->cores, turn);
}

static bool run_turns(struct kx_series *series)
{
	struct kx_turn *turn = malloc(sizeof(*turn));
	bool ok = turn != NULL;

	if (!turn)
		return kx_complain("no memory for a turn");
	ok = run_cores(series, turn);
	for (unsigned t = 0; ok && t < starts(series); t++) {
		for (size_t i = 0; ok && i < series->count; i++)
			if (series->rows[i].state)
				ok = run_row(&series->rows[i], turn) ||
				     leave_out(series, &series->rows[i]);
		ok = ok && run_cores(series, turn);
	}
	free(turn);
	return ok;
}

static void keep_turns(struct kx_row *row, const bool *drop)
{
	size_t kept = 0;

	for (size_t i = 0; i < row->count; i++) {
		if (drop[i] && row->turns)
			free(row->turns[i]);
		if (drop[i])
			continue;
		if (row->turns)
			row->turns[kept] = row->turns[i];
		row->samples[kept++] = row->samples[i];
	}
	row->count = kept;
}

/*
 * No two-line spin takes that long if both sides have their cores. With load or
 * more spinners than cores it may: then slow turns are what was asked for.
 */
static double slow_limit(const struct kx_config *config)
{
	if (config->load != 0)
		return DBL_MAX;
	return SLOW_NS + SLOW_NS_PER_BYTE * (double)config->size;
}

/*
 * How long the two-line spin took in start @i. That the cores are one shows only in few bytes,
 * that somebody else was on one only in the row itself.
 */
static double spin_of(const struct kx_series *series, const struct kx_row *spin, size_t i)
{
	const struct kx_sample *around = series->cores.samples;
	double moment = DBL_MAX;

	if (series->cores.count)
		moment = fmin(around[i].v[KX_M_P50], around[i + 1].v[KX_M_P50]);
	if (!spin || moment < (double)series->config.drop_ns)
		return moment;
	return spin->samples[i].v[KX_M_P50];
}

/* Marks the starts in which the two-line spin was disturbed: no row may count them. */
static void mark_drops(struct kx_series *series, bool *drop)
{
	const struct kx_row *spin = kx_series_find(series, "two-line");
	double p50[KX_TURNS_MAX];

	memset(drop, 0, KX_TURNS_MAX * sizeof(*drop));
	if ((!spin && !series->cores.count) || series->config.drop_ns == 0)
		return;
	for (size_t i = 0; i < starts(series); i++)
		p50[i] = spin_of(series, spin, i);
	series->drops = kx_mark_drops(p50, starts(series), (double)series->config.drop_ns,
				      slow_limit(&series->config), drop);
	for (size_t i = 0; i < starts(series); i++)
		series->dropped += drop[i];
}

/* Of each turn's @starts without those to @drop the one with the lowest median. */
static void keep_best(struct kx_row *row, size_t starts, const bool *drop)
{
	bool other[KX_TURNS_MAX];

	for (size_t first = 0; first < row->count; first += starts) {
		size_t best = row->count;

		for (size_t i = first; i < first + starts && i < row->count; i++) {
			other[i] = true;
			if (!drop[i] &&
			    (best == row->count ||
			     row->samples[i].v[KX_M_P50] < row->samples[best].v[KX_M_P50]))
				best = i;
		}
		if (best != row->count)
			other[best] = false;
	}
	keep_turns(row, other);
}

static void finish_row(struct kx_row *row)
{
	if (row->state)
		row->subject->finish(row->state);
	row->state = NULL;
}

static void finish(struct kx_series *series)
{
	for (size_t i = 0; i < series->count; i++)
		finish_row(&series->rows[i]);
	finish_row(&series->cores);
}

bool kx_series_run(struct kx_series *series)
{
	struct kx_load load = {0};
	bool drop[KX_TURNS_MAX];
	bool ok;

	if (starts(series) > KX_TURNS_MAX)
		return kx_complain("more than %d turns or starts", KX_TURNS_MAX);
	ok = prepare(series) && kx_load_start(&load, &series->config) && run_turns(series);
	kx_load_stop(&load);
	finish(series);
	if (!ok)
		return false;
	mark_drops(series, drop);
	for (size_t i = 0; i < series->count; i++) {
		struct kx_row *row = &series->rows[i];

		keep_best(row, series->config.starts, drop);
		row->median = kx_sample_median(row->samples, row->count);
	}
	return true;
}

bool kx_series_histogram(const struct kx_row *row, struct kx_hist *hist)
{
	kx_hist_clear(hist);
	for (size_t i = 0; row->turns && i < row->count; i++)
		kx_hist_merge(hist, row->turns[i]);
	return row->turns != NULL;
}

static void free_row(struct kx_row *row)
{
	for (size_t t = 0; row->turns && t < row->count; t++)
		free(row->turns[t]);
	free(row->turns);
	free(row->samples);
}

void kx_series_free(struct kx_series *series)
{
	for (size_t i = 0; i < series->count; i++)
		free_row(&series->rows[i]);
	free_row(&series->cores);
	series->count = 0;
	series->cores = (struct kx_row){0};
}

const struct kx_row *kx_series_find(const struct kx_series *series, const char *name)
{
	for (size_t i = 0; i < series->count; i++)
		if (series->rows[i].count != 0 && strcmp(series->rows[i].subject->name, name) == 0)
			return &series->rows[i];
	return NULL;
}

struct kx_ratio kx_series_ratio(const struct kx_row *row, const struct kx_row *floor,
				enum kx_measure measure)
{
	double over[KX_TURNS_MAX];
	double under[KX_TURNS_MAX];

	for (size_t i = 0; i < row->count; i++)
		over[i] = row->samples[i].v[measure];
	for (size_t i = 0; i < floor->count; i++)
		under[i] = floor->samples[i].v[measure];
	return kx_ratio_of(over, row->count, under, floor->count, row->count == floor->count);
}

const char *kx_series_path(const struct kx_series *series, const struct kx_row *row)
{
	if (row->subject->floor)
		return row->subject->name;
	return series->config.relay ? "relay" : "direct";
}
