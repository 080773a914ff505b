/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Handles of a relayed request that its server has never seen do not stay with the server, and
 * there are no more of them than the message has room for. Where there is no room for all of a
 * message in the receiver's table, none is made (H-06).
 */

#include "relay_fixture.h"

#include <string.h>

#include "kx_rights.h"
#include "user.h"

/* Anna gives away @handle, with @arena bytes behind it. */
static void give(uint32_t slot, uint32_t handle, uint32_t arena)
{
	struct kx_up_tag tag = {.op = KX_CALL_RELAY, .handle = handles[0], .timeout_ms = 1};
	struct kx_handle_desc desc = {.handle = handle, .rights = KX_RIGHT_TRANSFER};
	struct kx_slot *at = up(anna, slot);

	at->iid = at->mid = 0;
	at->ex = KX_EX(KX_MESSAGE_MIN + sizeof(desc), 1, 0);
	at->arena = arena;
	memcpy(sizeof(desc) + arena > KX_INLINE ? payload(anna, slot) : at->bytes, &desc,
	       sizeof(desc));
	memcpy(at->tag, &tag, sizeof(tag));
	(void)kx_slot_post(at, GEN, false);
	ring(anna);
}

static uint32_t make_object_of(struct kx_task *task)
{
	uint32_t handle;

	assert_int_equal(
		kx_user_create(task, 0x8000, KX_RIGHT_TRANSFER, 0, KX_HANDLE_INVALID, 0, &handle),
		KX_RC_OK);
	return handle;
}

static uint32_t make_object(void)
{
	return make_object_of(anna);
}

static void a_channel_closed_during_a_transfer_leaves_no_handle(void **state)
{
	uint32_t object = make_object();
	uint32_t before = server->handle_count;
	int32_t rc = -1;

	(void)state;
	give(0, object, 0);
	while (kx_peers_look())
		;
	/* The control thread closes the channel first, then does what it was asked. */
	assert_int_equal(kx_handle_close(anna, handles[0]), KX_RC_OK);
	assert_int_equal(kx_mailbox_run(&kx_control_mailbox, 1), 1);
	assert_int_equal(server->handle_count, before + 1);
	all_rounds();
	assert_true(is_answered(anna, 0, &rc));
	assert_int_equal(rc, KX_RC_NOT_CONNECTED);
	assert_int_equal(server->handle_count, before);
}

static void a_request_without_room_in_the_queue_leaves_no_handle(void **state)
{
	uint32_t object = make_object();
	uint32_t before = server->handle_count;
	uint32_t slot;
	int32_t rc = -1;

	(void)state;
	for (slot = 0; slot < KX_DOWN_SLOTS; slot++)
		ask(anna, slot, SHORT, 1, 1);
	all_rounds();
	do {
		assert_true(slot < KX_UP_SLOTS);
		give(slot, object, LONG / 2);
		all_rounds();
	} while (!is_answered(anna, slot++, &rc));
	assert_int_equal(rc, KX_RC_QUOTA_EXCEEDED);
	/* Neither that one nor those that waited and ran out of time. */
	(void)kx_relay_expire(UINT64_MAX);
	all_rounds();
	assert_int_equal(server->handle_count, before);
}

/* Nothing is known of the server's class. */
static void a_message_too_short_for_its_handles_is_refused(void **state)
{
	static const uint32_t sizes[] = {KX_MESSAGE_MIN, KX_MESSAGE_MIN + 31, KX_MESSAGE_MIN + 32};
	struct kx_up_tag tag = {.op = KX_CALL_RELAY, .handle = handles[0], .timeout_ms = 1};
	int32_t rc = -1;

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		struct kx_slot *at = up(anna, i);

		memset(payload(anna, i), 0, 32); /* two empty descriptors */
		at->iid = at->mid = 0;
		at->ex = KX_EX(sizes[i], 2, 0);
		at->arena = 0;
		memcpy(at->tag, &tag, sizeof(tag));
		(void)kx_slot_post(at, GEN, false);
		ring(anna);
		all_rounds();
		assert_int_equal(is_answered(anna, i, &rc), i < 2);
		if (i < 2)
			assert_int_equal(rc, KX_RC_INVALID_ARGUMENT);
	}
	serve(next_posted(), 0, 1);
	all_rounds();
	assert_true(is_answered(anna, 2, &rc));
}

/* --- no room for all of them ------------------------------------------------------------------ */

#define MANY 5u /* handles of one message */

/* Fills the table of @task but for @left places; one of the handles that fill it. */
static uint32_t fill_table(struct kx_task *task, unsigned left)
{
	uint32_t handle;

	while (kx_user_create(task, 0x8000, 0, 0, KX_HANDLE_INVALID, 0, &handle) == KX_RC_OK)
		;
	for (; left; left--) {
		assert_int_equal(kx_handle_close(task, handle), KX_RC_OK);
		handle--; /* they were given out in order, each of generation 0 */
	}
	return handle;
}

/* MANY times @handle, as the constant part of a message. */
static void put_many(struct kx_slot *at, uint8_t *bytes, uint32_t handle)
{
	struct kx_handle_desc descs[MANY];

	for (unsigned i = 0; i < MANY; i++)
		descs[i] = (struct kx_handle_desc){.handle = handle, .rights = KX_RIGHT_TRANSFER};
	at->iid = at->mid = 0;
	at->ex = KX_EX(KX_MESSAGE_MIN + sizeof(descs), MANY, 0);
	at->arena = 0;
	memcpy(sizeof(descs) > KX_INLINE ? bytes : at->bytes, descs, sizeof(descs));
}

static void ask_with_many(uint32_t slot, uint32_t handle)
{
	struct kx_up_tag tag = {
		.op = KX_CALL_RELAY, .handle = handles[0], .timeout_ms = KX_TIMEOUT_NONE};

	put_many(up(anna, slot), payload(anna, slot), handle);
	memcpy(up(anna, slot)->tag, &tag, sizeof(tag));
	(void)kx_slot_post(up(anna, slot), GEN, false);
	ring(anna);
	all_rounds();
}

static void answer_with_many(int down, uint32_t handle)
{
	struct kx_slot *slot = &server->link->down[down];
	uint32_t gen = 0;
	bool wake;

	assert_int_equal(kx_slot_take(slot, &gen), KX_OK);
	put_many(slot, down_payload((uint32_t)down), handle);
	assert_int_equal(kx_slot_reply(slot, gen, &wake), KX_OK);
	ring(server);
	all_rounds();
}

static void a_request_whose_handles_have_no_room_leaves_none(void **state)
{
	uint32_t object = make_object();
	uint32_t mine = anna->handle_count;
	uint32_t filler;
	int32_t rc = -1;

	(void)state;
	filler = fill_table(server, MANY - 1);
	ask_with_many(0, object);
	assert_true(is_answered(anna, 0, &rc));
	assert_int_equal(rc, KX_RC_QUOTA_EXCEEDED);
	assert_int_equal(posted_for(anna), -1);
	assert_int_equal(server->handle_count, KX_HANDLES - 1 - (MANY - 1));
	assert_int_equal(anna->handle_count, mine);
	/* One place more, and they go. */
	assert_int_equal(kx_handle_close(server, filler), KX_RC_OK);
	ask_with_many(1, object);
	assert_true(posted_for(anna) >= 0);
	assert_int_equal(server->handle_count, KX_HANDLES - 1);
}

static void a_response_whose_handles_have_no_room_leaves_none(void **state)
{
	uint32_t object = make_object_of(server);
	uint32_t theirs = server->handle_count;
	uint32_t filler;
	int32_t rc = -1;

	(void)state;
	filler = fill_table(anna, MANY - 1);
	ask(anna, 0, SHORT, 1, KX_TIMEOUT_NONE);
	all_rounds();
	answer_with_many(next_posted(), object);
	assert_true(is_answered(anna, 0, &rc));
	assert_int_equal(rc, KX_RC_QUOTA_EXCEEDED);
	assert_int_equal(anna->handle_count, KX_HANDLES - 1 - (MANY - 1));
	assert_int_equal(server->handle_count, theirs);
	assert_int_equal(kx_handle_close(anna, filler), KX_RC_OK);
	ask(anna, 1, SHORT, 1, KX_TIMEOUT_NONE);
	all_rounds();
	answer_with_many(next_posted(), object);
	assert_true(is_answered(anna, 1, &rc));
	assert_int_equal(rc, KX_RC_OK);
	assert_int_equal(anna->handle_count, KX_HANDLES - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_channel_closed_during_a_transfer_leaves_no_handle,
						relay_setup, relay_teardown),
		cmocka_unit_test_setup_teardown(a_message_too_short_for_its_handles_is_refused,
						relay_setup, relay_teardown),
		cmocka_unit_test_setup_teardown(a_request_whose_handles_have_no_room_leaves_none,
						relay_setup, relay_teardown),
		cmocka_unit_test_setup_teardown(a_response_whose_handles_have_no_room_leaves_none,
						relay_setup, relay_teardown),
		cmocka_unit_test_setup_teardown(
			a_request_without_room_in_the_queue_leaves_no_handle, relay_setup,
			relay_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
