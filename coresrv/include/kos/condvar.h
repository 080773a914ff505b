/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOS_CONDVAR_H
#define KOS_CONDVAR_H

/*
 * Waiting for a condition that a mutex guards. A wait may end although nobody
 * signalled: test the condition in a loop. A recursive mutex must be locked
 * exactly once.
 */

#include <kos/sync_types.h>
#include <rtl/compiler.h>
#include <rtl/if_time.h>
#include <rtl/retcode.h>

__RTL_BEGIN_DECLS

/* Makes a condition variable. No thread may be using it. */
void KosCondvarInit(KosCondvar *condvar);

/* Does nothing; for sources written for CE 1.1. */
void KosCondvarDeinit(KosCondvar *condvar);

/*
 * Unlocks @mutex, which the caller holds, waits for a signal, locks it again.
 * No signal sent after the unlock is missed. Returns rcOk.
 */
Retcode KosCondvarWait(KosCondvar *condvar, KosMutex *mutex);

/* As KosCondvarWait for at most @mdelay milliseconds; rcTimeout holds the mutex, too. */
Retcode KosCondvarWaitTimeout(KosCondvar *condvar, KosMutex *mutex, rtl_uint32_t mdelay);

/* Wakes one waiting thread, or all. Do not block; the mutex need not be held. */
void KosCondvarSignal(KosCondvar *condvar);
void KosCondvarBroadcast(KosCondvar *condvar);

__RTL_END_DECLS

#endif /* KOS_CONDVAR_H */
