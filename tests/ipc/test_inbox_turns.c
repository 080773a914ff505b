/* SPDX-License-Identifier: Apache-2.0 */

/* One server thread and its inbox: in which order requests are served. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scene.h"

/* Whoever has the lowest slots could otherwise fill them again before the others come. */
static void relayed_requests_are_served_by_their_turn(void **state)
{
	static const unsigned turns[] = {7, 3, 9, 5};
	struct scene *scene = open_scene(0);
	struct kx_taken taken;
	unsigned last = 0;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		((struct kx_down_tag *)scene->down[i].tag)->turn = turns[i];
		post_down(scene, i, HANDLE);
	}
	for (unsigned i = 0; i < 4; i++) {
		assert_true(kx_inbox_look(&scene->inbox, &taken));
		assert_true(turns[taken.index] > last);
		last = turns[taken.index];
		answer(&taken);
	}
	close_scene(scene);
}

/* Everybody posts again at once: nobody is served twice while another waits. */
static void busy_channels_are_served_in_turn(void **state)
{
	struct scene *scene = open_scene(KX_HOT);
	unsigned served[KX_HOT] = {0};
	struct kx_taken taken;

	(void)state;
	for (unsigned c = 0; c < KX_HOT; c++)
		post(scene, c, 0);
	for (unsigned n = 0; n < 100 * KX_HOT; n++) {
		unsigned channel;

		assert_int_equal(receive_now(scene, &taken), KX_OK);
		channel = channel_of(scene, &taken);
		served[channel]++;
		answer(&taken);
		post(scene, channel, 0);
	}
	for (unsigned c = 0; c < KX_HOT; c++)
		assert_in_range(served[c], 50, 150);
	close_scene(scene);
}

/* Two channels that always have a request do not hold a third off for ever. */
static void a_quiet_client_gets_its_turn_among_busy_ones(void **state)
{
	(void)state;
	for (unsigned slot = 0; slot < KX_CHANNEL_SLOTS; slot++) {
		struct scene *scene = open_scene(CHANNELS);
		struct kx_taken taken;
		unsigned others = 0;

		post(scene, 0, 0);
		post(scene, 1, 0);
		for (unsigned n = 0; n < 100; n++) {
			assert_int_equal(receive_now(scene, &taken), KX_OK);
			answer(&taken);
			post(scene, channel_of(scene, &taken), taken.index);
		}
		post(scene, 9, slot);
		for (;;) {
			assert_int_equal(receive_now(scene, &taken), KX_OK);
			answer(&taken);
			if (channel_of(scene, &taken) == 9)
				break;
			post(scene, channel_of(scene, &taken), taken.index);
			assert_true(++others < 10000);
		}
		close_scene(scene);
	}
}

/* The same for a flood of relayed requests. */
static void relayed_requests_do_not_hold_direct_ones_off(void **state)
{
	struct scene *scene = open_scene(1);
	struct kx_taken taken;
	unsigned others = 0;

	(void)state;
	post_down(scene, 0, HANDLE);
	post(scene, 0, 0);
	for (;;) {
		assert_int_equal(receive_now(scene, &taken), KX_OK);
		answer(&taken);
		if (taken.end)
			break;
		post_down(scene, taken.index, HANDLE);
		assert_true(++others < 1000);
	}
	close_scene(scene);
}

/* As many of each, however many of the one kind there are. */
static void relayed_and_direct_requests_are_served_in_turn(void **state)
{
	struct scene *scene = open_scene(1);
	struct kx_taken taken;
	unsigned relayed = 0;

	(void)state;
	for (unsigned i = 0; i < 32; i++)
		post_down(scene, i, HANDLE);
	post(scene, 0, 0);
	for (unsigned i = 0; i < 200; i++) {
		bool direct;

		assert_int_equal(receive_now(scene, &taken), KX_OK);
		direct = taken.end != NULL;
		relayed += !direct;
		answer(&taken);
		if (direct)
			post(scene, 0, 0);
		else
			post_down(scene, taken.index, HANDLE);
	}
	assert_in_range(relayed, 80, 110);
	close_scene(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relayed_requests_are_served_by_their_turn),
		cmocka_unit_test(busy_channels_are_served_in_turn),
		cmocka_unit_test(a_quiet_client_gets_its_turn_among_busy_ones),
		cmocka_unit_test(relayed_requests_do_not_hold_direct_ones_off),
		cmocka_unit_test(relayed_and_direct_requests_are_served_in_turn),
	};

	return cmocka_run_group_tests(tests, join_rcu, leave_rcu);
}
