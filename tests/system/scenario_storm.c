/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The storm (C-05, C-13): a master makes cells of six processes, again and again. In
 * a cell two clients call a server, two call a middle one that calls the server in
 * turn; calls are direct and relayed, carry bytes and handles. Some of them end at a
 * random moment, by a clock of their own (SIGALRM without a handler) that runs from their
 * start or, with most, from their first request or reply; servers of these take no request
 * any more after some, so that others wait for them when they end, however slow the machine
 * is. Who lives must get right replies or be told that somebody is dead, and somebody must
 * be. Who has ended is stopped once more later on.
 *
 * Of the master: SECONDS to go on for, PARALLEL cells at a time, SEED. Of the parts: SEED, LIFE
 * in microseconds (0: for ever), LATE=n if it begins with the first request or reply and the
 * n-th request is the last one taken, CALLS, NEXT=1 for the middle one, ALONE=1 for a client whose
 * server nobody ends.
 */

#include <coresrv/entity/entity_api.h>
#include <coresrv/thread/thread_api.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <time.h>

#include "scenario.h"

#define TOLD     3u
#define DIED     (128u + 14u) /* of SIGALRM */
#define CLIENTS  4u
#define HANG_MS  30000u
#define MAX_DATA 60000u

/* Of one thread; any state will do. */
static nk_uint64_t draw(nk_uint64_t *state, nk_uint64_t limit)
{
	nk_uint64_t z = (*state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (z ^ (z >> 31)) % limit;
}

static void limit_life(void)
{
	nk_uint64_t life = number_of_environment("LIFE");
	struct itimerval timer = {.it_value = {(time_t)(life / 1000000), (long)(life % 1000000)}};

	CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
}

/* --- servers ---------------------------------------------------------------------------- */

static void reply(Handle handle, SMsgHdr *out, struct request *request)
{
	Retcode rc;

	out->threadId = request->header.threadId;
	rc = Reply(handle, out);
	CHECK(rc == rcOk || rc == rcNotConnected);
}

static void give_bytes_back(Handle handle, struct request *request)
{
	nk_uint32_t size = request->message.ep.Bytes.data.size;
	SMsgHdr out;

	nk_req_reset(&request->message.ep.Bytes);
	request->message.ep.Bytes.data.size = size;
	request->arena.current = request->arena_bytes + size;
	CHECK(PackOutMsg(&out, &request->message.base_, &request->arena) == NK_EOK);
	reply(handle, &out, request);
}

/* Out of memory is no reason to keep a handle; the next time there may be some (K-04). */
static void close_surely(Handle handle)
{
	Retcode rc = rcOutOfMemory;

	for (int i = 0; rc == rcOutOfMemory && i < 6; i++)
		rc = KnHandleClose(handle);
	CHECK_RC(rc, rcOk);
}

static Handle make_surely(void)
{
	Retcode rc = rcOutOfMemory;
	Handle object = INVALID_HANDLE;

	for (int i = 0; rc == rcOutOfMemory && i < 6; i++)
		rc = KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, OCAP_HANDLE_TRANSFER, NULL,
					      &object);
	CHECK_RC(rc, rcOk);
	return object;
}

static void take_handle(Handle handle, struct request *request)
{
	const nk_handle_desc_t got = request->message.ep.Give.object;
	t_Calls_Give_res response;
	SMsgHdr out;

	memset(&response, 0, sizeof(response));
	nk_req_reset(&response);
	response.rights = got.rights;
	close_surely(got.handle);
	CHECK(PackOutMsg(&out, &response.base_, NULL) == NK_EOK);
	reply(handle, &out, request);
}

static void give_handle(Handle handle, Handle object, struct request *request)
{
	t_Calls_Take_res response;
	SMsgHdr out;

	memset(&response, 0, sizeof(response));
	nk_req_reset(&response);
	nk_msg_set_ncaps(&response, 1);
	response.object.handle = object;
	response.object.rights = OCAP_HANDLE_TRANSFER;
	CHECK(PackOutMsg(&out, &response.base_, NULL) == NK_EOK);
	reply(handle, &out, request);
}

/* Numbers go on to the next server, if there is one; its death is ours. */
static void serve_number(Handle handle, Handle next, struct request *request)
{
	enum method method = (enum method)request->message.base_.mid;
	Retcode rc = rcOk;

	if (next != INVALID_HANDLE)
		rc = call_number(next, method, request->message.ep.Echo.number, INFINITE_TIMEOUT,
				 INVALID_HANDLE);
	if (rc == rcNotConnected)
		_exit(TOLD);
	CHECK_RC(rc, rcOk);
	rc = answer(handle, request);
	CHECK(rc == rcOk || rc == rcNotConnected);
}

static _Noreturn void serve_methods(Handle handle, Handle next)
{
	static struct request request;
	Handle object = make_surely();
	nk_uint64_t last = number_of_environment("LATE");

	for (nk_uint64_t taken = 1;; taken++) {
		CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
		if (last && taken == 1)
			limit_life();
		switch (request.message.base_.mid) {
		case BYTES:
			give_bytes_back(handle, &request);
			break;
		case GIVE:
			take_handle(handle, &request);
			break;
		case TAKE:
			give_handle(handle, object, &request);
			break;
		default:
			serve_number(handle, next, &request);
		}
		if (taken == last)
			(void)KnSleep(INFINITE_TIMEOUT); /* until the clock has run out */
	}
}

void serve_everything(Handle handle)
{
	serve_methods(handle, INVALID_HANDLE);
}

static void storm_server(void)
{
	Handle next = INVALID_HANDLE;
	Handle handle;

	if (!number_of_environment("LATE"))
		limit_life();
	handle = server_handle();
	if (getenv("NEXT"))
		next = client_handle();
	serve_methods(handle, next);
}

/* --- clients ------------------------------------------------------------------------------ */

Retcode call_bytes(Handle handle, nk_uint32_t size)
{
	static char there[REQUEST_BYTES];
	static char back[REQUEST_BYTES];
	struct nk_arena out_arena = NK_ARENA_INITIALIZER(there, there + sizeof(there));
	struct nk_arena in_arena = NK_ARENA_INITIALIZER(back, back + sizeof(back));
	t_Calls_Bytes_req request;
	t_Calls_Bytes_res response;
	SMsgHdr out;
	SMsgHdr in;
	Retcode rc;

	memset(&request, 0, sizeof(request));
	nk_req_reset(&request);
	nk_msg_set_method_id(&request, 0, BYTES);
	CHECK(nk_arena_alloc(nk_uint8_t, &out_arena, &request.data, size) != NULL);
	for (nk_uint32_t i = 0; i < size; i++)
		there[i] = (char)(i * 31 + size);
	nk_req_reset(&response);
	CHECK(PackOutMsg(&out, &request.base_, &out_arena) == NK_EOK);
	CHECK(PackInMsg(&in, &response.base_, &in_arena) == NK_EOK);
	rc = Call(handle, &out, &in);
	if (rc == rcOk)
		CHECK(in.indirDescs[1].size == size && memcmp(there, back, size) == 0);
	return rc;
}

Retcode call_give(Handle handle)
{
	return call_give_in(handle, INFINITE_TIMEOUT);
}

Retcode call_give_in(Handle handle, rtl_uint32_t mdelay)
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
	request.object.handle = make_surely();
	request.object.rights = OCAP_HANDLE_TRANSFER;
	nk_req_reset(&response);
	CHECK(PackOutMsg(&out, &request.base_, NULL) == NK_EOK);
	CHECK(PackInMsg(&in, &response.base_, NULL) == NK_EOK);
	rc = CallEx(handle, &out, &in, mdelay, INVALID_HANDLE);
	if (rc == rcOk)
		CHECK(response.rights == OCAP_HANDLE_TRANSFER);
	close_surely(request.object.handle);
	return rc;
}

Retcode call_take(Handle handle)
{
	nk_handle_desc_t object;
	Retcode rc = take_object(handle, &object);

	if (rc == rcOk)
		close_surely(object.handle);
	return rc;
}

static Retcode call_something(Handle handle, nk_uint64_t *state, nk_uint64_t number)
{
	switch (draw(state, 8)) {
	case 0:
		return call_bytes(handle,
				  (nk_uint32_t)draw(state, draw(state, 16) ? 900 : MAX_DATA));
	case 1:
		return call_give(handle);
	case 2:
		return call_take(handle);
	case 3:
	case 4:
		return call_number(handle, ASKED, 100 + number, INFINITE_TIMEOUT, INVALID_HANDLE);
	default:
		return call_number(handle, ECHO, 100 + number, INFINITE_TIMEOUT, INVALID_HANDLE);
	}
}

static void storm_client(void)
{
	nk_uint64_t state = number_of_environment("SEED");
	nk_uint64_t calls = number_of_environment("CALLS");
	nk_uint64_t late = number_of_environment("LATE");
	const bool alone = getenv("ALONE") != NULL;
	Handle handle;
	Retcode rc;

	if (!late)
		limit_life();
	handle = client_handle();
	for (nk_uint64_t i = 0; i < calls; i++) {
		rc = call_something(handle, &state, i);
		if (late && i == 0)
			limit_life();
		if (rc == rcNotConnected && !alone)
			_exit(TOLD);
		CHECK_RC(rc, rcOk);
	}
	_exit(0);
}

/* --- the master ------------------------------------------------------------------------------ */

enum { SERVER, MIDDLE, FIRST_CLIENT, PARTS = FIRST_CLIENT + CLIENTS };

static atomic_uint deaths;
static atomic_uint told;
static atomic_uint done;
static atomic_uint cells_made;
static rtl_uint64_t end_ms;

static Entity *make_part(unsigned cell, unsigned part, nk_uint64_t *state)
{
	static const EntityInfo server = {.eiid = "t.Server"};
	static const EntityInfo client = {.eiid = "t.Client"};
	const bool serves = part < FIRST_CLIENT;
	const char *args[] = {"part", "storm", serves ? "server" : "client", NULL};
	char name[32];
	char seed[40];
	char life[40];
	char late[40];
	char delays[40];
	const nk_uint64_t length = draw(state, serves ? 2 : 3) ? 100 + draw(state, 20000) : 0;
	const nk_uint64_t dawdle = number_of_environment("KX_POINT_SEED");
	const char *env[] = {seed,
			     life,
			     late,
			     delays,
			     dawdle ? "CALLS=30" : "CALLS=150",
			     part == MIDDLE ? "NEXT=1" : NULL,
			     NULL};
	Entity *entity;

	(void)snprintf(name, sizeof(name), "c%u.%u", cell, part);
	/* What this one was given as such (kernel/ipc/point.h). */
	(void)snprintf(delays, sizeof(delays), "KX_POINT_SEED=%llu", (unsigned long long)dawdle);
	(void)snprintf(seed, sizeof(seed), "SEED=%llu", (unsigned long long)draw(state, 1u << 30));
	/* Starting alone takes a few milliseconds: some end before they are told of a channel. */
	(void)snprintf(life, sizeof(life), "LIFE=%llu", (unsigned long long)length);
	(void)snprintf(late, sizeof(late), "LATE=%llu",
		       length && draw(state, 4) ? 1ull + draw(state, 100) : 0ull);
	entity = EntityInitEx(serves ? &server : &client, name, "part");
	CHECK(entity != NULL);
	CHECK_RC(EntitySetArgs(entity, args), rcOk);
	CHECK_RC(EntitySetEnv(entity, env), rcOk);
	return entity;
}

/* Its exit code, counted. */
static rtl_uint32_t wait_for(Entity *entity, unsigned part, unsigned cell)
{
	rtl_uint32_t code = 0;
	Retcode rc = EntityWait(entity, HANG_MS, &code);

	if (rc == rcTimeout) {
		fprintf(stderr, "FAIL c%u.%u hangs\n", cell, part);
		for (;;)
			(void)KnSleep(1000); /* whoever watches asks who waits for whom */
	}
	CHECK_RC(rc, rcOk);
	if (code != 0 && code != TOLD && code != DIED) {
		fprintf(stderr, "FAIL c%u.%u ended with %u\n", cell, part, code);
		_exit(1);
	}
	atomic_fetch_add(code == DIED ? &deaths : code == TOLD ? &told : &done, 1);
	return code;
}

static unsigned server_of(unsigned part)
{
	return part == MIDDLE || part % 2 ? SERVER : MIDDLE;
}

/* Who was told that its server is dead has one that is. */
static void check_verdicts(unsigned cell, const rtl_uint32_t codes[])
{
	for (unsigned i = MIDDLE; i < PARTS; i++) {
		if (codes[i] != TOLD || codes[server_of(i)] != 0)
			continue;
		fprintf(stderr, "FAIL c%u.%u was told of a death that was none\n", cell, i);
		_exit(1);
	}
}

static void run_cell(unsigned cell, nk_uint64_t *state, Entity *parts[])
{
	rtl_uint32_t codes[PARTS];

	for (unsigned i = 0; i < PARTS; i++)
		parts[i] = make_part(cell, i, state);
	for (unsigned i = MIDDLE; i < PARTS; i++)
		CHECK_RC(EntityConnectToService(parts[i], parts[server_of(i)], "t"), rcOk);
	for (unsigned i = 0; i < PARTS; i++)
		CHECK_RC(EntityRun(parts[i]), rcOk);
	for (unsigned i = FIRST_CLIENT; i < PARTS; i++)
		codes[i] = wait_for(parts[i], i, cell);
	for (unsigned i = FIRST_CLIENT; i-- > 0;) {
		CHECK_RC(EntityStop(parts[i]), rcOk);
		codes[i] = wait_for(parts[i], i, cell);
	}
	check_verdicts(cell, codes);
}

#define REMEMBERED 8u

/* They have ended: nobody is harmed, whoever has their process numbers by now. */
static void stop_again(Entity *ended[][PARTS])
{
	for (unsigned n = 0; n < REMEMBERED; n++)
		for (unsigned i = 0; i < PARTS && ended[n][i]; i++)
			CHECK_RC(EntityStop(ended[n][i]), rcOk);
}

static void *run_cells(void *context)
{
	nk_uint64_t state = number_of_environment("SEED") ^ ((nk_uint64_t)(size_t)context << 32);
	Entity *ended[REMEMBERED][PARTS] = {{NULL}};

	for (unsigned n = 0; now_ms() < end_ms; n++) {
		stop_again(ended);
		run_cell(atomic_fetch_add(&cells_made, 1), &state, ended[n % REMEMBERED]);
	}
	return NULL;
}

static void run_for(rtl_uint64_t milliseconds)
{
	pthread_t threads[16];
	size_t count = number_of_environment("PARALLEL");

	CHECK(count <= 16);
	end_ms = now_ms() + milliseconds;
	for (size_t i = 0; i < count; i++)
		CHECK(pthread_create(&threads[i], NULL, run_cells, (void *)i) == 0);
	for (size_t i = 0; i < count; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	fprintf(stderr, "STORM cells=%u deaths=%u told=%u done=%u\n", atomic_load(&cells_made),
		atomic_load(&deaths), atomic_load(&told), atomic_load(&done));
}

/* Whoever measures says so when it is done (SIGUSR1); it may take its time, but not for ever. */
static void wait_for_go(const sigset_t *go)
{
	const struct timespec patience = {.tv_sec = HANG_MS / 1000};

	if (sigtimedwait(go, NULL, &patience) == SIGUSR1)
		return;
	fprintf(stderr, "FAIL nobody said that the storm may begin (SIGUSR1)\n");
	_exit(1);
}

/* A few first: what grows only once has then grown, and the rest may be measured. */
static void storm_master(void)
{
	rtl_uint64_t milliseconds = number_of_environment("SECONDS") * 1000;
	sigset_t go;

	CHECK(sigemptyset(&go) == 0 && sigaddset(&go, SIGUSR1) == 0);
	CHECK(pthread_sigmask(SIG_BLOCK, &go, NULL) == 0);
	run_for(milliseconds / 10);
	fprintf(stderr, "QUIET 1\n");
	wait_for_go(&go);
	run_for(milliseconds);
	fprintf(stderr, "QUIET 2\n");
	(void)KnSleep(INFINITE_TIMEOUT);
}

const struct scenario scenarios_storm[] = {
	{"storm", storm_server, storm_client},
	{"storm_master", storm_master, storm_master},
	{NULL, NULL, NULL},
};
