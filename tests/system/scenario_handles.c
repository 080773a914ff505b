/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Handles over IPC: rights masked, descendants made and found again by their
 * owner, refused without the transfer right, revoked, used up.
 */

#include <coresrv/cm/cm_api.h>
#include <coresrv/handle/notice_api.h>
#include <coresrv/thread/thread_api.h>
#include <pthread.h>

#include "scenario.h"

#define MY_READ  OCAP_HANDLE_SPEC(0x1)
#define MY_WRITE OCAP_HANDLE_SPEC(0x2)

/* --- requests with handles ------------------------------------------------------------ */

static Retcode give(Handle channel, nk_handle_desc_t object, nk_uint32_t *rights,
		    nk_uint64_t *badge)
{
	t_Calls_Give_req request;
	t_Calls_Give_res response;
	SMsgHdr out;
	SMsgHdr in;
	Retcode rc;

	memset(&request, 0, sizeof(request));
	nk_req_reset(&request);
	nk_msg_set_method_id(&request, 0, GIVE);
	nk_msg_set_ncaps(&request, 1);
	request.object = object;
	nk_req_reset(&response);
	CHECK(PackOutMsg(&out, &request.base_, NULL) == NK_EOK);
	CHECK(PackInMsg(&in, &response.base_, NULL) == NK_EOK);
	rc = Call(channel, &out, &in);
	if (rc == rcOk && rights)
		*rights = response.rights;
	if (rc == rcOk && badge)
		*badge = response.badge;
	return rc;
}

Retcode take_object(Handle channel, nk_handle_desc_t *object)
{
	t_Calls_Take_req request;
	t_Calls_Take_res response;
	SMsgHdr out;
	SMsgHdr in;
	Retcode rc;

	memset(&request, 0, sizeof(request));
	nk_req_reset(&request);
	nk_msg_set_method_id(&request, 0, TAKE);
	nk_req_reset(&response);
	CHECK(PackOutMsg(&out, &request.base_, NULL) == NK_EOK);
	CHECK(PackInMsg(&in, &response.base_, NULL) == NK_EOK);
	rc = Call(channel, &out, &in);
	*object = response.object;
	return rc;
}

static nk_handle_desc_t desc(Handle handle, nk_rights_t rights)
{
	nk_handle_desc_t result;

	memset(&result, 0, sizeof(result));
	result.handle = handle;
	result.rights = rights;
	return result;
}

/* Serves Give and Take with @object until @handle fails. */
static void serve_objects(Handle handle, Handle object, nk_rights_t rights)
{
	static struct request request;
	SMsgHdr out;
	union {
		t_Calls_Give_res give;
		t_Calls_Take_res take;
	} response;

	while (receive(handle, &request, INFINITE_TIMEOUT) == rcOk) {
		memset(&response, 0, sizeof(response));
		if (request.message.base_.mid == GIVE) {
			const nk_handle_desc_t *got = &request.message.ep.Give.object;

			nk_req_reset(&response.give);
			response.give.rights = got->rights;
			response.give.badge = got->badge;
			CHECK(PackOutMsg(&out, &response.give.base_, NULL) == NK_EOK);
		} else {
			nk_req_reset(&response.take);
			nk_msg_set_ncaps(&response.take, 1);
			response.take.object = desc(object, rights);
			CHECK(PackOutMsg(&out, &response.take.base_, NULL) == NK_EOK);
		}
		out.threadId = request.header.threadId;
		(void)Reply(handle, &out);
	}
}

static void objects_server(void)
{
	Handle object;

	CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST,
					  OCAP_HANDLE_TRANSFER | OCAP_HANDLE_COPY | MY_READ |
						  MY_WRITE,
					  (void *)0x12345678abcdul, &object),
		 rcOk);
	serve_objects(server_handle(), object, OCAP_HANDLE_TRANSFER | MY_READ);
}

static void objects_client(void)
{
	Handle channel = client_handle();
	nk_handle_desc_t object;
	nk_uint32_t rights = 0;
	nk_uint64_t badge = 0;
	Handle copy;

	CHECK_RC(take_object(channel, &object), rcOk);
	CHECK(object.handle != INVALID_HANDLE && object.rights == (OCAP_HANDLE_TRANSFER | MY_READ));
	/* Back to its owner: dereferenced, with our rights and its context. */
	CHECK_RC(give(channel, desc(object.handle, MY_READ | MY_WRITE), &rights, &badge), rcOk);
	CHECK(rights == MY_READ && badge == 0x12345678abcdul);
	/* No copy right came with it. */
	CHECK_RC(KnHandleCopy(object.handle, MY_READ, INVALID_HANDLE, &copy), rcSecurityDisallow);
	CHECK_RC(KnHandleClose(object.handle), rcOk);
	CHECK_RC(give(channel, desc(object.handle, MY_READ), NULL, NULL), rcInvalidArgument);
	/* A client handle of a channel is not to be had by guessing. */
	CHECK_RC(give(channel, desc(0x7ffff00d, MY_READ), NULL, NULL), rcInvalidArgument);
}

static void transfer_server(void)
{
	serve_objects(server_handle(), INVALID_HANDLE, 0);
}

static void transfer_client(void)
{
	Handle channel = client_handle();
	nk_uint32_t rights = 0;
	Handle kept;
	Handle open;

	CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, MY_READ, NULL, &kept), rcOk);
	CHECK_RC(give(channel, desc(kept, MY_READ), NULL, NULL), rcSecurityDisallow);
	CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, OCAP_HANDLE_TRANSFER | MY_READ,
					  NULL, &open),
		 rcOk);
	CHECK_RC(
		give(channel, desc(open, MY_READ | MY_WRITE | OCAP_HANDLE_TRANSFER), &rights, NULL),
		rcOk);
	CHECK(rights == (OCAP_HANDLE_TRANSFER | MY_READ)); /* never more than the sender's */
	CHECK_RC(KnHandleRevoke(open), rcOk);
	CHECK_RC(give(channel, desc(open, MY_READ), NULL, NULL), rcInvalidArgument);
	CHECK_RC(KnHandleClose(kept), rcOk);
	CHECK_RC(KnHandleClose(kept), rcInvalidArgument);
}

/* --- revoke reaches descendants elsewhere (H-02, row 10) ------------------------------------ */

static void revoke_server(void)
{
	static struct request request;
	Handle handle = server_handle();
	Handle object;
	t_Calls_Take_res response;
	SMsgHdr out;

	CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, OCAP_HANDLE_TRANSFER | MY_READ,
					  NULL, &object),
		 rcOk);
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	memset(&response, 0, sizeof(response));
	nk_req_reset(&response);
	nk_msg_set_ncaps(&response, 1);
	response.object = desc(object, OCAP_HANDLE_TRANSFER | MY_READ);
	CHECK(PackOutMsg(&out, &response.base_, NULL) == NK_EOK);
	out.threadId = request.header.threadId;
	CHECK_RC(Reply(handle, &out), rcOk);
	/* Echo: the client has it. Revoke before answering. */
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	CHECK_RC(KnHandleRevoke(object), rcOk);
	CHECK_RC(answer(handle, &request), rcOk);
	(void)receive(handle, &request, 300);
}

static void revoke_client(void)
{
	Handle channel = client_handle();
	nk_handle_desc_t object;

	CHECK_RC(take_object(channel, &object), rcOk);
	CHECK_RC(call_number(channel, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(give(channel, desc(object.handle, MY_READ), NULL, NULL), rcHandleRevoked);
	CHECK_RC(KnHandleClose(object.handle), rcOk);
	CHECK_RC(KnHandleClose(object.handle), rcInvalidArgument);
}

/* --- callable handles --------------------------------------------------------------------- */

static void callable_server(void)
{
	static struct request request;
	Handle handle = server_handle();
	Handle callable;
	t_Calls_Take_res response;
	SMsgHdr out;

	CHECK_RC(KnHandleCreateUserObjectEx(HANDLE_TYPE_USER_FIRST,
					    OCAP_IPC_CALL | OCAP_HANDLE_TRANSFER, (void *)0x77,
					    handle, 0, &callable),
		 rcOk);
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	memset(&response, 0, sizeof(response));
	nk_req_reset(&response);
	nk_msg_set_ncaps(&response, 1);
	response.object = desc(callable, OCAP_IPC_CALL);
	CHECK(PackOutMsg(&out, &response.base_, NULL) == NK_EOK);
	out.threadId = request.header.threadId;
	CHECK_RC(Reply(handle, &out), rcOk);
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	CHECK(request.message.base_.self.badge == 0x77);
	CHECK(request.message.base_.iid == 0 && request.message.ep.Echo.number == 5);
	CHECK_RC(answer(handle, &request), rcOk);
	CHECK_RC(KnHandleRevoke(callable), rcOk);
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	CHECK_RC(answer(handle, &request), rcOk);
}

static void callable_client(void)
{
	Handle channel = client_handle();
	nk_handle_desc_t object;

	CHECK_RC(take_object(channel, &object), rcOk);
	CHECK_RC(call_number(object.handle, ECHO, 5, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(call_number(channel, ASKED, 6, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(call_number(object.handle, ECHO, 7, INFINITE_TIMEOUT, INVALID_HANDLE),
		 rcHandleRevoked);
}

/* --- H-03: one process uses its table up, the other does not notice -------------------------- */

static void exhaust_client(void)
{
	Handle channel = client_handle();
	Handle last = INVALID_HANDLE;
	Handle handle;
	unsigned made = 0;
	Retcode rc;

	while ((rc = KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, MY_READ, NULL, &handle)) ==
	       rcOk) {
		last = handle;
		CHECK(++made <= 4096);
	}
	CHECK(rc == rcQuotaExceeded && made > 4000);
	CHECK_RC(call_number(channel, ASKED, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(KnHandleClose(last), rcOk);
	CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, MY_READ, NULL, &handle), rcOk);
	CHECK(handle != last); /* another generation */
}

static void exhaust_server(void)
{
	Handle object;

	(void)KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, MY_READ, NULL, &object);
	serve(server_handle(), 1);
	CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, MY_READ, NULL, &object), rcOk);
}

/* --- a request that was taken back leaves no handle ------------------------------------------ */

#define MY_EVENT 0x10000u /* the client's calls are over */

unsigned free_handles(void)
{
	static Handle handles[5000];
	unsigned count = 0;

	while (KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 0, NULL, &handles[count]) == rcOk)
		CHECK(++count < 5000);
	for (unsigned i = 0; i < count; i++)
		CHECK_RC(KnHandleClose(handles[i]), rcOk);
	return count;
}

/* Receives nothing until the client says so by an event of the object that it gives first. */
static void unseen_server(void)
{
	static struct request request;
	Handle handle = server_handle();
	rtl_size_t count;
	EventDesc event;
	Notice notice;
	unsigned before;

	CHECK_RC(KnNoticeCreate(&notice), rcOk);
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	CHECK(request.message.base_.mid == GIVE);
	CHECK_RC(KnNoticeSubscribeToObject(notice, request.message.ep.Give.object.handle, MY_EVENT,
					   1),
		 rcOk);
	before = free_handles();
	(void)answer(handle, &request); /* as if it were Echo: an error to the client */
	CHECK_RC(KnNoticeGetEvent(notice, INFINITE_TIMEOUT, 1, &event, &count), rcOk);
	CHECK(free_handles() == before);
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	CHECK(request.message.base_.mid == ASKED); /* nothing of what was too late */
	CHECK_RC(answer(handle, &request), rcOk);
}

static void unseen_client(void)
{
	const nk_rights_t rights =
		OCAP_HANDLE_TRANSFER | OCAP_HANDLE_SET_EVENT | OCAP_HANDLE_GET_EVENT;
	Handle handle = client_handle();
	Handle object;

	CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, rights, NULL, &object), rcOk);
	(void)give(handle, desc(object, rights), NULL, NULL);
	for (int i = 0; i < 50; i++)
		CHECK_RC(call_give_in(handle, 1), rcTimeout);
	CHECK_RC(KnNoticeSetObjectEvent(object, MY_EVENT), rcOk);
	CHECK_RC(call_number(handle, ASKED, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
}

/* --- one listener, several handles ----------------------------------------------------------- */

#define LISTENS (OCAP_IPC_RECV | OCAP_IPC_REPLY | OCAP_HANDLE_COPY)

/* Receives on @at, answers on @by; what came says by which handle it was received. */
static void serve_one(Handle at, Handle by)
{
	static struct request request;

	CHECK_RC(receive(at, &request, INFINITE_TIMEOUT), rcOk);
	CHECK(request.header.replyHandle == at);
	CHECK_RC(answer(by, &request), rcOk);
}

static void *receive_nothing(void *context)
{
	struct request *request = malloc(sizeof(*request)); /* for a stack it is large */

	CHECK(request);
	CHECK_RC(receive((Handle)(rtl_uintptr_t)context, request, INFINITE_TIMEOUT),
		 rcInvalidArgument);
	free(request);
	return NULL;
}

/* Of two threads that wait on one listener, either may be asleep when the copy is closed. */
static void close_under_threads(Handle first, bool other_waits)
{
	pthread_t on_first;
	pthread_t on_copy;
	Handle copies[2];

	for (unsigned i = 0; i < 2; i++)
		CHECK_RC(KnHandleCopy(first, LISTENS, INVALID_HANDLE, &copies[i]), rcOk);
	if (other_waits)
		CHECK(pthread_create(&on_first, NULL, receive_nothing,
				     (void *)(rtl_uintptr_t)copies[0]) == 0);
	CHECK(pthread_create(&on_copy, NULL, receive_nothing, (void *)(rtl_uintptr_t)copies[1]) ==
	      0);
	CHECK_RC(KnSleep(2), rcOk); /* usually they sleep by then; it must be right at any moment */
	CHECK_RC(KnHandleClose(copies[1]), rcOk);
	(void)pthread_join(on_copy, NULL);
	CHECK_RC(KnHandleClose(copies[0]), rcOk);
	if (other_waits)
		(void)pthread_join(on_first, NULL);
}

static void *call_myself(void *context)
{
	Handle channel = (Handle)(rtl_uintptr_t)context;

	CHECK_RC(call_number(channel, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(call_number(channel, ASKED, 2, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(call_number(channel, ECHO, 3, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	return NULL;
}

/* KnHandleConnect() gives two handles to receive with. */
static void serve_myself(void)
{
	pthread_t thread;
	Handle listener;
	Handle server;
	Handle client;

	CHECK_RC(KnHandleConnect(INVALID_HANDLE, &listener, &server, &client), rcOk);
	CHECK(pthread_create(&thread, NULL, call_myself, (void *)(rtl_uintptr_t)client) == 0);
	serve_one(server, server);
	serve_one(server, listener);
	serve_one(listener, server);
	(void)pthread_join(thread, NULL);
	for (unsigned i = 0; i < 20; i++)
		close_under_threads(listener, i % 2);
}

/* A channel that is accepted for @copy comes with it, whatever the listener was made with. */
static void accept_with(Handle copy)
{
	char client[kl_core_Types_UCoreStringSize];
	char service[kl_core_Types_UCoreStringSize];
	Handle got;

	CHECK_RC(KnCmListen(NULL, INFINITE_TIMEOUT, client, service), rcOk);
	CHECK_RC(KnCmAccept(client, service, 0, copy, &got), rcOk);
	CHECK(got == copy);
	serve_one(got, got);
}

static void copies_server(void)
{
	Handle first = server_handle();
	Handle copy;
	Handle another;
	Handle attaches;

	CHECK_RC(KnHandleCopy(first, LISTENS, INVALID_HANDLE, &copy), rcOk);
	for (unsigned i = 0; i < 8; i++)
		serve_one(i % 2 ? first : copy, i % 4 ? copy : first);
	serve_one(first, first);
	serve_myself();
	CHECK_RC(KnHandleCopy(first, LISTENS | OCAP_IPC_ATTACH, INVALID_HANDLE, &attaches), rcOk);
	/* The one that it was made with is closed: the others are as good. */
	CHECK_RC(KnHandleClose(first), rcOk);
	CHECK_RC(KnHandleCopy(copy, LISTENS, INVALID_HANDLE, &another), rcOk);
	for (unsigned i = 0; i < 4; i++)
		serve_one(i % 2 ? another : copy, i % 2 ? copy : another);
	accept_with(attaches);
}

static void copies_client(void)
{
	Handle channel = client_handle();
	rtl_uint32_t riid;

	for (unsigned i = 0; i < 13; i++)
		CHECK_RC(call_number(channel, i % 2 ? ECHO : ASKED, i, INFINITE_TIMEOUT,
				     INVALID_HANDLE),
			 rcOk);
	CHECK_RC(KnCmConnect("server", "late", INFINITE_TIMEOUT, &channel, &riid), rcOk);
	CHECK_RC(call_number(channel, ECHO, 13, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
}

const struct scenario scenarios_handles[] = {
	{"copies", copies_server, copies_client},    {"unseen", unseen_server, unseen_client},
	{"objects", objects_server, objects_client}, {"transfer", transfer_server, transfer_client},
	{"revoked", revoke_server, revoke_client},   {"callable", callable_server, callable_client},
	{"exhaust", exhaust_server, exhaust_client}, {NULL, NULL, NULL},
};
