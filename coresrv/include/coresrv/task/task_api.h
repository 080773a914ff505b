/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_TASK_TASK_API_H
#define CORESRV_TASK_TASK_API_H

/* Facts about the calling process. Making processes: coresrv/entity/entity_api.h. */

#include <handle/handletype.h>
#include <ipc/if_rend.h>
#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>

__RTL_BEGIN_DECLS

/*
 * Copies this process's name, as init.yaml has it, with its zero. rcOk, or, with
 * nothing copied: rcInvalidArgument, rcBufferTooSmall, rcNotReady (no entity).
 * Does not block.
 */
Retcode KnTaskGetName(char *name, rtl_size_t size);

/* The same for the file name of its program (argv[0]). */
Retcode KnTaskGetPath(char *path, rtl_size_t size);

/* This process's number, from 1; no other of the run has it. 0 if this is no entity. */
TaskId KnTaskGetId(void);

/* Ends this process with @exitCode. Does not return; nothing registered with atexit runs. */
__rtl_noreturn void KnTaskExit(rtl_int32_t exitCode);

/*
 * Ends the process of @task, a handle from KosTaskGetHandle() (kos/task.h), or waits for
 * its end and gives its exit code; as EntityStop() and EntityWait().
 */
Retcode KnTaskTerminate(Handle task, rtl_uint32_t exitCode);
Retcode KnTaskWait(Handle task, rtl_uint32_t msecs, rtl_uint32_t *exitCode);

__RTL_END_DECLS

#endif /* CORESRV_TASK_TASK_API_H */
