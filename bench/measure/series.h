/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_SERIES_H
#define KX_BENCH_SERIES_H

/*
 * One run: several mechanisms under one configuration, in turn. Turn 1 of each
 * comes before turn 2 of any, so a machine that slows down slows all of them. A turn
 * of several starts is that many turns, of which the best is kept.
 */

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "stats.h"
#include "subject.h"

#define KX_SERIES_ROWS 24
#define KX_TURNS_MAX   1000

struct kx_row {
	const struct kx_subject *subject;
	char skipped[96];          /* why it was not measured; "" if it was */
	struct kx_sample *samples; /* one a turn that was kept */
	size_t count;
	struct kx_sample median;
	struct kx_hist **turns; /* their histograms, one a sample; NULL: not kept */
	void *state;            /* the subject's; NULL while it isn't prepared */
};

struct kx_series {
	struct kx_config config;
	bool keeps;     /* the histogram of each turn */
	bool tolerates; /* a mechanism that fails is left out; Kosix may not */
	struct kx_row rows[KX_SERIES_ROWS];
	size_t count;
	struct kx_row cores;   /* no result: its p50 before and after each start says how near the
				* cores were. .subject NULL: only two-line says it, if it is a row */
	struct kx_drops drops; /* starts that the two-line spin showed to be disturbed */
	size_t dropped;        /* starts left out */
};

/* Appends a mechanism. False after a complaint if there are too many. */
bool kx_series_add(struct kx_series *series, const struct kx_subject *subject);

/*
 * Runs all turns of all rows; blocks for up to turns * rows * (turn + grace).
 * False after a complaint: a mechanism failed, and there are no results.
 */
bool kx_series_run(struct kx_series *series);

/* All turns of @row that were kept in one. False if histograms are not kept. */
bool kx_series_histogram(const struct kx_row *row, struct kx_hist *hist);

/* Frees samples. The series may have failed or never run. */
void kx_series_free(struct kx_series *series);

/* The row of @name that has results, or NULL. */
const struct kx_row *kx_series_find(const struct kx_series *series, const char *name);

/* @row's measure divided by @floor's, turns taken together. */
struct kx_ratio kx_series_ratio(const struct kx_row *row, const struct kx_row *floor,
				enum kx_measure measure);

/* What a result says in `path=`: direct or relay for Kosix, else the floor's name. */
const char *kx_series_path(const struct kx_series *series, const struct kx_row *row);

#endif /* KX_BENCH_SERIES_H */
