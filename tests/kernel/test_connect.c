/* SPDX-License-Identifier: Apache-2.0 */

/* Who may be connected with whom, and which handles and names there are then. */

#include "kernel_fixture.h"

#include "channel.h"
#include "hooks.h"
#include "listener.h"
#include "registry.h"
#include "task_page.h"

static int channels_removed;
static struct kx_task *client;
static struct kx_task *server;
static struct kx_channel *channel;

static void count_channel(struct kx_channel *removed)
{
	assert_int_equal(kx_channel_state(removed), KX_CHANNEL_DEAD);
	channels_removed++;
}

static int setup(void **state)
{
	int result = kernel_setup(state);

	channels_removed = 0;
	kx_hooks.channel_removed = count_channel;
	return result;
}

static void make_pair(void)
{
	client = make_task("Client");
	server = make_task("Server");
	assert_int_equal(kx_task_connect(client, server, "ch"), KX_RC_OK);
	pump();
	channel = kx_channel_find(client, server, "ch");
	assert_non_null(channel);
}

static void services_name_both_ends(void **state)
{
	const struct kx_service_entry *entry;

	(void)state;
	make_pair();
	assert_int_equal(kx_task_page_services(client), KX_RC_OK);
	assert_int_equal(kx_task_page_services(server), KX_RC_OK);
	assert_int_equal(client->page->service_count, 1);
	entry = (const void *)((const char *)client->page + client->page->services);
	assert_string_equal((const char *)client->page + entry->name, "ch");
	assert_int_equal(entry->server, 0);
	assert_int_equal(entry->handle, channel->client_handle);
	entry = (const void *)((const char *)server->page + server->page->services);
	assert_int_equal(entry->server, 1);
	assert_int_equal(entry->handle, channel->listener->handle);
}

static void connecting_twice_or_to_a_running_task_is_refused(void **state)
{
	(void)state;
	make_pair();
	assert_int_equal(kx_task_connect(client, server, "ch"), KX_RC_ALREADY_EXISTS);
	assert_int_equal(kx_task_connect(client, server, ""), KX_RC_INVALID_ARGUMENT);
	atomic_store(&server->state, KX_TASK_RUNNING);
	assert_int_equal(kx_task_connect(client, server, "late"), KX_RC_INVALID_OPERATION);
	atomic_store(&server->state, KX_TASK_CREATED);
}

static void listeners_are_limited_per_task(void **state)
{
	struct kx_listener *listener;
	struct kx_task *task = make_task("Many");
	int count = 0;

	(void)state;
	while (kx_listener_create(task, "", &listener) == KX_RC_OK)
		count++;
	assert_int_equal(count, KX_LISTENERS);
	kx_handle_close(task, listener->handle);
	pump();
	assert_int_equal(kx_listener_create(task, "", &listener), KX_RC_OK);
}

static void two_tasks_of_one_name_are_refused(void **state)
{
	struct kx_task_spec spec = {.name = "one", .class_name = "c", .program = "p"};
	struct kx_task *task;

	(void)state;
	make_task("one");
	assert_int_equal(kx_task_create(&spec, &task), KX_RC_ALREADY_EXISTS);
	end_task(kx_registry_find("one"));
	assert_int_equal(kx_task_create(&spec, &task), KX_RC_OK);
	kx_object_unpin(&task->object);
}

static void a_connection_with_itself_has_three_handles(void **state)
{
	struct kx_task *task;
	uint32_t args[KX_CALL_ARGS] = {KX_HANDLE_INVALID};

	(void)state;
	task = make_task("Self");
	assert_int_equal(call(task, KX_CALL_HANDLE_CONNECT, args, NULL, 0), KX_RC_OK);
	assert_int_not_equal(args[0], args[1]);
	assert_int_equal(task->page->handles[KX_HANDLE_INDEX(args[2])].role, KX_ROLE_CLIENT);
	assert_int_equal(task->page->handles[KX_HANDLE_INDEX(args[1])].role, KX_ROLE_LISTENER);
	end_task(task);
	assert_int_equal(channels_removed, 1);
}

static void a_connection_with_itself_has_no_more_rights_than_its_listener(void **state)
{
	const uint32_t rights = KX_RIGHT_IPC_ATTACH | KX_RIGHT_IPC_RECV;
	uint32_t args[KX_CALL_ARGS] = {KX_HANDLE_INVALID};
	struct kx_handle *made;
	struct kx_task *task;

	(void)state;
	task = make_task("Self");
	assert_int_equal(call(task, KX_CALL_HANDLE_CONNECT, args, NULL, 0), KX_RC_OK);
	assert_int_equal(kx_handle_copy(task, args[0], rights, KX_HANDLE_INVALID, &args[0]),
			 KX_RC_OK);
	assert_int_equal(call(task, KX_CALL_HANDLE_CONNECT, args, NULL, 0), KX_RC_OK);
	assert_int_equal(kx_handle_find(task, args[1], &made), KX_RC_OK);
	assert_int_equal(made->rights, KX_RIGHT_IPC_RECV);
	end_task(task);
	assert_int_equal(channels_removed, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, kernel_teardown)
		TEST(services_name_both_ends),
		TEST(connecting_twice_or_to_a_running_task_is_refused),
		TEST(listeners_are_limited_per_task),
		TEST(two_tasks_of_one_name_are_refused),
		TEST(a_connection_with_itself_has_three_handles),
		TEST(a_connection_with_itself_has_no_more_rights_than_its_listener),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
