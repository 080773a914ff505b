/* SPDX-License-Identifier: Apache-2.0 */

/* Rows 1 to 9 and 19 to 28 of docs/ipc-semantics.md: what an exchange returns. */

#include <coresrv/thread/thread_api.h>
#include <pthread.h>

#include "scenario.h"

static void serve_all(void)
{
	serve(server_handle(), 0);
}

/* --- rows 1, 3, 4 ------------------------------------------------------------- */

/* Not more: where twenty processes are busy, each call waits for several turns of a core. */
static void exchange_client(void)
{
	Handle handle = client_handle();

	for (nk_uint64_t i = 0; i < 1000; i++)
		CHECK_RC(call_number(handle, ECHO, i, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	for (nk_uint64_t i = 100; i < 300; i++)
		CHECK_RC(call_number(handle, ASKED, i, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
}

/* So many of each, one after the other, and then nothing: `kosix ps` is asked. */
static void counted_client(void)
{
	Handle handle = client_handle();

	for (nk_uint64_t i = 0; i < 5; i++)
		CHECK_RC(call_number(handle, ECHO, i, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	for (nk_uint64_t i = 100; i < 103; i++)
		CHECK_RC(call_number(handle, ASKED, i, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	for (int i = 0; i < 2; i++)
		CHECK_RC(call_number(handle, ASKED, 13, INFINITE_TIMEOUT, INVALID_HANDLE),
			 rcSecurityDisallow);
	fprintf(stderr, "COUNTED\n");
	if (getenv("STAYS"))
		for (;;)
			(void)KnSleep(1000);
}

static void denied_server(void)
{
	static struct request request;
	Handle handle = server_handle();

	/* The request with 13 never arrives; the one with 14 does, and its reply is denied. */
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	CHECK(request.message.ep.Asked.number == 14);
	CHECK_RC(answer(handle, &request), rcSecurityDisallow);
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	CHECK(request.message.ep.Asked.number == 15);
	CHECK_RC(answer(handle, &request), rcOk);
}

static void denied_client(void)
{
	Handle handle = client_handle();

	CHECK_RC(call_number(handle, ASKED, 13, INFINITE_TIMEOUT, INVALID_HANDLE),
		 rcSecurityDisallow);
	CHECK_RC(call_number(handle, ASKED, 92, INFINITE_TIMEOUT, INVALID_HANDLE),
		 rcSecurityDisallow); /* the module says nonsense: P-01 */
	CHECK_RC(call_number(handle, ASKED, 95, INFINITE_TIMEOUT, INVALID_HANDLE),
		 rcSecurityDisallow); /* it has no memory: P-01 */
	CHECK_RC(call_number(handle, ASKED, 14, INFINITE_TIMEOUT, INVALID_HANDLE),
		 rcSecurityDisallow);
	CHECK_RC(call_number(handle, ASKED, 15, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
}

/* --- row 2: the server takes its time before the first Recv --------------------- */

static void late_server(void)
{
	Handle handle = server_handle();

	(void)KnSleep(300);
	serve(handle, 2);
}

static void late_client(void)
{
	Handle handle = client_handle();

	CHECK_RC(call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(call_number(handle, ASKED, 2, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
}

/* --- rows 5, 7, 8: what is refused before it is sent or delivered ------------------ */

static Retcode call_header(Handle handle, nk_uint16_t iid, nk_uint16_t mid, nk_uint32_t size,
			   nk_uint32_t caps)
{
	t_Calls_Echo_res response;
	nk_uint64_t words[32] = {0};
	struct nk_message *message = (struct nk_message *)words;
	SMsgHdr out;
	SMsgHdr in;

	message->iid = iid;
	message->mid = mid;
	message->ex.size_ex = size & 0xffu;
	message->ex.ncaps = caps & 7u;
	nk_req_reset(&response);
	(void)PackOutMsg(&out, message, NULL);
	(void)PackInMsg(&in, &response.base_, NULL);
	return Call(handle, &out, &in);
}

static Retcode call_arena(Handle handle, nk_uint32_t offset, nk_uint32_t size)
{
	char bytes[64] = {0};
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	t_Calls_Bytes_req request;
	t_Calls_Bytes_res response;
	SMsgHdr out;
	SMsgHdr in;

	memset(&request, 0, sizeof(request));
	nk_req_reset(&request);
	nk_msg_set_method_id(&request, 0, BYTES);
	arena.current = bytes + 32;
	request.data.offset = offset;
	request.data.size = size;
	nk_req_reset(&response);
	(void)PackOutMsg(&out, &request.base_, &arena);
	(void)PackInMsg(&in, &response.base_, &arena);
	return Call(handle, &out, &in);
}

/* No handle at all in a thread's first call: there is no last route to look at. */
static void *call_without_handle(void *unused)
{
	CHECK_RC(call_number(INVALID_HANDLE, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE),
		 rcInvalidArgument);
	return unused;
}

static void malformed_client(void)
{
	Handle handle = client_handle();
	pthread_t thread;
	SMsgHdr header;

	(void)call_without_handle(NULL);
	for (int i = 0; i < 3; i++) { /* the second and third take over the first one's record */
		CHECK(pthread_create(&thread, NULL, call_without_handle, NULL) == 0);
		(void)pthread_join(thread, NULL);
	}
	CHECK_RC(call_header(handle, 0, ECHO, 40, 0), rcInvalidArgument);
	CHECK_RC(call_header(handle, 0, ECHO, 24, 0), rcInvalidArgument);
	CHECK_RC(call_header(handle, 0, ECHO, 32, 1), rcInvalidArgument);
	CHECK_RC(call_header(handle, 0, 99, 32, 0), rcInvalidArgument);
	CHECK_RC(call_header(handle, 7, ECHO, 32, 0), rcInvalidArgument);
	CHECK_RC(call_header(handle, 0, ECHO, 8, 0), rcInvalidArgument);
	CHECK_RC(call_arena(handle, 0, 33), rcInvalidArgument);
	CHECK_RC(call_arena(handle, 33, 1), rcInvalidArgument);
	CHECK_RC(call_arena(handle, 0xffffffffu, 1), rcInvalidArgument);
	CHECK_RC(call_arena(handle, 16, 0xfffffff8u), rcInvalidArgument);
	CHECK_RC(Call(handle, NULL, NULL), rcInvalidArgument);
	CHECK_RC(Call(INVALID_HANDLE, NULL, NULL), rcInvalidArgument);
	CHECK_RC(Recv(handle, NULL), rcInvalidArgument);
	memset(&header, 0, sizeof(header));
	CHECK_RC(Recv(handle, &header), rcInvalidArgument);
	CHECK_RC(Reply(handle, &header), rcInvalidArgument);
	for (rtl_uint32_t i = 0; i < 5000; i++) {
		Handle wrong = i * 2654435761u;

		if (wrong != handle)
			CHECK_RC(call_number(wrong, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE),
				 rcInvalidArgument);
	}
	CHECK_RC(call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
}

/* --- rows 6, 26, 27: sizes of what comes back, and of what does not fit --------------- */

static void sizes_server(void)
{
	static struct request request;
	Handle handle = server_handle();
	t_Calls_Echo_res wrong;
	SMsgHdr out;
	char small[100];
	struct nk_arena arena = NK_ARENA_INITIALIZER(small, small + sizeof(small));

	/* A reply that is too short for its method. */
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	memset(&wrong, 0, sizeof(wrong));
	nk_req_reset(&wrong);
	wrong.base_.ex.size_ex = 24;
	CHECK(PackOutMsg(&out, &wrong.base_, NULL) == NK_EOK);
	out.threadId = request.header.threadId;
	CHECK_RC(Reply(handle, &out), rcInvalidArgument);
	/* Buffers too small for the first request of 200 bytes; the second one arrives. */
	nk_req_reset(&request.message);
	CHECK(PackInMsg(&request.header, &request.message.base_, &arena) == NK_EOK);
	CHECK_RC(Recv(handle, &request.header), rcOk);
	CHECK(request.message.base_.mid == ECHO);
	CHECK_RC(answer(handle, &request), rcOk);
	/* A response of 1000 bytes for a client with room for 10. */
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	nk_req_reset(&request.message.ep.Bytes);
	request.message.ep.Bytes.data.size = 1000;
	request.arena.current = request.arena_bytes + 1000;
	CHECK(PackOutMsg(&out, &request.message.base_, &request.arena) == NK_EOK);
	out.threadId = request.header.threadId;
	CHECK_RC(Reply(handle, &out), rcOk);
}

static void sizes_client(void)
{
	Handle handle = client_handle();
	t_Calls_Bytes_res response;
	t_Calls_Bytes_req request;
	char bytes[200] = {0};
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	struct nk_arena little = NK_ARENA_INITIALIZER(bytes, bytes + 10);
	SMsgHdr out;
	SMsgHdr in;

	CHECK_RC(call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcInvalidArgument);
	memset(&request, 0, sizeof(request));
	nk_req_reset(&request);
	nk_msg_set_method_id(&request, 0, BYTES);
	CHECK(nk_arena_alloc(nk_uint8_t, &arena, &request.data, 200) != NULL);
	nk_req_reset(&response);
	CHECK(PackOutMsg(&out, &request.base_, &arena) == NK_EOK);
	CHECK(PackInMsg(&in, &response.base_, &arena) == NK_EOK);
	CHECK_RC(Call(handle, &out, &in), rcBufferTooSmall);
	CHECK_RC(call_number(handle, ECHO, 2, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	request.data.size = 0;
	CHECK(PackOutMsg(&out, &request.base_, NULL) == NK_EOK);
	nk_req_reset(&response);
	CHECK(PackInMsg(&in, &response.base_, &little) == NK_EOK);
	CHECK_RC(Call(handle, &out, &in), rcBufferTooSmall);
}

static void bytes_server(void)
{
	static struct request request;
	Handle handle = server_handle();
	t_Calls_Bytes_res response;
	SMsgHdr out;

	while (receive(handle, &request, INFINITE_TIMEOUT) == rcOk) {
		memset(&response, 0, sizeof(response));
		nk_req_reset(&response);
		response.data = request.message.ep.Bytes.data;
		request.arena.current = request.arena_bytes + request.header.indirDescs[1].size;
		CHECK(PackOutMsg(&out, &response.base_, &request.arena) == NK_EOK);
		out.threadId = request.header.threadId;
		CHECK_RC(Reply(handle, &out), rcOk);
	}
}

static void bytes_client(void)
{
	static const nk_uint32_t sizes[] = {0,  1,  7,  8,    36,   37,    44,   45,
					    63, 64, 65, 1000, 4096, 65535, 65536};
	Handle handle = client_handle();

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (int again = 0; again < 20; again++)
			CHECK_RC(call_bytes(handle, sizes[i]), rcOk);
}

/* --- rows 19 to 25: time, interrupts, answering twice ------------------------------------ */

static void timeouts_server(void)
{
	static struct request request;
	Handle handle = server_handle();
	rtl_uint64_t start = now_ms();

	CHECK_RC(receive(handle, &request, 100), rcTimeout);
	CHECK(now_ms() - start >= 100);
	(void)KnSleep(500); /* the client's first two calls end in this time, if it is not late */
	/* Received, and answered too late: once direct, once relayed. */
	for (int sevens = 0; sevens < 2;) {
		CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
		CHECK(request.message.ep.Echo.number <= 7);
		sevens += request.message.ep.Echo.number == 7;
		(void)KnSleep(300);
		CHECK_RC(answer(handle, &request), rcNotConnected);
	}
	serve(handle, 2);
}

static void timeouts_client(void)
{
	Handle handle = client_handle();
	rtl_uint64_t start;

	(void)KnSleep(150);
	start = now_ms();
	CHECK_RC(call_number(handle, ECHO, 5, 100, INVALID_HANDLE), rcTimeout);
	CHECK_RC(call_number(handle, ASKED, 6, 100, INVALID_HANDLE), rcTimeout);
	CHECK(now_ms() - start >= 200);
	(void)KnSleep(400);
	CHECK_RC(call_number(handle, ECHO, 7, 100, INVALID_HANDLE), rcTimeout);
	(void)KnSleep(400);
	CHECK_RC(call_number(handle, ASKED, 7, 100, INVALID_HANDLE), rcTimeout);
	CHECK_RC(call_number(handle, ECHO, 8, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(call_number(handle, ASKED, 9, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
}

static Handle sync_handle;

static void *interrupt_later(void *unused)
{
	(void)KnSleep(150);
	(void)KnIpcSetInterrupt(sync_handle);
	return unused;
}

static Retcode interrupted(Retcode (*wait)(Handle handle), Handle handle)
{
	pthread_t thread;
	Retcode rc;

	(void)KnIpcClearInterrupt(sync_handle);
	CHECK(pthread_create(&thread, NULL, interrupt_later, NULL) == 0);
	rc = wait(handle);
	(void)pthread_join(thread, NULL);
	return rc;
}

static Retcode wait_echo(Handle handle)
{
	return call_number(handle, ECHO, 1, INFINITE_TIMEOUT, sync_handle);
}

static Retcode wait_asked(Handle handle)
{
	return call_number(handle, ASKED, 1, INFINITE_TIMEOUT, sync_handle);
}

static Retcode wait_recv(Handle handle)
{
	static struct request request;

	nk_req_reset(&request.message);
	(void)PackInMsg(&request.header, &request.message.base_, NULL);
	return RecvEx(handle, &request.header, INFINITE_TIMEOUT, sync_handle);
}

static void interrupts_server(void)
{
	Handle handle = server_handle();

	CHECK_RC(KnIpcCreateSyncObject(&sync_handle), rcOk);
	CHECK_RC(interrupted(wait_recv, handle), rcIpcInterrupt);
	CHECK_RC(KnHandleClose(sync_handle), rcOk);
	CHECK_RC(KnIpcSetInterrupt(sync_handle), rcInvalidArgument);
	(void)KnSleep(1000); /* not receiving while the client is interrupted */
	serve(handle, 1);
}

static void interrupts_client(void)
{
	Handle handle = client_handle();

	(void)KnSleep(250); /* the server waits alone first */
	CHECK_RC(KnIpcCreateSyncObject(&sync_handle), rcOk);
	CHECK_RC(interrupted(wait_echo, handle), rcIpcInterrupt);
	CHECK_RC(interrupted(wait_asked, handle), rcIpcInterrupt);
	CHECK_RC(wait_echo(handle), rcIpcInterrupt); /* still set */
	(void)KnIpcClearInterrupt(sync_handle);
	CHECK_RC(wait_echo(handle), rcOk);
}

/* */
static void answers_server(void)
{
	static struct request request;
	static struct request second;
	Handle handle = server_handle();
	SMsgHdr none;

	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	CHECK_RC(answer(handle, &request), rcOk);
	CHECK_RC(answer(handle, &request), rcInvalidOperation); /* twice */
	none = request.header;
	none.threadId = 0;
	CHECK_RC(Reply(handle, &none), rcInvalidOperation); /* nothing owed */
	none.threadId = 0x7fffffff;
	CHECK_RC(Reply(handle, &none), rcInvalidOperation); /* never given out */
	/* Two held at once, answered in the other order. */
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	CHECK_RC(receive(handle, &second, INFINITE_TIMEOUT), rcOk);
	CHECK(request.header.threadId != second.header.threadId);
	CHECK_RC(answer(handle, &second), rcOk);
	CHECK_RC(answer(handle, &request), rcOk);
}

static void *call_in_thread(void *number)
{
	CHECK_RC(call_number(client_handle(), ECHO, (nk_uint64_t)(rtl_uintptr_t)number,
			     INFINITE_TIMEOUT, INVALID_HANDLE),
		 rcOk);
	return NULL;
}

static void answers_client(void)
{
	pthread_t threads[2];

	(void)call_in_thread((void *)1);
	for (rtl_uintptr_t i = 0; i < 2; i++)
		CHECK(pthread_create(&threads[i], NULL, call_in_thread, (void *)(i + 10)) == 0);
	for (int i = 0; i < 2; i++)
		(void)pthread_join(threads[i], NULL);
}

/* --- many threads on both sides ----------------------------------------------------- */

static void *serve_thread(void *handle)
{
	serve((Handle)(rtl_uintptr_t)handle, 0);
	return NULL;
}

static void threads_server(void)
{
	Handle handle = server_handle();
	pthread_t thread;

	for (int i = 0; i < 3; i++)
		CHECK(pthread_create(&thread, NULL, serve_thread, (void *)(rtl_uintptr_t)handle) ==
		      0);
	serve(handle, 0);
}

static void *call_many(void *base)
{
	Handle handle = client_handle();

	for (nk_uint64_t i = 0; i < 3000; i++) {
		nk_uint64_t number = (nk_uint64_t)(rtl_uintptr_t)base + i;

		CHECK_RC(call_number(handle, i % 16 ? ECHO : ASKED, number, INFINITE_TIMEOUT,
				     INVALID_HANDLE),
			 rcOk);
	}
	return NULL;
}

static void threads_client(void)
{
	pthread_t threads[20];

	for (rtl_uintptr_t i = 0; i < 20; i++)
		CHECK(pthread_create(&threads[i], NULL, call_many, (void *)((i + 1) << 32)) == 0);
	for (int i = 0; i < 20; i++)
		(void)pthread_join(threads[i], NULL);
}

const struct scenario scenarios_calls[] = {
	{"exchange", serve_all, exchange_client},
	{"counted", serve_all, counted_client},
	{"denied", denied_server, denied_client},
	{"late", late_server, late_client},
	{"malformed", serve_all, malformed_client},
	{"sizes", sizes_server, sizes_client},
	{"bytes", bytes_server, bytes_client},
	{"timeouts", timeouts_server, timeouts_client},
	{"interrupts", interrupts_server, interrupts_client},
	{"answers", answers_server, answers_client},
	{"threads", threads_server, threads_client},
	{NULL, NULL, NULL},
};
