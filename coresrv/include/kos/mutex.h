/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOS_MUTEX_H
#define KOS_MUTEX_H

/*
 * Mutual exclusion between threads of one process. Only the thread that locked
 * a mutex unlocks it; an unlock by anybody else changes nothing (and is said on
 * standard error, once). A thread that ends while it holds a mutex leaves it
 * locked for good. Waiting ends neither by a signal nor before its time; the
 * waits are points where KosThreadTerminate takes effect.
 */

#include <kos/sync_types.h>
#include <rtl/compiler.h>
#include <rtl/if_time.h>
#include <rtl/retcode.h>

__RTL_BEGIN_DECLS

/* Makes a free, non-recursive mutex. No thread may be using it. */
void KosMutexInit(KosMutex *mutex);

/* As KosMutexInit; with @recursive not 0 its owner may lock it up to 256 times. */
void KosMutexInitEx(KosMutex *mutex, int recursive);

/* Does nothing; for sources written for CE 1.1. */
void KosMutexDeinit(KosMutex *mutex);

/*
 * Locks; blocks until it can. For ever, if the caller has locked a mutex that
 * is not recursive before.
 */
void KosMutexLock(KosMutex *mutex);

/* Unlocks, and wakes one thread that waits. Recursive: as often as locked. */
void KosMutexUnlock(KosMutex *mutex);

/* Locks if that needs no waiting. rcOk, or rcBusy: not locked. */
Retcode KosMutexTryLock(KosMutex *mutex);

/* Locks, waiting at most @mdelay milliseconds. rcOk, or rcTimeout: not locked. */
Retcode KosMutexLockTimeout(KosMutex *mutex, rtl_uint32_t mdelay);

__RTL_END_DECLS

#endif /* KOS_MUTEX_H */
