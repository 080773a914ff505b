/* SPDX-License-Identifier: Apache-2.0 */

/* The judge of M-09 (prove/malice/fair.h): series of calls in, verdict out. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "fair.h"

/* As many idle turns as @count, and what was got beside those that compute and in floods. */
static struct kx_fair judge(unsigned count, const double *computing, const double *flooded,
			    unsigned rounds)
{
	struct kx_turns turns = {.count = {count, count, count}};
	struct kx_fair fair;

	for (unsigned i = 0; i < count; i++) {
		turns.calls[KX_TURN_COMPUTE][i] = computing[i];
		turns.calls[KX_TURN_FLOOD][i] = flooded[i];
	}
	kx_fair_judge(&fair, &turns, rounds);
	return fair;
}

static void near(double value, double wanted)
{
	assert_true(value > wanted - 1e-9 && value < wanted + 1e-9);
}

/* Each flood is compared with its own neighbour: 0.7, 0.9 and 4. */
static void the_median_of_pairs_is_judged(void **state)
{
	static const double computing[] = {1000, 100, 500};
	static const double flooded[] = {700, 400, 450};
	struct kx_fair fair = judge(3, computing, flooded, 3);

	(void)state;
	assert_int_equal(fair.pairs, 3);
	near(fair.ratio, 0.9);
	near(fair.ratios[0], 0.7);
	near(fair.ratios[2], 4);
	assert_true(fair.kept);
}

/* The means would be 0.83 and more. */
static void one_good_pair_makes_nothing_good(void **state)
{
	static const double computing[] = {1000, 1000, 1000};
	static const double flooded[] = {500, 1600, 400};
	struct kx_fair fair = judge(3, computing, flooded, 3);

	(void)state;
	near(fair.ratio, 0.5);
	assert_false(fair.kept);
}

static void four_fifths_are_kept_and_less_is_not(void **state)
{
	static const double computing[] = {1000, 1000};
	static const double four_fifths[] = {900, 700};
	static const double less[] = {900, 698};

	(void)state;
	assert_true(judge(2, computing, four_fifths, 2).kept);
	assert_false(judge(2, computing, less, 2).kept);
}

/* A client that got nothing beside those that compute shows nothing. */
static void nothing_of_nothing_is_not_kept(void **state)
{
	static const double computing[] = {0, 0, 100};
	static const double flooded[] = {100, 100, 100};

	(void)state;
	assert_false(judge(3, computing, flooded, 3).kept);
	assert_false(judge(0, computing, flooded, 0).kept);
}

static void too_few_turns_are_not_judged(void **state)
{
	static const double same[] = {100, 100, 100};
	struct kx_fair fair = judge(3, same, same, 4);

	(void)state;
	assert_int_equal(fair.pairs, 3);
	near(fair.ratio, 0);
	assert_false(fair.kept);
}

static void turns_are_read_from_between_other_lines(void **state)
{
	struct kx_turns turns;

	(void)state;
	kx_turns_read(&turns, "begun\nTURN 0 calls=9000 p99=100 worst=1\nx TURN 1 calls=500 "
			      "p99=4000 worst=2\nTURN 7 calls=1 p99=1\nTURN 2 calls=450 p99=8000\n"
			      "TURN 0 calls=8000 p99=120\nTURNS OVER\n");
	assert_false(turns.mixed);
	assert_int_equal(turns.count[KX_TURN_IDLE], 2);
	assert_int_equal(turns.count[KX_TURN_COMPUTE], 1);
	assert_int_equal(turns.count[KX_TURN_FLOOD], 1);
	near(turns.calls[KX_TURN_FLOOD][0], 450);
	near(turns.p99_us[KX_TURN_COMPUTE][0], 4000);
	near(turns.calls[KX_TURN_IDLE][1], 8000);
}

/* Without the second turn the flood's neighbour would be of another round. */
static void turns_out_of_order_are_not_judged(void **state)
{
	struct kx_turns turns;
	struct kx_fair fair;

	(void)state;
	kx_turns_read(&turns, "TURN 0 calls=100 p99=1\nTURN 2 calls=100 p99=1\n"
			      "TURN 0 calls=100 p99=1\nTURN 1 calls=100 p99=1\n");
	assert_true(turns.mixed);
	kx_fair_judge(&fair, &turns, 1);
	assert_int_equal(fair.pairs, 1);
	assert_false(fair.kept);
}

static void turns_beyond_the_room_are_left_out(void **state)
{
	static char text[KX_FAIR_MOST * 200];
	struct kx_turns turns;
	size_t length = 0;

	(void)state;
	for (unsigned i = 0; i < KX_TURNS * (KX_FAIR_MOST + 2); i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length,
					   "TURN %u calls=%u p99=1\n", i % KX_TURNS, i);
	kx_turns_read(&turns, text);
	assert_false(turns.mixed);
	for (unsigned turn = 0; turn < KX_TURNS; turn++)
		assert_int_equal(turns.count[turn], KX_FAIR_MOST);
	near(turns.calls[KX_TURN_FLOOD][KX_FAIR_MOST - 1], KX_TURNS * KX_FAIR_MOST - 1);
}

static void medians(void **state)
{
	double odd[] = {3, 1, 2};
	double even[] = {4, 1, 2, 3};

	(void)state;
	near(kx_median(odd, 3), 2);
	near(kx_median(even, 4), 2.5);
	near(kx_median(odd, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_median_of_pairs_is_judged),
		cmocka_unit_test(one_good_pair_makes_nothing_good),
		cmocka_unit_test(four_fifths_are_kept_and_less_is_not),
		cmocka_unit_test(nothing_of_nothing_is_not_kept),
		cmocka_unit_test(too_few_turns_are_not_judged),
		cmocka_unit_test(turns_are_read_from_between_other_lines),
		cmocka_unit_test(turns_out_of_order_are_not_judged),
		cmocka_unit_test(turns_beyond_the_room_are_left_out),
		cmocka_unit_test(medians),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
