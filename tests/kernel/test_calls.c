/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Kernel calls that an entity makes wrongly or too often are answered with the documented code
 * and leave nothing behind. Those that wait: test_calls_wait.c.
 */

#include "kernel_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handle.h"
#include "memory.h"
#include "notice.h"
#include "registry.h"

/* A task that @parent made by call; its handle there. */
static uint32_t start(struct kx_task *parent, const char *bytes, size_t length)
{
	uint32_t args[KX_CALL_ARGS] = {0};

	assert_int_equal(call(parent, KX_CALL_TASK_CREATE, args, bytes, length), KX_RC_OK);
	return args[0];
}

/* --- tasks -------------------------------------------------------------------------------- */

static void a_task_is_made_of_three_names(void **state)
{
	struct kx_task *task = make_task("a");

	(void)state;
	assert_int_equal(call1(task, KX_CALL_TASK_CREATE, 0, NULL, 0), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call1(task, KX_CALL_TASK_CREATE, 0, TEXT("class")),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call1(task, KX_CALL_TASK_CREATE, 0, TEXT("class\0name")),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call1(task, KX_CALL_TASK_CREATE, 0, "class\0name\0path", 15),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call1(task, KX_CALL_TASK_CREATE, 0, TEXT("\0name\0path")),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call1(task, KX_CALL_TASK_CREATE, 0, TEXT("class\0\0path")),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call1(task, KX_CALL_TASK_CREATE, 0, TEXT("class\0name\0")),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_not_equal(start(task, TEXT("class\0name\0path")), 0);
	assert_int_equal(call1(task, KX_CALL_TASK_CREATE, 0, TEXT("class\0name\0path")),
			 KX_RC_ALREADY_EXISTS);
}

static void endpoints_of_an_unknown_class_have_numbers_of_16_bits(void **state)
{
	static const char *const wrong[] = {"", "x", "1x", "65536", "99999999999"};
	struct kx_task *task = make_task("a");
	char bytes[80];
	int length;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		length = snprintf(bytes, sizeof(bytes), "new%czeta%cpath%ce%ci%c%s", 0, 0, 0, 0, 0,
				  wrong[i]);
		assert_int_equal(call1(task, KX_CALL_TASK_CREATE, 0, bytes, (size_t)length + 1),
				 KX_RC_INVALID_ARGUMENT);
	}
	assert_int_equal(call1(task, KX_CALL_TASK_CREATE, 0, TEXT("new\0zeta\0path\0e")),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call1(task, KX_CALL_TASK_CREATE, 0, TEXT("new\0zeta\0path\0e\0i")),
			 KX_RC_INVALID_ARGUMENT);
	/* The same endpoint by its short name, its long one, and another short one. */
	assert_int_not_equal(
		start(task, TEXT("new\0zeta\0path\0e\0i\0002\0a.e\0i\0002\0d\0i\0002")), 0);
}

static void arguments_are_whole_strings_and_not_too_many(void **state)
{
	struct kx_task *task = make_task("a");
	uint32_t child = start(task, TEXT("b\0b\0path"));
	char *many = calloc(1, 1025); /* as many empty strings */

	(void)state;
	assert_non_null(many);
	assert_int_equal(call1(task, KX_CALL_TASK_ARGS, child, TEXT("b\0-x")), KX_RC_OK);
	assert_int_equal(call1(task, KX_CALL_TASK_ENV, child, TEXT("NAME=value")), KX_RC_OK);
	assert_int_equal(call1(task, KX_CALL_TASK_ARGS, child, "b\0-x", 4), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call1(task, KX_CALL_TASK_ARGS, child, many, 1024), KX_RC_OK);
	assert_int_equal(call1(task, KX_CALL_TASK_ARGS, child, many, 1025), KX_RC_INVALID_ARGUMENT);
	free(many);
	atomic_store(&kx_registry_find("b")->state, KX_TASK_RUNNING);
	assert_int_equal(call1(task, KX_CALL_TASK_ARGS, child, TEXT("b")), KX_RC_INVALID_OPERATION);
	atomic_store(&kx_registry_find("b")->state, KX_TASK_CREATED);
}

static void only_who_asks_an_env_program_says_what_it_was_told_and_once(void **state)
{
	struct kx_task *asker = make_task("asker");
	struct kx_task *env = make_task("env");

	(void)state;
	assert_int_equal(call1(asker, KX_CALL_TASK_TOLD_ARGS, 0, TEXT("-x")),
			 KX_RC_INVALID_OPERATION);
	assert_int_equal(kx_task_connect(asker, env, KX_ENV_CHANNEL), KX_RC_OK);
	assert_int_equal(call1(asker, KX_CALL_TASK_TOLD_ARGS, 0, TEXT("-x")), KX_RC_OK);
	assert_int_equal(call1(asker, KX_CALL_TASK_TOLD_ENV, 0, TEXT("A=b")), KX_RC_OK);
	assert_int_equal(asker->told_args.count, 1);
	assert_string_equal(asker->told_env.table[0], "A=b");
	assert_int_equal(call1(asker, KX_CALL_TASK_TOLD, 0, NULL, 0), KX_RC_OK);
	assert_int_equal(call1(asker, KX_CALL_TASK_TOLD_ENV, 0, TEXT("A=c")),
			 KX_RC_INVALID_OPERATION);
}

static void tasks_are_connected_by_two_handles_and_a_name(void **state)
{
	struct kx_task *task = make_task("a");
	uint32_t client = start(task, TEXT("b\0b\0path"));
	uint32_t server = start(task, TEXT("c\0c\0path"));
	uint32_t args[KX_CALL_ARGS] = {client, server};

	(void)state;
	assert_int_equal(call(task, KX_CALL_TASK_CONNECT, args, NULL, 0), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call(task, KX_CALL_TASK_CONNECT, args, TEXT("ch")), KX_RC_OK);
	args[1] = 77;
	assert_int_not_equal(call(task, KX_CALL_TASK_CONNECT, args, TEXT("ch2")), KX_RC_OK);
	assert_int_equal(call1(task, KX_CALL_TASK_ID, client, NULL, 0), KX_RC_OK);
	assert_int_equal(call3(task, KX_CALL_TASK_STOP, client, 3, 0), KX_RC_OK);
	assert_int_equal(call3(task, KX_CALL_TASK_STOP, 77, 3, 0), KX_RC_INVALID_ARGUMENT);
}

/* --- connections -------------------------------------------------------------------------- */

static void a_connection_of_others_needs_tasks_that_do_not_run(void **state)
{
	const uint32_t none = KX_HANDLE_INVALID;
	struct kx_task *task = make_task("a");
	uint32_t child = start(task, TEXT("b\0b\0path"));

	(void)state;
	assert_int_equal(call3(task, KX_CALL_HANDLE_CONNECT_EX, none, none, none),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call3(task, KX_CALL_HANDLE_CONNECT_EX, none, 77, none),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call3(task, KX_CALL_HANDLE_CONNECT_EX, none, child, 77),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call3(task, KX_CALL_HANDLE_CONNECT_EX, 77, child, none),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call3(task, KX_CALL_HANDLE_CONNECT_EX, none, child, none), KX_RC_OK);
	atomic_store(&kx_registry_find("b")->state, KX_TASK_RUNNING);
	assert_int_equal(call3(task, KX_CALL_HANDLE_CONNECT_EX, none, child, none),
			 KX_RC_INVALID_OPERATION);
	atomic_store(&kx_registry_find("b")->state, KX_TASK_CREATED);
}

/* Leaves room for @room more handles in the table of @task. */
static void fill_table(struct kx_task *task, unsigned room)
{
	uint32_t args[KX_CALL_ARGS];
	uint32_t made[8];
	uint32_t count = 0;

	assert_true(room <= 8);
	for (;; count++) {
		args[0] = 0x10000;
		args[1] = KX_RIGHT_ALL;
		args[2] = args[3] = 0;
		if (call(task, KX_CALL_HANDLE_CREATE_USER, args, NULL, 0) != KX_RC_OK)
			break;
		made[count % 8] = args[0];
	}
	while (room--)
		assert_int_equal(kx_handle_close(task, made[room]), KX_RC_OK);
	pump();
}

static void a_connection_without_room_for_its_handles_leaves_none(void **state)
{
	struct kx_task *task;
	char name[8];

	(void)state;
	for (unsigned room = 0; room < 3; room++) {
		(void)snprintf(name, sizeof(name), "t%u", room);
		task = make_task(name);
		fill_table(task, room);
		for (int i = 0; i < 2; i++)
			assert_int_equal(
				call1(task, KX_CALL_HANDLE_CONNECT, KX_HANDLE_INVALID, NULL, 0),
				KX_RC_QUOTA_EXCEEDED);
		pump();
		/* There is room for as many as before. */
		for (unsigned i = 0; i < room; i++)
			assert_int_equal(
				call3(task, KX_CALL_HANDLE_CREATE_USER, 0x10000, KX_RIGHT_ALL, 0),
				KX_RC_OK);
		end_task(task);
	}
}

/* --- memory --------------------------------------------------------------------------------- */

static int32_t make_memory(struct kx_task *task, uint64_t bytes, uint32_t *handle)
{
	uint32_t args[KX_CALL_ARGS] = {(uint32_t)bytes, (uint32_t)(bytes >> 32)};
	int32_t rc = call(task, KX_CALL_MEMORY_CREATE, args, NULL, 0);

	*handle = args[0];
	return rc;
}

static void memory_is_of_whole_pages_and_limited(void **state)
{
	struct kx_task *task = make_task("a");
	uint32_t args[KX_CALL_ARGS] = {0};
	uint32_t handle;

	(void)state;
	assert_int_equal(make_memory(task, 0, &handle), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(make_memory(task, KX_MEMORY_LIMIT + 1, &handle), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(make_memory(task, UINT64_MAX, &handle), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(make_memory(task, 4097, &handle), KX_RC_OK);
	args[0] = handle;
	assert_int_equal(call(task, KX_CALL_MEMORY_SIZE, args, NULL, 0), KX_RC_OK);
	assert_int_equal(args[0], 8192);
	assert_int_equal(args[1], 0);
	assert_int_equal(call1(task, KX_CALL_MEMORY_SIZE, 77, NULL, 0), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call1(task, KX_CALL_MEMORY_MAP, 77, NULL, 0), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call1(task, KX_CALL_HANDLE_CLOSE, handle, NULL, 0), KX_RC_OK);
	assert_int_equal(task->memory_objects, 0);
}

/* The kernel process does not wait for one that asks and never reads what it asked for. */
static void descriptors_that_nobody_reads_are_refused(void **state)
{
	struct kx_task *task = make_task("a");
	unsigned sent = 0;
	uint32_t handle;
	int32_t rc;

	(void)state;
	assert_int_equal(make_memory(task, 1, &handle), KX_RC_OK);
	do {
		rc = call1(task, KX_CALL_MEMORY_MAP, handle, NULL, 0);
	} while (rc == KX_RC_OK && ++sent < 100000);
	assert_int_not_equal(sent, 0);
	assert_int_equal(rc, KX_RC_BUSY);
}

static void objects_of_memory_are_counted_until_they_are_gone(void **state)
{
	struct kx_task *task = make_task("a");
	uint32_t first;
	uint32_t handle;

	(void)state;
	assert_int_equal(make_memory(task, 1, &first), KX_RC_OK);
	for (uint32_t i = 1; i < KX_MEMORY_OBJECTS; i++)
		assert_int_equal(make_memory(task, 1, &handle), KX_RC_OK);
	assert_int_equal(make_memory(task, 1, &handle), KX_RC_QUOTA_EXCEEDED);
	assert_int_equal(call1(task, KX_CALL_HANDLE_CLOSE, first, NULL, 0), KX_RC_OK);
	assert_int_equal(make_memory(task, 1, &handle), KX_RC_OK);
	end_task(task);
}

static void memory_without_room_for_its_handle_is_gone(void **state)
{
	struct kx_task *task = make_task("a");
	uint32_t handle;

	(void)state;
	fill_table(task, 0);
	assert_int_equal(make_memory(task, 1, &handle), KX_RC_QUOTA_EXCEEDED);
	pump();
	assert_int_equal(task->memory_objects, 0);
}

/* --- notices -------------------------------------------------------------------------------- */

static int32_t subscribe(struct kx_task *task, uint32_t notice, uint32_t object, uint32_t mask,
			 uint32_t id)
{
	uint32_t args[KX_CALL_ARGS] = {notice, object, mask, id};

	return call(task, KX_CALL_NOTICE_SUBSCRIBE, args, NULL, 0);
}

static void a_notice_refuses_what_it_cannot_tell(void **state)
{
	struct kx_task *task = make_task("a");
	uint32_t object[KX_CALL_ARGS] = {0x10000, KX_RIGHT_ALL};
	uint32_t mute[KX_CALL_ARGS] = {0x10000, KX_RIGHT_ALL & ~KX_RIGHT_GET_EVENT};
	uint32_t notice[KX_CALL_ARGS] = {0};

	(void)state;
	assert_int_equal(call(task, KX_CALL_NOTICE_CREATE, notice, NULL, 0), KX_RC_OK);
	assert_int_equal(call(task, KX_CALL_HANDLE_CREATE_USER, object, NULL, 0), KX_RC_OK);
	assert_int_equal(call(task, KX_CALL_HANDLE_CREATE_USER, mute, NULL, 0), KX_RC_OK);
	assert_int_equal(subscribe(task, 77, object[0], 1, 1), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(subscribe(task, notice[0], 77, 1, 1), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(subscribe(task, notice[0], mute[0], 1, 1), KX_RC_SECURITY_DISALLOW);
	assert_int_equal(subscribe(task, notice[0], object[0], 0, 1), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call3(task, KX_CALL_NOTICE_UNSUBSCRIBE, notice[0], object[0], 1),
			 KX_RC_RESOURCE_NOT_FOUND);
	assert_int_equal(subscribe(task, notice[0], object[0], 1, 1), KX_RC_OK);
	/* By an id that nothing was subscribed with, then by the right one. */
	assert_int_equal(call3(task, KX_CALL_NOTICE_UNSUBSCRIBE, notice[0], KX_HANDLE_INVALID, 2),
			 KX_RC_RESOURCE_NOT_FOUND);
	assert_int_equal(call3(task, KX_CALL_NOTICE_UNSUBSCRIBE, notice[0], KX_HANDLE_INVALID, 1),
			 KX_RC_OK);
	assert_int_equal(call3(task, KX_CALL_NOTICE_UNSUBSCRIBE, notice[0], 77, 1),
			 KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call3(task, KX_CALL_NOTICE_GET, notice[0], 0, 0), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call3(task, KX_CALL_NOTICE_GET, notice[0], 0, 1), KX_RC_TIMEOUT);
	assert_int_equal(call1(task, KX_CALL_NOTICE_DROP, notice[0], NULL, 0), KX_RC_OK);
	assert_int_equal(subscribe(task, notice[0], object[0], 1, 1), KX_RC_RESOURCE_NOT_FOUND);
	assert_int_equal(call1(task, KX_CALL_NOTICE_DROP, notice[0], NULL, 0),
			 KX_RC_RESOURCE_NOT_FOUND);
}

static void subscriptions_and_events_of_a_notice_are_limited(void **state)
{
	struct kx_task *task = make_task("a");
	uint32_t object[KX_CALL_ARGS] = {0x10000, KX_RIGHT_ALL};
	uint32_t notice[KX_CALL_ARGS] = {0};
	uint32_t most = KX_NOTICE_EVENTS + 1;
	uint32_t got[KX_CALL_ARGS];

	(void)state;
	assert_int_equal(call(task, KX_CALL_NOTICE_CREATE, notice, NULL, 0), KX_RC_OK);
	assert_int_equal(call(task, KX_CALL_HANDLE_CREATE_USER, object, NULL, 0), KX_RC_OK);
	for (uint32_t id = 0; id < KX_NOTICE_ENTRIES; id++)
		assert_int_equal(subscribe(task, notice[0], object[0], 0x10000, id), KX_RC_OK);
	assert_int_equal(subscribe(task, notice[0], object[0], 0x10000, 0), KX_RC_QUOTA_EXCEEDED);
	assert_int_equal(call3(task, KX_CALL_NOTICE_SET, object[0], 0x10000, 0), KX_RC_OK);
	/* With other ids, when nothing of the first was fetched: dropped. */
	assert_int_equal(call3(task, KX_CALL_NOTICE_UNSUBSCRIBE, notice[0], object[0], 0),
			 KX_RC_OK);
	assert_int_equal(subscribe(task, notice[0], object[0], 0x10000, KX_NOTICE_ENTRIES),
			 KX_RC_OK);
	assert_int_equal(call3(task, KX_CALL_NOTICE_SET, object[0], 0x10000, 0), KX_RC_OK);
	for (uint32_t left = KX_NOTICE_EVENTS; left; left -= got[0]) {
		memcpy(got, (uint32_t[KX_CALL_ARGS]){notice[0], 0, most}, sizeof(got));
		assert_int_equal(call(task, KX_CALL_NOTICE_GET, got, NULL, 0), KX_RC_OK);
		assert_in_range(got[0], 1, left);
	}
	assert_int_equal(call3(task, KX_CALL_NOTICE_GET, notice[0], 0, most), KX_RC_TIMEOUT);
	assert_int_equal(call3(task, KX_CALL_NOTICE_SET, object[0], 0, 0), KX_RC_INVALID_ARGUMENT);
	assert_int_equal(call3(task, KX_CALL_NOTICE_SET, object[0], 1, 0), KX_RC_INVALID_ARGUMENT);
}

/* --- handles of messages -------------------------------------------------------------------- */

static void transferred(struct kx_transfer_job *job)
{
	*(bool *)job->maker = true;
}

/* @submit: transfers, or undoes it. */
static int32_t transfer(struct kx_transfer_job *job, void (*submit)(struct kx_transfer_job *job))
{
	bool done = false;

	job->maker = &done;
	job->done = transferred;
	submit(job);
	pump();
	assert_true(done);
	return job->rc;
}

static void handles_travel_all_or_none(void **state)
{
	struct kx_task *from = make_task("from");
	struct kx_task *to = make_task("to");
	uint32_t args[KX_CALL_ARGS] = {0x10000, KX_RIGHT_ALL};
	struct kx_transfer_job job = {.from = from, .to = to, .count = 3};
	unsigned before = to->handle_count;

	(void)state;
	assert_int_equal(call(from, KX_CALL_HANDLE_CREATE_USER, args, NULL, 0), KX_RC_OK);
	job.in[0] = (struct kx_handle_desc){.handle = args[0], .rights = KX_RIGHT_ALL};
	job.in[1] = (struct kx_handle_desc){.handle = KX_HANDLE_INVALID, .badge = 7};
	job.in[2] = (struct kx_handle_desc){.handle = 0};
	assert_int_equal(transfer(&job, kx_transfer_submit), KX_RC_OK);
	assert_int_equal(job.made, 1);
	assert_int_equal(job.out[1].handle, KX_HANDLE_INVALID);
	assert_int_equal(job.out[1].badge, 0);
	assert_int_equal(to->handle_count, before + 1);
	(void)transfer(&job, kx_transfer_undo);
	assert_int_equal(to->handle_count, before);
	job.in[2].handle = 77;
	assert_int_not_equal(transfer(&job, kx_transfer_submit), KX_RC_OK);
	assert_int_equal(to->handle_count, before);
	end_task(to);
	job.in[2].handle = 0;
	assert_int_equal(transfer(&job, kx_transfer_submit), KX_RC_NOT_CONNECTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, kernel_setup, kernel_teardown)
		TEST(a_task_is_made_of_three_names),
		TEST(endpoints_of_an_unknown_class_have_numbers_of_16_bits),
		TEST(arguments_are_whole_strings_and_not_too_many),
		TEST(only_who_asks_an_env_program_says_what_it_was_told_and_once),
		TEST(tasks_are_connected_by_two_handles_and_a_name),
		TEST(a_connection_of_others_needs_tasks_that_do_not_run),
		TEST(a_connection_without_room_for_its_handles_leaves_none),
		TEST(memory_is_of_whole_pages_and_limited),
		TEST(descriptors_that_nobody_reads_are_refused),
		TEST(objects_of_memory_are_counted_until_they_are_gone),
		TEST(memory_without_room_for_its_handle_is_gone),
		TEST(a_notice_refuses_what_it_cannot_tell),
		TEST(subscriptions_and_events_of_a_notice_are_limited),
		TEST(handles_travel_all_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
