/* SPDX-License-Identifier: Apache-2.0 */

/* Client and server in one process: transports with time-outs and interrupts, the server loop. */

#include "../solution/check.h"

#include <string.h>

#include <coresrv/handle/handle_api.h>
#include <coresrv/ipc/ipc_api.h>
#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/sl/sl_api.h>
#include <kos/thread.h>

static Handle listener;
static Handle client;

static Retcode ask(NkKosTransport *transport, nk_uint32_t value, nk_uint32_t *answer)
{
	struct message request;
	struct message response;
	nk_err_t err;

	memset(&request, 0, sizeof(request));
	nk_req_reset(&request);
	nk_req_reset(&response);
	request.value = value;
	err = nk_transport_call(&transport->base, &request.base_, NK_NULL, &response.base_,
				NK_NULL);
	if (err == NK_EOK)
		*answer = response.value;
	return err;
}

static nk_err_t take(NkKosTransport *transport)
{
	struct message request;

	nk_req_reset(&request);
	return nk_transport_recv(&transport->base, &request.base_, NK_NULL);
}

static void waits_end_in_time(void)
{
	NkKosTransport transport;
	nk_uint32_t answer = 0;

	NkKosTransport_Init(&transport, listener, NK_NULL, 0);
	NkKosSetTransportTimeouts(&transport, INFINITE_TIMEOUT, 20);
	CHECK(take(&transport) == NK_EAGAIN);
	NkKosTransport_Init(&transport, client, NK_NULL, 0);
	NkKosSetTransportTimeouts(&transport, 20, INFINITE_TIMEOUT);
	CHECK(ask(&transport, 1, &answer) == NK_EAGAIN);
}

static int take_for_ever(void *transport)
{
	return take(transport);
}

static int ask_for_ever(void *transport)
{
	nk_uint32_t answer = 0;

	return ask(transport, 1, &answer);
}

static void waits_can_be_interrupted(void)
{
	Handle calls;
	Handle receives;
	NkKosTransport transport;
	Tid tid;

	CHECK_RC(KnIpcCreateSyncObject(&calls), rcOk);
	CHECK_RC(KnIpcCreateSyncObject(&receives), rcOk);
	NkKosTransportSync_Init(&transport, listener, INVALID_HANDLE, receives);
	CHECK_RC(KosThreadCreate(&tid, 0, 0, take_for_ever, &transport, 0), rcOk);
	CHECK(KosThreadWait(tid, 50) == -1);
	CHECK_RC(KnIpcSetInterrupt(receives), rcOk);
	CHECK(KosThreadWait(tid, WAIT_MS) == NK_EAGAIN);
	NkKosTransportSync_Init(&transport, client, calls, INVALID_HANDLE);
	CHECK_RC(KosThreadCreate(&tid, 0, 0, ask_for_ever, &transport, 0), rcOk);
	CHECK(KosThreadWait(tid, 50) == -1);
	CHECK_RC(KnIpcSetInterrupt(calls), rcOk);
	CHECK(KosThreadWait(tid, WAIT_MS) == NK_EAGAIN);
	CHECK_RC(KnHandleClose(calls), rcOk);
	CHECK_RC(KnHandleClose(receives), rcOk);
}

static nk_err_t add_one(void *self, const struct nk_message *req, const struct nk_arena *req_arena,
			struct nk_message *res, struct nk_arena *res_arena)
{
	const struct message *request = (const void *)req;
	struct message *response = (void *)res;

	(void)req_arena;
	(void)res_arena;
	response->value = request->value + 1;
	nk_req_reset(response);
	if (self)
		++*(int *)self;
	return NK_EOK;
}

static int dispatch_once(void *served)
{
	NkKosDispatchInfo info = {served, add_one, sizeof(struct message), sizeof(struct message),
				  0,      0};
	struct message request;
	struct message response;
	NkKosTransport transport;

	NkKosTransport_Init(&transport, listener, NK_NULL, 0);
	return NkKosTransport_Dispatch(&transport, &info, &request.base_, NK_NULL, &response.base_,
				       NK_NULL);
}

/* A program's own operations around those of a transport. */
static const struct nk_transport_ops *wrapped;
static int received;
static int replied;

static nk_err_t recv_and_count(struct nk_transport *base, struct nk_message *req,
			       struct nk_arena *req_arena)
{
	received++;
	return wrapped->recv(base, req, req_arena);
}

static nk_err_t reply_and_count(struct nk_transport *base, const struct nk_message *res,
				const struct nk_arena *res_arena)
{
	replied++;
	return wrapped->reply(base, res, res_arena);
}

static int dispatch_wrapped(void *served)
{
	static const struct nk_transport_ops ops = {.recv = recv_and_count,
						    .reply = reply_and_count};
	NkKosDispatchInfo info = {served, add_one, sizeof(struct message), sizeof(struct message),
				  0,      0};
	struct message request;
	struct message response;
	NkKosTransport transport;

	NkKosTransport_Init(&transport, listener, NK_NULL, 0);
	wrapped = transport.base.ops;
	transport.base.ops = &ops;
	return NkKosTransport_Dispatch(&transport, &info, &request.base_, NK_NULL, &response.base_,
				       NK_NULL);
}

static int dispatch_until_it_fails(void *served)
{
	NkKosDispatchInfo info = {served, add_one, sizeof(struct message), sizeof(struct message),
				  0,      0};

	return NkKosDoDispatch(listener, &info);
}

static void one_round_is_served(int (*dispatch)(void *served))
{
	NkKosTransport transport;
	nk_uint32_t answer = 0;
	int served = 0;
	Tid tid;

	NkKosTransport_Init(&transport, client, NK_NULL, 0);
	CHECK_RC(KosThreadCreate(&tid, 0, 0, dispatch, &served, 0), rcOk);
	CHECK(ask(&transport, 10, &answer) == NK_EOK);
	CHECK(answer == 11);
	CHECK(KosThreadWait(tid, WAIT_MS) == NK_EOK);
	CHECK(served == 1);
}

/* A revoked listener ends the loop: nothing can come to it any more. */
static void the_loop_ends_with_its_handle(void)
{
	NkKosTransport transport;
	nk_uint32_t answer = 0;
	int served = 0;
	Tid tid;

	NkKosTransport_Init(&transport, client, NK_NULL, 0);
	CHECK_RC(KosThreadCreate(&tid, 0, 0, dispatch_until_it_fails, &served, 0), rcOk);
	for (nk_uint32_t i = 0; i < 3; i++) {
		CHECK(ask(&transport, i, &answer) == NK_EOK);
		CHECK(answer == i + 1);
	}
	CHECK_RC(KnHandleRevokeEx(listener, rtl_true), rcOk);
	CHECK(KosThreadWait(tid, WAIT_MS) != -1);
	CHECK(served == 3);
	CHECK(ask(&transport, 1, &answer) == NK_ENOTCONN);
}

static void a_handle_stays_without_its_copies(void)
{
	Handle object;
	Handle copy;

	CHECK_RC(
		KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, OCAP_USER_FULL, RTL_NULL, &object),
		rcOk);
	CHECK_RC(KnHandleCopy(object, OCAP_USER_FULL, INVALID_HANDLE, &copy), rcOk);
	CHECK_RC(KnHandleRevokeEx(object, rtl_false), rcOk);
	CHECK_RC(KnHandleCopy(copy, 0, INVALID_HANDLE, &copy), rcHandleRevoked);
	CHECK_RC(KnHandleRevokeEx(object, rtl_true), rcOk);
	CHECK_RC(KnHandleRevokeEx(object, rtl_false), rcInvalidArgument);
}

static void registrations_have_numbers(void)
{
	ServiceId id = -1;

	CHECK_RC(ServiceLocatorInit(), rcOk);
	CHECK(ServiceLocatorRegister("nothing", RTL_NULL, 0, &id) == INVALID_HANDLE);
	CHECK_RC(ServiceLocatorUnregister(-1), rcInvalidArgument);
}

int main(void)
{
	Handle server;

	CHECK_RC(KnHandleConnect(INVALID_HANDLE, &listener, &server, &client), rcOk);
	waits_end_in_time();
	waits_can_be_interrupted();
	one_round_is_served(dispatch_once);
	one_round_is_served(dispatch_wrapped);
	CHECK(received == 1 && replied == 1);
	the_loop_ends_with_its_handle();
	a_handle_stays_without_its_copies();
	registrations_have_numbers();
	fprintf(stderr, "transports: all well\n");
	return 0;
}
