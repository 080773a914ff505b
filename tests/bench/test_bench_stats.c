/* SPDX-License-Identifier: Apache-2.0 */

/* Medians, ratios with their intervals, and which turns are left out. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "measure/clock.h"
#include "measure/series.h"
#include "measure/stats.h"
#include "standard.h"

static void the_median_is_the_middle_value(void **state)
{
	static const double odd[] = {9, 1, 5};
	static const double even[] = {4, 1, 100, 2};

	(void)state;
	assert_true(kx_median(odd, 3) == 5.0);
	assert_true(kx_median(even, 4) == 3.0);
	assert_true(kx_median(odd, 1) == 9.0);
	assert_true(kx_median(odd, 0) == 0.0);
}

static void a_ratio_is_of_medians_not_a_median_of_ratios(void **state)
{
	static const double over[] = {10, 20, 90};
	static const double under[] = {100, 10, 30};
	struct kx_ratio ratio = kx_ratio_of(over, 3, under, 3, true);

	(void)state;
	assert_true(ratio.ratio == 20.0 / 30.0); /* the median of the ratios is 2 */
	assert_true(ratio.low <= ratio.ratio && ratio.ratio <= ratio.high);
}

static void equal_turns_give_an_interval_of_one_point(void **state)
{
	static const double over[] = {150, 150, 150, 150, 150};
	static const double under[] = {300, 300, 300, 300, 300};
	struct kx_ratio ratio = kx_ratio_of(over, 5, under, 5, true);

	(void)state;
	assert_true(ratio.ratio == 0.5 && ratio.low == 0.5 && ratio.high == 0.5);
}

static void taking_turns_together_narrows_the_interval(void **state)
{
	static const double over[] = {100, 200, 300, 400, 500};
	static const double under[] = {200, 400, 600, 800, 1000};
	struct kx_ratio paired = kx_ratio_of(over, 5, under, 5, true);
	struct kx_ratio apart = kx_ratio_of(over, 5, under, 5, false);

	(void)state;
	assert_true(paired.low == 0.5 && paired.high == 0.5);
	assert_true(apart.low < 0.5 && apart.high > 0.5);
}

static void no_turns_or_a_floor_of_zero_give_no_ratio(void **state)
{
	static const double one[] = {1};
	static const double zero[] = {0};

	(void)state;
	assert_true(kx_ratio_of(one, 1, one, 0, true).ratio == 0.0);
	assert_true(kx_ratio_of(one, 1, zero, 1, true).ratio == 0.0);
}

static void disturbed_turns_are_marked(void **state)
{
	static const double p50[] = {290, 60, 300, 149.9, 150, 16000000};
	static const bool expected[] = {false, true, false, true, false, true};
	bool drop[6];
	struct kx_drops drops = kx_mark_drops(p50, 6, 150, 5000, drop);

	(void)state;
	assert_int_equal(drops.fast, 2);
	assert_int_equal(drops.slow, 1);
	assert_false(drops.all_fast || drops.all_slow);
	assert_memory_equal(drop, expected, sizeof(drop));
}

static void a_machine_faster_than_the_limit_loses_no_turn(void **state)
{
	static const double p50[] = {60, 61};
	bool drop[2] = {true, true};

	(void)state;
	assert_true(kx_mark_drops(p50, 2, 150, 5000, drop).all_fast);
	assert_false(drop[0] || drop[1]);
}

static void a_machine_that_is_never_free_is_told_of(void **state)
{
	static const double slow[] = {6000, 7000};
	static const double mixed[] = {60, 7000};
	bool drop[2] = {true, true};

	(void)state;
	assert_true(kx_mark_drops(slow, 2, 150, 5000, drop).all_slow);
	assert_false(drop[0] || drop[1]);
	(void)kx_mark_drops(mixed, 2, 150, 5000, drop);
	assert_false(drop[0] || drop[1]);
}

/* A mechanism whose turns come from a list, to drive a whole series. */
struct script {
	const uint64_t *ns;
	unsigned next;
};

static bool script_fits(const struct kx_subject *self, const struct kx_config *config, char *why,
			size_t size)
{
	(void)config;
	if (self->self)
		return true;
	(void)snprintf(why, size, "skipped: by the test");
	return false;
}

static bool script_prepare(const struct kx_subject *self, const struct kx_config *config,
			   void **state)
{
	static struct script scripts[3];
	struct script *script = &scripts[strcmp(self->name, "cores") == 0 ? 2 : self->floor];

	(void)config;
	*script = (struct script){.ns = self->self};
	*state = script;
	return true;
}

static bool script_run_turn(void *state, struct kx_turn *turn)
{
	struct script *script = state;
	uint64_t ns = script->ns[script->next++];

	for (int i = 0; i < 100; i++)
		kx_hist_record(&turn->hist, ns);
	turn->wall_ns = 100 * ns;
	return ns != 0;
}

static void script_finish(void *state)
{
	(void)state;
}

static struct kx_subject scripted(const char *name, bool floor, const uint64_t *ns)
{
	return (struct kx_subject){
		.name = name,
		.what = "a list",
		.floor = floor,
		.fits = script_fits,
		.prepare = script_prepare,
		.run_turn = script_run_turn,
		.finish = script_finish,
		.self = ns,
	};
}

static void a_dropped_turn_is_left_out_of_every_row(void **state)
{
	static const uint64_t spin_ns[] = {200, 50, 220};
	static const uint64_t other_ns[] = {100, 240, 110};
	const struct kx_subject spin = scripted("two-line", true, spin_ns);
	const struct kx_subject other = scripted("kosix", false, other_ns);
	const struct kx_subject absent = scripted("absent", true, NULL);
	struct kx_series series = {.config = kx_config_default()};

	(void)state;
	series.config.turns = 3;
	assert_true(kx_series_add(&series, &spin));
	assert_true(kx_series_add(&series, &other));
	assert_true(kx_series_add(&series, &absent));
	assert_true(kx_series_run(&series));
	assert_int_equal(series.dropped, 1);
	assert_false(series.drops.all_fast);
	assert_int_equal(series.rows[1].count, 2);
	assert_true(series.rows[1].median.v[KX_M_P50] == 105.0);
	assert_true(kx_series_ratio(&series.rows[1], &series.rows[0], KX_M_P50).ratio == 0.5);
	assert_string_equal(series.rows[2].skipped, "skipped: by the test");
	assert_null(kx_series_find(&series, "absent"));
	kx_series_free(&series);
}

/* A floor of many bytes takes long on one core, too, and some rows have none that spins. */
static void a_moment_before_and_after_a_start_says_how_near_the_cores_are(void **state)
{
	static const uint64_t cores_ns[] = {120, 400, 410, 390, 110};
	static const uint64_t spin_ns[] = {900, 800, 9000, 850};
	static const uint64_t other_ns[] = {600, 500, 10000, 700};
	const struct kx_subject cores = scripted("cores", true, cores_ns);
	const struct kx_subject spin = scripted("two-line", true, spin_ns);
	const struct kx_subject other = scripted("kosix", false, other_ns);
	struct kx_series series = {.config = kx_config_default(), .cores.subject = &cores};

	(void)state;
	series.config.turns = 4;
	assert_true(kx_series_add(&series, &spin));
	assert_true(kx_series_add(&series, &other));
	assert_true(kx_series_run(&series));
	assert_int_equal(series.drops.fast, 2);
	assert_int_equal(series.drops.slow, 1);
	assert_int_equal(series.rows[1].count, 1);
	assert_true(series.rows[1].median.v[KX_M_P50] == 500.0);
	assert_null(kx_series_find(&series, "cores"));
	kx_series_free(&series);

	series = (struct kx_series){.config = series.config, .cores.subject = &cores};
	assert_true(kx_series_add(&series, &other));
	assert_true(kx_series_run(&series));
	assert_int_equal(series.dropped, 2);
	assert_int_equal(series.rows[0].count, 2);
	kx_series_free(&series);
}

/* 3 turns of 2 starts; a start whose spin is too fast is dropped. */
static void run_three_of_two(struct kx_series *series, const uint64_t *spin_ns,
			     const uint64_t *other_ns)
{
	static struct kx_subject spin; /* the series goes on naming them */
	static struct kx_subject other;

	spin = scripted("two-line", true, spin_ns);
	other = scripted("kosix", false, other_ns);
	series->config.turns = 3;
	series->config.starts = 2;
	assert_true(kx_series_add(series, &spin));
	assert_true(kx_series_add(series, &other));
	assert_true(kx_series_run(series));
}

/* The first turn lost one of its starts. */
static void of_a_turns_starts_the_best_is_kept(void **state)
{
	static const uint64_t spin_ns[] = {50, 400, 300, 200, 210, 220};
	static const uint64_t other_ns[] = {60, 120, 110, 100, 130, 140};
	struct kx_series series = {.config = kx_config_default(), .keeps = true};

	(void)state;
	run_three_of_two(&series, spin_ns, other_ns);
	assert_int_equal(series.dropped, 1);
	assert_int_equal(series.rows[0].count, 3);
	assert_true(series.rows[0].samples[0].v[KX_M_P50] == 400.0);
	assert_true(series.rows[0].samples[1].v[KX_M_P50] == 200.0);
	assert_true(series.rows[0].samples[2].v[KX_M_P50] == 210.0);
	assert_int_equal(series.rows[1].count, 3);
	assert_true(series.rows[1].samples[0].v[KX_M_P50] == 120.0);
	assert_true(series.rows[1].samples[1].v[KX_M_P50] == 100.0);
	assert_true(series.rows[1].samples[2].v[KX_M_P50] == 130.0);
	assert_int_equal(kx_hist_percentile(series.rows[1].turns[1], KX_P50), 100);
	assert_true(series.rows[1].median.v[KX_M_P50] == 120.0);
	kx_series_free(&series);
}

/* A turn that lost all of its starts is none; the others keep theirs. */
static void a_turn_without_a_start_left_is_left_out(void **state)
{
	static const uint64_t spin_ns[] = {400, 300, 50, 60, 210, 220};
	static const uint64_t other_ns[] = {120, 110, 20, 30, 130, 140};
	struct kx_series series = {.config = kx_config_default(), .keeps = true};

	(void)state;
	run_three_of_two(&series, spin_ns, other_ns);
	assert_int_equal(series.dropped, 2);
	assert_int_equal(series.rows[1].count, 2);
	assert_true(series.rows[1].samples[0].v[KX_M_P50] == 110.0);
	assert_true(series.rows[1].samples[1].v[KX_M_P50] == 130.0);
	kx_series_free(&series);
}

static void a_failing_turn_fails_the_series(void **state)
{
	static const uint64_t ns[] = {200, 0, 220};
	const struct kx_subject broken = scripted("two-line", true, ns);
	struct kx_series series = {.config = kx_config_default()};

	(void)state;
	assert_true(kx_series_add(&series, &broken));
	assert_false(kx_series_run(&series));
	kx_series_free(&series);
}

static void a_verdict_knows_which_way_is_better(void **state)
{
	const struct kx_check lower = {.measure = KX_M_P50, .must = 1.0, .aim = 0.7};
	const struct kx_check higher = {.measure = KX_M_OPS, .must = 2.0, .aim = 6.0, .more = true};
	const struct kx_check figure = {.measure = KX_M_OPS, .more = true};

	(void)state;
	assert_int_equal(kx_standard_verdict(&lower, 0.69), KX_VERDICT_AIM);
	assert_int_equal(kx_standard_verdict(&lower, 0.71), KX_VERDICT_MUST);
	assert_int_equal(kx_standard_verdict(&lower, 1.01), KX_VERDICT_MISSED);
	assert_int_equal(kx_standard_verdict(&higher, 6.5), KX_VERDICT_AIM);
	assert_int_equal(kx_standard_verdict(&higher, 5.9), KX_VERDICT_MUST);
	assert_int_equal(kx_standard_verdict(&higher, 1.9), KX_VERDICT_MISSED);
	assert_int_equal(kx_standard_verdict(&figure, 1.0), KX_VERDICT_NONE);
}

static void every_standard_case_fits_one_series(void **state)
{
	struct kx_config options = kx_config_default();
	unsigned cases = 0;

	(void)state;
	for (const struct kx_case *one = kx_standard; one->number; one++, cases++) {
		struct kx_config config = kx_standard_config(one, &options);

		assert_true(one->skipped || one->check[0].floor || one->check[0].own);
		assert_true(config.size >= KX_SIZE_MIN && config.clients > 0 && config.pairs > 0);
		assert_int_equal(config.turns, options.turns);
	}
	assert_true(cases > 10);
}

static void a_tick_lasts_what_the_clock_says(void **state)
{
	uint64_t start;
	uint64_t ticks;
	uint64_t ns;

	(void)state;
	kx_clock_init();
	start = kx_clock_monotonic();
	ticks = kx_clock_ticks();
	do
		ns = kx_clock_monotonic() - start;
	while (ns < 20000000);
	ticks = kx_clock_ns(kx_clock_ticks() - ticks);
	/* Generous: a time slice may be lost between two readings. */
	assert_true(ticks > ns / 2 && ticks < ns * 3);
	assert_int_equal(kx_clock_relax_count(0), 0);
	assert_true(kx_clock_relax_count(1) >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_median_is_the_middle_value),
		cmocka_unit_test(a_ratio_is_of_medians_not_a_median_of_ratios),
		cmocka_unit_test(equal_turns_give_an_interval_of_one_point),
		cmocka_unit_test(taking_turns_together_narrows_the_interval),
		cmocka_unit_test(no_turns_or_a_floor_of_zero_give_no_ratio),
		cmocka_unit_test(disturbed_turns_are_marked),
		cmocka_unit_test(a_machine_faster_than_the_limit_loses_no_turn),
		cmocka_unit_test(a_machine_that_is_never_free_is_told_of),
		cmocka_unit_test(a_dropped_turn_is_left_out_of_every_row),
		cmocka_unit_test(a_moment_before_and_after_a_start_says_how_near_the_cores_are),
		cmocka_unit_test(of_a_turns_starts_the_best_is_kept),
		cmocka_unit_test(a_turn_without_a_start_left_is_left_out),
		cmocka_unit_test(a_failing_turn_fails_the_series),
		cmocka_unit_test(a_verdict_knows_which_way_is_better),
		cmocka_unit_test(every_standard_case_fits_one_series),
		cmocka_unit_test(a_tick_lasts_what_the_clock_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
