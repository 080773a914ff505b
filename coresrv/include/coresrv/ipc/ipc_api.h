/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_IPC_IPC_API_H
#define CORESRV_IPC_IPC_API_H

/*
 * Ending a blocked CallEx or RecvEx of this process from another thread. A
 * CallEx can be interrupted while the server has not received its request, a
 * RecvEx while it waits. Source: CE 1.2 "libkos IPC API", which gives no codes:
 * those below are our decision. None of these blocks; all are thread-safe. In a
 * program that is no entity they work, and there is nothing to interrupt.
 */

#include <handle/handletype.h>
#include <rtl/compiler.h>
#include <rtl/retcode.h>

__RTL_BEGIN_DECLS

/*
 * Makes an object that does not interrupt yet. The handle cannot be sent to
 * another process. KnHandleClose() ends the object: whoever waits with it then
 * gets rcIpcInterrupt [our decision], and the handle is no other object's.
 * Returns rcOk; rcInvalidArgument (NULL); rcQuotaExceeded (524,288 objects exist).
 */
Retcode KnIpcCreateSyncObject(Handle *syncHandle);

/*
 * Every CallEx and RecvEx that waits with @syncHandle returns rcIpcInterrupt, and so
 * does each that begins to wait with it [our decision: no source says that], until
 * KnIpcClearInterrupt(). Setting it again changes nothing.
 * Returns rcOk; rcInvalidArgument (no such object, or it was closed); rcInvalidThreadState (it is
 * set, but in a signal handler that interrupted a relayed or a kernel call: relayed calls go on).
 */
Retcode KnIpcSetInterrupt(Handle syncHandle);

/*
 * From now on waits with @syncHandle are not interrupted; also of an object that is not set.
 * Returns rcOk; rcInvalidArgument (no such object, or it was closed).
 */
Retcode KnIpcClearInterrupt(Handle syncHandle);

__RTL_END_DECLS

#endif /* CORESRV_IPC_IPC_API_H */
