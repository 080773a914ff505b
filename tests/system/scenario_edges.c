/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Rows 1, 10, 15, 17, 23, 25 and 28 of docs/ipc-semantics.md at their edges: while threads
 * wait, before the first Recv, by another thread, at the largest and the smallest message.
 */

#include <coresrv/thread/thread_api.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "scenario.h"

static void run_two(void *(*first)(void *), void *(*second)(void *), void *context)
{
	pthread_t threads[2];

	CHECK(pthread_create(&threads[0], NULL, first, context) == 0);
	CHECK(pthread_create(&threads[1], NULL, second, context) == 0);
	(void)pthread_join(threads[0], NULL);
	(void)pthread_join(threads[1], NULL);
}

/* --- row 10: a listener's handle is revoked ---------------------------------------------- */

/* Serves until it may not; a thread that waits is told as well. */
static void *serve_until_revoked(void *handle)
{
	struct request *request = malloc(sizeof(*request));
	Retcode rc;

	CHECK(request);
	while ((rc = receive((Handle)(rtl_uintptr_t)handle, request, INFINITE_TIMEOUT)) == rcOk)
		CHECK_RC(answer((Handle)(rtl_uintptr_t)handle, request), rcOk);
	CHECK_RC(rc, rcHandleRevoked);
	free(request);
	return NULL;
}

static void listener_revoked_server(void)
{
	static struct request request;
	Handle handle = server_handle();
	pthread_t thread;
	Handle copy;

	CHECK_RC(KnHandleCopy(handle, OCAP_IPC_RECV | OCAP_IPC_REPLY, INVALID_HANDLE, &copy), rcOk);
	CHECK_RC(receive(copy, &request, INFINITE_TIMEOUT), rcOk);
	CHECK(pthread_create(&thread, NULL, serve_until_revoked, (void *)(rtl_uintptr_t)copy) == 0);
	(void)KnSleep(50); /* it waits by then; it must be right at any moment */
	CHECK_RC(KnHandleRevokeEx(handle, rtl_false), rcOk);
	(void)pthread_join(thread, NULL);
	CHECK_RC(answer(copy, &request), rcHandleRevoked);
	CHECK_RC(answer(handle, &request),
		 rcOk); /* the request is the listener's, not the copy's */
	CHECK_RC(receive(copy, &request, INFINITE_TIMEOUT), rcHandleRevoked);
	serve(handle, 1);
}

static void listener_revoked_client(void)
{
	Handle handle = client_handle();
	Handle copy;

	CHECK_RC(call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(call_number(handle, ASKED, 2, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(KnHandleCopy(handle, OCAP_IPC_CALL, INVALID_HANDLE, &copy), rcOk);
	CHECK_RC(KnHandleRevokeEx(handle, rtl_false), rcOk);
	CHECK_RC(call_number(copy, ECHO, 3, INFINITE_TIMEOUT, INVALID_HANDLE), rcHandleRevoked);
	CHECK_RC(call_number(copy, ASKED, 4, INFINITE_TIMEOUT, INVALID_HANDLE), rcHandleRevoked);
}

/* --- row 15: the last handle of a listener is closed while threads wait on it ---------------- */

static atomic_uint served;

static void *serve_until_closed(void *handle)
{
	struct request *request = malloc(sizeof(*request));
	Retcode rc;

	CHECK(request);
	while ((rc = receive((Handle)(rtl_uintptr_t)handle, request, INFINITE_TIMEOUT)) == rcOk) {
		(void)answer((Handle)(rtl_uintptr_t)handle, request);
		atomic_fetch_add(&served, 1);
	}
	CHECK_RC(rc, rcInvalidArgument);
	free(request);
	return NULL;
}

static void *close_when_served(void *handle)
{
	while (!atomic_load(&served))
		(void)KnSleep(1);
	CHECK_RC(KnHandleClose((Handle)(rtl_uintptr_t)handle), rcOk);
	return NULL;
}

static void closes_under_waits_server(void)
{
	void *handle = (void *)(rtl_uintptr_t)server_handle();
	pthread_t waits[2];

	for (int i = 0; i < 2; i++)
		CHECK(pthread_create(&waits[i], NULL, serve_until_closed, handle) == 0);
	(void)close_when_served(handle);
	for (int i = 0; i < 2; i++)
		(void)pthread_join(waits[i], NULL);
}

static void call_until_gone(enum method method)
{
	Handle handle = client_handle();
	Retcode rc;

	do
		rc = call_number(handle, method, 1, INFINITE_TIMEOUT, INVALID_HANDLE);
	while (rc == rcOk);
	CHECK_RC(rc, rcNotConnected);
}

static void *echo_until_gone(void *unused)
{
	call_until_gone(ECHO);
	return unused;
}

static void *ask_until_gone(void *unused)
{
	call_until_gone(ASKED);
	return unused;
}

static void closes_under_waits_client(void)
{
	run_two(echo_until_gone, ask_until_gone, NULL);
}

/* --- row 17: the client is killed, by the test, before the server's first Recv ---------------- */

static volatile sig_atomic_t told;

static void hear(int number)
{
	(void)number;
	told = 1;
}

static void unreceived_server(void)
{
	static struct request request;
	struct sigaction action = {.sa_handler = hear};
	Handle handle = server_handle();

	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	fprintf(stderr, "READY unreceived\n");
	while (!told)
		(void)KnSleep(1);
	CHECK_RC(receive(handle, &request, 100), rcTimeout);
}

static void *call_echo(void *unused)
{
	(void)call_number(client_handle(), ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE);
	CHECK(!"a call that nobody receives returned");
	return unused;
}

static void *call_asked(void *unused)
{
	(void)call_number(client_handle(), ASKED, 1, INFINITE_TIMEOUT, INVALID_HANDLE);
	CHECK(!"a call that nobody receives returned");
	return unused;
}

static void unreceived_client(void)
{
	run_two(call_echo, call_asked, NULL);
}

/* --- row 23: the interrupt object is set when the server has the request ---------------------- */

#define TAKEN 100u /* answered once the other request is taken */
#define SET   101u /* sent when the interrupt object is set */

static Handle sync_handle;

static void receive_two(Handle handle, struct request requests[2], nk_uint64_t last)
{
	CHECK_RC(receive(handle, &requests[0], INFINITE_TIMEOUT), rcOk);
	CHECK_RC(receive(handle, &requests[1], INFINITE_TIMEOUT), rcOk);
	if (requests[0].message.ep.Echo.number == last) {
		struct request swap = requests[0];

		requests[0] = requests[1];
		requests[1] = swap;
	}
	CHECK(requests[1].message.ep.Echo.number == last);
}

static void interrupts_late_server(void)
{
	static struct request requests[2];
	Handle handle = server_handle();

	for (int i = 0; i < 2; i++) {
		receive_two(handle, requests, TAKEN);
		CHECK_RC(answer(handle, &requests[1]), rcOk);
		CHECK_RC(receive(handle, &requests[1], INFINITE_TIMEOUT), rcOk);
		CHECK(requests[1].message.ep.Echo.number == SET);
		(void)KnSleep(50); /* a wait that could be interrupted would be over */
		CHECK_RC(answer(handle, &requests[0]), rcOk);
		CHECK_RC(answer(handle, &requests[1]), rcOk);
	}
}

static void *interrupt_when_taken(void *unused)
{
	Handle handle = client_handle();

	CHECK_RC(call_number(handle, ECHO, TAKEN, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(KnIpcSetInterrupt(sync_handle), rcOk);
	CHECK_RC(call_number(handle, ECHO, SET, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	return unused;
}

static void interrupts_late_client(void)
{
	static const enum method methods[] = {ECHO, ASKED};
	Handle handle = client_handle();
	pthread_t thread;

	for (int i = 0; i < 2; i++) {
		CHECK_RC(KnIpcCreateSyncObject(&sync_handle), rcOk);
		CHECK(pthread_create(&thread, NULL, interrupt_when_taken, NULL) == 0);
		CHECK_RC(call_number(handle, methods[i], 1, INFINITE_TIMEOUT, sync_handle), rcOk);
		(void)pthread_join(thread, NULL);
		CHECK_RC(KnHandleClose(sync_handle), rcOk);
	}
}

/* --- row 25, A-01: before any Recv, and for what another thread received -----------------------
 */

static Handle listener;
static struct request held;

static void *answer_once(void *unused)
{
	CHECK_RC(answer(listener, &held), rcOk);
	CHECK_RC(answer(listener, &held), rcInvalidOperation);
	return unused;
}

/* This thread received nothing: without a token it answers the oldest request. */
static void *answer_oldest(void *unused)
{
	held.header.threadId = 0;
	return answer_once(unused);
}

static void in_thread(void *(*run)(void *))
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, run, NULL) == 0);
	(void)pthread_join(thread, NULL);
}

static void answers_of_others_server(void)
{
	nk_uint32_t token;

	listener = server_handle();
	CHECK_RC(answer(listener, &held), rcInvalidOperation);
	for (int i = 0; i < 4; i++) {
		CHECK_RC(receive(listener, &held, INFINITE_TIMEOUT), rcOk);
		token = held.header.threadId;
		in_thread(i % 2 ? answer_oldest : answer_once);
		held.header.threadId = token;
		CHECK_RC(answer(listener, &held), rcInvalidOperation);
	}
}

static void answers_of_others_client(void)
{
	Handle handle = client_handle();

	for (nk_uint64_t i = 0; i < 4; i++)
		CHECK_RC(call_number(handle, i < 2 ? ECHO : ASKED, i, INFINITE_TIMEOUT,
				     INVALID_HANDLE),
			 rcOk);
}

/* --- rows 1 and 28: 24 bytes and 4 MiB each way, and one byte more ------------------------------
 */

#define LARGEST (4u << 20) /* constant part and arena together */
#define ROOM    (LARGEST + 4096)

static char there[ROOM];
static char back[ROOM];

static bool is_filled(const char *bytes, nk_uint32_t size)
{
	for (nk_uint32_t i = 0; i < size; i++)
		if (bytes[i] != (char)(i * 31u + (i >> 12)))
			return false;
	return true;
}

/* One call of Whole with @size bytes in the arena of each message, the answer's is the request's.
 */
static Retcode call_whole(Handle handle, nk_uint32_t size)
{
	struct nk_arena out_arena = NK_ARENA_INITIALIZER(there, there + sizeof(there));
	struct nk_arena in_arena = NK_ARENA_INITIALIZER(back, back + sizeof(back));
	t_Calls_Whole_req request;
	t_Calls_Whole_res response;
	SMsgHdr out;
	SMsgHdr in;
	Retcode rc;

	memset(&request, 0, sizeof(request));
	memset(&response, 0, sizeof(response));
	nk_req_reset(&request);
	nk_msg_set_method_id(&request, 0, WHOLE);
	CHECK(nk_arena_alloc(nk_uint8_t, &out_arena, &request.data, size) != NULL);
	for (nk_uint32_t i = 0; i < size; i++)
		there[i] = (char)(i * 31u + (i >> 12));
	nk_req_reset(&response);
	CHECK(PackOutMsg(&out, &request.base_, &out_arena) == NK_EOK);
	CHECK(PackInMsg(&in, &response.base_, &in_arena) == NK_EOK);
	rc = Call(handle, &out, &in);
	if (rc == rcOk)
		CHECK(response.data.size == size && in.indirDescs[1].size == size &&
		      is_filled(back + response.data.offset, size));
	return rc;
}

/* A header and nothing else, each way. */
static Retcode call_least(Handle handle)
{
	t_Calls_Least_req request;
	t_Calls_Least_res response;
	SMsgHdr out;
	SMsgHdr in;

	_Static_assert(sizeof(request) == 24 && sizeof(response) == 24, "the smallest message");
	memset(&request, 0, sizeof(request));
	memset(&response, 0, sizeof(response));
	nk_req_reset(&request);
	nk_msg_set_method_id(&request, 0, LEAST);
	nk_req_reset(&response);
	CHECK(PackOutMsg(&out, &request.base_, NULL) == NK_EOK);
	CHECK(PackInMsg(&in, &response.base_, NULL) == NK_EOK);
	return Call(handle, &out, &in);
}

/* Answers with what came, and @more bytes. */
static Retcode answer_whole(Handle handle, SMsgHdr *header, const t_Calls_Whole_req *request,
			    nk_uint32_t more)
{
	struct nk_arena arena = NK_ARENA_INITIALIZER(back, back + sizeof(back));
	t_Calls_Whole_res response;
	t_Calls_Least_res least;
	SMsgHdr out;

	memset(&response, 0, sizeof(response));
	memset(&least, 0, sizeof(least));
	nk_req_reset(&response);
	nk_req_reset(&least);
	response.data = request->data;
	response.data.size += more;
	arena.current = back + header->indirDescs[1].size + more;
	if (request->base_.mid == LEAST)
		CHECK(PackOutMsg(&out, &least.base_, NULL) == NK_EOK);
	else
		CHECK(PackOutMsg(&out, &response.base_, &arena) == NK_EOK);
	out.threadId = header->threadId;
	return Reply(handle, &out);
}

static void extremes_server(void)
{
	Handle handle = server_handle();
	t_Calls_Whole_req request;
	struct nk_arena arena;
	SMsgHdr in;

	for (int i = 0; i < 5; i++) {
		nk_arena_init(&arena, back, back + sizeof(back));
		nk_req_reset(&request);
		CHECK(PackInMsg(&in, &request.base_, &arena) == NK_EOK);
		CHECK_RC(Recv(handle, &in), rcOk);
		CHECK(request.base_.mid == (i % 2 ? LEAST : WHOLE));
		CHECK(request.base_.mid == LEAST ||
		      (request.data.size == LARGEST - sizeof(request) &&
		       is_filled(back + request.data.offset, request.data.size)));
		CHECK_RC(answer_whole(handle, &in, &request, i == 4),
			 i == 4 ? rcInvalidArgument : rcOk);
	}
}

static void extremes_client(void)
{
	const nk_uint32_t most = LARGEST - sizeof(t_Calls_Whole_req);
	Handle handle = client_handle();

	for (int i = 0; i < 2; i++) {
		CHECK_RC(call_whole(handle, most), rcOk);
		CHECK_RC(call_whole(handle, most + 1), rcBufferTooLarge);
		CHECK_RC(call_least(handle), rcOk);
	}
	CHECK_RC(call_whole(handle, most), rcInvalidArgument); /* the answer has one byte more */
}

const struct scenario scenarios_edges[] = {
	{"listener_revoked", listener_revoked_server, listener_revoked_client},
	{"closes_under_waits", closes_under_waits_server, closes_under_waits_client},
	{"unreceived", unreceived_server, unreceived_client},
	{"interrupts_late", interrupts_late_server, interrupts_late_client},
	{"answers_of_others", answers_of_others_server, answers_of_others_client},
	{"extremes", extremes_server, extremes_client},
	{NULL, NULL, NULL},
};
