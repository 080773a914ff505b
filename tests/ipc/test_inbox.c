/* SPDX-License-Identifier: Apache-2.0 */

/* One server thread and its inbox: what a look finds, in which order, and who is armed how. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "inbox.h"
#include "rcu.h"

#define CHANNELS 20u /* more than a sentinel watches */
#define HANDLE   5u

struct scene {
	struct kx_inbox inbox;
	struct kx_channel_region *regions; /* CHANNELS */
	struct kx_end ends[CHANNELS];
	kx_word states[CHANNELS];
	kx_word kbell;
	kx_word karm;
	struct kx_slot *down;
	uint32_t gen[CHANNELS][KX_CHANNEL_SLOTS];
	unsigned refreshed;
	unsigned complaints;
	enum kx_result refresh_says;
	unsigned ends_at; /* the refresh from which on it says KX_EPEER; 0: none */
	struct kx_end *complained;
	struct kx_end *leaves; /* at the next refresh */
};

static enum kx_result on_refresh(void *context)
{
	struct scene *scene = context;

	scene->refreshed++;
	if (scene->leaves)
		kx_inbox_remove(&scene->inbox, scene->leaves);
	scene->leaves = NULL;
	if (scene->ends_at && scene->refreshed >= scene->ends_at)
		return KX_EPEER;
	return scene->refresh_says;
}

static void on_hostile(void *context, struct kx_end *end)
{
	struct scene *scene = context;

	scene->complaints++;
	scene->complained = end;
}

static struct scene *open_scene(unsigned channels)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	scene->regions = aligned_alloc(128, CHANNELS * sizeof(struct kx_channel_region));
	scene->down = aligned_alloc(128, KX_DOWN_SLOTS * sizeof(struct kx_slot));
	assert_true(scene->regions && scene->down);
	memset(scene->regions, 0, CHANNELS * sizeof(struct kx_channel_region));
	memset(scene->down, 0, KX_DOWN_SLOTS * sizeof(struct kx_slot));
	scene->inbox.handle = HANDLE;
	scene->inbox.kbell = &scene->kbell;
	scene->inbox.karm = &scene->karm;
	scene->inbox.down = scene->down;
	scene->inbox.refresh = on_refresh;
	scene->inbox.hostile = on_hostile;
	scene->inbox.context = scene;
	assert_int_equal(kx_inbox_init(&scene->inbox), KX_OK);
	for (unsigned i = 0; i < channels; i++) {
		scene->ends[i].region = &scene->regions[i];
		scene->ends[i].state = &scene->states[i];
		atomic_init(&scene->regions[i].arm, KX_ARM_KERNEL);
		assert_int_equal(kx_inbox_add(&scene->inbox, &scene->ends[i]), KX_OK);
	}
	return scene;
}

static void close_scene(struct scene *scene)
{
	kx_inbox_fini(&scene->inbox);
	free(scene->regions);
	free(scene->down);
	free(scene);
}

static void post(struct scene *scene, unsigned channel, unsigned slot)
{
	(void)kx_slot_post(&scene->regions[channel].slots[slot], ++scene->gen[channel][slot],
			   false);
}

static void post_down(struct scene *scene, unsigned slot, uint32_t handle)
{
	struct kx_down_tag *tag = (struct kx_down_tag *)scene->down[slot].tag;

	tag->listener = handle;
	(void)kx_slot_post(&scene->down[slot], 1, true);
	(void)kx_add(&scene->kbell, 1);
}

static void answer(struct kx_taken *taken)
{
	bool wake;

	kx_inbox_release(taken);
	assert_int_equal(kx_slot_reply(taken->slot, taken->gen, &wake), KX_OK);
}

static unsigned channel_of(struct scene *scene, const struct kx_taken *taken)
{
	return (unsigned)(taken->end - scene->ends);
}

/* A receive that gives up as soon as it would sleep. */
static enum kx_result receive_now(struct scene *scene, struct kx_taken *taken)
{
	static const struct timespec past = {0};
	const struct kx_receive_patience patience = {.deadline = &past};

	return kx_inbox_receive(&scene->inbox, &patience, taken);
}

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

static int join_rcu(void **state)
{
	(void)state;
	rcu_register_thread();
	return 0;
}

static int leave_rcu(void **state)
{
	(void)state;
	rcu_unregister_thread();
	return 0;
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
		cmocka_unit_test(relayed_requests_are_served_by_their_turn),
		cmocka_unit_test(news_come_before_requests),
		cmocka_unit_test(relayed_and_direct_requests_are_served_in_turn),
		cmocka_unit_test(a_moved_kbell_refreshes_and_a_closed_handle_ends_the_wait),
		cmocka_unit_test(a_handle_closed_on_the_way_to_sleep_ends_the_wait),
		cmocka_unit_test(an_interrupt_ends_the_wait),
		cmocka_unit_test(a_client_that_posts_twice_is_cut_off),
		cmocka_unit_test(busy_channels_are_served_in_turn),
		cmocka_unit_test(a_quiet_client_gets_its_turn_among_busy_ones),
		cmocka_unit_test(relayed_requests_do_not_hold_direct_ones_off),
	};

	kx_wait_setup(0, false, false);
	return cmocka_run_group_tests(tests, join_rcu, leave_rcu);
}
