/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Messages of a class that is known: what is wrong with one is told with its code, no rule is
 * asked and nobody receives it; what is right arrives as it was judged. And calls given up.
 */

#include "class_fixture.h"

#include <string.h>

#include "kx_rights.h"

/* --- requests ------------------------------------------------------------------------------- */

static void a_request_that_is_not_of_the_class_is_refused_unasked(void **state)
{
	static const struct letter wrong[] = {
		{.iid = UINT16_MAX, .ex = KX_EX(24, 0, 0)},
		{.iid = 2, .ex = KX_EX(24, 0, 0)},
		{.mid = 4, .ex = KX_EX(24, 0, 0)},
		{.mid = UINT16_MAX, .ex = KX_EX(24, 0, 0)},
		{.mid = PLAIN, .ex = KX_EX(32, 0, 0)},
		{.mid = PLAIN, .ex = KX_EX(24, 1, 0)},
		{.mid = PLAIN, .ex = KX_EX(24, 0, 1)},
		{.mid = GIVE, .ex = KX_EX(40, 0, 0)},
		{.mid = GIVE, .ex = KX_EX(40, 2, 0)},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		post(anna, relayed(anna), &wrong[i]);
		assert_int_equal(answer(anna), KX_RC_INVALID_ARGUMENT);
		assert_int_equal(posted_for(anna), -1);
	}
	assert_int_equal(seen.asked, 0);
	(void)requested(anna, PLAIN);
	assert_int_equal(seen.asked, 1);
	assert_int_equal(seen.event.kind, KX_EVENT_REQUEST);
	assert_string_equal(seen.event.endpoint, "e");
	assert_string_equal(seen.event.qualified, "C.e");
	assert_string_equal(seen.event.interface_name, "I");
	assert_string_equal(seen.event.method, "Plain");
}

/* What the number names is judged; a number that names nothing reaches nobody. */
static void a_request_gives_away_what_its_sender_has(void **state)
{
	struct letter letter = {.mid = GIVE, .ex = KX_EX(40, 1, 0)};
	struct kx_handle_desc desc = {.handle = 77, .rights = KX_RIGHT_ALL};
	uint32_t before = server->handle_count;
	uint32_t args[KX_CALL_ARGS] = {0x8000, KX_RIGHT_ALL};

	(void)state;
	memcpy(letter.body, &desc, sizeof(desc));
	post(anna, relayed(anna), &letter);
	assert_int_equal(answer(anna), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(seen.handle_sid, 0);
	assert_int_equal(posted_for(anna), -1);
	assert_int_equal(call(anna, KX_CALL_HANDLE_CREATE_USER, args, NULL, 0), KX_RC_OK);
	desc.handle = args[0];
	memcpy(letter.body, &desc, sizeof(desc));
	post(anna, relayed(anna), &letter);
	assert_int_not_equal(seen.handle_sid, 0);
	assert_true(posted_for(anna) >= 0);
	assert_int_equal(server->handle_count, before + 1);
}

/* --- replies -------------------------------------------------------------------------------- */

static void a_reply_that_is_not_of_the_method_ends_both_sides_unasked(void **state)
{
	static const struct letter wrong[] = {
		{.mid = PLAIN, .ex = KX_EX(32, 0, 0)}, /* another method */
		{.iid = 1, .mid = TEXT_OUT, .ex = KX_EX(32, 0, 0)},
		{.mid = TEXT_OUT, .ex = KX_EX(24, 0, 0)}, /* too short */
		{.mid = TEXT_OUT, .ex = KX_EX(32, 1, 0)},
		{.mid = TEXT_OUT, .ex = KX_EX(32, 0, 1)}, /* an error is shorter */
		{.mid = TEXT_OUT, .ex = KX_EX(32, 0, 0), .arena = 4, .body = {0, 0, 0, 0, 5}},
	};
	unsigned asked;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		int down = requested(anna, TEXT_OUT);

		asked = seen.asked;
		assert_int_equal(reply(down, &wrong[i]), KX_RC_INVALID_ARGUMENT);
		assert_int_equal(answer(anna), KX_RC_INVALID_ARGUMENT);
		assert_int_equal(seen.asked, asked);
	}
}

static void a_method_without_an_error_has_none(void **state)
{
	int down = requested(anna, PLAIN);

	(void)state;
	assert_int_equal(reply(down, &(struct letter){.mid = PLAIN, .ex = KX_EX(24, 0, 1)}),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(answer(anna), KX_RC_INVALID_ARGUMENT);
}

static void a_denied_reply_ends_both_sides_with_one_code(void **state)
{
	int down = requested(anna, TEXT_OUT);

	(void)state;
	seen.verdict = KX_DENY;
	assert_int_equal(reply(down, &(struct letter){.mid = TEXT_OUT, .ex = KX_EX(24, 0, 1)}),
			 KX_RC_SECURITY_DISALLOW);
	assert_int_equal(seen.event.kind, KX_EVENT_ERROR);
	assert_int_equal(answer(anna), KX_RC_SECURITY_DISALLOW);
	seen.verdict = KX_GRANT;
	down = requested(anna, TEXT_OUT);
	assert_int_equal(reply(down, &(struct letter){.mid = TEXT_OUT, .ex = KX_EX(32, 0, 0)}),
			 KX_RC_OK);
	assert_int_equal(seen.event.kind, KX_EVENT_RESPONSE);
	assert_int_equal(answer(anna), KX_RC_OK);
}

static void a_reply_gives_away_what_its_server_has(void **state)
{
	struct letter letter = {.mid = GET, .ex = KX_EX(40, 1, 0)};
	struct kx_handle_desc desc = {.handle = 77, .rights = KX_RIGHT_ALL};
	uint32_t args[KX_CALL_ARGS] = {0x8000, KX_RIGHT_ALL};
	uint32_t before = anna->handle_count;

	(void)state;
	memcpy(letter.body, &desc, sizeof(desc));
	(void)reply(requested(anna, GET), &letter);
	assert_int_equal(answer(anna), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(anna->handle_count, before);
	assert_int_equal(call(server, KX_CALL_HANDLE_CREATE_USER, args, NULL, 0), KX_RC_OK);
	desc.handle = args[0];
	memcpy(letter.body, &desc, sizeof(desc));
	assert_int_equal(reply(requested(anna, GET), &letter), KX_RC_OK);
	assert_int_equal(answer(anna), KX_RC_OK);
	assert_int_equal(anna->handle_count, before + 1);
}

/* A receiver that could not take the request says so with a code; any other word is a failure. */
static void a_code_instead_of_a_reply_is_one_of_the_general_space(void **state)
{
	static const struct {
		uint32_t said;
		int32_t told;
	} codes[] = {
		{(uint32_t)KX_RC_BUFFER_TOO_SMALL, KX_RC_BUFFER_TOO_SMALL},
		{(uint32_t)KX_RC_QUOTA_EXCEEDED, KX_RC_QUOTA_EXCEEDED},
		{0, KX_RC_FAIL},
		{0x90000000u, KX_RC_FAIL},
		{1, KX_RC_FAIL},
		{0x80000001u, KX_RC_FAIL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		(void)reply(requested(anna, TEXT_OUT), &(struct letter){.arena = codes[i].said});
		assert_int_equal(answer(anna), codes[i].told);
	}
}

static bool waits_for_a_verdict(int down)
{
	return ((struct kx_down_tag *)(void *)server->link->down[down].tag)->flags & KX_DOWN_JUDGED;
}

/* One that policy cannot deny is still built as declared, or nobody gets it. */
static void a_server_waits_only_for_a_verdict_that_may_deny(void **state)
{
	int down = requested(anna, PLAIN);

	(void)state;
	assert_false(waits_for_a_verdict(down));
	(void)hand_in(down, &(struct letter){.mid = PLAIN, .ex = KX_EX(32, 0, 0)});
	assert_int_equal(answer(anna), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(peer_of(server)->down_busy, 0);
	down = requested(anna, PLAIN);
	(void)hand_in(down, &(struct letter){.mid = PLAIN, .ex = KX_EX(24, 0, 0)});
	assert_int_equal(answer(anna), KX_RC_OK);
	/* Its error is never granted; handles are always judged; of Ben's channel nothing is known.
	 */
	down = requested(anna, TEXT_OUT);
	assert_true(waits_for_a_verdict(down));
	(void)reply(down, &(struct letter){.mid = TEXT_OUT, .ex = KX_EX(32, 0, 0)});
	assert_int_equal(answer(anna), KX_RC_OK);
	assert_true(waits_for_a_verdict(requested(anna, GET)));
	assert_true(waits_for_a_verdict(requested(ben, PLAIN)));
}

/* --- calls given up -------------------------------------------------------------------------- */

static void give_up(struct kx_task *task, uint32_t gen)
{
	kx_relay_cancel(peer_of(task), 0, gen);
	all_rounds();
}

static void a_call_is_given_up_until_its_server_has_it(void **state)
{
	int32_t rc;
	int down = requested(anna, PLAIN);
	uint32_t gen = 0;
	bool wake;

	(void)state;
	give_up(anna, GEN + 1); /* of another call */
	assert_false(is_answered(anna, 0, &rc));
	give_up(anna, GEN);
	assert_int_equal(answer(anna), KX_RC_IPC_INTERRUPT);
	assert_int_equal(posted_for(anna), -1);
	/* Given up before it came. */
	post(anna, relayed(anna), &(struct letter){.mid = PLAIN, .ex = KX_EX(24, 0, 0)});
	assert_int_equal(answer(anna), KX_RC_IPC_INTERRUPT);
	give_up(anna, GEN + 1);
	down = requested(anna, PLAIN);
	assert_int_equal(kx_slot_take(&server->link->down[down], &gen), KX_OK);
	give_up(anna, GEN);
	assert_false(is_answered(anna, 0, &rc));
	put(&server->link->down[down], down_payload((uint32_t)down),
	    &(struct letter){.mid = PLAIN, .ex = KX_EX(24, 0, 0)});
	assert_int_equal(kx_slot_reply(&server->link->down[down], gen, &wake), KX_OK);
	ring(server);
	all_rounds();
	assert_int_equal(answer(anna), KX_RC_OK);
}

/* Its slot is out of use until the server answers, and what it answers then reaches nobody. */
static void a_call_out_of_time_leaves_its_slot_to_the_server(void **state)
{
	struct kx_up_tag tag = *relayed(anna);
	struct kx_slot *slot;
	uint32_t gen = 0;
	bool wake;
	int down;

	(void)state;
	tag.timeout_ms = 1;
	post(anna, &tag, &(struct letter){.mid = PLAIN, .ex = KX_EX(24, 0, 0)});
	down = posted_for(anna);
	assert_true(down >= 0);
	slot = &server->link->down[down];
	assert_int_equal(kx_slot_take(slot, &gen), KX_OK);
	(void)kx_relay_expire(UINT64_MAX);
	assert_int_equal(answer(anna), KX_RC_TIMEOUT);
	assert_int_equal(peer_of(server)->down_busy, UINT64_C(1) << down);
	assert_int_equal(kx_slot_reply(slot, gen, &wake), KX_ETIME);
	ring(server);
	all_rounds();
	assert_int_equal(peer_of(server)->down_busy, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, class_setup, relay_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_request_that_is_not_of_the_class_is_refused_unasked),
		TEST(a_request_gives_away_what_its_sender_has),
		TEST(a_reply_that_is_not_of_the_method_ends_both_sides_unasked),
		TEST(a_method_without_an_error_has_none),
		TEST(a_denied_reply_ends_both_sides_with_one_code),
		TEST(a_reply_gives_away_what_its_server_has),
		TEST(a_code_instead_of_a_reply_is_one_of_the_general_space),
		cmocka_unit_test_setup_teardown(a_server_waits_only_for_a_verdict_that_may_deny,
						class_setup_direct, relay_teardown),
		TEST(a_call_is_given_up_until_its_server_has_it),
		TEST(a_call_out_of_time_leaves_its_slot_to_the_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
