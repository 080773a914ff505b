/* SPDX-License-Identifier: Apache-2.0 */
#include "histogram.h"

#include <inttypes.h>
#include <string.h>

#define PART_MAX      100000u
#define PAIRS_A_LINE  16
#define BUCKET_PREFIX "KXHIST b"
#define END_PREFIX    "KXHIST end"

void kx_hist_clear(struct kx_hist *hist)
{
	memset(hist, 0, sizeof(*hist));
	hist->min = UINT64_MAX;
}

void kx_hist_merge(struct kx_hist *into, const struct kx_hist *from)
{
	for (unsigned i = 0; i < KX_HIST_BUCKETS; i++)
		into->bucket[i] += from->bucket[i];
	into->count += from->count;
	into->sum += from->sum;
	if (from->min < into->min)
		into->min = from->min;
	if (from->max > into->max)
		into->max = from->max;
}

void kx_hist_bounds(unsigned index, uint64_t *low, uint64_t *high)
{
	unsigned shift;

	if (index < KX_HIST_SUB) {
		*low = index;
		*high = index;
		return;
	}
	shift = index / KX_HIST_SUB - 1;
	*low = (uint64_t)(index % KX_HIST_SUB + KX_HIST_SUB) << shift;
	*high = *low + ((uint64_t)1 << shift) - 1;
}

/* The middle of a bucket, but never outside of what was really seen. */
static uint64_t bucket_value(const struct kx_hist *hist, unsigned index)
{
	uint64_t low;
	uint64_t high;
	uint64_t middle;

	if (index == KX_HIST_BUCKETS - 1)
		return hist->max;
	kx_hist_bounds(index, &low, &high);
	middle = low + (high - low) / 2;
	if (middle < hist->min)
		return hist->min;
	return middle > hist->max ? hist->max : middle;
}

uint64_t kx_hist_percentile(const struct kx_hist *hist, uint32_t part)
{
	uint64_t rank;
	uint64_t seen = 0;

	if (hist->count == 0)
		return 0;
	/* Rounded up, in two steps: count * part would overflow first. */
	rank = hist->count / PART_MAX * part +
	       (hist->count % PART_MAX * part + PART_MAX - 1) / PART_MAX;
	for (unsigned i = 0; i < KX_HIST_BUCKETS; i++) {
		seen += hist->bucket[i];
		if (seen >= rank)
			return bucket_value(hist, i);
	}
	return hist->max;
}

double kx_hist_mean(const struct kx_hist *hist)
{
	return hist->count == 0 ? 0.0 : (double)hist->sum / (double)hist->count;
}

bool kx_hist_print(const struct kx_hist *hist, FILE *out)
{
	unsigned on_line = 0;

	for (unsigned i = 0; i < KX_HIST_BUCKETS; i++) {
		if (hist->bucket[i] == 0)
			continue;
		fprintf(out, "%s %u:%" PRIu64, on_line == 0 ? BUCKET_PREFIX : "", i,
			hist->bucket[i]);
		if (++on_line == PAIRS_A_LINE) {
			fputc('\n', out);
			on_line = 0;
		}
	}
	if (on_line != 0)
		fputc('\n', out);
	fprintf(out, "%s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", END_PREFIX,
		hist->count, hist->sum, hist->min, hist->max);
	return fflush(out) == 0 && !ferror(out);
}

void kx_hist_reader_clear(struct kx_hist_reader *reader)
{
	kx_hist_clear(&reader->hist);
	reader->announced = 0;
	reader->ended = 0;
}

static enum kx_hist_line read_buckets(struct kx_hist *hist, const char *text)
{
	unsigned index;
	uint64_t count;
	int used;

	while (sscanf(text, " %u:%" SCNu64 "%n", &index, &count, &used) == 2) {
		if (index >= KX_HIST_BUCKETS)
			return KX_HIST_GARBLED;
		hist->bucket[index] += count;
		hist->count += count;
		text += used;
	}
	return text[strspn(text, " \r\n")] == '\0' ? KX_HIST_TAKEN : KX_HIST_GARBLED;
}

static enum kx_hist_line read_end(struct kx_hist_reader *reader, const char *text)
{
	uint64_t count;
	uint64_t sum;
	uint64_t min;
	uint64_t max;

	if (sscanf(text, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64, &count, &sum, &min,
		   &max) != 4)
		return KX_HIST_GARBLED;
	reader->announced += count;
	reader->ended++;
	reader->hist.sum += sum;
	if (min < reader->hist.min)
		reader->hist.min = min;
	if (max > reader->hist.max)
		reader->hist.max = max;
	return KX_HIST_TAKEN;
}

enum kx_hist_line kx_hist_read(struct kx_hist_reader *reader, const char *line)
{
	if (strncmp(line, BUCKET_PREFIX, strlen(BUCKET_PREFIX)) == 0)
		return read_buckets(&reader->hist, line + strlen(BUCKET_PREFIX));
	if (strncmp(line, END_PREFIX, strlen(END_PREFIX)) == 0)
		return read_end(reader, line + strlen(END_PREFIX));
	return strncmp(line, "KXHIST", 6) == 0 ? KX_HIST_GARBLED : KX_HIST_OTHER;
}

bool kx_hist_complete(const struct kx_hist_reader *reader, unsigned printed)
{
	return reader->ended == printed && reader->announced == reader->hist.count;
}
