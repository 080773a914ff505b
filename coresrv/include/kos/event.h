/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOS_EVENT_H
#define KOS_EVENT_H

/*
 * Something that has happened, or not yet. Setting wakes every thread that
 * waits at that moment, even if the event is reset right after; it stays set
 * until reset. Waits end neither by a signal nor before their time.
 */

#include <kos/sync_types.h>
#include <rtl/compiler.h>
#include <rtl/if_time.h>
#include <rtl/retcode.h>

__RTL_BEGIN_DECLS

/* Makes an event that is not set. No thread may be using it. */
void KosEventInit(KosEvent *event);

/* Does nothing; for sources written for CE 1.1. */
void KosEventDeinit(KosEvent *event);

/* Sets and resets. Neither blocks. */
void KosEventSet(KosEvent *event);
void KosEventReset(KosEvent *event);

/* Blocks until the event is set; not at all if it is. */
void KosEventWait(KosEvent *event);

/* As KosEventWait for at most @mdelay milliseconds. rcOk, or rcTimeout. */
Retcode KosEventWaitTimeout(KosEvent *event, rtl_uint32_t mdelay);

__RTL_END_DECLS

#endif /* KOS_EVENT_H */
