/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Places of a server for relayed requests, queues where there is none, and whose turn it is: by
 * hand, as in test_relay.c.
 */

#include "relay_fixture.h"

#include <stdio.h>

#include "channel.h"
#include "kx_rights.h"
#include "user.h"

static unsigned count_posted(const struct kx_task *client)
{
	unsigned count = 0;

	for (int i = 0; i < (int)KX_DOWN_SLOTS; i++)
		count += KX_SLOT_IS_POSTED(kx_load(&server->link->down[i].w)) &&
			 sender_of(i) == client->number;
	return count;
}

/* All slots of a client at once. */
static void flood(struct kx_task *client, uint32_t timeout_ms)
{
	for (uint32_t slot = 0; slot < KX_UP_SLOTS; slot++)
		ask(client, slot, SHORT, 1, timeout_ms);
	all_rounds();
}

static void a_client_leaves_places_for_the_others(void **state)
{
	(void)state;
	flood(anna, KX_TIMEOUT_NONE);
	assert_int_equal(count_posted(anna), KX_DOWN_SLOTS * 3 / 4);
	flood(ben, KX_TIMEOUT_NONE);
	assert_int_equal(count_posted(ben), KX_DOWN_SLOTS * 3 / 16);
	assert_true(peer_of(server)->down_busy != UINT64_MAX);
}

/* A server that has taken a request has the slot, whether anybody still waits or not. */
static void requests_given_up_count_while_the_server_has_them(void **state)
{
	uint32_t gen;

	(void)state;
	flood(anna, 1);
	for (int down = next_posted(); down >= 0; down = next_posted())
		assert_int_equal(kx_slot_take(&server->link->down[down], &gen), KX_OK);
	(void)kx_relay_expire(UINT64_MAX);
	for (uint32_t slot = 0; slot < KX_UP_SLOTS; slot++)
		kx_store(&up(anna, slot)->w, 0);
	flood(anna, KX_TIMEOUT_NONE);
	assert_int_equal(count_posted(anna), 0);
	ask(ben, 0, SHORT, 2, KX_TIMEOUT_NONE);
	all_rounds();
	assert_int_equal(count_posted(ben), 1);
}

/* The newcomer's requests are served between those of a flood that was there before. */
static void clients_are_served_in_turn(void **state)
{
	unsigned served[2] = {0};

	(void)state;
	flood(anna, KX_TIMEOUT_NONE);
	flood(ben, KX_TIMEOUT_NONE);
	for (unsigned i = 0; i < KX_UP_SLOTS; i++) {
		int down = next_posted();

		served[sender_of(down) == ben->number]++;
		assert_in_range(served[0] - served[1] + 1, 0, 2);
		serve(down, SHORT, 1);
		all_rounds();
	}
	assert_int_equal(served[0], KX_UP_SLOTS / 2);
}

/* A request that runs out of time while the server has it was its client's turn all the same. */
static void requests_given_up_have_had_their_turn(void **state)
{
	uint32_t gen = 0;
	bool wake;

	(void)state;
	for (uint32_t slot = 0; slot < 2; slot++)
		ask(ben, slot, SHORT, 1, KX_TIMEOUT_NONE);
	all_rounds();
	serve(next_posted(), SHORT, 1);
	all_rounds();
	for (unsigned i = 0; i < 2; i++) {
		int down;

		ask(anna, 0, SHORT, 1, 1);
		all_rounds();
		down = next_posted();
		if (sender_of(down) == ben->number)
			return;
		assert_int_equal(kx_slot_take(&server->link->down[down], &gen), KX_OK);
		(void)kx_relay_expire(UINT64_MAX);
		kx_store(&up(anna, 0)->w, 0);
		assert_int_equal(kx_slot_reply(&server->link->down[down], gen, &wake), KX_ETIME);
		ring(server);
		all_rounds();
	}
	fail_msg("ben waits behind anna's requests, of which none was answered");
}

/* All places but two are kept by a server that answers late: who has got one waits for the next. */
static void a_queue_waits_while_others_have_their_turn(void **state)
{
	enum { LATE = KX_DOWN_SLOTS - 2 };
	unsigned served[2] = {0};
	uint32_t gen;

	(void)state;
	for (unsigned i = 0; i < LATE; i++) {
		struct kx_task *task;
		char name[16];

		(void)snprintf(name, sizeof(name), "Late%u", i);
		task = make_task(name);
		assert_int_equal(kx_task_connect(task, server, "c"), KX_RC_OK);
		pump();
		handles[0] = kx_channel_find(task, server, "c")->client_handle;
		ask(task, 0, SHORT, 1, KX_TIMEOUT_NONE);
		all_rounds();
		assert_int_equal(kx_slot_take(&server->link->down[next_posted()], &gen), KX_OK);
	}
	handles[0] = kx_channel_find(anna, server, "anna")->client_handle;
	for (uint32_t slot = 0; slot < 8; slot++)
		ask(anna, slot, SHORT, 1, KX_TIMEOUT_NONE);
	all_rounds();
	for (uint32_t slot = 0; slot < 8; slot++)
		ask(ben, slot, SHORT, 1, KX_TIMEOUT_NONE);
	all_rounds();
	for (unsigned i = 0; i < 6; i++) {
		int down = next_posted();

		served[sender_of(down) == ben->number]++;
		serve(down, SHORT, 1);
		all_rounds();
	}
	assert_int_equal(served[0], 4);
	assert_int_equal(served[1], 2);
}

static void queues_go_with_their_client(void **state)
{
	(void)state;
	flood(anna, KX_TIMEOUT_NONE);
	flood(ben, KX_TIMEOUT_NONE);
	end_task(anna);
	all_rounds();
	assert_int_equal(count_posted(ben), KX_DOWN_SLOTS * 3 / 4);
	end_task(server);
	all_rounds();
	for (uint32_t slot = 0; slot < KX_UP_SLOTS; slot++) {
		int32_t rc = 0;

		assert_true(is_answered(ben, slot, &rc));
		assert_int_equal(rc, KX_RC_NOT_CONNECTED);
	}
	assert_true(cds_list_empty(&peer_of(ben)->own_queues));
}

/* What a server does with a request whose client has died. */
static void answer_the_dead(uint32_t down, uint32_t gen, enum kx_result told)
{
	struct kx_slot *slot = &server->link->down[down];
	bool wake;

	assert_int_equal(kx_slot_reply(slot, gen, &wake), told);
	if (told == KX_EPEER)
		kx_store(&slot->w, KX_SLOT_WORD(gen, KX_SLOT_FREE));
	ring(server);
}

/* Anna dies. What the server has taken stays its own until it answers; all else is free at once. */
static void anna_leaves_all_her_places(enum kx_result told)
{
	enum { HELD = KX_DOWN_SLOTS * 3 / 4, TAKEN = HELD / 2 };
	uint32_t down[TAKEN];
	uint32_t gen[TAKEN];

	flood(anna, KX_TIMEOUT_NONE);
	for (unsigned i = 0; i < TAKEN; i++) {
		down[i] = (uint32_t)next_posted();
		assert_int_equal(kx_slot_take(&server->link->down[down[i]], &gen[i]), KX_OK);
	}
	end_task(anna);
	all_rounds();
	assert_int_equal(__builtin_popcountll(peer_of(server)->down_busy), TAKEN);
	for (unsigned i = 0; i < TAKEN; i++)
		answer_the_dead(down[i], gen[i], told);
	all_rounds();
	assert_int_equal(peer_of(server)->down_busy, 0);
	flood(ben, KX_TIMEOUT_NONE);
	assert_int_equal(count_posted(ben), HELD);
}

/* Its channel goes first, so its requests were given up before. */
static void a_client_that_dies_leaves_all_its_places(void **state)
{
	(void)state;
	anna_leaves_all_her_places(KX_ETIME);
}

static void one_that_called_over_a_handle_does_too(void **state)
{
	uint32_t listener = kx_channel_find(anna, server, "anna")->listener->handle;
	struct kx_handle_desc own = {.rights = KX_RIGHT_TRANSFER | KX_RIGHT_IPC_CALL};
	struct kx_handle_desc given;
	bool created;

	(void)state;
	assert_int_equal(kx_user_create(server, 0x8000, own.rights, 0, listener, 0, &own.handle),
			 KX_RC_OK);
	assert_int_equal(kx_handle_transfer(server, anna, &own, &given, &created), KX_RC_OK);
	handles[0] = given.handle;
	anna_leaves_all_her_places(KX_EPEER);
}

static void place_given_back_goes_to_who_waits_for_it(void **state)
{
	(void)state;
	flood(anna, 1);
	flood(ben, KX_TIMEOUT_NONE);
	/* All of anna's run out of time, and none was taken. */
	(void)kx_relay_expire(UINT64_MAX);
	assert_int_equal(count_posted(ben), KX_DOWN_SLOTS * 3 / 4);
	assert_int_equal(posted_for(anna), -1);
}

/*
 * An entity that posts again before it has its answers: the kernel process does not even look,
 * or it would look at 256 slots whenever it has something else to do.
 */
static void slots_not_yet_answered_are_not_looked_at(void **state)
{
	(void)state;
	flood(anna, KX_TIMEOUT_NONE);
	for (uint32_t slot = 0; slot < KX_UP_SLOTS; slot++)
		(void)kx_slot_post(up(anna, slot), GEN + 1, false);
	ring(anna);
	assert_false(one_round());
	for (uint32_t slot = 0; slot < KX_UP_SLOTS; slot++)
		assert_true(KX_SLOT_IS_POSTED(kx_load(&up(anna, slot)->w)));
}

/* A window of time in which all processors are taken; ben asks once in it. */
static void while_pressed_a_client_has_a_few_requests_in_each_window(void **state)
{
	(void)state;
	kx_peers_window(true);
	flood(anna, KX_TIMEOUT_NONE);
	assert_int_equal(count_posted(anna), 8);
	assert_true(kx_peers_held());
	ask(ben, 0, SHORT, 2, KX_TIMEOUT_NONE);
	all_rounds();
	assert_int_equal(count_posted(ben), 1);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(count_posted(anna), 8); /* it has many waiting */
		kx_peers_window(true);
		assert_false(kx_peers_held());
		all_rounds();
	}
	assert_int_equal(count_posted(anna), 9);
	assert_false(kx_peer_rung(peer_of(anna)));
	assert_true(kx_peer_rung(peer_of(ben)));
	kx_peers_window(false);
	all_rounds();
	assert_true(count_posted(anna) > 40);
	assert_false(kx_peers_held());
}

/* In each of @windows; the last one goes on. */
static void let_pass(unsigned windows)
{
	for (unsigned i = 0; i < windows; i++) {
		kx_peers_window(true);
		all_rounds();
	}
}

/* From slot 100 on. */
static unsigned count_served(struct kx_task *client, uint32_t slots)
{
	unsigned before = count_posted(client);

	for (uint32_t slot = 100; slot < 100 + slots; slot++)
		ask(client, slot, SHORT, 2, KX_TIMEOUT_NONE);
	all_rounds();
	return count_posted(client) - before;
}

/* With a few waiting an entity does not flood, and who flooded is let off in the end. */
static void a_flood_is_remembered_for_a_while(void **state)
{
	(void)state;
	let_pass(1);
	assert_int_equal(count_served(anna, 138), 8);
	let_pass(3);
	assert_int_equal(count_posted(anna), 8);
	let_pass(1);
	assert_int_equal(count_posted(anna), 9);
	let_pass(48);
	assert_int_equal(count_posted(anna), 21); /* one in four */
	let_pass(9);                              /* the fiftieth since less than 128 waited */
	assert_int_equal(count_posted(anna), 23);
	let_pass(1);
	assert_int_equal(count_posted(anna), 31);
	assert_int_equal(count_served(ben, 135), 8);
	let_pass(1);
	assert_int_equal(count_posted(ben), 16);
	kx_peers_window(false);
}

/* One call after the other, as an honest client makes them. */
static void a_thread_that_waits_for_its_answers_has_more(void **state)
{
	unsigned calls = 0;
	int32_t rc;

	(void)state;
	kx_peers_window(true);
	for (; calls < 100 && !kx_peers_held(); calls++) {
		ask(ben, 0, SHORT, 2, KX_TIMEOUT_NONE);
		all_rounds();
		if (next_posted() < 0)
			break;
		serve(next_posted(), SHORT, 1);
		all_rounds();
		assert_true(is_answered(ben, 0, &rc));
		kx_store(&up(ben, 0)->w, 0);
	}
	assert_in_range(calls, 29, 32);
	kx_peers_window(false);
}

static void report(struct kx_task *task, uint32_t slot, uint32_t op)
{
	struct kx_up_tag tag = {.op = op, .args = {UINT32_MAX}}; /* of nothing there is */

	memcpy(up(task, slot)->tag, &tag, sizeof(tag));
	(void)kx_slot_post(up(task, slot), GEN, false);
	ring(task);
}

/* Anna makes ben refuse her messages and reply too late to his calls: that is not his flood. */
static void what_others_make_it_send_leaves_it_its_share(void **state)
{
	static const uint32_t ops[] = {KX_CALL_DROPPED, KX_CALL_ERROR_DENIED, KX_CALL_CANCEL};
	uint32_t slot = 0;
	int32_t rc;

	(void)state;
	kx_peers_window(true);
	for (; slot < 30; slot++)
		report(ben, slot, ops[slot % 3]);
	all_rounds();
	assert_false(kx_peers_held());
	ask(ben, slot, SHORT, 1, KX_TIMEOUT_NONE);
	all_rounds();
	assert_int_equal(count_posted(ben), 1);
	/* Nor does it make a flood of its own out of them. */
	for (slot++; slot < 100; slot++)
		report(ben, slot, ops[slot % 3]);
	all_rounds();
	assert_true(kx_peers_held());
	assert_false(is_answered(ben, 99, &rc));
	kx_peers_window(false);
	all_rounds();
	assert_true(is_answered(ben, 99, &rc));
}

/* What was asked for before the window is not counted, and the held are not asked to ring. */
static void a_window_begins_with_nothing_taken(void **state)
{
	(void)state;
	flood(anna, KX_TIMEOUT_NONE);
	kx_peers_window(true);
	assert_int_equal(peer_of(anna)->taken, 0);
	assert_int_equal(kx_load(&anna->page->link_arm), KX_ARM_RING);
	for (uint32_t slot = 0; slot < 9; slot++)
		report(ben, slot, KX_CALL_THREAD);
	all_rounds();
	assert_true(kx_peers_held());
	assert_int_equal(kx_load(&ben->page->link_arm), KX_ARM_RING);
	kx_peers_window(true);
	assert_int_equal(kx_load(&ben->page->link_arm), KX_ARM_AWAKE);
	assert_int_equal(kx_load(&anna->page->link_arm), KX_ARM_RING);
	kx_peers_window(false);
	all_rounds();
}

/* A thousand that are created first are not looked at 256 slots each before the first sleep. */
static void who_has_just_been_added_rings(void **state)
{
	struct kx_task *late = make_task("Late");
	int32_t rc;

	(void)state;
	assert_true(peer_of(late)->armed);
	assert_int_equal(kx_load(&late->page->link_arm), KX_ARM_RING);
	report(late, 200, KX_CALL_THREAD);
	all_rounds();
	assert_true(is_answered(late, 200, &rc));
}

/* A thread that asks again and again in the first slot does not hold off those behind it. */
static void slots_are_looked_at_in_turn(void **state)
{
	(void)state;
	ask(anna, 7, SHORT, 1, KX_TIMEOUT_NONE);
	all_rounds();
	ask(anna, 3, SHORT, 1, KX_TIMEOUT_NONE);
	assert_int_equal(peer_of(anna)->next_up, 4);
	ask(anna, 1, SHORT, 1, KX_TIMEOUT_NONE);
	ask(anna, 5, SHORT, 1, KX_TIMEOUT_NONE);
	all_rounds();
	assert_int_equal(peer_of(anna)->next_up, 2);
	assert_int_equal(count_posted(anna), 4);
}

/* A flood keeps the kernel process from ever sleeping, before which it looks at all slots. */
static void a_new_thread_is_found_while_the_kernel_process_is_busy(void **state)
{
	unsigned looks = 0;

	(void)state;
	ask(ben, 0, SHORT, 1, KX_TIMEOUT_NONE);
	while (count_posted(ben) < 1 && looks++ < 1000)
		(void)kx_peers_look();
	assert_false(peer_of(ben)->armed); /* it does not ring any more */
	looks = 0;
	ask(ben, 200, SHORT, 1, KX_TIMEOUT_NONE);
	while (count_posted(ben) < 2 && looks++ < 1000)
		(void)kx_peers_look();
	assert_in_range(looks, 0, 64 * kx_peers_count());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_client_leaves_places_for_the_others, relay_setup,
						relay_teardown),
		cmocka_unit_test_setup_teardown(requests_given_up_count_while_the_server_has_them,
						relay_setup, relay_teardown),
		cmocka_unit_test_setup_teardown(clients_are_served_in_turn, relay_setup,
						relay_teardown),
		cmocka_unit_test_setup_teardown(requests_given_up_have_had_their_turn, relay_setup,
						relay_teardown),
		cmocka_unit_test_setup_teardown(a_queue_waits_while_others_have_their_turn,
						relay_setup, relay_teardown),
		cmocka_unit_test_setup_teardown(queues_go_with_their_client, relay_setup,
						relay_teardown),
		cmocka_unit_test_setup_teardown(a_client_that_dies_leaves_all_its_places,
						relay_setup, relay_teardown),
		cmocka_unit_test_setup_teardown(one_that_called_over_a_handle_does_too, relay_setup,
						relay_teardown),
		cmocka_unit_test_setup_teardown(place_given_back_goes_to_who_waits_for_it,
						relay_setup, relay_teardown),
		cmocka_unit_test_setup_teardown(slots_not_yet_answered_are_not_looked_at,
						relay_setup, relay_teardown),
		cmocka_unit_test_setup_teardown(
			a_new_thread_is_found_while_the_kernel_process_is_busy, relay_setup,
			relay_teardown),
		cmocka_unit_test_setup_teardown(
			while_pressed_a_client_has_a_few_requests_in_each_window, relay_setup,
			relay_teardown),
		cmocka_unit_test_setup_teardown(a_flood_is_remembered_for_a_while, relay_setup,
						relay_teardown),
		cmocka_unit_test_setup_teardown(a_thread_that_waits_for_its_answers_has_more,
						relay_setup, relay_teardown),
		cmocka_unit_test_setup_teardown(what_others_make_it_send_leaves_it_its_share,
						relay_setup, relay_teardown),
		cmocka_unit_test_setup_teardown(a_window_begins_with_nothing_taken, relay_setup,
						relay_teardown),
		cmocka_unit_test_setup_teardown(who_has_just_been_added_rings, relay_setup,
						relay_teardown),
		cmocka_unit_test_setup_teardown(slots_are_looked_at_in_turn, relay_setup,
						relay_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
