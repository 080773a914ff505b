/* SPDX-License-Identifier: Apache-2.0 */

/* Kernel links; see link.h. */

#include "link.h"

#include <stddef.h>
#include <sys/mman.h>

#include "hooks.h"
#include "kx_link.h"
#include "region.h"
#include "task.h"

enum kx_rc kx_link_create(struct kx_task *task)
{
	uint64_t bytes = KX_LINK_BYTES(kx_settings.message_max);
	struct kx_region region;

	if (kx_region_create(KX_REGION_LINK, KX_REGION_SHARED, bytes,
			     KX_LINK_PAYLOAD + KX_COMMITTED_PAYLOAD, &region) < 0)
		return KX_RC_OUT_OF_MEMORY;
	/* All that is looked at, at once and not page by page. If it fails: page by page. */
	(void)kx_region_commit(region.base, 0, offsetof(struct kx_link_region, down));
	task->link = region.base;
	task->link->message_max = kx_settings.message_max;
	task->link_bytes = bytes;
	task->child_fds[1] = region.fd;
	return KX_RC_OK;
}

void kx_link_destroy(struct kx_task *task)
{
	if (task->link)
		munmap(task->link, task->link_bytes);
	task->link = NULL;
}
