/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_IPC_IPC_API_H
#define CORESRV_IPC_IPC_API_H

/*
 * Ending a blocked CallEx or RecvEx of this process from another thread. A
 * CallEx can be interrupted while the server has not received its request, a
 * RecvEx while it waits. Source: CE 1.2 "libkos IPC API". None of these blocks;
 * all are thread-safe.
 */

#include <handle/handletype.h>
#include <rtl/compiler.h>
#include <rtl/retcode.h>

__RTL_BEGIN_DECLS

/*
 * Makes an object that does not interrupt yet. The handle cannot be sent to
 * another process; KnHandleClose() ends it.
 * Returns rcOk; rcInvalidArgument (NULL); rcQuotaExceeded (64 objects exist).
 */
Retcode KnIpcCreateSyncObject(Handle *syncHandle);

/*
 * From now on until KnIpcClearInterrupt() every CallEx and RecvEx that waits or
 * begins to wait with @syncHandle returns rcIpcInterrupt. rcInvalidArgument: no
 * such object.
 */
Retcode KnIpcSetInterrupt(Handle syncHandle);
Retcode KnIpcClearInterrupt(Handle syncHandle);

__RTL_END_DECLS

#endif /* CORESRV_IPC_IPC_API_H */
