/* SPDX-License-Identifier: Apache-2.0 */

/* Dynamic channels from the asking side; notices and shared memory. */

#include "check.h"

#include <string.h>

#include <coresrv/cm/cm_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/handle/notice_api.h>
#include <coresrv/task/task_api.h>
#include <coresrv/time/time_api.h>
#include <coresrv/vmm/vmm_api.h>
#include <kos/thread.h>

#define RW (VMM_FLAG_READ | VMM_FLAG_WRITE)

static void call(Handle handle, nk_mid_t method, Handle memory, nk_uint32_t value)
{
	struct message request;
	struct message response;
	struct SSMsgHdr out;
	struct SSMsgHdr in;

	memset(&request, 0, sizeof(request));
	memset(&response, 0, sizeof(response));
	nk_req_reset(&request);
	nk_req_reset(&response);
	nk_msg_set_method_id(&request, THE_RIID, method);
	request.value = value;
	if (memory != INVALID_HANDLE) {
		request.memory = nk_handle_desc(memory);
		nk_msg_set_ncaps(&request, 1);
	}
	CHECK(PackOutMsg(&out, &request.base_, NULL) == NK_EOK);
	CHECK(PackInMsg(&in, &response.base_, NULL) == NK_EOK);
	CHECK_RC(Call(handle, &out, &in), rcOk);
	CHECK(response.value == value + 1);
}

static void be_answered_badly(Handle server)
{
	struct message request;
	struct message response;
	struct SSMsgHdr out;
	struct SSMsgHdr in;

	memset(&request, 0, sizeof(request));
	nk_req_reset(&request);
	nk_req_reset(&response);
	nk_msg_set_method_id(&request, THE_RIID, METHOD_ADD_ONE);
	CHECK(PackOutMsg(&out, &request.base_, NULL) == NK_EOK);
	CHECK(PackInMsg(&in, &response.base_, NULL) == NK_EOK);
	CHECK_RC(Call(server, &out, &in), rcInvalidArgument);
}

static Handle connect_to_server(void)
{
	Handle handle = INVALID_HANDLE;
	rtl_uint32_t riid = 0;

	CHECK_RC(KnCmConnect("nobody", "refused", WAIT_MS, &handle, &riid), rcResourceNotFound);
	CHECK_RC(KnCmConnect("Server", "", WAIT_MS, &handle, &riid), rcInvalidArgument);
	CHECK_RC(KnCmConnect("Server", "refused", WAIT_MS, &handle, &riid), rcNotConnected);
	CHECK(handle == INVALID_HANDLE);
	CHECK_RC(KnCmConnect("Server", "accepted", WAIT_MS, &handle, &riid), rcOk);
	CHECK(handle != INVALID_HANDLE && riid == THE_RIID);
	return handle;
}

static void share_memory(Handle server)
{
	static char text[2 * PAGE_SIZE] = "from the client";
	Handle mdl = INVALID_HANDLE;
	rtl_size_t size = 0;
	void *first = RTL_NULL;
	void *second = RTL_NULL;

	CHECK_RC(KnPmmMdlCreate(0, 0, &mdl), rcInvalidArgument);
	CHECK_RC(KnPmmMdlCreateFromBuf(text, PAGE_SIZE + 1, 0, &mdl), rcOk);
	CHECK_RC(KnPmmMdlGetSize(mdl, &size), rcOk);
	CHECK(size == 2 * PAGE_SIZE);
	CHECK_RC(KnPmmMdlMap(mdl, PAGE_SIZE, 2 * PAGE_SIZE, RTL_NULL, RW, &first),
		 rcInvalidArgument);
	CHECK_RC(KnPmmMdlMap(mdl, 0, size, RTL_NULL, RW, &first), rcOk);
	CHECK_RC(KnPmmMdlMap(mdl, 0, PAGE_SIZE, RTL_NULL, VMM_FLAG_READ, &second), rcOk);
	CHECK(first != second && strcmp(second, "from the client") == 0);
	call(server, METHOD_FILL_MEMORY, mdl, 20);
	CHECK(strcmp(first, "from the server") == 0 && strcmp(second, "from the server") == 0);
	CHECK_RC(KnVmDecommit(first, PAGE_SIZE), rcInvalidArgument);
	CHECK_RC(KnVmUnmap(first, size), rcOk);
	CHECK_RC(KnVmUnmap(second, PAGE_SIZE), rcOk);
	CHECK_RC(KnHandleClose(mdl), rcOk);
	CHECK_RC(KnPmmMdlGetSize(mdl, &size), rcInvalidArgument);
}

static void share_own_pages(Handle server)
{
	const int flags = VMM_FLAG_RESERVE | VMM_FLAG_COMMIT | RW;
	char *pages = KnVmAllocate(RTL_NULL, 2 * PAGE_SIZE, flags);
	Handle mdl = INVALID_HANDLE;
	Handle clone = INVALID_HANDLE;

	strcpy(pages, "from the client");
	strcpy(pages + PAGE_SIZE, "stays");
	CHECK_RC(KnPmmMdlCreateFromVm(pages, 3 * PAGE_SIZE, 0, &mdl), rcInvalidArgument);
	CHECK_RC(KnPmmMdlCreateFromVm(pages, 2 * PAGE_SIZE, 0, &mdl), rcOk);
	CHECK_RC(KnPmmMdlClone(mdl, &clone), rcOk);
	CHECK_RC(KnHandleClose(mdl), rcOk);
	CHECK(strcmp(pages, "from the client") == 0);
	call(server, METHOD_FILL_MEMORY, clone, 30);
	CHECK(strcmp(pages, "from the server") == 0 && strcmp(pages + PAGE_SIZE, "stays") == 0);
	CHECK_RC(KnVmDecommit(pages, PAGE_SIZE), rcInvalidArgument);
	CHECK_RC(KnPmmMdlCreateFromVm(pages, PAGE_SIZE, 0, &mdl), rcInvalidArgument);
	CHECK_RC(KnVmUnmap(pages, 2 * PAGE_SIZE), rcOk);
	CHECK_RC(KnHandleClose(clone), rcOk);
}

static void know_oneself(void)
{
	char text[64];

	CHECK_RC(KnTaskGetName(text, sizeof(text)), rcOk);
	CHECK(strcmp(text, "Client") == 0);
	CHECK_RC(KnTaskGetPath(text, sizeof(text)), rcOk);
	CHECK(strcmp(text, "Client") == 0);
	CHECK_RC(KnTaskGetPath(text, 3), rcBufferTooSmall);
	CHECK(KnTaskGetId() > 0);
}

static int wait_for_event(void *notice)
{
	EventDesc event;
	rtl_size_t count;

	return KnNoticeGetEvent(*(Notice *)notice, INFINITE_TIMEOUT, 1, &event, &count);
}

static void notice_what_happens(void)
{
	const rtl_uint32_t first = OBJECT_EVENT_USER(0x1);
	const rtl_uint32_t second = OBJECT_EVENT_USER(0x2);
	EventDesc events[4];
	rtl_size_t count = 0;
	Notice notice;
	Handle object;
	Tid tid;

	CHECK_RC(KnNoticeCreate(&notice), rcOk);
	CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST,
					  OCAP_HANDLE_GET_EVENT | OCAP_HANDLE_SET_EVENT, RTL_NULL,
					  &object),
		 rcOk);
	CHECK_RC(KnNoticeSubscribeToObject(notice, object, first, 0x100000001UL), rcOk);
	CHECK_RC(KnNoticeGetEvent(notice, 20, 4, events, &count), rcTimeout);
	CHECK_RC(KnNoticeSetObjectEvent(object, second), rcOk);
	CHECK_RC(KnNoticeGetEvent(notice, 0, 4, events, &count), rcTimeout);
	CHECK_RC(KnNoticeSetObjectEvent(object, first | second), rcOk);
	CHECK_RC(KnNoticeGetEvent(notice, WAIT_MS, 4, events, &count), rcOk);
	CHECK(count == 1 && events[0].eventId == 0x100000001UL && events[0].eventMask == first);
	CHECK_RC(KnNoticeSetObjectEvent(object, EVENT_OBJECT_DESTROYED), rcInvalidArgument);
	CHECK_RC(KnNoticeUnsubscribeFromEvent(notice, 2), rcResourceNotFound);
	CHECK_RC(KnNoticeUnsubscribeFromObject(notice, object), rcOk);
	CHECK_RC(KnNoticeSetObjectEvent(object, first), rcOk);
	CHECK_RC(KnNoticeGetEvent(notice, 0, 4, events, &count), rcTimeout);
	CHECK_RC(KnNoticeGetEvent(notice, 0, 0, events, &count), rcInvalidArgument);

	CHECK_RC(KosThreadCreate(&tid, 0, 0, wait_for_event, &notice, 0), rcOk);
	CHECK(KosThreadWait(tid, 50) == -1);
	CHECK_RC(KnNoticeDropAndWake(notice), rcOk);
	CHECK(KosThreadWait(tid, WAIT_MS) == rcResourceNotFound);
	CHECK_RC(KnNoticeRelease(notice), rcOk);
	CHECK_RC(KnHandleClose(object), rcOk);
}

static void notice_a_closed_badge(void)
{
	EventDesc event;
	rtl_size_t count = 0;
	Notice notice;
	Handle badge;

	CHECK_RC(KnNoticeCreate(&notice), rcOk);
	CHECK_RC(KnHandleCreateBadge(notice, 5, &badge, &badge), rcOk);
	CHECK_RC(KnHandleClose(badge), rcOk);
	CHECK_RC(KnNoticeGetEvent(notice, WAIT_MS, 1, &event, &count), rcOk);
	CHECK(count == 1 && event.eventId == 5 && event.eventMask & EVENT_BADGE_CLOSED);
	CHECK_RC(KnNoticeRelease(notice), rcOk);
}

int main(void)
{
	Handle server = connect_to_server();

	CHECK(KnGetMSecSinceStart() < 60000); /* since the solution's start, not the machine's */
	be_answered_badly(server);
	for (nk_uint32_t value = 10; value < 12; value++)
		call(server, METHOD_ADD_ONE, INVALID_HANDLE, value);
	share_memory(server);
	share_own_pages(server);
	know_oneself();
	notice_what_happens();
	notice_a_closed_badge();
	fprintf(stderr, "client: all well\n");
	return 0;
}
