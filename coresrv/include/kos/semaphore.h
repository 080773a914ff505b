/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOS_SEMAPHORE_H
#define KOS_SEMAPHORE_H

/*
 * A counter of free things: a wait takes one, a signal gives some. A waiter may
 * free the semaphore's memory as soon as its wait returns.
 */

#include <kos/sync_types.h>
#include <rtl/compiler.h>
#include <rtl/if_time.h>
#include <rtl/retcode.h>

__RTL_BEGIN_DECLS

/* rcOk, or rcInvalidArgument if @count exceeds KOS_SEMAPHORE_VALUE_MAX. */
Retcode KosSemaphoreInit(KosSemaphore *semaphore, unsigned count);

/* rcOk, or rcBusy: threads wait, nothing was done. */
Retcode KosSemaphoreDeinit(KosSemaphore *semaphore);

/* Adds 1 or @n. rcOk; rcInvalidArgument if @n < 1; rcOverflow above the maximum: nothing added. */
Retcode KosSemaphoreSignal(KosSemaphore *semaphore);
Retcode KosSemaphoreSignalN(KosSemaphore *semaphore, int n);

/* Takes 1; blocks until there is one. rcOk. */
Retcode KosSemaphoreWait(KosSemaphore *semaphore);

/* Takes 1, waiting at most @mdelay milliseconds. rcOk, or rcTimeout: nothing taken. */
Retcode KosSemaphoreWaitTimeout(KosSemaphore *semaphore, rtl_uint32_t mdelay);

/* Takes 1 if that needs no waiting. rcOk, or rcBusy: nothing taken. */
Retcode KosSemaphoreTryWait(KosSemaphore *semaphore);

__RTL_END_DECLS

#endif /* KOS_SEMAPHORE_H */
