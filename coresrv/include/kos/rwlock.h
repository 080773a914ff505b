/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOS_RWLOCK_H
#define KOS_RWLOCK_H

/*
 * Many readers or one writer. A writer that waits goes before readers that
 * come later, so a thread that reads must not start reading again.
 */

#include <kos/sync_types.h>
#include <rtl/compiler.h>
#include <rtl/retcode.h>

__RTL_BEGIN_DECLS

/* Makes a free lock. No thread may be using it. */
void KosRWLockInit(KosRWLock *rwlock);

/* Does nothing; for sources written for CE 1.1. */
void KosRWLockDeinit(KosRWLock *rwlock);

/* Lock for reading or writing; block until they can. */
void KosRWLockRead(KosRWLock *rwlock);
void KosRWLockWrite(KosRWLock *rwlock);

/* The same if that needs no waiting. rcOk, or rcBusy: not locked. */
Retcode KosRWLockTryRead(KosRWLock *rwlock);
Retcode KosRWLockTryWrite(KosRWLock *rwlock);

/* Ends one read or the write. On a free lock: nothing. */
void KosRWLockUnlock(KosRWLock *rwlock);

__RTL_END_DECLS

#endif /* KOS_RWLOCK_H */
