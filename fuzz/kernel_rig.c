/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel_rig.h"

#include "control.h"
#include "control_time.h"
#include "death.h"
#include "fuzz.h"
#include "hooks.h"
#include "mailbox.h"
#include "registry.h"

static void task_removed(struct kx_task *task)
{
	kx_peer_remove(task);
}

void rig_open(void)
{
	static bool open;

	if (open)
		return;
	open = true;
	urcu_memb_register_thread();
	kx_hooks = (struct kx_hooks){
		.task_added = kx_peer_add,
		.task_removed = task_removed,
		.channel_removed = kx_relay_channel_dead,
		.listener_removed = kx_relay_listener_dead,
		.waits = kx_relay_waits,
	};
	kx_settings.message_max = 64 * 1024;
	fuzz_require(kx_control_init() == 0);
	fuzz_require(kx_mailbox_init(&kx_ipc_mailbox) == 0);
	fuzz_require(kx_calls_init() == 0);
}

void rig_pump(void)
{
	do {
		kx_control_step();
	} while (kx_mailbox_run(&kx_ipc_mailbox, 100) + kx_mailbox_run(&kx_control_mailbox, 100));
}

struct kx_task *rig_task(const char *name)
{
	struct kx_task_spec spec = {.name = name, .class_name = name, .program = "none"};
	struct kx_task *task;

	fuzz_require(kx_task_create(&spec, &task) == KX_RC_OK);
	kx_object_unpin(&task->object);
	rig_pump();
	return task;
}

void rig_clear(void)
{
	static unsigned runs;

	while (!cds_list_empty(kx_registry_tasks()))
		kx_death(cds_list_first_entry(kx_registry_tasks(), struct kx_task, all));
	rig_pump();
	fuzz_require(kx_peers_count() == 0);
	/* A grace period takes longer than a run: what waits for one is freed now and then. */
	if (++runs % 32 == 0)
		urcu_memb_barrier();
	kx_registry_clear();
}
