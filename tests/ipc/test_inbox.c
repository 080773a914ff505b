/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One server thread and its inbox: what a look finds, and who is armed how; in which order
 * requests are served is tested in test_inbox_turns.c.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scene.h"

static void an_empty_inbox_finds_nothing(void **state)
{
	struct scene *scene = open_scene(0);
	struct kx_taken taken;

	(void)state;
	assert_false(kx_inbox_look(&scene->inbox, &taken));
	assert_false(kx_inbox_look_all(&scene->inbox, &taken));
	assert_int_equal(receive_now(scene, &taken), KX_ETIME);
	close_scene(scene);
}

static void every_slot_of_every_channel_is_found(void **state)
{
	struct scene *scene = open_scene(CHANNELS);
	struct kx_taken taken;

	(void)state;
	for (unsigned c = 0; c < CHANNELS; c++) {
		for (unsigned s = 0; s < KX_CHANNEL_SLOTS; s++) {
			post(scene, c, s);
			assert_int_equal(receive_now(scene, &taken), KX_OK);
			assert_int_equal(channel_of(scene, &taken), c);
			assert_int_equal(taken.index, s);
			assert_int_equal(taken.gen, scene->gen[c][s]);
			assert_ptr_equal(taken.slot, &scene->regions[c].slots[s]);
			answer(&taken);
		}
	}
	assert_int_equal(receive_now(scene, &taken), KX_ETIME);
	close_scene(scene);
}

static void a_removed_channel_is_not_looked_at(void **state)
{
	struct scene *scene = open_scene(3);
	struct kx_taken taken;

	(void)state;
	for (unsigned c = 0; c < 3; c++)
		post(scene, c, 0);
	kx_inbox_remove(&scene->inbox, &scene->ends[1]);
	assert_int_equal(receive_now(scene, &taken), KX_OK);
	assert_int_not_equal(channel_of(scene, &taken), 1);
	answer(&taken);
	assert_int_equal(receive_now(scene, &taken), KX_OK);
	assert_int_not_equal(channel_of(scene, &taken), 1);
	answer(&taken);
	assert_int_equal(receive_now(scene, &taken), KX_ETIME);
	close_scene(scene);
}

/* malloc() of the code under test, by the linker's --wrap. */
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
static bool no_memory;

void *__wrap_malloc(size_t size)
{
	return no_memory ? NULL : __real_malloc(size);
}

/* Its region is unmapped next: a list that still had it would be looked at for ever. */
static void a_channel_is_removed_without_memory(void **state)
{
	struct scene *scene = open_scene(3);

	(void)state;
	no_memory = true;
	for (unsigned c = 0; c < 3; c++) {
		kx_inbox_remove(&scene->inbox, &scene->ends[c]);
		assert_int_equal(scene->inbox.ends->count, 2 - c);
		for (unsigned i = 0; i < 2 - c; i++)
			assert_ptr_equal(scene->inbox.ends->end[i], &scene->ends[c + 1 + i]);
	}
	assert_int_equal(kx_inbox_add(&scene->inbox, &scene->ends[0]), KX_ENOMEM);
	no_memory = false;
	assert_int_equal(scene->inbox.ends->count, 0);
	kx_inbox_remove(&scene->inbox, &scene->ends[0]); /* once more: nothing happens */
	assert_int_equal(scene->inbox.ends->count, 0);
	close_scene(scene);
}

static void a_server_that_sleeps_arms_its_channels(void **state)
{
	struct scene *scene = open_scene(3);
	struct kx_taken taken;

	(void)state;
	assert_int_equal(receive_now(scene, &taken), KX_ETIME);
	for (unsigned c = 0; c < 3; c++)
		assert_int_equal(scene->regions[c].arm, KX_ARM_RING);
	assert_int_equal(scene->karm, 1);
	close_scene(scene);
}

/* LATER at first where the taker was about to sleep itself, AWAKE from the next request on. */
static void a_channel_served_is_disarmed_and_the_others_stay_armed(void **state)
{
	struct scene *scene = open_scene(3);
	struct kx_taken taken;

	(void)state;
	assert_int_equal(receive_now(scene, &taken), KX_ETIME);
	for (unsigned n = 0; n < 2; n++) {
		post(scene, 1, 0);
		assert_int_equal(receive_now(scene, &taken), KX_OK);
		assert_int_not_equal(scene->regions[1].arm, KX_ARM_RING);
		answer(&taken);
	}
	assert_int_equal(scene->regions[0].arm, KX_ARM_RING);
	assert_int_equal(scene->regions[1].arm, KX_ARM_AWAKE);
	assert_int_equal(scene->regions[2].arm, KX_ARM_RING);
	close_scene(scene);
}

/* Of more channels than bells watched, those used last are watched, the rest goes by the kernel. */
static void the_busiest_channels_are_watched(void **state)
{
	struct scene *scene = open_scene(CHANNELS);
	unsigned watched = 0;
	struct kx_taken taken;

	(void)state;
	for (unsigned c = CHANNELS - 5; c < CHANNELS; c++) {
		post(scene, c, 0);
		assert_int_equal(receive_now(scene, &taken), KX_OK);
		answer(&taken);
	}
	assert_int_equal(receive_now(scene, &taken), KX_ETIME);
	for (unsigned c = 0; c < CHANNELS; c++) {
		watched += scene->regions[c].arm == KX_ARM_RING;
		if (c >= CHANNELS - 5)
			assert_int_equal(scene->regions[c].arm, KX_ARM_RING);
		else
			assert_true(scene->regions[c].arm == KX_ARM_RING ||
				    scene->regions[c].arm == KX_ARM_KERNEL);
	}
	assert_int_equal(watched, KX_WATCHED_BELLS);
	close_scene(scene);
}

static void relayed_requests_come_to_their_handle_only(void **state)
{
	struct scene *scene = open_scene(1);
	struct kx_taken taken;

	(void)state;
	post_down(scene, 0, HANDLE + 1);
	post_down(scene, 7, HANDLE);
	assert_int_equal(receive_now(scene, &taken), KX_OK);
	assert_null(taken.end);
	assert_int_equal(taken.index, 7);
	answer(&taken);
	assert_int_equal(receive_now(scene, &taken), KX_ETIME);
	close_scene(scene);
}

/* Two relayed requests behind one ring: the second is not left for the next ring. */
static void one_ring_may_stand_for_many_requests(void **state)
{
	struct scene *scene = open_scene(0);
	struct kx_taken taken;

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		post_down(scene, i, HANDLE);
	for (unsigned i = 0; i < 4; i++) {
		assert_true(kx_inbox_look(&scene->inbox, &taken));
		answer(&taken);
	}
	assert_false(kx_inbox_look(&scene->inbox, &taken));
	close_scene(scene);
}

/* What a client posted before it died, and the server may have served, is not found again. */
static void news_come_before_requests(void **state)
{
	struct scene *scene = open_scene(1);
	struct kx_taken taken;

	(void)state;
	for (unsigned relayed_last = 0; relayed_last < 2; relayed_last++) {
		atomic_store(&scene->inbox.relayed_last, relayed_last);
		post(scene, 0, 0);
		scene->leaves = &scene->ends[0];
		(void)kx_add(&scene->kbell, 1);
		assert_false(kx_inbox_look(&scene->inbox, &taken));
		assert_int_equal(kx_inbox_add(&scene->inbox, &scene->ends[0]), KX_OK);
	}
	close_scene(scene);
}

static void a_moved_kbell_refreshes_and_a_closed_handle_ends_the_wait(void **state)
{
	struct scene *scene = open_scene(1);
	struct kx_taken taken;
	unsigned before;

	(void)state;
	assert_int_equal(receive_now(scene, &taken), KX_ETIME);
	before = scene->refreshed;
	(void)kx_add(&scene->kbell, 1);
	assert_false(kx_inbox_look(&scene->inbox, &taken));
	assert_true(scene->refreshed > before);
	scene->refresh_says = KX_EPEER;
	(void)kx_add(&scene->kbell, 1);
	assert_int_equal(receive_now(scene, &taken), KX_EPEER);
	close_scene(scene);
}

/*
 * The handle is closed after the thread has looked at it, and another thread has seen the
 * news: neither kbell nor the followers' word moves any more.
 */
static void a_handle_closed_on_the_way_to_sleep_ends_the_wait(void **state)
{
	(void)state;
	for (unsigned follows = 0; follows < 2; follows++) {
		struct scene *scene = open_scene(1);
		struct kx_taken taken;

		atomic_store(&scene->inbox.sentinel, follows);
		scene->ends_at = 2;
		assert_int_equal(receive_now(scene, &taken), KX_EPEER);
		close_scene(scene);
	}
}

static void an_interrupt_ends_the_wait(void **state)
{
	struct scene *scene = open_scene(1);
	kx_word interrupt = 1;
	const struct kx_receive_patience patience = {.interrupt = &interrupt};
	struct kx_taken taken;

	(void)state;
	assert_int_equal(kx_inbox_receive(&scene->inbox, &patience, &taken), KX_EINTERRUPT);
	post(scene, 0, 0);
	assert_int_equal(kx_inbox_receive(&scene->inbox, &patience, &taken), KX_OK);
	close_scene(scene);
}

/* A client that posts again before it was answered breaks its own channel, once. */
static void a_client_that_posts_twice_is_cut_off(void **state)
{
	struct scene *scene = open_scene(2);
	struct kx_taken first;
	struct kx_taken taken;
	bool wake;

	(void)state;
	post(scene, 0, 0);
	assert_int_equal(receive_now(scene, &first), KX_OK);
	post(scene, 0, 0);
	assert_int_equal(receive_now(scene, &taken), KX_ETIME);
	assert_int_equal(scene->complaints, 1);
	assert_ptr_equal(scene->complained, &scene->ends[0]);
	kx_inbox_release(&first);
	assert_int_equal(kx_slot_reply(first.slot, first.gen, &wake), KX_EPROTO);
	post(scene, 0, 1);
	post(scene, 1, 0);
	assert_int_equal(receive_now(scene, &taken), KX_OK);
	assert_int_equal(channel_of(scene, &taken), 1);
	answer(&taken);
	assert_int_equal(receive_now(scene, &taken), KX_ETIME);
	assert_int_equal(scene->complaints, 1);
	close_scene(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_inbox_finds_nothing),
		cmocka_unit_test(every_slot_of_every_channel_is_found),
		cmocka_unit_test(a_removed_channel_is_not_looked_at),
		cmocka_unit_test(a_channel_is_removed_without_memory),
		cmocka_unit_test(a_server_that_sleeps_arms_its_channels),
		cmocka_unit_test(a_channel_served_is_disarmed_and_the_others_stay_armed),
		cmocka_unit_test(the_busiest_channels_are_watched),
		cmocka_unit_test(relayed_requests_come_to_their_handle_only),
		cmocka_unit_test(one_ring_may_stand_for_many_requests),
		cmocka_unit_test(news_come_before_requests),
		cmocka_unit_test(a_moved_kbell_refreshes_and_a_closed_handle_ends_the_wait),
		cmocka_unit_test(a_handle_closed_on_the_way_to_sleep_ends_the_wait),
		cmocka_unit_test(an_interrupt_ends_the_wait),
		cmocka_unit_test(a_client_that_posts_twice_is_cut_off),
	};

	kx_wait_setup(0, false, false);
	return cmocka_run_group_tests(tests, join_rcu, leave_rcu);
}
