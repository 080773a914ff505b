/* SPDX-License-Identifier: Apache-2.0 */

/* coresrv/handle/notice_api.h: kernel calls. A Notice is its handle's value. */

#include <coresrv/handle/handle_api.h>
#include <coresrv/handle/notice_api.h>

#include "rt.h"

/* Notifications fetched with one request; more than that wait for the next call. */
#define FETCH_MAX 128u

/* As the answer of KX_CALL_NOTICE_GET has them. */
struct event_bytes {
	uint32_t id_low;
	uint32_t id_high;
	uint32_t mask;
};

static uint32_t value_of(Notice notice)
{
	return (uint32_t)(uintptr_t)notice;
}

static uint32_t low(uint64_t value)
{
	return (uint32_t)value;
}

static uint32_t high(uint64_t value)
{
	return (uint32_t)(value >> 32);
}

static Retcode ask(uint32_t op, uint32_t args[KX_CALL_ARGS])
{
	return kx_rt_kcall(op, args, NULL, 0, NULL, NULL);
}

Retcode KnNoticeCreate(Notice *notice)
{
	uint32_t args[KX_CALL_ARGS] = {0};
	Retcode rc;

	if (!notice)
		return rcInvalidArgument;
	rc = ask(KX_CALL_NOTICE_CREATE, args);
	if (rc == rcOk)
		*notice = (Notice)(uintptr_t)args[0];
	return rc;
}

Retcode KnNoticeSubscribeToObject(Notice notice, Handle object, rtl_uint32_t evMask,
				  rtl_uintptr_t evId)
{
	uint32_t args[KX_CALL_ARGS] = {value_of(notice), object, evMask, low(evId), high(evId)};

	return ask(KX_CALL_NOTICE_SUBSCRIBE, args);
}

Retcode KnNoticeUnsubscribeFromObject(Notice notice, Handle object)
{
	uint32_t args[KX_CALL_ARGS] = {value_of(notice), object};

	return object == INVALID_HANDLE ? rcInvalidArgument : ask(KX_CALL_NOTICE_UNSUBSCRIBE, args);
}

Retcode KnNoticeUnsubscribeFromEvent(Notice notice, rtl_uintptr_t evId)
{
	uint32_t args[KX_CALL_ARGS] = {value_of(notice), INVALID_HANDLE, low(evId), high(evId)};

	return ask(KX_CALL_NOTICE_UNSUBSCRIBE, args);
}

Retcode KnNoticeGetEvent(Notice notice, rtl_uint64_t msec, rtl_size_t countMax, EventDesc *events,
			 rtl_size_t *count)
{
	uint32_t most = countMax < FETCH_MAX ? (uint32_t)countMax : FETCH_MAX;
	uint32_t timeout = msec < KX_TIMEOUT_NONE ? (uint32_t)msec : KX_TIMEOUT_NONE;
	uint32_t args[KX_CALL_ARGS] = {value_of(notice), timeout, most};
	struct event_bytes bytes[FETCH_MAX];
	uint32_t size = sizeof(bytes);
	Retcode rc;

	if (!events || !count || most == 0)
		return rcInvalidArgument;
	rc = kx_rt_kcall(KX_CALL_NOTICE_GET, args, NULL, 0, bytes, &size);
	if (rc != rcOk)
		return rc;
	if (args[0] > most || size != args[0] * sizeof(bytes[0]))
		return rcInternalError;
	for (uint32_t i = 0; i < args[0]; i++) {
		events[i].eventId = (uint64_t)bytes[i].id_high << 32 | bytes[i].id_low;
		events[i].eventMask = bytes[i].mask;
	}
	*count = args[0];
	return rcOk;
}

Retcode KnNoticeSetObjectEvent(Handle object, rtl_uint32_t evMask)
{
	uint32_t args[KX_CALL_ARGS] = {object, evMask};

	return ask(KX_CALL_NOTICE_SET, args);
}

Retcode KnNoticeDropAndWake(Notice notice)
{
	uint32_t args[KX_CALL_ARGS] = {value_of(notice)};

	return ask(KX_CALL_NOTICE_DROP, args);
}

Retcode KnNoticeRelease(Notice notice)
{
	uint32_t args[KX_CALL_ARGS] = {value_of(notice), 0, 1};

	/* Only a look, without waiting: a handle of another kind must stay open. */
	if (ask(KX_CALL_NOTICE_GET, args) == rcInvalidArgument)
		return rcInvalidArgument;
	return KnHandleClose(value_of(notice));
}

Retcode KnHandleCreateBadge(Notice notice, rtl_uintptr_t eventId, void *context, Handle *handle)
{
	uintptr_t value = (uintptr_t)context;
	uint32_t args[KX_CALL_ARGS] = {value_of(notice), low(eventId), high(eventId), low(value),
				       high(value)};
	Retcode rc;

	if (!handle)
		return rcInvalidArgument;
	rc = ask(KX_CALL_HANDLE_CREATE_BADGE, args);
	if (rc == rcOk)
		*handle = args[0];
	return rc;
}
