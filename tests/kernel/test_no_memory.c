/* SPDX-License-Identifier: Apache-2.0 */

/* What ends must end without memory too: the IPC thread is told of it, and nothing is left. */

#include "kernel_fixture.h"

#include <string.h>

#include "channel.h"
#include "hooks.h"
#include "listener.h"

/* calloc() of the code under test, by the linker's --wrap. */
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
static bool no_memory;

void *__wrap_calloc(size_t count, size_t size)
{
	return no_memory ? NULL : __real_calloc(count, size);
}

static int channels_removed;
static int listeners_removed;

static void count_channel(struct kx_channel *channel)
{
	(void)channel;
	channels_removed++;
}

static void count_listener(struct kx_listener *listener)
{
	(void)listener;
	listeners_removed++;
}

static int setup(void **state)
{
	int result = kernel_setup(state);

	channels_removed = listeners_removed = 0;
	kx_hooks.channel_removed = count_channel;
	kx_hooks.listener_removed = count_listener;
	return result;
}

static int teardown(void **state)
{
	no_memory = false;
	return kernel_teardown(state);
}

static long objects(void)
{
	urcu_memb_barrier();
	return kx_objects_in_use();
}

static void a_listener_is_closed_without_memory(void **state)
{
	struct kx_task *client = make_task("Client");
	struct kx_task *server = make_task("Server");
	struct kx_channel *channel;
	long before = objects();

	(void)state;
	assert_int_equal(kx_task_connect(client, server, "ch"), KX_RC_OK);
	pump();
	channel = kx_channel_find(client, server, "ch");
	assert_non_null(channel);
	no_memory = true;
	assert_int_equal(kx_handle_close(server, channel->listener->handle), KX_RC_OK);
	assert_int_equal(kx_handle_close(client, channel->client_handle), KX_RC_OK);
	pump();
	assert_int_equal(channels_removed, 1);
	assert_int_equal(listeners_removed, 1);
	assert_int_equal(objects(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_listener_is_closed_without_memory, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
