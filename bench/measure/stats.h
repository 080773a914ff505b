/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_STATS_H
#define KX_BENCH_STATS_H

/*
 * From turns to figures. A turn gives one sample; a figure is the median of
 * the samples; two mechanisms are compared by the ratio of their medians,
 * never by ratios of single turns.
 */

#include <stdbool.h>
#include <stddef.h>

#include "subject.h"

/* What is known of one turn; times in nanoseconds. */
enum kx_measure {
	KX_M_P50,
	KX_M_P90,
	KX_M_P99,
	KX_M_P999,
	KX_M_MAX,
	KX_M_MEAN,
	KX_M_OPS, /* calls per second, all clients together */
	KX_M_CALLS,
	KX_M_CPU, /* processor time of all parties per call */
	KX_M_VOLUNTARY,
	KX_M_INVOLUNTARY,
	KX_M_QUIET_CPU,   /* percent of a core that the idle server used */
	KX_M_QUIET_WAKES, /* times a second it woke up */
	KX_M_COUNT,
};

struct kx_sample {
	double v[KX_M_COUNT];
};

/* A ratio of medians and the interval that holds 95 of 100 resampled ones. */
struct kx_ratio {
	double ratio; /* 0: there is none */
	double low;
	double high;
};

/* "p50", "ops", ...: the name of a measure in every output. */
const char *kx_measure_name(enum kx_measure measure);

struct kx_sample kx_sample_of(const struct kx_turn *turn);

/* Middle value, or the mean of the two middle ones; 0 if @count is 0. */
double kx_median(const double *values, size_t count);

/* Each measure's own median. */
struct kx_sample kx_sample_median(const struct kx_sample *samples, size_t count);

/*
 * median(@over) / median(@under), with an interval by drawing turns again,
 * both sides of one turn together when @paired. The draws are the same each
 * time, so the same samples give the same interval.
 */
struct kx_ratio kx_ratio_of(const double *over, size_t over_count, const double *under,
			    size_t under_count, bool paired);

/* How many turns kx_mark_drops() marked, and why. */
struct kx_drops {
	size_t fast;   /* client and server sat on two hyperthreads of one core */
	size_t slow;   /* one of them did not get its core: a stranger was on it */
	bool all_fast; /* every turn was fast: so is the machine, none is marked */
	bool all_slow; /* every turn was slow: none is marked, nothing can be judged */
};

/*
 * Marks in @drop[i] the turns whose two-line spin @p50[i] is under @low or over
 * @high: they tell of the machine's guests, not of the mechanism.
 */
struct kx_drops kx_mark_drops(const double *p50, size_t count, double low, double high, bool *drop);

#endif /* KX_BENCH_STATS_H */
