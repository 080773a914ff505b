/* SPDX-License-Identifier: Apache-2.0 */

/* coresrv/task/task_api.h. */

#include <coresrv/task/task_api.h>

#include <string.h>

#include "rt.h"

Retcode KnTaskGetName(char *name, rtl_size_t size)
{
	const char *own;

	if (!name || size == 0)
		return rcInvalidArgument;
	if (!kx_rt_attached())
		return rcNotReady;
	own = kx_rt_at(kx_rt.page->name);
	if (strlen(own) >= size)
		return rcBufferTooSmall;
	memcpy(name, own, strlen(own) + 1);
	return rcOk;
}
