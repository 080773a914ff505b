/* SPDX-License-Identifier: Apache-2.0 */

/* coresrv/task/task_api.h. */

#include <coresrv/task/task_api.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "rt.h"

static Retcode copy_text(const char *text, char *out, rtl_size_t size)
{
	if (strlen(text) >= size)
		return rcBufferTooSmall;
	memcpy(out, text, strlen(text) + 1);
	return rcOk;
}

Retcode KnTaskGetName(char *name, rtl_size_t size)
{
	if (!name || size == 0)
		return rcInvalidArgument;
	return kx_rt_attached() ? copy_text(kx_rt_at(kx_rt.page->name), name, size) : rcNotReady;
}

Retcode KnTaskGetPath(char *path, rtl_size_t size)
{
	if (!path || size == 0)
		return rcInvalidArgument;
	return kx_rt_attached() ? copy_text(program_invocation_name, path, size) : rcNotReady;
}

TaskId KnTaskGetId(void)
{
	return kx_rt_attached() ? kx_rt.page->task : 0;
}

__rtl_noreturn void KnTaskExit(rtl_int32_t exitCode)
{
	_exit(exitCode);
}

Retcode KnTaskTerminate(Handle task, rtl_uint32_t exitCode)
{
	uint32_t args[KX_CALL_ARGS] = {task, exitCode};

	return kx_rt_kcall(KX_CALL_TASK_STOP, args, NULL, 0, NULL, NULL);
}

Retcode KnTaskWait(Handle task, rtl_uint32_t msecs, rtl_uint32_t *exitCode)
{
	uint32_t args[KX_CALL_ARGS] = {task, msecs};
	Retcode rc = kx_rt_kcall(KX_CALL_TASK_WAIT, args, NULL, 0, NULL, NULL);

	if (rc == rcOk && exitCode)
		*exitCode = args[0];
	return rc;
}
