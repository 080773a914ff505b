/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Relayed calls by hand: the test is both entities, and says when the IPC thread does
 * what. So it can be shown by the order of events alone that a long message holds
 * nobody up, and that nothing is lost when somebody ends in the middle of one.
 */

#include "relay_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "death.h"
#include "hooks.h"
#include "kx_rights.h"
#include "module.h"
#include "ps.h"

/* --- nobody waits for the long message of another -------------------------------- */

/* One call of @ben from its first look to its answer; it may take as many rounds as it likes. */
static void ben_is_served(uint8_t seed)
{
	int32_t rc = -1;
	int down;

	ask(ben, 0, SHORT, seed, KX_TIMEOUT_NONE);
	while ((down = posted_for(ben)) < 0)
		assert_true(one_round());
	serve(down, SHORT, (uint8_t)(seed + 1));
	while (!is_answered(ben, 0, &rc))
		assert_true(one_round());
	assert_int_equal(rc, KX_RC_OK);
	assert_true(holds(up(ben, 0), NULL, SHORT, (uint8_t)(seed + 1)));
	kx_store(&up(ben, 0)->w, 0);
}

static void others_are_served_while_a_long_message_is_copied(void **state)
{
	int32_t rc = -1;
	int down;

	(void)state;
	ask(anna, 0, LONG - KX_MESSAGE_MIN, 3, KX_TIMEOUT_NONE);
	assert_true(one_round());
	assert_int_equal(posted_for(anna), -1);
	/* Request in, twice on its way; then request out. */
	ben_is_served(10);
	assert_int_equal(posted_for(anna), -1);
	ben_is_served(20);
	assert_int_equal(posted_for(anna), -1);
	all_rounds();
	down = posted_for(anna);
	assert_true(down >= 0);
	assert_true(holds(&server->link->down[down], down_payload((uint32_t)down),
			  LONG - KX_MESSAGE_MIN, 3));
	serve(down, LONG - KX_MESSAGE_MIN, 5);
	assert_true(one_round());
	ben_is_served(30);
	assert_false(is_answered(anna, 0, &rc));
	all_rounds();
	assert_true(is_answered(anna, 0, &rc));
	assert_int_equal(rc, KX_RC_OK);
	assert_true(holds(up(anna, 0), payload(anna, 0), LONG - KX_MESSAGE_MIN, 5));
}

static void a_step_is_no_longer_than_it_says(void **state)
{
	unsigned rounds = 0;
	int down;

	(void)state;
	ask(anna, 0, LONG - KX_MESSAGE_MIN, 3, KX_TIMEOUT_NONE);
	while ((down = posted_for(anna)) < 0) {
		assert_true(one_round());
		rounds++;
	}
	/* In and out. */
	assert_in_range(rounds, 2 * (LONG / KX_COPY_STEP) - 2, 2 * (LONG / KX_COPY_STEP) + 4);
}

/* Its other threads wait, and are not forgotten. */
static void one_client_sends_one_long_message_at_a_time(void **state)
{
	unsigned posted = 0;
	int down;

	(void)state;
	for (uint32_t slot = 0; slot < 3; slot++)
		ask(anna, slot, LONG - KX_MESSAGE_MIN, (uint8_t)slot, KX_TIMEOUT_NONE);
	while (one_round())
		assert_in_range(peer_of(anna)->requests_copied, 0, 1);
	while ((down = posted_for(anna)) >= 0) {
		serve(down, SHORT, 1);
		posted++;
	}
	assert_int_equal(posted, 3);
}

/* --- ends in the middle ------------------------------------------------------------ */

static void a_client_may_die_at_every_step(void **state)
{
	(void)state;
	for (unsigned steps = 1; steps < 4 * (LONG / KX_COPY_STEP) + 8; steps += 9) {
		struct kx_task *task = make_task("Client");
		int down;

		assert_int_equal(kx_task_connect(task, server, "c"), KX_RC_OK);
		pump();
		handles[0] = kx_channel_find(task, server, "c")->client_handle;
		ask(task, 0, LONG - KX_MESSAGE_MIN, 3, KX_TIMEOUT_NONE);
		for (unsigned i = 0; i < steps; i++) {
			(void)one_round();
			down = posted_for(task);
			if (down >= 0)
				serve(down, LONG - KX_MESSAGE_MIN, 5);
		}
		end_task(task);
		all_rounds();
		assert_int_equal(peer_of(server)->down_busy, 0);
		assert_int_equal(peer_of(server)->replies_copied, 0);
	}
	ben_is_served(40);
}

/* Row 13 of docs/ipc-semantics.md, for a reply that takes its time. */
static void a_finished_reply_outlives_its_server(void **state)
{
	int32_t rc = -1;
	int down;

	(void)state;
	ask(anna, 0, SHORT, 3, KX_TIMEOUT_NONE);
	all_rounds();
	down = posted_for(anna);
	assert_true(down >= 0);
	serve(down, LONG - KX_MESSAGE_MIN, 5);
	kx_death(server);
	all_rounds();
	assert_true(is_answered(anna, 0, &rc));
	assert_int_equal(rc, KX_RC_OK);
	assert_true(holds(up(anna, 0), payload(anna, 0), LONG - KX_MESSAGE_MIN, 5));
}

static void keep_text(void *context, char *text)
{
	*(char **)context = text;
}

/* Who waits, asked while a long request and a long reply are copied: until it is answered. */
static void ps_may_be_asked_at_every_step(void **state)
{
	char *text = NULL;
	unsigned waited = 0;
	int32_t rc = -1;
	int down;

	(void)state;
	kx_hooks.waits = kx_relay_waits;
	ask(anna, 0, LONG - KX_MESSAGE_MIN, 3, KX_TIMEOUT_NONE);
	while (!is_answered(anna, 0, &rc)) {
		kx_ps(keep_text, &text);
		(void)one_round();
		pump();
		assert_non_null(text);
		waited += strstr(text, "\"channel\":\"anna\"") != NULL;
		free(text);
		text = NULL;
		down = posted_for(anna);
		if (down >= 0)
			serve(down, LONG - KX_MESSAGE_MIN, 5);
	}
	assert_int_equal(rc, KX_RC_OK);
	assert_in_range(waited, LONG / KX_COPY_STEP, 3 * (LONG / KX_COPY_STEP));
}

static void a_server_may_die_while_a_request_is_copied(void **state)
{
	int32_t rc = -1;

	(void)state;
	ask(anna, 0, LONG - KX_MESSAGE_MIN, 3, KX_TIMEOUT_NONE);
	for (unsigned i = 0; i < LONG / KX_COPY_STEP + 5; i++)
		assert_true(one_round());
	kx_death(server);
	all_rounds();
	assert_true(is_answered(anna, 0, &rc));
	assert_int_equal(rc, KX_RC_NOT_CONNECTED);
	assert_int_equal(peer_of(anna)->requests_copied, 0);
}

/* --- who may ask -------------------------------------------------------------------- */

static int32_t answer_of(struct kx_task *client, uint32_t slot)
{
	int32_t rc = -1;

	all_rounds();
	assert_true(is_answered(client, slot, &rc));
	kx_store(&up(client, slot)->w, 0);
	return rc;
}

/* The IPC thread had no memory for the server, which is not ended yet. */
static void a_server_that_the_ipc_thread_does_not_know_is_not_connected(void **state)
{
	(void)state;
	kx_peer_remove(server);
	ask(anna, 0, SHORT, 1, KX_TIMEOUT_NONE);
	assert_int_equal(answer_of(anna, 0), KX_RC_NOT_CONNECTED);
}

static void a_call_needs_its_right(void **state)
{
	uint32_t copy;

	(void)state;
	assert_int_equal(
		kx_handle_copy(anna, handles[0], ~KX_RIGHT_IPC_CALL, KX_HANDLE_INVALID, &copy),
		KX_RC_OK);
	handles[0] = copy;
	ask(anna, 0, SHORT, 1, KX_TIMEOUT_NONE);
	assert_int_equal(answer_of(anna, 0), KX_RC_SECURITY_DISALLOW);
	assert_int_equal(posted_for(anna), -1);
}

static void ask_kernel(struct kx_task *client, uint32_t op)
{
	struct kx_up_tag tag = {.op = op};

	fill(up(client, 0), payload(client, 0), 0, 0);
	memcpy(up(client, 0)->tag, &tag, sizeof(tag));
	(void)kx_slot_post(up(client, 0), GEN, false);
	ring(client);
}

static void kernel_calls_are_asked_for(void **state)
{
	char error[KX_MODULE_ERROR_MAX];

	(void)state;
	ask_kernel(anna, KX_CALL_NOTICE_CREATE);
	assert_int_equal(answer_of(anna, 0), KX_RC_OK);
	kx_module_unload();
	assert_true(kx_module_load("deny-all", error));
	ask_kernel(anna, KX_CALL_NOTICE_CREATE);
	assert_int_equal(answer_of(anna, 0), KX_RC_SECURITY_DISALLOW);
	/* A module that is not there grants nothing either. */
	kx_module_unload();
	ask_kernel(anna, KX_CALL_NOTICE_CREATE);
	assert_int_equal(answer_of(anna, 0), KX_RC_SECURITY_DISALLOW);
}

static enum kx_verdict say_nonsense(void *nothing, const struct kx_event *event,
				    struct kx_trail *trail)
{
	(void)nothing;
	(void)event;
	(void)trail;
	return (enum kx_verdict)77;
}

/* This program is a module, too. */
const struct kx_security_module *kx_security_module(void)
{
	static const struct kx_security_module module = {
		.abi_version = KX_SECURITY_MODULE_ABI,
		.size = sizeof(module),
		.name = "nonsense",
		.decide = say_nonsense,
	};

	return &module;
}

static void a_verdict_that_is_none_denies(void **state)
{
	char error[KX_MODULE_ERROR_MAX];

	(void)state;
	kx_module_unload();
	assert_true(kx_module_load("", error));
	ask(anna, 0, SHORT, 1, KX_TIMEOUT_NONE);
	assert_int_equal(answer_of(anna, 0), KX_RC_SECURITY_DISALLOW);
	assert_int_equal(posted_for(anna), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(others_are_served_while_a_long_message_is_copied,
						relay_setup, relay_teardown),
		cmocka_unit_test_setup_teardown(a_step_is_no_longer_than_it_says, relay_setup,
						relay_teardown),
		cmocka_unit_test_setup_teardown(one_client_sends_one_long_message_at_a_time,
						relay_setup, relay_teardown),
		cmocka_unit_test_setup_teardown(a_client_may_die_at_every_step, relay_setup,
						relay_teardown),
		cmocka_unit_test_setup_teardown(ps_may_be_asked_at_every_step, relay_setup,
						relay_teardown),
		cmocka_unit_test_setup_teardown(a_finished_reply_outlives_its_server, relay_setup,
						relay_teardown),
		cmocka_unit_test_setup_teardown(a_server_may_die_while_a_request_is_copied,
						relay_setup, relay_teardown),
		cmocka_unit_test_setup_teardown(
			a_server_that_the_ipc_thread_does_not_know_is_not_connected, relay_setup,
			relay_teardown),
		cmocka_unit_test_setup_teardown(a_call_needs_its_right, relay_setup,
						relay_teardown),
		cmocka_unit_test_setup_teardown(kernel_calls_are_asked_for, relay_setup,
						relay_teardown),
		cmocka_unit_test_setup_teardown(a_verdict_that_is_none_denies, relay_setup,
						relay_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
