/* SPDX-License-Identifier: Apache-2.0 */

/* Task numbers: as many tasks at a time as there are places, and any number in the run's life. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <urcu/urcu-memb.h>

#include "registry.h"

/* Only what the registry looks at; the pin is the test's. */
static struct kx_task *bare_task(const char *name)
{
	struct kx_task *task = calloc(1, sizeof(*task));

	assert_non_null(task);
	task->object.pins = 1;
	(void)snprintf(task->name, sizeof(task->name), "%s", name);
	return task;
}

static void a_solution_may_restart_its_tasks_for_ever(void **state)
{
	struct kx_task *kept = bare_task("kept");
	struct kx_task *task = bare_task("again");
	uint32_t last;

	(void)state;
	assert_int_equal(kx_registry_add(kept), KX_RC_OK);
	last = kept->number;
	for (unsigned i = 0; i < 2 * KX_TASKS + 10; i++) {
		assert_int_equal(kx_registry_add(task), KX_RC_OK);
		assert_true(task->number > last);
		assert_ptr_equal(kx_registry_task(task->number), task);
		last = task->number;
		kx_registry_remove(task);
		/* A number of the dead leads nowhere, whoever has its place now. */
		assert_null(kx_registry_task(last));
	}
	assert_ptr_equal(kx_registry_task(kept->number), kept);
	assert_null(kx_registry_task(kept->number + KX_TASKS));
	kx_registry_remove(kept);
	free(kept);
	free(task);
}

static void a_name_is_found_among_many_until_its_task_has_gone(void **state)
{
	enum { COUNT = 5000 };
	static struct kx_task *tasks[COUNT];
	char name[KX_NAME_MAX];

	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		(void)snprintf(name, sizeof(name), "t%u", i);
		tasks[i] = bare_task(name);
		assert_int_equal(kx_registry_add(tasks[i]), KX_RC_OK);
		assert_int_equal(kx_registry_add(tasks[i]), KX_RC_ALREADY_EXISTS);
	}
	assert_null(kx_registry_find("t5000"));
	for (unsigned i = 0; i < COUNT; i++) {
		assert_ptr_equal(kx_registry_find(tasks[i]->name), tasks[i]);
		kx_registry_remove(tasks[i]);
		assert_null(kx_registry_find(tasks[i]->name));
		free(tasks[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_solution_may_restart_its_tasks_for_ever),
		cmocka_unit_test(a_name_is_found_among_many_until_its_task_has_gone),
	};
	int failed;

	urcu_memb_register_thread();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	urcu_memb_unregister_thread();
	return failed;
}
