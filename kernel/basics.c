/* SPDX-License-Identifier: Apache-2.0 */

/* Asked once for an entity that starts; see basics.h. */

#include "basics.h"

#include "decide.h"
#include "module.h"
#include "task.h"

static bool is_granted(struct kx_task *task, const char *interface_name, const char *endpoint,
		       const char *method)
{
	struct kx_event event = {
		.kind = KX_EVENT_REQUEST,
		.src = {task->object.sid, task->class_name, task->name},
		.dst = {KX_SID_KERNEL, "kl.core.Core", "kl.core.Core"},
		.endpoint = endpoint,
		.qualified = endpoint,
		.interface_name = interface_name,
		.method = method,
	};

	return kx_decide(&event, task) == KX_GRANT;
}

bool kx_basics_granted(struct kx_task *task)
{
	if (kx_module_grants_all())
		return true;
	if (!is_granted(task, "kl.core.VMM", "vmm.VMM", "Allocate"))
		return false;
	task->silent = !is_granted(task, "kl.core.HAL", "hal.HAL", "DebugWrite");
	return true;
}
