/* SPDX-License-Identifier: Apache-2.0 */

/* Handle tables one by one; trees against a model are in test_handle_model.c. */

#include "kernel_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "notice.h"
#include "registry.h"
#include "user.h"

static uint32_t make_user(struct kx_task *task, uint32_t rights)
{
	uint32_t value = 0;

	assert_int_equal(
		kx_user_create(task, 0x8000, rights, 0x1234567890, KX_HANDLE_INVALID, 0, &value),
		KX_RC_OK);
	return value;
}

static uint32_t send(struct kx_task *from, struct kx_task *to, uint32_t value, uint32_t rights)
{
	struct kx_handle_desc in = {.handle = value, .rights = rights};
	struct kx_handle_desc out;
	bool created;

	assert_int_equal(kx_handle_transfer(from, to, &in, &out, &created), KX_RC_OK);
	return out.handle;
}

static enum kx_rc look(struct kx_task *task, uint32_t value)
{
	struct kx_handle *found;

	return kx_handle_find(task, value, &found);
}

/* H-02 */
static void a_closed_value_never_finds_a_later_handle(void **state)
{
	struct kx_task *task = make_task("a");
	uint32_t first = make_user(task, KX_RIGHT_ALL);
	uint32_t later;
	int round;

	(void)state;
	assert_int_equal(kx_handle_close(task, first), KX_RC_OK);
	assert_int_equal(kx_handle_close(task, first), KX_RC_INVALID_ARGUMENT);
	/* Long enough for every index to be used again. */
	for (round = 0; round < 2 * (int)KX_HANDLES; round++) {
		later = make_user(task, KX_RIGHT_ALL);
		assert_int_not_equal(later, first);
		assert_int_equal(look(task, first), KX_RC_INVALID_ARGUMENT);
		assert_int_equal(kx_handle_close(task, later), KX_RC_OK);
	}
}

static void an_index_whose_generations_are_used_up_is_never_given_out_again(void **state)
{
	struct kx_task *task = make_task("a");
	uint32_t value = make_user(task, KX_RIGHT_ALL);
	uint32_t index = KX_HANDLE_INDEX(value);
	int round;

	(void)state;
	task->generations[index] = UINT32_MAX >> 12;
	kx_handle_close(task, value);
	for (round = 0; round < (int)KX_HANDLES + 10; round++) {
		value = make_user(task, KX_RIGHT_ALL);
		assert_int_not_equal(KX_HANDLE_INDEX(value), index);
		assert_int_not_equal(value, KX_HANDLE_INVALID);
		kx_handle_close(task, value);
	}
}

/* H-03 */
static void a_full_table_is_an_error_of_its_owner_only(void **state)
{
	struct kx_task *full = make_task("full");
	struct kx_task *other = make_task("other");
	uint32_t value = 0;
	uint32_t count = 0;
	uint32_t last = 0;
	enum kx_rc rc;

	(void)state;
	while ((rc = kx_user_create(full, 0, 0, 0, KX_HANDLE_INVALID, 0, &value)) == KX_RC_OK) {
		count++;
		last = value;
	}
	assert_int_equal(rc, KX_RC_QUOTA_EXCEEDED);
	assert_int_equal(count, KX_HANDLES - 1);
	assert_int_not_equal(make_user(other, KX_RIGHT_ALL), 0);
	kx_handle_close(full, last);
	assert_int_equal(kx_user_create(full, 0, 0, 0, KX_HANDLE_INVALID, 0, &value), KX_RC_OK);
}

static void a_transfer_into_a_full_table_makes_nothing(void **state)
{
	struct kx_task *full = make_task("full");
	struct kx_task *from = make_task("from");
	struct kx_handle_desc in = {.handle = make_user(from, KX_RIGHT_ALL), .rights = ~0u};
	struct kx_handle_desc out;
	uint32_t value;
	bool created;

	(void)state;
	while (kx_user_create(full, 0, 0, 0, KX_HANDLE_INVALID, 0, &value) == KX_RC_OK)
		;
	assert_int_equal(kx_handle_transfer(from, full, &in, &out, &created), KX_RC_QUOTA_EXCEEDED);
	assert_false(created);
	assert_int_equal(look(from, in.handle), KX_RC_OK);
}

/* H-05 */
static void copy_transfer_and_sid_need_their_right(void **state)
{
	struct kx_task *task = make_task("a");
	struct kx_task *other = make_task("b");
	uint32_t rights;

	(void)state;
	for (rights = 0; rights < 8; rights++) {
		struct kx_handle_desc in = {.handle = make_user(task, rights), .rights = ~0u};
		struct kx_handle_desc out;
		uint32_t value;
		bool created;

		assert_int_equal(kx_handle_transfer(task, other, &in, &out, &created),
				 rights & KX_RIGHT_TRANSFER ? KX_RC_OK : KX_RC_SECURITY_DISALLOW);
		assert_int_equal(kx_handle_copy(task, in.handle, ~0u, KX_HANDLE_INVALID, &value),
				 rights & KX_RIGHT_COPY ? KX_RC_OK : KX_RC_SECURITY_DISALLOW);
		assert_int_equal(kx_handle_get_sid(task, in.handle, &value),
				 rights & KX_RIGHT_GET_SID ? KX_RC_OK : KX_RC_SECURITY_DISALLOW);
	}
}

static void the_owner_gets_its_own_handle_and_context_back(void **state)
{
	struct kx_task *owner = make_task("owner");
	struct kx_task *client = make_task("client");
	uint32_t root = make_user(owner, KX_RIGHT_ALL);
	uint32_t lent = send(owner, client, root, 0x00010000u | KX_RIGHT_TRANSFER);
	struct kx_handle_desc in = {.handle = lent, .rights = ~0u};
	struct kx_handle_desc out;
	bool created;

	(void)state;
	assert_int_equal(kx_handle_transfer(client, owner, &in, &out, &created), KX_RC_OK);
	assert_false(created);
	assert_int_equal(out.handle, root);
	assert_int_equal(out.rights, 0x00010000u | KX_RIGHT_TRANSFER);
	assert_true(out.badge == 0x1234567890);
}

static void revoke_reaches_descendants_in_other_tasks(void **state)
{
	struct kx_task *a = make_task("a");
	struct kx_task *b = make_task("b");
	struct kx_task *c = make_task("c");
	uint32_t root = make_user(a, KX_RIGHT_ALL);
	uint32_t in_b = send(a, b, root, ~0u);
	uint32_t in_c = send(b, c, in_b, ~0u);

	(void)state;
	assert_int_equal(kx_handle_revoke(b, in_b), KX_RC_OK);
	assert_int_equal(look(b, in_b), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(look(c, in_c), KX_RC_HANDLE_REVOKED);
	assert_int_equal(look(a, root), KX_RC_OK);
	assert_int_equal(kx_handle_close(c, in_c), KX_RC_OK);
	assert_int_equal(look(c, in_c), KX_RC_INVALID_ARGUMENT);
}

static void a_handle_may_stay_when_its_descendants_are_revoked(void **state)
{
	struct kx_task *a = make_task("a");
	struct kx_task *b = make_task("b");
	uint32_t root = make_user(a, KX_RIGHT_ALL);
	uint32_t in_b = send(a, b, root, ~0u);

	(void)state;
	assert_int_equal(kx_handle_revoke_below(a, root), KX_RC_OK);
	assert_int_equal(look(b, in_b), KX_RC_HANDLE_REVOKED);
	assert_int_equal(look(a, root), KX_RC_OK);
	assert_int_equal(look(b, send(a, b, root, ~0u)), KX_RC_OK);
	assert_int_equal(kx_handle_revoke_below(b, in_b), KX_RC_HANDLE_REVOKED);
}

static void children_of_a_closed_handle_are_still_revoked_by_its_parent(void **state)
{
	struct kx_task *a = make_task("a");
	struct kx_task *b = make_task("b");
	struct kx_task *c = make_task("c");
	uint32_t root = make_user(a, KX_RIGHT_ALL);
	uint32_t in_b = send(a, b, root, ~0u);
	uint32_t in_c = send(b, c, in_b, ~0u);

	(void)state;
	kx_handle_close(b, in_b);
	assert_int_equal(look(c, in_c), KX_RC_OK);
	kx_handle_revoke(a, root);
	assert_int_equal(look(c, in_c), KX_RC_HANDLE_REVOKED);
}

/* H-07 */
static void a_chain_of_ten_thousand_is_closed_and_revoked_without_recursion(void **state)
{
	struct kx_task *tasks[4];
	uint32_t value;
	uint32_t root;
	int depth;

	(void)state;
	for (depth = 0; depth < 4; depth++)
		tasks[depth] = make_task((const char *[]){"a", "b", "c", "d"}[depth]);
	root = value = make_user(tasks[0], KX_RIGHT_ALL);
	/* The owner would get its own handle back, so the chain runs over the others. */
	for (depth = 0; depth < 10000; depth++) {
		uint32_t next = send(tasks[depth ? 1 + (depth - 1) % 3 : 0], tasks[1 + depth % 3],
				     value, ~0u);

		value = next;
	}
	assert_int_equal(kx_handle_revoke(tasks[0], root), KX_RC_OK);
	assert_int_equal(look(tasks[1 + 9999 % 3], value), KX_RC_HANDLE_REVOKED);
}

static void a_badge_revokes_only_what_it_marked(void **state)
{
	struct kx_task *a = make_task("a");
	struct kx_task *b = make_task("b");
	struct kx_task *c = make_task("c");
	uint32_t root = make_user(a, KX_RIGHT_ALL);
	struct kx_handle_desc in = {.handle = root, .rights = ~0u};
	struct kx_handle_desc out;
	uint32_t notice;
	uint32_t badge;
	uint32_t plain;
	uint32_t below;
	bool created;

	(void)state;
	assert_int_equal(kx_notice_create(a, &notice), KX_RC_OK);
	assert_int_equal(kx_badge_create(a, notice, 77, 0xbadbad, &badge), KX_RC_OK);
	plain = send(a, b, root, ~0u);
	in.badge = badge;
	assert_int_equal(kx_handle_transfer(a, b, &in, &out, &created), KX_RC_OK);
	below = send(b, c, out.handle, ~0u);
	/* Closed in between: the mark must hold all the same. */
	kx_handle_close(b, out.handle);
	in = (struct kx_handle_desc){.handle = below, .rights = ~0u};
	assert_int_equal(kx_handle_transfer(c, a, &in, &out, &created), KX_RC_OK);
	assert_true(out.badge == 0xbadbad);
	assert_int_equal(kx_handle_revoke_subtree(a, root, badge), KX_RC_OK);
	assert_int_equal(look(c, below), KX_RC_HANDLE_REVOKED);
	assert_int_equal(look(b, plain), KX_RC_OK);
}

static void the_notice_of_a_badge_hears_that_its_handles_are_gone(void **state)
{
	struct kx_task *a = make_task("a");
	struct kx_task *b = make_task("b");
	struct kx_handle_desc in = {.handle = make_user(a, KX_RIGHT_ALL), .rights = ~0u};
	struct kx_handle_desc out;
	uint32_t args[KX_CALL_ARGS] = {0};
	uint32_t notice;
	uint32_t badge;
	bool created;

	(void)state;
	kx_notice_create(a, &notice);
	kx_badge_create(a, notice, 77, 0, &badge);
	in.badge = badge;
	kx_handle_transfer(a, b, &in, &out, &created);
	args[0] = notice;
	args[2] = 10;
	assert_int_equal(call(a, KX_CALL_NOTICE_GET, args, NULL, 0), KX_RC_TIMEOUT);
	end_task(b);
	args[0] = notice;
	args[1] = 0;
	args[2] = 10;
	assert_int_equal(call(a, KX_CALL_NOTICE_GET, args, NULL, 0), KX_RC_OK);
	assert_int_equal(args[0], 1);
}

static void the_resource_dies_with_its_last_handle(void **state)
{
	struct kx_task *a = make_task("a");
	struct kx_task *b = make_task("b");
	uint32_t root = make_user(a, KX_RIGHT_ALL);
	uint32_t lent = send(a, b, root, ~0u);
	struct kx_handle *handle;
	struct kx_object *object;

	(void)state;
	assert_int_equal(kx_handle_find(a, root, &handle), KX_RC_OK);
	object = handle->object;
	kx_object_pin(object);
	kx_handle_close(a, root);
	assert_false(atomic_load(&object->expired));
	kx_handle_close(b, lent);
	assert_true(atomic_load(&object->expired));
	kx_object_unpin(object);
}

/* H-05 for events: who may hear of an object, and who may say that something happened to it. */
static void events_need_their_right(void **state)
{
	struct kx_task *task = make_task("a");
	uint32_t notice;

	(void)state;
	assert_int_equal(kx_notice_create(task, &notice), KX_RC_OK);
	for (unsigned i = 0; i < 4; i++) {
		bool get = i & 1;
		bool set = i & 2;
		uint32_t rights = (get ? KX_RIGHT_GET_EVENT : 0) | (set ? KX_RIGHT_SET_EVENT : 0);
		uint32_t value = make_user(task, rights);

		assert_int_equal(kx_notice_subscribe(task, notice, value, 0x100, i),
				 get ? KX_RC_OK : KX_RC_SECURITY_DISALLOW);
		assert_int_equal(kx_notice_set(task, value, 0x100),
				 set ? KX_RC_OK : KX_RC_SECURITY_DISALLOW);
	}
}

/* A handle of @task to @object, as its creator has one. */
static uint32_t lend(struct kx_task *task, struct kx_object *object)
{
	struct kx_handle_spec spec = {.object = object, .rights = KX_RIGHT_ALL};
	struct kx_handle *handle;

	assert_int_equal(kx_handle_create(task, &spec, &handle), KX_RC_OK);
	return handle->value;
}

static void mark_done(struct kx_call_job *job)
{
	*(bool *)job->maker = true;
}

static void everybody_hears_of_a_death_who_asked(void **state)
{
	struct kx_task *a = make_task("a");
	struct kx_task *b = make_task("b");
	uint32_t of_b = lend(a, &b->object);
	uint32_t args[KX_CALL_ARGS] = {0};
	bool told = false;
	struct kx_call_job wait = {.task = a,
				   .op = KX_CALL_TASK_WAIT,
				   .args = {of_b, KX_TIMEOUT_NONE},
				   .maker = &told,
				   .done = mark_done};

	(void)state;
	assert_int_equal(kx_notice_create(a, &args[0]), KX_RC_OK);
	assert_int_equal(kx_notice_subscribe(a, args[0], of_b, KX_EVENT_TASK_COMPLETED, 5),
			 KX_RC_OK);
	kx_call_submit(&wait);
	pump();
	assert_false(told);
	b->exit_code = 42;
	end_task(b);
	assert_true(told);
	assert_int_equal(wait.rc, KX_RC_OK);
	assert_int_equal(wait.args[0], 42);
	args[2] = 10;
	assert_int_equal(call(a, KX_CALL_NOTICE_GET, args, NULL, 0), KX_RC_OK);
	assert_int_equal(args[0], 1);
}

/* Names stand in JSON and in lines of the log, and entities choose them. */
static void a_name_is_text_of_one_line(void **state)
{
	static const char *const bad[] = {"", "a\n", "\x1b[2J", "a\xff", "\xc3"};
	char longest[KX_NAME_MAX + 1];

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[KX_NAME_MAX] = '\0';
	for (unsigned i = 0; i <= sizeof(bad) / sizeof(bad[0]); i++) {
		const char *name = i < sizeof(bad) / sizeof(bad[0]) ? bad[i] : longest;
		const struct kx_task_spec specs[] = {
			{.name = name, .class_name = "C", .program = "p"},
			{.name = "n", .class_name = name, .program = "p"},
			{.name = "n", .class_name = "C", .program = name},
		};

		for (unsigned which = 0; which < 3; which++) {
			struct kx_task *task;

			assert_int_equal(kx_task_create(&specs[which], &task),
					 KX_RC_INVALID_ARGUMENT);
		}
	}
	(void)make_task("\xc3\xa4");
}

/* Calls without an argument that can be wrong, or whose arguments are the caller's own numbers. */
static bool takes_anything(uint32_t op)
{
	return op == KX_CALL_HANDLE_CREATE_USER || op == KX_CALL_NOTICE_CREATE ||
	       op == KX_CALL_MEMORY_CREATE || op == KX_CALL_HANDLE_CONNECT ||
	       op == KX_CALL_AUDIT_CLOSE || op == KX_CALL_BOARD_TEXT || op == KX_CALL_BOARD_SET;
}

static void garbage_values_are_invalid_in_every_call(void **state)
{
	static const uint32_t garbage[] = {0, 1, 0xfff, 0x1000, 0x7fffffff, KX_HANDLE_INVALID};
	struct kx_task *task = make_task("a");
	uint32_t args[KX_CALL_ARGS];
	uint32_t op;
	size_t index;
	int32_t rc;

	(void)state;
	for (op = 0; op < 120; op++) {
		for (index = 0; index < sizeof(garbage) / sizeof(garbage[0]); index++) {
			args[0] = args[1] = args[2] = args[3] = args[4] = args[5] = garbage[index];
			args[6] = args[7] = 0;
			/* No time to wait, for the calls that can. */
			if (op == KX_CALL_TASK_WAIT || op == KX_CALL_NOTICE_GET ||
			    op == KX_CALL_BOARD_WAIT)
				args[1] = 0;
			if (op == KX_CALL_CM_CONNECT || op == KX_CALL_CM_LISTEN ||
			    op == KX_CALL_AUDIT_READ)
				args[0] = 0;
			rc = call(task, op, args, "\xff\xfe garbage", 10);
			if (rc == KX_RC_OK && !takes_anything(op))
				fail_msg("call %u took %#x", op, garbage[index]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, kernel_setup, kernel_teardown)
		TEST(a_closed_value_never_finds_a_later_handle),
		TEST(an_index_whose_generations_are_used_up_is_never_given_out_again),
		TEST(a_full_table_is_an_error_of_its_owner_only),
		TEST(a_transfer_into_a_full_table_makes_nothing),
		TEST(copy_transfer_and_sid_need_their_right),
		TEST(the_owner_gets_its_own_handle_and_context_back),
		TEST(revoke_reaches_descendants_in_other_tasks),
		TEST(a_handle_may_stay_when_its_descendants_are_revoked),
		TEST(children_of_a_closed_handle_are_still_revoked_by_its_parent),
		TEST(a_chain_of_ten_thousand_is_closed_and_revoked_without_recursion),
		TEST(a_badge_revokes_only_what_it_marked),
		TEST(the_notice_of_a_badge_hears_that_its_handles_are_gone),
		TEST(the_resource_dies_with_its_last_handle),
		TEST(events_need_their_right),
		TEST(everybody_hears_of_a_death_who_asked),
		TEST(a_name_is_text_of_one_line),
		TEST(garbage_values_are_invalid_in_every_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
