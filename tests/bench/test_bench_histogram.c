/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The histogram against the sorted values themselves, and its way through text.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "measure/histogram.h"

#define VALUES 50000u

static struct kx_hist hist;
static struct kx_hist copy;
static uint64_t values[VALUES];

static int by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a;
	const uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Values from 0 to 2^40, more small than large, the same at each run. */
static void fill(void)
{
	uint64_t seed = 42;

	kx_hist_clear(&hist);
	for (unsigned i = 0; i < VALUES; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		values[i] = (seed >> 24) >> (seed % 41);
		kx_hist_record(&hist, values[i]);
	}
	qsort(values, VALUES, sizeof(values[0]), by_value);
}

static void percentiles_are_within_one_percent_of_the_sorted_values(void **state)
{
	static const uint32_t parts[] = {1,      1000,   10000,   25000, KX_P50,
					 KX_P90, KX_P99, KX_P999, 99999, 100000};

	(void)state;
	fill();
	for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		uint64_t rank = ((uint64_t)VALUES * parts[i] + 99999) / 100000;
		double exact = (double)values[rank - 1];
		double found = (double)kx_hist_percentile(&hist, parts[i]);

		assert_true(found >= exact * 0.99 && found <= exact * 1.01);
	}
}

static void small_values_are_exact(void **state)
{
	(void)state;
	for (uint64_t value = 0; value < 256; value++) {
		kx_hist_clear(&hist);
		kx_hist_record(&hist, value);
		kx_hist_record(&hist, value);
		kx_hist_record(&hist, 1000000);
		assert_int_equal(kx_hist_percentile(&hist, KX_P50), value);
	}
}

static void extremes_count_and_mean_are_exact(void **state)
{
	uint64_t sum = 0;

	(void)state;
	fill();
	for (unsigned i = 0; i < VALUES; i++)
		sum += values[i];
	assert_int_equal(hist.count, VALUES);
	assert_int_equal(hist.min, values[0]);
	assert_int_equal(hist.max, values[VALUES - 1]);
	assert_true(kx_hist_mean(&hist) == (double)sum / VALUES);
}

static void every_bucket_begins_where_the_last_one_ended(void **state)
{
	uint64_t last = 0;

	(void)state;
	for (unsigned i = 0; i < KX_HIST_BUCKETS; i++) {
		uint64_t low;
		uint64_t high;

		kx_hist_bounds(i, &low, &high);
		assert_int_equal(low, i == 0 ? 0 : last + 1);
		assert_int_equal(kx_hist_index(low), i);
		assert_int_equal(kx_hist_index(high), i);
		last = high;
	}
}

static void a_value_beyond_the_last_bucket_is_the_maximum(void **state)
{
	(void)state;
	kx_hist_clear(&hist);
	kx_hist_record(&hist, UINT64_MAX / 2);
	assert_int_equal(kx_hist_percentile(&hist, KX_P50), UINT64_MAX / 2);
}

static void an_empty_histogram_gives_zeros(void **state)
{
	(void)state;
	kx_hist_clear(&hist);
	assert_int_equal(kx_hist_percentile(&hist, KX_P99), 0);
	assert_true(kx_hist_mean(&hist) == 0.0);
}

static void merging_equals_recording_in_one(void **state)
{
	(void)state;
	fill();
	kx_hist_clear(&copy);
	kx_hist_merge(&copy, &hist);
	kx_hist_merge(&copy, &hist);
	assert_int_equal(copy.count, 2 * hist.count);
	assert_int_equal(copy.sum, 2 * hist.sum);
	assert_int_equal(copy.max, hist.max);
	assert_int_equal(kx_hist_percentile(&copy, KX_P90), kx_hist_percentile(&hist, KX_P90));
}

static struct kx_hist_reader reader;

/* Prints @hist and reads the lines, each @times times. */
static void through_text(unsigned times)
{
	char line[4096];
	FILE *file = tmpfile();

	assert_non_null(file);
	assert_true(kx_hist_print(&hist, file));
	rewind(file);
	kx_hist_reader_clear(&reader);
	while (fgets(line, sizeof(line), file))
		for (unsigned i = 0; i < times; i++)
			assert_int_equal(kx_hist_read(&reader, line), KX_HIST_TAKEN);
	(void)fclose(file);
}

static void printed_lines_read_back_the_same(void **state)
{
	(void)state;
	fill();
	through_text(1);
	assert_true(kx_hist_complete(&reader, 1));
	assert_memory_equal(&reader.hist, &hist, sizeof(hist));
}

static void mixed_lines_of_two_processes_read_as_their_sum(void **state)
{
	(void)state;
	fill();
	kx_hist_clear(&copy);
	kx_hist_merge(&copy, &hist);
	kx_hist_merge(&copy, &hist);
	through_text(2);
	assert_true(kx_hist_complete(&reader, 2));
	assert_memory_equal(&reader.hist, &copy, sizeof(copy));
}

static void a_lost_line_is_noticed(void **state)
{
	(void)state;
	kx_hist_reader_clear(&reader);
	assert_int_equal(kx_hist_read(&reader, "KXHIST b 1:5 2:6\n"), KX_HIST_TAKEN);
	assert_false(kx_hist_complete(&reader, 1));
	assert_int_equal(kx_hist_read(&reader, "KXHIST end 12 18 1 2\n"), KX_HIST_TAKEN);
	assert_false(kx_hist_complete(&reader, 1));
	assert_int_equal(kx_hist_read(&reader, "KXHIST b 3:1\n"), KX_HIST_TAKEN);
	assert_true(kx_hist_complete(&reader, 1));
}

static void garbled_lines_are_refused(void **state)
{
	static const char *const lines[] = {"KXHIST b 99999:1\n", "KXHIST b 1:x\n",
					    "KXHIST end 5\n", "KXHIST what\n"};

	(void)state;
	kx_hist_reader_clear(&reader);
	for (unsigned i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(kx_hist_read(&reader, lines[i]), KX_HIST_GARBLED);
	assert_int_equal(kx_hist_read(&reader, "hello\n"), KX_HIST_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(percentiles_are_within_one_percent_of_the_sorted_values),
		cmocka_unit_test(small_values_are_exact),
		cmocka_unit_test(extremes_count_and_mean_are_exact),
		cmocka_unit_test(every_bucket_begins_where_the_last_one_ended),
		cmocka_unit_test(a_value_beyond_the_last_bucket_is_the_maximum),
		cmocka_unit_test(an_empty_histogram_gives_zeros),
		cmocka_unit_test(merging_equals_recording_in_one),
		cmocka_unit_test(printed_lines_read_back_the_same),
		cmocka_unit_test(mixed_lines_of_two_processes_read_as_their_sum),
		cmocka_unit_test(a_lost_line_is_noticed),
		cmocka_unit_test(garbled_lines_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
