/* SPDX-License-Identifier: Apache-2.0 */
#include "stats.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DRAWS     1000u
#define DRAW_LOW  25u  /* of DRAWS: 2.5 % */
#define DRAW_HIGH 974u /* of DRAWS: 97.5 % */
#define MAX_TURNS 1000u

static const char *const names[KX_M_COUNT] = {
	[KX_M_P50] = "p50",
	[KX_M_P90] = "p90",
	[KX_M_P99] = "p99",
	[KX_M_P999] = "p999",
	[KX_M_MAX] = "max",
	[KX_M_MEAN] = "mean",
	[KX_M_OPS] = "ops",
	[KX_M_CALLS] = "calls",
	[KX_M_CPU] = "cpu",
	[KX_M_VOLUNTARY] = "voluntary",
	[KX_M_INVOLUNTARY] = "involuntary",
	[KX_M_QUIET_CPU] = "quiet_cpu",
	[KX_M_QUIET_WAKES] = "quiet_wakes",
};

const char *kx_measure_name(enum kx_measure measure)
{
	return names[measure];
}

struct kx_sample kx_sample_of(const struct kx_turn *turn)
{
	const struct kx_hist *hist = &turn->hist;
	double calls = hist->count != 0 ? (double)hist->count : 1.0;
	struct kx_sample sample;

	sample.v[KX_M_P50] = (double)kx_hist_percentile(hist, KX_P50);
	sample.v[KX_M_P90] = (double)kx_hist_percentile(hist, KX_P90);
	sample.v[KX_M_P99] = (double)kx_hist_percentile(hist, KX_P99);
	sample.v[KX_M_P999] = (double)kx_hist_percentile(hist, KX_P999);
	sample.v[KX_M_MAX] = (double)hist->max;
	sample.v[KX_M_MEAN] = kx_hist_mean(hist);
	sample.v[KX_M_OPS] =
		turn->wall_ns != 0 ? (double)hist->count * 1e9 / (double)turn->wall_ns : 0.0;
	sample.v[KX_M_CALLS] = (double)hist->count;
	sample.v[KX_M_CPU] = (double)turn->cpu_ns / calls;
	sample.v[KX_M_VOLUNTARY] = (double)turn->voluntary;
	sample.v[KX_M_INVOLUNTARY] = (double)turn->involuntary;
	sample.v[KX_M_QUIET_CPU] = 0.0;
	sample.v[KX_M_QUIET_WAKES] = 0.0;
	if (turn->quiet_ns != 0) {
		sample.v[KX_M_QUIET_CPU] =
			100.0 * (double)turn->quiet_cpu_ns / (double)turn->quiet_ns;
		sample.v[KX_M_QUIET_WAKES] =
			(double)turn->quiet_wakes * 1e9 / (double)turn->quiet_ns;
	}
	return sample;
}

static int by_value(const void *a, const void *b)
{
	const double x = *(const double *)a;
	const double y = *(const double *)b;

	return (x > y) - (x < y);
}

double kx_median(const double *values, size_t count)
{
	double sorted[MAX_TURNS];

	if (count == 0)
		return 0.0;
	if (count > MAX_TURNS)
		count = MAX_TURNS;
	memcpy(sorted, values, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), by_value);
	return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2.0;
}

struct kx_sample kx_sample_median(const struct kx_sample *samples, size_t count)
{
	double values[MAX_TURNS];
	struct kx_sample median;

	if (count > MAX_TURNS)
		count = MAX_TURNS;
	for (int m = 0; m < KX_M_COUNT; m++) {
		for (size_t i = 0; i < count; i++)
			values[i] = samples[i].v[m];
		median.v[m] = kx_median(values, count);
	}
	return median;
}

/* A 64-bit linear congruential generator, top bits; good enough to draw turns. */
static size_t draw(uint64_t *seed, size_t count)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (size_t)((*seed >> 33) % count);
}

static double ratio_of_medians(const double *over, size_t over_count, const double *under,
			       size_t under_count)
{
	double below = kx_median(under, under_count);

	return below > 0.0 ? kx_median(over, over_count) / below : 0.0;
}

struct kx_ratio kx_ratio_of(const double *over, size_t over_count, const double *under,
			    size_t under_count, bool paired)
{
	struct kx_ratio result = {0.0, 0.0, 0.0};
	double a[MAX_TURNS];
	double b[MAX_TURNS];
	double drawn[DRAWS];
	uint64_t seed = 1;

	if (over_count == 0 || under_count == 0 || over_count > MAX_TURNS ||
	    under_count > MAX_TURNS)
		return result;
	for (size_t d = 0; d < DRAWS; d++) {
		for (size_t i = 0; i < over_count; i++) {
			size_t pick = draw(&seed, over_count);

			a[i] = over[pick];
			if (paired && i < under_count)
				b[i] = under[pick];
		}
		for (size_t i = 0; !paired && i < under_count; i++)
			b[i] = under[draw(&seed, under_count)];
		drawn[d] = ratio_of_medians(a, over_count, b, under_count);
	}
	qsort(drawn, DRAWS, sizeof(*drawn), by_value);
	result.ratio = ratio_of_medians(over, over_count, under, under_count);
	result.low = drawn[DRAW_LOW];
	result.high = drawn[DRAW_HIGH];
	return result;
}

struct kx_drops kx_mark_drops(const double *p50, size_t count, double low, double high, bool *drop)
{
	struct kx_drops drops = {0};

	for (size_t i = 0; i < count; i++) {
		drops.fast += p50[i] < low;
		drops.slow += p50[i] > high;
	}
	drops.all_fast = count != 0 && drops.fast == count;
	drops.all_slow = count != 0 && drops.slow == count;
	for (size_t i = 0; i < count; i++)
		drop[i] = (p50[i] < low && !drops.all_fast) || (p50[i] > high && !drops.all_slow);
	if (!drops.all_fast && !drops.all_slow && drops.fast + drops.slow == count)
		memset(drop, 0, count * sizeof(*drop)); /* some of each and none good */
	return drops;
}
