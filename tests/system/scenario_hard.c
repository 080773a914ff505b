/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Parts of the tests that kill, starve and count: a pair that makes one call, a
 * pair that must not notice, processes that do nothing, and what S-02, A-04 ask.
 */

#include <coresrv/handle/notice_api.h>
#include <coresrv/thread/thread_api.h>
#include <coresrv/vmm/vmm_api.h>

#include "scenario.h"

static enum method method_of_environment(void)
{
	static const char *const names[] = {"echo", "asked", "bytes", "give", "take"};
	const char *way = getenv("METHOD");

	for (unsigned i = 0; way && i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(way, names[i]) == 0)
			return (enum method)i;
	return ECHO;
}

/* One call of that method; @first: the one that makes the region. */
static Retcode call_once(Handle handle, nk_uint64_t number, bool first)
{
	enum method method = method_of_environment();

	if (method == GIVE && !first)
		return call_give(handle);
	if (method == TAKE && !first)
		return call_take(handle);
	return call_number(handle, method == ASKED ? ASKED : ECHO, number, INFINITE_TIMEOUT,
			   INVALID_HANDLE);
}

/* --- victims: one call each; killed somewhere in it ----------------------------------- */

/* Of the kill-point build of libkos (kernel/ipc/point.h); the other one has no such function. */
void kx_point_set(long at, char action) __attribute__((weak));

/* From here on the process dies before its KILL_AT-th operation on a shared word; KILL_HOW=t:
 * stops. */
static void arm_kill_point(void)
{
	const char *at = getenv("KILL_AT");
	const char *how = getenv("KILL_HOW");

	if (at && kx_point_set)
		kx_point_set(atol(at), how ? *how : 'k');
}

static void once_server(void)
{
	Handle handle = server_handle();

	/* The first Recv looks at every channel there could be: thousands of steps. */
	if (getenv("KILL_LATER"))
		serve(handle, 1);
	arm_kill_point();
	serve_everything(handle);
}

/*
 * The first call makes the region, the others use it. Any documented end of a call
 * whose server may die, after WITHIN_MS at most; never a wrong answer (checked inside).
 */
static void once_client(void)
{
	const char *within = getenv("WITHIN_MS");
	Handle handle = client_handle();
	rtl_uint64_t start;
	Retcode before = rcOk;
	Retcode rc = rcOk;

	arm_kill_point();
	for (nk_uint64_t i = 0; i < 3; i++) {
		start = now_ms();
		rc = call_once(handle, 4711 + i, i == 0);
		CHECK(!within || now_ms() - start < strtoull(within, NULL, 10));
		CHECK(rc == rcNotConnected || (rc == rcOk && before == rcOk));
		before = rc;
	}
	if (rc == rcOk)
		fprintf(stderr, "UNHARMED\n");
}

/* A client that comes later than the one that is killed, over a channel of its own. */
static void after_client(void)
{
	Handle handle = client_handle();
	rtl_uint64_t start;

	for (int i = 0; i < 10; i++) {
		start = now_ms();
		CHECK_RC(call_number(handle, i % 2 ? ASKED : ECHO, 100u + (nk_uint64_t)i,
				     INFINITE_TIMEOUT, INVALID_HANDLE),
			 rcOk);
		CHECK(now_ms() - start < 2000);
		(void)KnSleep(2);
	}
}

/* The same with handles: they still travel, both ways. */
static void handed_client(void)
{
	Handle handle = client_handle();

	for (int i = 0; i < 10; i++) {
		CHECK_RC(call_give(handle), rcOk);
		CHECK_RC(call_take(handle), rcOk);
		(void)KnSleep(2);
	}
}

/* --- an honest pair beside somebody hostile --------------------------------------------- */

static void beside_server(void)
{
	serve(server_handle(), 0);
}

/* What the client wrote while it was looked at would be seen here: nothing half right arrives. */
static void check_request(const struct request *request)
{
	const nk_ptr_t *data = &request->message.ep.Bytes.data;
	const nk_uint32_t arena = (nk_uint32_t)request->header.indirDescs[1].size;

	switch (request->message.base_.mid) {
	case ECHO:
	case ASKED:
	case TAKE:
	case REFUSE:
		break;
	case BYTES:
		/* The offset of nothing means nothing (kernel/ipc/validate.c). */
		CHECK(data->size == 0 ||
		      (data->offset <= arena && data->size <= arena - data->offset));
		break;
	case GIVE:
		CHECK_RC(KnHandleClose(request->message.ep.Give.object.handle), rcOk);
		break;
	default:
		CHECK(!"a method that there is not");
	}
}

static void strict_server(void)
{
	static struct request request;
	Handle handle = server_handle();

	for (;;) {
		CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
		check_request(&request);
		(void)answer(handle,
			     &request); /* what is no answer to that is an error to the client */
	}
}

static void beside_client(void)
{
	const char *seconds = getenv("SECONDS");
	Handle handle = client_handle();
	rtl_uint64_t end = now_ms() + 1000 * (seconds ? strtoul(seconds, NULL, 10) : 1);

	for (nk_uint64_t i = 100; now_ms() < end; i++) {
		rtl_uint64_t start = now_ms();

		CHECK_RC(call_number(handle, i % 8 ? ECHO : ASKED, i, INFINITE_TIMEOUT,
				     INVALID_HANDLE),
			 rcOk);
		CHECK(now_ms() - start < 2000);
		if (i % 64 == 0)
			(void)KnSleep(1);
	}
}

/* The server answers wrongly each time: an error each time, and no waiting for ever. */
static void betrayed_client(void)
{
	Handle handle = client_handle();

	for (nk_uint64_t i = 0; i < 60; i++) {
		rtl_uint64_t start = now_ms();
		Retcode rc =
			call_number(handle, i % 2 ? ASKED : ECHO, 100 + i, 1000, INVALID_HANDLE);

		CHECK(rc != rcOk);
		CHECK(RC_GET_SPACE(rc) == RC_SPACE_GENERAL);
		CHECK(now_ms() - start < 3000);
	}
}

/* --- an error that policy never grants, by a server that is honest and one that is not ------ */

static void refused_server(void)
{
	static struct request request;
	Handle handle = server_handle();
	t_Calls_Refuse_res response;
	SMsgHdr out;

	for (int i = 0; i < 2; i++) {
		CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
		memset(&response, 0, sizeof(response));
		nk_req_reset(&response);
		if (i == 0)
			nk_err_reset(&response);
		CHECK(PackOutMsg(&out, &response.base_, NULL) == NK_EOK);
		out.threadId = request.header.threadId;
		CHECK_RC(Reply(handle, &out), i == 0 ? rcSecurityDisallow : rcOk);
	}
}

#define UNTOUCHED 0x1122334455667788u

/* And what stands behind the header in the program's buffer then. */
static Retcode call_refuse(Handle handle, nk_uint64_t *number)
{
	t_Calls_Refuse_req request;
	t_Calls_Refuse_res response;
	SMsgHdr out;
	SMsgHdr in;
	Retcode rc;

	memset(&request, 0, sizeof(request));
	nk_req_reset(&request);
	nk_msg_set_method_id(&request, 0, REFUSE);
	nk_req_reset(&response);
	response.number = UNTOUCHED;
	CHECK(PackOutMsg(&out, &request.base_, NULL) == NK_EOK);
	CHECK(PackInMsg(&in, &response.base_, NULL) == NK_EOK);
	rc = Call(handle, &out, &in);
	*number = response.number;
	return rc;
}

static void refused_client(void)
{
	Handle handle = client_handle();
	nk_uint64_t number;

	CHECK_RC(call_refuse(handle, &number), rcSecurityDisallow);
	CHECK(number == UNTOUCHED);
	CHECK_RC(call_refuse(handle, &number), rcOk);
	CHECK(number != UNTOUCHED);
}

/* The server's runtime lets the error out: this side's does not let it in. */
static void smuggled_client(void)
{
	nk_uint64_t number;

	CHECK_RC(call_refuse(client_handle(), &number), rcSecurityDisallow);
	CHECK(number == UNTOUCHED);
}

/* A reply that is none: nothing of it is left. */
static void misbuilt_client(void)
{
	nk_uint64_t number;

	CHECK_RC(call_refuse(client_handle(), &number), rcInvalidArgument);
	CHECK(number == UNTOUCHED || (number & 0xffffffffu) == 0);
}

/* A request that was none is refused; the next one finds the buffers without anything of it. */
static void misasked_server(void)
{
	static struct request request;

	CHECK_RC(receive(server_handle(), &request, INFINITE_TIMEOUT), rcOk);
	CHECK(request.message.base_.mid == ECHO);
	for (unsigned i = 0; i < sizeof(request.arena_bytes); i++)
		CHECK(request.arena_bytes[i] == 0);
	CHECK_RC(answer(server_handle(), &request), rcOk);
}

/* Is denied something as fast as it can. */
static void unlucky_client(void)
{
	Handle handle = client_handle();

	for (unsigned i = 0; i < 3000; i++)
		CHECK_RC(call_number(handle, ASKED, 13, INFINITE_TIMEOUT, INVALID_HANDLE),
			 rcSecurityDisallow);
}

/* Everybody calls the next one and nobody receives. */
static void ring(void)
{
	(void)call_number(client_handle(), method_of_environment(), 1, INFINITE_TIMEOUT,
			  INVALID_HANDLE);
	CHECK(!"a call round a ring returned");
}

/* --- entities that only exist ------------------------------------------------------------ */

static void idle_server(void)
{
	fprintf(stderr, "IDLE server\n");
	serve(server_handle(), 0);
}

static void idle_client(void)
{
	/* The channel's region exists and was used. */
	CHECK_RC(call_number(client_handle(), ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	fprintf(stderr, "IDLE client\n");
	for (;;)
		(void)KnSleep(INFINITE_TIMEOUT);
}

static void nothing(void)
{
}

/* Without any channel. */
static void alone(void)
{
	fprintf(stderr, "IDLE alone\n");
	for (;;)
		(void)KnSleep(INFINITE_TIMEOUT);
}

/* --- S-02: a server that never receives, and one that receives and never answers ------------- */

static void never_answers_server(void)
{
	static struct request request;

	CHECK_RC(receive(server_handle(), &request, INFINITE_TIMEOUT), rcOk);
	for (;;)
		(void)KnSleep(1000);
}

static void never_answers_client(void)
{
	Handle handle = client_handle();
	rtl_uint64_t start = now_ms();

	/* The first is taken and abandoned, the others never taken: all in their time. */
	CHECK_RC(call_number(handle, method_of_environment(), 1, 100, INVALID_HANDLE), rcTimeout);
	CHECK_RC(call_number(handle, method_of_environment(), 2, 100, INVALID_HANDLE), rcTimeout);
	CHECK(now_ms() - start >= 200 && now_ms() - start < 2200);
	for (nk_uint64_t more = number_of_environment("MORE"); more; more--) {
		start = now_ms();
		CHECK_RC(call_number(handle, method_of_environment(), 2, 20, INVALID_HANDLE),
			 rcTimeout);
		CHECK(now_ms() - start >= 20 && now_ms() - start < 2020);
	}
}

/* --- a process that takes all the memory objects it can -------------------------------------- */

static void hoard_server(void)
{
	serve(server_handle(), 0);
}

static void hoard_client(void)
{
	Handle handle = client_handle();
	Retcode rc = rcOk;
	Handle object;
	unsigned made = 0;

	while ((rc = KnPmmMdlCreate(4096, 0, &object)) == rcOk)
		CHECK(++made < 4096);
	CHECK(rc == rcQuotaExceeded || rc == rcOutOfMemory);
	fprintf(stderr, "HOARD %u\n", made);
	/* What it had goes on; and so does a new thing once there is room. */
	CHECK_RC(call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(call_number(handle, ASKED, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(KnHandleClose(object), rcOk);
	CHECK_RC(KnPmmMdlCreate(4096, 0, &object), rcOk);
}

/* --- what grows without a handle that counts: subscriptions, closed marked handles ------- */

static void subscribe_without_end(void)
{
	Notice notice;
	Handle object;
	Retcode rc;
	rtl_uint32_t made = 0;

	CHECK_RC(KnNoticeCreate(&notice), rcOk);
	CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 0xffffffffu, NULL, &object),
		 rcOk);
	while ((rc = KnNoticeSubscribeToObject(notice, object, 0x10000u, made)) == rcOk)
		CHECK(++made <= 5000);
	CHECK_RC(rc, rcQuotaExceeded);
	CHECK_RC(KnNoticeUnsubscribeFromEvent(notice, 0), rcOk);
	CHECK_RC(KnNoticeSubscribeToObject(notice, object, 0x10000u, 0), rcOk);
}

/* Each copy is marked, and its original closed: what stays behind has no handle. */
static void mark_without_end(void)
{
	Notice notice;
	Handle badge;
	Handle handle;
	Handle next;
	Retcode rc;
	rtl_uint32_t made = 0;

	CHECK_RC(KnNoticeCreate(&notice), rcOk);
	CHECK_RC(KnHandleCreateBadge(notice, 1, NULL, &badge), rcOk);
	CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 0xffffffffu, NULL, &handle),
		 rcOk);
	while ((rc = KnHandleCopy(handle, 0xffffffffu, badge, &next)) == rcOk) {
		CHECK_RC(KnHandleClose(handle), rcOk);
		handle = next;
		CHECK(++made <= 10000);
	}
	CHECK_RC(rc, rcQuotaExceeded);
	CHECK_RC(KnHandleClose(handle), rcOk); /* the whole chain goes */
	CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 7, NULL, &handle), rcOk);
}

static void quotas_client(void)
{
	subscribe_without_end();
	mark_without_end();
}

const struct scenario scenarios_hard[] = {
	{"quotas", once_server, quotas_client},
	{"once", once_server, once_client},
	{"after", once_server, after_client},
	{"handed", once_server, handed_client},
	{"beside", beside_server, beside_client},
	{"strict", strict_server, beside_client},
	{"betrayed", beside_server, betrayed_client},
	{"refused", refused_server, refused_client},
	{"smuggled", beside_server, smuggled_client},
	{"unlucky", idle_server, unlucky_client},
	{"misbuilt", beside_server, misbuilt_client},
	{"misasked", misasked_server, nothing},
	{"idle", idle_server, idle_client},
	{"alone", alone, alone},
	{"nothing", nothing, nothing},
	{"ring", ring, ring},
	{"never_answers", never_answers_server, never_answers_client},
	{"hoard", hoard_server, hoard_client},
	{NULL, NULL, NULL},
};
