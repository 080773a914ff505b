/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_TASK_TASK_API_H
#define CORESRV_TASK_TASK_API_H

/* Facts about the calling process. Making processes: coresrv/entity/entity_api.h. */

#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>

__RTL_BEGIN_DECLS

/*
 * Copies this process's name, as init.yaml has it, with its zero. rcOk, or, with
 * nothing copied: rcInvalidArgument, rcBufferTooSmall, rcNotReady (no entity).
 * Does not block.
 */
Retcode KnTaskGetName(char *name, rtl_size_t size);

__RTL_END_DECLS

#endif /* CORESRV_TASK_TASK_API_H */
