/* SPDX-License-Identifier: Apache-2.0 */

#include "kernel_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "control_time.h"
#include "death.h"
#include "hooks.h"
#include "mailbox.h"
#include "registry.h"

int kernel_setup(void **state)
{
	(void)state;
	urcu_memb_register_thread();
	kx_hooks = (struct kx_hooks){0};
	kx_settings.message_max = 64 * 1024;
	kx_settings.mediate_all = 0;
	kx_death_observer = NULL;
	return kx_control_init() || kx_mailbox_init(&kx_ipc_mailbox) || kx_calls_init();
}

int kernel_teardown(void **state)
{
	(void)state;
	while (!cds_list_empty(kx_registry_tasks()))
		kx_death(cds_list_first_entry(kx_registry_tasks(), struct kx_task, all));
	pump();
	kx_calls_fini();
	kx_control_fini();
	kx_mailbox_fini(&kx_ipc_mailbox);
	urcu_memb_barrier();
	kx_registry_clear();
	urcu_memb_unregister_thread();
	return 0;
}

void pump(void)
{
	do {
		kx_control_step();
	} while (kx_mailbox_run(&kx_ipc_mailbox, 100) + kx_mailbox_run(&kx_control_mailbox, 100));
}

struct kx_task *make_task(const char *name)
{
	struct kx_task_spec spec = {.name = name, .class_name = name, .program = "none"};
	struct kx_task *task;

	assert_int_equal(kx_task_create(&spec, &task), KX_RC_OK);
	kx_object_unpin(&task->object);
	pump();
	return task;
}

void end_task(struct kx_task *task)
{
	kx_death(task);
	pump();
}

static void finish(struct kx_call_job *job)
{
	*(bool *)job->maker = true;
}

int32_t call(struct kx_task *task, uint32_t op, uint32_t args[KX_CALL_ARGS], const char *bytes,
	     size_t length)
{
	bool done = false;
	struct kx_call_job job = {.task = task,
				  .op = op,
				  .bytes = bytes,
				  .len = length,
				  .maker = &done,
				  .done = finish};

	memcpy(job.args, args, sizeof(job.args));
	kx_call_submit(&job);
	pump();
	assert_true(done);
	memcpy(args, job.args, sizeof(job.args));
	free(job.out);
	return job.rc;
}

int32_t call1(struct kx_task *task, uint32_t op, uint32_t first, const char *bytes, size_t length)
{
	uint32_t args[KX_CALL_ARGS] = {first};

	return call(task, op, args, bytes, length);
}

int32_t call3(struct kx_task *task, uint32_t op, uint32_t a, uint32_t b, uint32_t c)
{
	uint32_t args[KX_CALL_ARGS] = {a, b, c};

	return call(task, op, args, NULL, 0);
}
