/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_HISTOGRAM_H
#define KX_BENCH_HISTOGRAM_H

/*
 * A log-linear histogram of nanoseconds: 128 buckets per power of two, so a
 * percentile is off by less than 0.4 % (half a bucket) whatever its size.
 * Values below 256 ns are exact; values of 18 minutes and more share the last
 * bucket; count, sum, minimum and maximum are exact.
 *
 * No allocation, no pointer: it may lie in shared memory. One writer.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define KX_HIST_SUB_BITS 7
#define KX_HIST_SUB      (1u << KX_HIST_SUB_BITS)
#define KX_HIST_TOP_BIT  39
#define KX_HIST_BUCKETS  ((KX_HIST_TOP_BIT - KX_HIST_SUB_BITS + 2) * KX_HIST_SUB)

struct kx_hist {
	uint64_t count;
	uint64_t sum;
	uint64_t min; /* UINT64_MAX while empty */
	uint64_t max;
	uint64_t bucket[KX_HIST_BUCKETS];
};

/* Percentiles in parts of 100,000, so that no rank is rounded twice. */
enum kx_percentile {
	KX_P50 = 50000,
	KX_P90 = 90000,
	KX_P99 = 99000,
	KX_P999 = 99900,
};

void kx_hist_clear(struct kx_hist *hist);

/* Adds all of @from to @into. */
void kx_hist_merge(struct kx_hist *into, const struct kx_hist *from);

/* Nearest rank; 0 for an empty histogram. @part is 1 to 100,000. */
uint64_t kx_hist_percentile(const struct kx_hist *hist, uint32_t part);

/* Arithmetic mean; 0 for an empty histogram. */
double kx_hist_mean(const struct kx_hist *hist);

/* The lowest and the highest value that fall into bucket @index. */
void kx_hist_bounds(unsigned index, uint64_t *low, uint64_t *high);

/*
 * Writes the histogram as short text lines that begin with KXHIST, for a
 * process whose only way out is its standard output. Returns false if writing
 * failed.
 */
bool kx_hist_print(const struct kx_hist *hist, FILE *out);

/*
 * Histograms of several processes on their way in: their lines may come mixed,
 * as long as each line is whole.
 */
struct kx_hist_reader {
	struct kx_hist hist; /* of all, right once kx_hist_complete() says so */
	uint64_t announced;  /* counts that last lines told of */
	unsigned ended;      /* last lines seen */
};

/* What a line was to kx_hist_read(). */
enum kx_hist_line {
	KX_HIST_OTHER,   /* not a KXHIST line; nothing was added */
	KX_HIST_TAKEN,   /* added */
	KX_HIST_GARBLED, /* began as KXHIST and makes no sense; give the turn up */
};

void kx_hist_reader_clear(struct kx_hist_reader *reader);

/* Adds one printed line. */
enum kx_hist_line kx_hist_read(struct kx_hist_reader *reader, const char *line);

/* Have @printed histograms come whole? */
bool kx_hist_complete(const struct kx_hist_reader *reader, unsigned printed);

static inline unsigned kx_hist_index(uint64_t ns)
{
	unsigned shift;

	if (ns < KX_HIST_SUB)
		return (unsigned)ns;
	if (ns >> (KX_HIST_TOP_BIT + 1))
		return KX_HIST_BUCKETS - 1;
	shift = 63u - (unsigned)__builtin_clzll(ns) - KX_HIST_SUB_BITS;
	return (shift + 1) * KX_HIST_SUB + (unsigned)(ns >> shift) - KX_HIST_SUB;
}

static inline void kx_hist_record(struct kx_hist *hist, uint64_t ns)
{
	hist->bucket[kx_hist_index(ns)]++;
	hist->count++;
	hist->sum += ns;
	if (ns < hist->min)
		hist->min = ns;
	if (ns > hist->max)
		hist->max = ns;
}

#endif /* KX_BENCH_HISTOGRAM_H */
