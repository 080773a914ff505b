/* SPDX-License-Identifier: Apache-2.0 */

/* Rows 9, 28, 30, 31 and 35 of docs/ipc-semantics.md: rights, limits, and signals. */

#include <coresrv/entity/entity_api.h>
#include <coresrv/thread/thread_api.h>
#include <pthread.h>
#include <services/ocap.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

#include "scenario.h"
#include "tally.h"

/* --- row 9: a handle without the right to call, to receive, to reply --- */

/* The request is answered over @replies once @receives has been tried. */
static void serve_over_two(Handle receives, Handle replies)
{
	static struct request request;
	NkKosTransport transport;
	t_Calls_Echo_res response;

	nk_arena_init(&request.arena, request.arena_bytes,
		      request.arena_bytes + sizeof(request.arena_bytes));
	nk_req_reset(&request.message);
	memset(&response, 0, sizeof(response));
	nk_req_reset(&response);
	NkKosTransport_Init(&transport, receives, NK_NULL, 0);
	CHECK(nk_transport_recv(&transport.base, &request.message.base_, &request.arena) == NK_EOK);
	tally_serves();
	CHECK(nk_transport_reply(&transport.base, &response.base_, NK_NULL) == NK_EPERM);
	transport.reply_handle = replies;
	CHECK(nk_transport_reply(&transport.base, &response.base_, NK_NULL) == NK_EOK);
	CHECK(nk_transport_reply(&transport.base, &response.base_, NK_NULL) == NK_EINVAL);
}

static void rights_server(void)
{
	static struct request request;
	Handle handle = server_handle();
	Handle replies;
	Handle receives;

	CHECK_RC(KnHandleCopy(handle, OCAP_IPC_REPLY, INVALID_HANDLE, &replies), rcOk);
	CHECK_RC(KnHandleCopy(handle, OCAP_IPC_RECV, INVALID_HANDLE, &receives), rcOk);
	for (int i = 0; i < 2; i++) {
		CHECK_RC(receive(replies, &request, INFINITE_TIMEOUT), rcSecurityDisallow);
		CHECK_RC(receive(receives, &request, INFINITE_TIMEOUT), rcOk);
		CHECK_RC(answer(INVALID_HANDLE, &request), rcInvalidArgument);
		CHECK_RC(answer(receives, &request), rcSecurityDisallow);
		CHECK_RC(answer(replies, &request), rcOk);
		CHECK_RC(receive(INVALID_HANDLE, &request, 0), rcInvalidArgument);
	}
	serve_over_two(receives, replies);
}

static void rights_client(void)
{
	Handle handle = client_handle();
	Handle weak;

	CHECK_RC(KnHandleCopy(handle, OCAP_HANDLE_COPY, INVALID_HANDLE, &weak), rcOk);
	CHECK_RC(call_number(weak, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcSecurityDisallow);
	CHECK_RC(call_number(weak, ASKED, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcSecurityDisallow);
	CHECK_RC(call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(call_number(handle, ASKED, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(call_number(handle, ECHO, 0, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
}

/* --- row 28: over the limit, which the test sets to 8 KiB --- */

#define OVER 9000u

static void too_large_server(void)
{
	static struct request request;
	Handle handle = server_handle();
	t_Calls_Bytes_res response;
	SMsgHdr out;

	/* The request that was too large does not come. */
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	CHECK(request.message.base_.mid == ECHO);
	CHECK_RC(answer(handle, &request), rcOk);
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	CHECK(request.message.base_.mid == BYTES);
	memset(&response, 0, sizeof(response));
	nk_req_reset(&response);
	nk_arena_reset(&request.arena);
	CHECK(nk_arena_alloc(nk_uint8_t, &request.arena, &response.data, OVER) != NULL);
	CHECK(PackOutMsg(&out, &response.base_, &request.arena) == NK_EOK);
	out.threadId = request.header.threadId;
	CHECK_RC(Reply(handle, &out), rcInvalidArgument);
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	CHECK_RC(answer(handle, &request), rcOk);
}

static void too_large_client(void)
{
	Handle handle = client_handle();

	CHECK_RC(call_bytes(handle, OVER), rcBufferTooLarge);
	CHECK_RC(call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(call_bytes(handle, 5), rcInvalidArgument);
	CHECK_RC(call_number(handle, ECHO, 2, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
}

/* --- row 30: the server's table of handles is full --- */

static void full_table_server(void)
{
	static struct request request;
	Handle handle = server_handle();
	Handle object;
	Retcode rc;

	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	do
		rc = KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 0, NULL, &object);
	while (rc == rcOk);
	CHECK_RC(rc, rcQuotaExceeded);
	CHECK_RC(answer(handle, &request), rcOk);
	/* Give was not for us to see. */
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	CHECK(request.message.base_.mid == ASKED);
	CHECK_RC(answer(handle, &request), rcOk);
}

static void full_table_client(void)
{
	Handle handle = client_handle();
	t_Calls_Give_req request;
	t_Calls_Give_res response;
	Handle object;
	SMsgHdr out;
	SMsgHdr in;

	CHECK_RC(call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, OCAP_HANDLE_TRANSFER, NULL,
					  &object),
		 rcOk);
	memset(&request, 0, sizeof(request));
	nk_req_reset(&request);
	nk_msg_set_method_id(&request, 0, GIVE);
	nk_msg_set_ncaps(&request, 1);
	request.object.handle = object;
	request.object.rights = OCAP_HANDLE_TRANSFER;
	nk_req_reset(&response);
	CHECK(PackOutMsg(&out, &request.base_, NULL) == NK_EOK);
	CHECK(PackInMsg(&in, &response.base_, NULL) == NK_EOK);
	CHECK_RC(Call(handle, &out, &in), rcQuotaExceeded);
	CHECK_RC(call_number(handle, ASKED, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	/* It is still ours. */
	CHECK_RC(KnHandleClose(object), rcOk);
}

/* --- row 31: more threads than a process may call with --- */

#define CROWD 270
#define MOST  256 /* the main thread is one of them */

static _Atomic unsigned served;
static _Atomic unsigned refused;
static pthread_barrier_t all_have_called;

static void *call_in_a_crowd(void *unused)
{
	Handle handle = client_handle();
	Retcode rc = call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE);
	SMsgHdr message = {0};

	if (rc == rcOk) {
		atomic_fetch_add(&served, 1);
	} else {
		CHECK_RC(rc, rcQuotaExceeded);
		CHECK_RC(Recv(handle, &message), rcQuotaExceeded);
		CHECK_RC(Reply(handle, &message), rcQuotaExceeded);
		atomic_fetch_add(&refused, 1);
	}
	/* Whoever called has its place until it ends. */
	(void)pthread_barrier_wait(&all_have_called);
	return unused;
}

static void crowd_client(void)
{
	Handle handle = client_handle();
	pthread_t threads[CROWD];
	pthread_attr_t small;

	CHECK_RC(call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK(pthread_attr_init(&small) == 0 && pthread_attr_setstacksize(&small, 262144) == 0);
	CHECK(pthread_barrier_init(&all_have_called, NULL, CROWD) == 0);
	for (int i = 0; i < CROWD; i++)
		CHECK(pthread_create(&threads[i], &small, call_in_a_crowd, NULL) == 0);
	for (int i = 0; i < CROWD; i++)
		(void)pthread_join(threads[i], NULL);
	CHECK(served == MOST - 1 && refused == CROWD - (MOST - 1));
	/* Their places are free again. */
	CHECK(pthread_barrier_init(&all_have_called, NULL, 1) == 0);
	CHECK(pthread_create(&threads[0], &small, call_in_a_crowd, NULL) == 0);
	(void)pthread_join(threads[0], NULL);
	CHECK(served == MOST);
}

static void crowd_server(void)
{
	serve(server_handle(), 0);
}

/* --- row 35: signals --- */

static volatile sig_atomic_t alarms;

static void count_alarm(int number)
{
	(void)number;
	alarms++;
}

/* Every millisecond, without SA_RESTART. */
static void be_alarmed(void)
{
	const struct itimerval often = {{0, 1000}, {0, 1000}};
	struct sigaction action = {.sa_handler = count_alarm};

	CHECK(sigaction(SIGALRM, &action, NULL) == 0);
	CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
}

static void signals_server(void)
{
	static struct request request;
	Handle handle = server_handle();

	be_alarmed();
	for (int i = 0; i < 20; i++) {
		int before = alarms;

		CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
		/* The client sleeps and is interrupted about as often as we are. */
		while (alarms < before + 5)
			(void)KnSleep(1);
		CHECK_RC(answer(handle, &request), rcOk);
	}
}

static void signals_client(void)
{
	Handle handle = client_handle();

	be_alarmed();
	for (nk_uint64_t i = 100; i < 120; i++)
		CHECK_RC(call_number(handle, i % 2 ? ECHO : ASKED, i, INFINITE_TIMEOUT,
				     INVALID_HANDLE),
			 rcOk);
	CHECK(alarms > 0);
}

/* --- H-02: an interrupt object is closed, and another made at once --- */

static Handle sync_handle;

static void *wait_recv_for_two_seconds(void *rc)
{
	static struct request request;

	nk_req_reset(&request.message);
	(void)PackInMsg(&request.header, &request.message.base_, NULL);
	*(Retcode *)rc = RecvEx(server_handle(), &request.header, 2000, sync_handle);
	return NULL;
}

/* Who waits with an object that is closed is told, though the next one is made at once. */
static Retcode closed_while_waited_for(void)
{
	Handle next;
	pthread_t thread;
	Retcode rc = rcFail;

	CHECK_RC(KnIpcCreateSyncObject(&sync_handle), rcOk);
	CHECK(pthread_create(&thread, NULL, wait_recv_for_two_seconds, &rc) == 0);
	(void)KnSleep(10);
	CHECK_RC(KnHandleClose(sync_handle), rcOk);
	CHECK_RC(KnIpcCreateSyncObject(&next), rcOk);
	(void)pthread_join(thread, NULL);
	CHECK(next != sync_handle);
	CHECK_RC(KnIpcSetInterrupt(sync_handle), rcInvalidArgument);
	CHECK_RC(KnIpcClearInterrupt(sync_handle), rcInvalidArgument);
	CHECK_RC(KnHandleClose(sync_handle), rcInvalidArgument);
	CHECK_RC(KnHandleClose(next), rcOk);
	return rc;
}

static void reopened_server(void)
{
	/* Its thread may have come too late, and found the object closed. */
	for (int told = 0, tries = 0; told < 20; tries++) {
		Retcode rc = closed_while_waited_for();

		CHECK(rc == rcIpcInterrupt || (rc == rcInvalidArgument && tries < 1000));
		told += rc == rcIpcInterrupt;
	}
}

static void reopened_client(void)
{
}

/* --- lives and calls without end --- */

static void lives_server(void)
{
	fprintf(stderr, "STAYS %d\n", (int)getpid());
	serve_everything(server_handle());
}

static void live_once(Handle handle)
{
	static const EntityInfo info = {.eiid = "t.Client"};
	Entity *entity = EntityInitEx(&info, "again", "part");
	rtl_uint32_t code = 0;

	CHECK(entity != NULL);
	CHECK_RC(EntityStop(entity), rcOk);
	CHECK_RC(EntityWait(entity, INFINITE_TIMEOUT, &code), rcOk);
	for (nk_uint64_t i = 0; i < 4; i++)
		CHECK_RC(call_number(handle, i % 2 ? ECHO : ASKED, 100 + i, INFINITE_TIMEOUT,
				     INVALID_HANDLE),
			 rcOk);
	for (nk_uint32_t i = 0; i < 6; i++)
		CHECK_RC(call_bytes(handle, i * 10000), rcOk);
}

/* The table of handles is nearly full, so that those of the dead are closed all the time. */
static void lives_client(void)
{
	Handle handle = client_handle();
	Handle object;

	fprintf(stderr, "STAYS %d\n", (int)getpid());
	for (int i = 0; i < 3900; i++)
		CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 0, NULL, &object), rcOk);
	for (;;) {
		for (int i = 0; i < 100; i++)
			live_once(handle);
		fprintf(stderr, "HUNDRED\n");
	}
}

/* --- restarts --- */

static void no_server(void)
{
}

/* More processes one after the other than a process can have handles. */
static void restarts(void)
{
	static const EntityInfo info = {.eiid = "t.Client"};
	rtl_uint32_t code = 0;
	Entity *first = NULL;
	Entity *entity;
	Handle object;

	/* Most of the room is used up by something else: quicker. */
	for (int i = 0; i < 4000; i++)
		CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 0, NULL, &object), rcOk);
	for (int i = 0; i < 250; i++) {
		entity = EntityInitEx(&info, "again", "part");
		CHECK(entity != NULL);
		CHECK_RC(EntityStop(entity), rcOk);
		CHECK_RC(EntityWait(entity, INFINITE_TIMEOUT, &code), rcOk);
		if (!first)
			first = entity;
	}
	/* Its handle is closed by now; what was known of it is known still. */
	code = 1;
	CHECK_RC(EntityWait(first, 0, &code), rcOk);
	CHECK(code == 0);
	CHECK_RC(EntityStop(first), rcOk);
	CHECK_RC(EntityRun(first), rcInvalidOperation);
	CHECK_RC(EntityConnect(first, entity), rcInvalidOperation);
}

const struct scenario scenarios_limits[] = {
	{"lives", lives_server, lives_client},
	{"rights", rights_server, rights_client},
	{"too_large", too_large_server, too_large_client},
	{"full_table", full_table_server, full_table_client},
	{"crowd", crowd_server, crowd_client},
	{"signals", signals_server, signals_client},
	{"reopened", reopened_server, reopened_client},
	{"restarts", no_server, restarts},
	{NULL, NULL, NULL},
};
