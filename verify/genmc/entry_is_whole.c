/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Edges: T1 -> T2 (abi/kx_task_page.h).
 * Property: an entity that reads a handle's state as OPEN reads the entry that was
 * written before. The writer's lines are those of kx_task_page_handle(), the reader's
 * those of kx_rt_handle().
 */

#include "model.h"

#include "kx_task_page.h"

static struct kx_handle_entry entry;

static void *kernel(void *unused)
{
	entry.role = KX_ROLE_CLIENT;
	entry.channel = 7;
	kx_store(&entry.state, 5u << 2 | KX_HANDLE_OPEN);
	return unused;
}

static void *entity(void *unused)
{
	if (kx_load(&entry.state) == (5u << 2 | KX_HANDLE_OPEN))
		model_require(entry.role == KX_ROLE_CLIENT && entry.channel == 7);
	return unused;
}

int main(void)
{
	for (unsigned i = 0; i < MODEL_TIMES; i++) {
		memset(&entry, 0, sizeof(entry));
		model_two_threads(kernel, entity);
	}
	return 0;
}
