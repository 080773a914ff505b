/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Row 8 of docs/ipc-semantics.md, exhaustively: every public call that takes a
 * handle gets handles that name nothing, that are closed, that belong to another
 * kind of object. It must say rcInvalidArgument each time, and what the process
 * had before must still be there and work.
 */

#include <coresrv/handle/notice_api.h>
#include <coresrv/thread/thread_api.h>
#include <coresrv/vmm/vmm_api.h>
#include <stdbool.h>

#include "scenario.h"

static Handle good_channel;
static Handle good_notice_object;
static Notice good_notice;

static Retcode try_call(Handle h)
{
	return call_number(h, ECHO, 1, 1000, INVALID_HANDLE);
}

static Retcode try_call_sync(Handle h)
{
	return call_number(good_channel, ECHO, 1, 1000, h);
}

static Retcode try_recv(Handle h)
{
	static struct request request;

	return receive(h, &request, 1000);
}

static Retcode try_reply(Handle h)
{
	static struct request request;

	request.header.threadId = 0;
	return answer(h, &request);
}

static Retcode try_copy(Handle h)
{
	Handle out;

	return KnHandleCopy(h, 0xffffffffu, INVALID_HANDLE, &out);
}

static Retcode try_copy_badge(Handle h)
{
	Handle out;

	return KnHandleCopy(good_notice_object, 0xffffffffu, h, &out);
}

static Retcode try_subtree(Handle h)
{
	return KnHandleRevokeSubtree(h, INVALID_HANDLE);
}

static Retcode try_subtree_badge(Handle h)
{
	return KnHandleRevokeSubtree(good_notice_object, h);
}

static Retcode try_sid(Handle h)
{
	rtl_uint32_t sid;

	return KnHandleGetSidByHandle(h, &sid);
}

static Retcode try_connect(Handle h)
{
	Handle listener;
	Handle server;
	Handle client;

	return KnHandleConnect(h, &listener, &server, &client);
}

static Retcode try_user_ex(Handle h)
{
	Handle out;

	return KnHandleCreateUserObjectEx(HANDLE_TYPE_USER_FIRST, 7, NULL, h, 0, &out);
}

static Retcode try_badge(Handle h)
{
	Handle out;

	return KnHandleCreateBadge((Notice)(rtl_uintptr_t)h, 1, NULL, &out);
}

static Retcode try_subscribe_notice(Handle h)
{
	return KnNoticeSubscribeToObject((Notice)(rtl_uintptr_t)h, good_notice_object, 1, 1);
}

static Retcode try_subscribe(Handle h)
{
	return KnNoticeSubscribeToObject(good_notice, h, 1, 1);
}

static Retcode try_unsubscribe_notice(Handle h)
{
	return KnNoticeUnsubscribeFromObject((Notice)(rtl_uintptr_t)h, good_notice_object);
}

static Retcode try_unsubscribe_event(Handle h)
{
	return KnNoticeUnsubscribeFromEvent((Notice)(rtl_uintptr_t)h, 1);
}

static Retcode try_get_event(Handle h)
{
	EventDesc event;
	rtl_size_t count;

	return KnNoticeGetEvent((Notice)(rtl_uintptr_t)h, 1000, 1, &event, &count);
}

static Retcode try_set_event(Handle h)
{
	return KnNoticeSetObjectEvent(h, 1);
}

static Retcode try_drop(Handle h)
{
	return KnNoticeDropAndWake((Notice)(rtl_uintptr_t)h);
}

static Retcode try_release(Handle h)
{
	return KnNoticeRelease((Notice)(rtl_uintptr_t)h);
}

static Retcode try_map(Handle h)
{
	void *address;

	return KnPmmMdlMap(h, 0, 4096, NULL, VMM_FLAG_READ, &address);
}

static Retcode try_size(Handle h)
{
	rtl_size_t size;

	return KnPmmMdlGetSize(h, &size);
}

static const struct {
	const char *name;
	Retcode (*call)(Handle handle);
	bool takes_invalid; /* INVALID_HANDLE, and for some 0, mean "none" */
	bool refuses_kind;  /* a user object is the wrong kind */
} calls[] = {
	{"CallEx", try_call, false, true},
	{"CallEx sync", try_call_sync, true, true},
	{"RecvEx", try_recv, false, true},
	{"Reply", try_reply, false, true},
	{"KnHandleCopy", try_copy, false, false},
	{"KnHandleCopy badge", try_copy_badge, true, true},
	{"KnHandleRevokeSubtree", try_subtree, false, false},
	{"KnHandleRevokeSubtree badge", try_subtree_badge, true, true},
	{"KnHandleGetSidByHandle", try_sid, false, false},
	{"KnHandleConnect", try_connect, true, true},
	{"KnHandleCreateUserObjectEx", try_user_ex, false, true},
	{"KnHandleCreateBadge", try_badge, false, true},
	{"KnNoticeSubscribeToObject notice", try_subscribe_notice, false, true},
	{"KnNoticeSubscribeToObject", try_subscribe, false, false},
	{"KnNoticeUnsubscribeFromObject notice", try_unsubscribe_notice, false, true},
	{"KnNoticeUnsubscribeFromEvent", try_unsubscribe_event, false, true},
	{"KnNoticeGetEvent", try_get_event, false, true},
	{"KnNoticeSetObjectEvent", try_set_event, false, false},
	{"KnNoticeDropAndWake", try_drop, false, true},
	{"KnNoticeRelease", try_release, false, true},
	{"KnPmmMdlMap", try_map, false, true},
	{"KnPmmMdlGetSize", try_size, false, true},
	{"KnIpcSetInterrupt", KnIpcSetInterrupt, false, true},
	{"KnIpcClearInterrupt", KnIpcClearInterrupt, false, true},
	{"KnHandleRevoke", KnHandleRevoke, false, false},
	{"KnHandleClose", KnHandleClose, false, false},
};

#define CALLS (sizeof(calls) / sizeof(*calls))

static void expect_refused(Handle handle, const char *what)
{
	bool wrong = false;

	for (size_t i = 0; i < CALLS; i++) {
		Retcode rc;

		if ((handle == INVALID_HANDLE || handle == 0) && calls[i].takes_invalid)
			continue;
		rc = calls[i].call(handle);
		if (rc == rcInvalidArgument)
			continue;
		fprintf(stderr, "FAIL %s(%s 0x%08x): 0x%08x\n", calls[i].name, what,
			(unsigned)handle, (unsigned)rc);
		wrong = true;
	}
	CHECK(!wrong);
}

static Handle closed_handle(void)
{
	Handle handle;

	CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 7, NULL, &handle), rcOk);
	CHECK_RC(KnHandleClose(handle), rcOk);
	return handle;
}

/* A handle that exists, given where another kind is wanted; none of this may end it. */
static void expect_kind_refused(Handle object)
{
	for (size_t i = 0; i < CALLS; i++)
		if (calls[i].refuses_kind) {
			Retcode rc = calls[i].call(object);

			if (rc != rcInvalidArgument)
				fprintf(stderr, "FAIL %s(wrong kind): 0x%08x\n", calls[i].name,
					(unsigned)rc);
			CHECK(rc == rcInvalidArgument);
		}
}

static void garbage_client(void)
{
	static const Handle values[] = {0,           INVALID_HANDLE, 0x123456u,   0xfffu,
					0x1000u,     0x7fffffffu,    0x80000000u, 0xfffffffeu,
					0xdeadbeefu, 0xfffff000u};
	Handle object;

	good_channel = client_handle();
	CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 0xffffffffu, NULL, &object),
		 rcOk);
	good_notice_object = object;
	CHECK_RC(KnNoticeCreate(&good_notice), rcOk);
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		expect_refused(values[i], "number");
	expect_refused(closed_handle(), "closed");
	expect_refused(good_channel ^ 0x1000u, "other generation");
	expect_refused(good_channel + 0x80000000u, "other generation");
	expect_refused(object + 64, "neighbour");
	expect_kind_refused(object);
	/* Nothing of that hurt what was there. */
	CHECK_RC(call_number(good_channel, ECHO, 5, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(call_number(good_channel, ASKED, 6, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(KnHandleClose(object), rcOk);
	CHECK_RC(KnNoticeRelease(good_notice), rcOk);
}

static void garbage_server(void)
{
	serve(server_handle(), 0);
}

/* --- a server that makes replies up, and a client that makes requests up (hostile_forge.c) ---- */

/* Every call ends, and what is a reply is its own; call_number() looks at what it says. */
static void forged_client(void)
{
	const char *seconds = getenv("SECONDS");
	Handle handle = client_handle();
	rtl_uint64_t end = now_ms() + 1000 * (seconds ? strtoul(seconds, NULL, 10) : 1);
	unsigned long right = 0;
	unsigned long errors = 0;

	for (nk_uint64_t i = 1000; now_ms() < end; i++) {
		rtl_uint64_t start = now_ms();
		Retcode rc = call_number(handle, i % 2 ? ASKED : ECHO, i, i % 16 ? 1000 : 2,
					 INVALID_HANDLE);

		CHECK(rc == rcOk || RC_GET_SPACE(rc) == RC_SPACE_GENERAL);
		CHECK(now_ms() - start < 3000);
		right += rc == rcOk;
		errors += rc != rcOk;
		if (rc == rcNotConnected)
			(void)KnSleep(1); /* it may be over */
	}
	fprintf(stderr, "RIGHT %lu ERRORS %lu\n", right, errors);
	CHECK(right > 0);
}

/* To Bytes. */
static void answer_with_none(Handle handle, const struct request *request)
{
	t_Calls_Bytes_res response;
	SMsgHdr out;

	memset(&response, 0, sizeof(response));
	nk_req_reset(&response);
	CHECK(PackOutMsg(&out, &response.base_, NULL) == NK_EOK);
	out.threadId = request->header.threadId;
	CHECK_RC(Reply(handle, &out), rcOk);
}

/* Of all that its client sent it got what was right: Asked says how many that were. */
static void paired_server(void)
{
	static struct request request;
	Handle handle = server_handle();

	for (nk_uint64_t count = 0;; count++) {
		CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
		switch (request.message.base_.mid) {
		case BYTES:
			answer_with_none(handle, &request);
			break;
		case ASKED:
			CHECK(request.message.ep.Asked.number == count && count > 100);
			CHECK_RC(answer(handle, &request), rcOk);
			return;
		default:
			CHECK_RC(answer(handle, &request), rcOk);
		}
	}
}

const struct scenario scenarios_garbage[] = {
	{"forged", NULL, forged_client},
	{"paired", paired_server, NULL},
	{"garbage", garbage_server, garbage_client},
	{NULL, NULL, NULL},
};
