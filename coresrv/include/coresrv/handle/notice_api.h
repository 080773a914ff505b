/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_HANDLE_NOTICE_API_H
#define CORESRV_HANDLE_NOTICE_API_H

/*
 * Notifications about resources. A receiver holds entries "resource, mask of
 * events, number"; what happened is fetched from it. Any thread may use any of
 * these at the same time. All are requests to the kernel and end soon, but for
 * the waiting that KnNoticeGetEvent is asked to do. Outside of an entity all
 * return rcNotReady.
 */

#include <handle/handletype.h>
#include <rtl/compiler.h>
#include <rtl/if_time.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>

/* Event masks. Low 16 bits: the kernel's events. High 16 bits: the users'. */
#define EVENT_OBJECT_DESTROYED 0x00000001U /* nobody has a handle any more */
#define EVENT_BADGE_CLOSED     0x00000002U /* a resource-transfer context was closed */
#define EVENT_TASK_COMPLETED   0x00000100U /* a process ended */

/* @n: a mask of the special part; of 16 bits for users, of 8 for the kernel. */
#define OBJECT_EVENT_SPEC(n) (((rtl_uint32_t)(n)&0xFFU) << 8)
#define OBJECT_EVENT_USER(n) (((rtl_uint32_t)(n)&0xFFFFU) << 16)

typedef struct EventDesc {
	rtl_uintptr_t eventId;  /* number of the entry */
	rtl_uint32_t eventMask; /* what happened */
} EventDesc;

__RTL_BEGIN_DECLS

/* Makes a receiver without entries. rcOk, rcInvalidArgument, rcOutOfMemory, rcQuotaExceeded. */
Retcode KnNoticeCreate(Notice *notice);

/*
 * Adds an entry. @object needs OCAP_HANDLE_GET_EVENT. A resource may be in several
 * entries, and numbers need not differ.
 *
 * rcOk, or, with nothing added: rcInvalidArgument, rcSecurityDisallow (no right),
 * rcResourceNotFound (dropped receiver, resource gone), rcOutOfMemory.
 */
Retcode KnNoticeSubscribeToObject(Notice notice, Handle object, rtl_uint32_t evMask,
				  rtl_uintptr_t evId);

/* Removes every entry of a resource, or with a number. rcOk, rcResourceNotFound: there was none. */
Retcode KnNoticeUnsubscribeFromObject(Notice notice, Handle object);
Retcode KnNoticeUnsubscribeFromEvent(Notice notice, rtl_uintptr_t evId);

/*
 * Waits at most @msec milliseconds until something happened and takes out up to
 * @countMax notifications; @count gets how many. INFINITE_TIMEOUT and more: for ever.
 *
 * rcOk, or, with nothing taken: rcTimeout, rcInvalidArgument, rcResourceNotFound
 * (the receiver was dropped).
 */
Retcode KnNoticeGetEvent(Notice notice, rtl_uint64_t msec, rtl_size_t countMax, EventDesc *events,
			 rtl_size_t *count);

/*
 * Tells every receiver that asked for it that @evMask, none of the general events,
 * happened. @object needs OCAP_HANDLE_SET_EVENT. rcOk, rcInvalidArgument,
 * rcSecurityDisallow.
 */
Retcode KnNoticeSetObjectEvent(Handle object, rtl_uint32_t evMask);

/* Empties the receiver for good; who waits for it gets rcResourceNotFound. */
Retcode KnNoticeDropAndWake(Notice notice);

/* Gives the receiver back. rcOk, rcInvalidArgument. */
Retcode KnNoticeRelease(Notice notice);

__RTL_END_DECLS

#endif /* CORESRV_HANDLE_NOTICE_API_H */
