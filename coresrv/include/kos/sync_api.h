/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOS_SYNC_API_H
#define KOS_SYNC_API_H

/* All synchronisation primitives at once. */

#include <kos/condvar.h>
#include <kos/event.h>
#include <kos/mutex.h>
#include <kos/rwlock.h>
#include <kos/semaphore.h>

#endif /* KOS_SYNC_API_H */
