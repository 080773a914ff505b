/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The scale of costs: the fit on figures made here, and the command on small
 * solutions for real.
 */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>
#include <jansson.h>

#include "scale/scale.h"

/* Costs that grow as n to the power of @exponent. */
static struct kx_scale_series series_of(double exponent, size_t count)
{
	struct kx_scale_series series = {.name = "entities", .count = count};
	double n = 100.0;

	for (size_t i = 0; i < count; i++, n *= 10.0) {
		series.point[i].n = n;
		series.point[i].cost[KX_COST_CALL] = 300.0 * pow(n, exponent);
	}
	return series;
}

static void a_power_is_found_again(void **state)
{
	static const double powers[] = {0.0, 0.5, 1.0, -0.25};

	(void)state;
	for (size_t i = 0; i < sizeof(powers) / sizeof(powers[0]); i++) {
		struct kx_scale_series series = series_of(powers[i], 4);
		double exponent;

		assert_true(kx_scale_fit(&series, KX_COST_CALL, &exponent));
		assert_true(fabs(exponent - powers[i]) < 1e-9);
		assert_false(kx_scale_fit(&series, KX_COST_DEATH, &exponent)); /* not known */
	}
}

static void small_points_and_few_points_make_no_fit(void **state)
{
	struct kx_scale_series series = series_of(0.0, 4);
	double exponent;

	(void)state;
	series.point[0].n = 10.0;
	series.point[0].cost[KX_COST_CALL] = 1e9;
	assert_true(kx_scale_fit(&series, KX_COST_CALL, &exponent));
	assert_true(fabs(exponent) < 1e-9);
	series.count = 3;
	assert_false(kx_scale_fit(&series, KX_COST_CALL, &exponent));
}

static void real_solutions_are_measured(void **state)
{
	static const char *const costs[] = {"call", "look-up", "death", "start, each", "end, each"};
	json_t *document;
	const json_t *list;
	FILE *pipe = popen("'" KX_BENCH_PROGRAM "' scale --entities 30 --handles 1024 --rounds 500 "
			   "--json",
			   "r");

	(void)state;
	assert_non_null(pipe);
	document = json_loadf(pipe, 0, NULL);
	assert_int_equal(pclose(pipe), 0);
	assert_non_null(document);
	list = json_object_get(document, "series");
	assert_int_equal(json_array_size(list), 2);
	for (size_t s = 0; s < 2; s++) {
		const json_t *points = json_object_get(json_array_get(list, s), "points");

		assert_int_equal(json_array_size(points), s == 0 ? 2 : 1);
		for (size_t c = 0; c < sizeof(costs) / sizeof(costs[0]); c++)
			assert_true(json_number_value(json_object_get(json_array_get(points, 0),
								      costs[c])) > 0.0);
		assert_int_equal(
			json_integer_value(json_object_get(json_array_get(points, 0), "handles")),
			s == 0 ? 0 : 1024);
	}
	json_decref(document);
}

/* Before anything is measured: that takes minutes. */
static void refuses_out(const char *command, const char *complaint)
{
	char line[200] = "";
	FILE *pipe = popen(command, "r");

	assert_non_null(pipe);
	assert_non_null(fgets(line, sizeof(line), pipe));
	assert_int_equal(WEXITSTATUS(pclose(pipe)), 1);
	assert_string_equal(line, complaint);
}

static void a_folder_that_cannot_be_used_is_an_error_at_once(void **state)
{
	(void)state;
	refuses_out("'" KX_BENCH_PROGRAM "' scale --out /proc/x 2>&1",
		    "kosix-bench: --out /proc/x: No such file or directory\n");
	refuses_out("'" KX_BENCH_PROGRAM "' scale --out /dev/null 2>&1",
		    "kosix-bench: --out /dev/null: Not a directory\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_power_is_found_again),
		cmocka_unit_test(small_points_and_few_points_make_no_fit),
		cmocka_unit_test(real_solutions_are_measured),
		cmocka_unit_test(a_folder_that_cannot_be_used_is_an_error_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
