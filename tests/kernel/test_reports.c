/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What an entity tells the security module by its own interface, and what it reports of others:
 * only what the class declares, only by one of the two ends.
 */

#include "class_fixture.h"

#include <string.h>

#include "channel.h"
#include "decide.h"

/* --- the security interface ------------------------------------------------------------------ */

static int32_t tell(struct kx_task *task, const struct letter *letter)
{
	post(task, &(struct kx_up_tag){.op = KX_CALL_SECURITY}, letter);
	return answer(task);
}

/* Its endpoints are counted without the others. */
static void the_module_is_told_what_the_class_declares_and_nothing_else(void **state)
{
	static const struct letter wrong[] = {
		{.iid = 1, .mid = TELL, .ex = KX_EX(32, 0, 0)},
		{.iid = UINT16_MAX, .mid = TELL, .ex = KX_EX(32, 0, 0)},
		{.mid = 1, .ex = KX_EX(32, 0, 0)},
		{.mid = TELL, .ex = KX_EX(24, 0, 0)},
		{.mid = TELL, .ex = KX_EX(32, 1, 0)},
		{.mid = TELL, .ex = KX_EX(32, 0, 0), .arena = 4, .body = {0, 0, 0, 0, 5}},
	};
	static const struct letter right = {.mid = TELL, .ex = KX_EX(32, 0, 0)};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(tell(anna, &wrong[i]), KX_RC_INVALID_ARGUMENT);
	/* Nothing is known of Ben's class. */
	assert_int_equal(tell(ben, &right), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(seen.asked, 0);
	assert_int_equal(tell(anna, &right), KX_RC_OK);
	assert_int_equal(seen.event.kind, KX_EVENT_SECURITY);
	assert_int_equal(seen.event.src.sid, anna->object.sid);
	assert_int_equal(seen.event.dst.sid, KX_SID_KERNEL);
	assert_string_equal(seen.event.endpoint, "s");
	assert_string_equal(seen.event.method, "Tell");
	seen.verdict = KX_DENY;
	assert_int_equal(tell(anna, &right), KX_RC_SECURITY_DISALLOW);
	assert_int_equal(seen.asked, 2);
}

static void nobody_is_told_by_one_that_died_meanwhile(void **state)
{
	static const struct letter letter = {
		.mid = TELL, .ex = KX_EX(32, 0, 0), .arena = 4 * KX_COPY_STEP};

	(void)state;
	put(up(anna, 0), payload(anna, 0), &letter);
	((struct kx_up_tag *)(void *)up(anna, 0)->tag)->op = KX_CALL_SECURITY;
	(void)kx_slot_post(up(anna, 0), GEN, false);
	ring(anna);
	assert_true(one_round());
	end_task(anna);
	all_rounds();
	assert_int_equal(seen.asked, 0);
	assert_int_equal(tell(ben, &letter), KX_RC_INVALID_ARGUMENT);
}

/* --- reports -------------------------------------------------------------------------------- */

static int32_t report(struct kx_task *task, uint32_t op, uint32_t a, uint32_t b, uint32_t c)
{
	post(task, &(struct kx_up_tag){.op = op, .args = {a, b, c}},
	     &(struct letter){.ex = KX_EX(KX_MESSAGE_MIN, 0, 0)});
	return answer(task);
}

static uint32_t count(struct kx_task *task, unsigned which)
{
	return (uint32_t)atomic_load(&task->counters[which]);
}

static void a_refused_message_is_told_by_one_of_its_channel(void **state)
{
	struct kx_channel *channel = kx_channel_find(anna, server, "anna");
	uint64_t malformed = kx_decide_counts().malformed;

	(void)state;
	assert_int_equal(report(server, KX_CALL_DROPPED, KX_CHANNELS, 0, 0),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(report(server, KX_CALL_DROPPED, KX_CHANNELS - 1, 0, 0),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(kx_decide_counts().malformed, malformed);
	/* For every reason, and for one there is not: the sender is counted, no rule asked. */
	for (uint32_t reason = 0; reason <= KX_DROP_ERROR_DENIED + 1; reason++) {
		assert_int_equal(report(server, KX_CALL_DROPPED, channel->server_index, reason, 0),
				 KX_RC_OK);
		assert_int_equal(report(anna, KX_CALL_DROPPED, channel->client_index, reason, 0),
				 KX_RC_OK);
	}
	assert_int_equal(count(anna, KX_COUNT_DROPPED), KX_DROP_ERROR_DENIED + 2);
	assert_int_equal(count(server, KX_COUNT_DROPPED), KX_DROP_ERROR_DENIED + 2);
	assert_int_equal(kx_decide_counts().malformed, malformed + 2 * (KX_DROP_ERROR_DENIED + 2));
	assert_int_equal(seen.asked, 0);
}

static void an_error_is_told_denied_where_policy_denies_it(void **state)
{
	struct kx_channel *channel = kx_channel_find(anna, server, "anna");
	const uint32_t index = channel->server_index;
	const uint32_t ben_index = kx_channel_find(ben, server, "ben")->server_index;

	(void)state;
	seen.verdict = KX_DENY;
#define DENIED(task, index, riid, mid) report(task, KX_CALL_ERROR_DENIED, index, riid, mid)
	assert_int_equal(DENIED(server, KX_CHANNELS, 0, TEXT_OUT), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(DENIED(server, index, 0, PLAIN), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(DENIED(server, index, 0, 4), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(DENIED(server, index, 2, 0), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(DENIED(server, index, 0x10000, TEXT_OUT), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(DENIED(server, index, 0, 0x10000 + TEXT_OUT), KX_RC_INVALID_ARGUMENT);
	/* Nothing of that channel is direct, of this one another is the server, that one has no
	 * class. */
	assert_int_equal(DENIED(server, ben_index, 0, TEXT_OUT), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(DENIED(anna, channel->client_index, 0, TEXT_OUT), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(DENIED(ben, 0, 0, TEXT_OUT), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(seen.asked, 0);
	assert_int_equal(DENIED(server, index, 0, TEXT_OUT), KX_RC_OK);
	assert_int_equal(seen.asked, 1);
	assert_int_equal(seen.event.kind, KX_EVENT_ERROR);
	assert_int_equal(seen.event.src.sid, server->object.sid);
	assert_int_equal(seen.event.dst.sid, anna->object.sid);
	assert_string_equal(seen.event.method, "Text");
	assert_int_equal(count(server, KX_COUNT_DENIED), 1);
}

static void only_a_client_kicks_its_server(void **state)
{
	struct kx_channel *channel = kx_channel_find(anna, server, "anna");
	const uint32_t index = channel->client_index;
	kx_word *bell = &server->link->kbell[channel->listener->index].value;
	uint32_t before;

	(void)state;
	assert_int_equal(report(anna, KX_CALL_KICK, KX_CHANNELS, 0, 0), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(report(anna, KX_CALL_KICK, KX_CHANNELS - 1, 0, 0), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(report(server, KX_CALL_KICK, channel->server_index, 0, 0),
			 KX_RC_INVALID_ARGUMENT);
	before = kx_load(bell);
	assert_int_equal(report(anna, KX_CALL_KICK, index, 0, 0), KX_RC_OK);
	assert_int_equal(kx_load(bell), before + 1);
	end_task(server);
	assert_int_equal(report(anna, KX_CALL_KICK, index, 0, 0), KX_RC_NOT_CONNECTED);
}

static void what_is_no_call_is_answered(void **state)
{
	(void)state;
	assert_int_equal(report(anna, 0, 0, 0, 0), KX_RC_UNIMPLEMENTED);
	assert_int_equal(report(anna, UINT32_MAX, 0, 0, 0), KX_RC_UNIMPLEMENTED);
	assert_int_equal(report(anna, KX_CALL_CANCEL, KX_UP_SLOTS, GEN, 0), KX_RC_OK);
	/* A name that is longer than what policy is shown. */
	post(anna, &(struct kx_up_tag){.op = KX_CALL_TASK_CREATE},
	     &(struct letter){.ex = KX_EX(KX_MESSAGE_MIN, 0, 0), .arena = (64u << 10) + 1});
	assert_int_equal(answer(anna), KX_RC_INVALID_ARGUMENT);
	post(anna, &(struct kx_up_tag){.op = KX_CALL_TASK_CREATE},
	     &(struct letter){.ex = KX_EX(KX_MESSAGE_MIN + 8, 0, 0)});
	assert_int_equal(answer(anna), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(seen.asked, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, class_setup, relay_teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_module_is_told_what_the_class_declares_and_nothing_else),
		TEST(nobody_is_told_by_one_that_died_meanwhile),
		TEST(a_refused_message_is_told_by_one_of_its_channel),
		cmocka_unit_test_setup_teardown(an_error_is_told_denied_where_policy_denies_it,
						class_setup_direct, relay_teardown),
		TEST(only_a_client_kicks_its_server),
		TEST(what_is_no_call_is_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
