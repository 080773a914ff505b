/* SPDX-License-Identifier: Apache-2.0 */

/* What is left of tasks that have ended while somebody keeps handles to them. */

#include "kernel_fixture.h"

#include "footprint.h"

#define COUNT     2000
#define MOST_KEPT 1536u /* bytes of each: the handle, a name, how it ended */

static struct kx_footprint before;

/* A server of @client and a client of itself, with arguments and variables. */
static void furnish(struct kx_task *client, struct kx_task *task)
{
	static char long_text[3000] = "A=";
	const char *const strings[] = {"name", long_text};

	memset(long_text + 2, 'a', sizeof(long_text) - 3);
	assert_int_equal(kx_task_set_args(task, strings, 2), KX_RC_OK);
	assert_int_equal(kx_task_set_env(task, strings + 1, 1), KX_RC_OK);
	assert_int_equal(kx_task_connect(client, task, "server"), KX_RC_OK);
	assert_int_equal(kx_task_connect(task, task, "self"), KX_RC_OK);
}

/* Returns the handle that @maker has of it. */
static uint32_t live_and_end(struct kx_task *maker, int number)
{
	struct kx_task *client = make_task("client");
	uint32_t args[KX_CALL_ARGS] = {0};
	struct kx_object *object;
	char text[64];
	int length = snprintf(text, sizeof(text), "test.One%cone%d%cprogram", 0, number, 0);

	assert_int_equal(call(maker, KX_CALL_TASK_CREATE, args, text, (size_t)length + 1),
			 KX_RC_OK);
	assert_int_equal(kx_handle_object(maker, args[0], KX_OBJECT_TASK, 0, NULL, &object),
			 KX_RC_OK);
	furnish(client, kx_container(object, struct kx_task, object));
	pump();
	assert_int_equal(call3(maker, KX_CALL_TASK_STOP, args[0], (uint32_t)number, 0), KX_RC_OK);
	end_task(client);
	return args[0];
}

static void little_is_kept_of_who_has_ended(void **state)
{
	static uint32_t handles[COUNT];
	struct kx_task *maker = make_task("maker");
	struct kx_left left;

	(void)state;
#ifdef KX_SANITIZED
	skip(); /* which keeps what was freed */
#endif
	(void)live_and_end(maker, COUNT); /* what is made once is there */
	urcu_memb_barrier();
	kx_footprint_take(&before);
	for (int i = 0; i < COUNT; i++)
		handles[i] = live_and_end(maker, i);
	urcu_memb_barrier();
	kx_footprint_left(&before, &left);
	print_message("%ld bytes of each task\n", left.memory * 1024L / COUNT);
	assert_in_range(left.memory * 1024L / COUNT, 0, MOST_KEPT);
	assert_int_equal(left.mappings, 0);
	assert_int_equal(left.descriptors, 0);
	/* And how each ended is still known. */
	for (int i = 0; i < COUNT; i++) {
		uint32_t args[KX_CALL_ARGS] = {handles[i]};

		assert_int_equal(call(maker, KX_CALL_TASK_WAIT, args, NULL, 0), KX_RC_OK);
		assert_int_equal(args[0], i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(little_is_kept_of_who_has_ended, kernel_setup,
						kernel_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
