/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Rows 11 to 18 of docs/ipc-semantics.md and C-09: one side ends, in every way a
 * process can, and the other is told. A server that dies says PASS first, for it
 * cannot afterwards.
 */

#include <coresrv/thread/thread_api.h>
#include <pthread.h>
#include <signal.h>

#include "scenario.h"

static void say_pass(const char *name)
{
	fprintf(stderr, "PASS %s server\n", name);
}

/* Every later call fails the same way, at once. */
static void expect_gone(Handle handle, enum method method)
{
	const rtl_uint64_t start = now_ms();

	for (int i = 0; i < 200; i++)
		CHECK_RC(call_number(handle, method, 1, INFINITE_TIMEOUT, INVALID_HANDLE),
			 rcNotConnected);
	CHECK(now_ms() - start < 2000);
}

/* --- row 11, 12: before and after the server received ------------------------------ */

static void dies_unreceived_server(void)
{
	(void)server_handle();
	say_pass("dies_unreceived");
	(void)KnSleep(300);
	(void)raise(SIGKILL);
}

static void *call_asked(void *unused)
{
	CHECK_RC(call_number(client_handle(), ASKED, 1, INFINITE_TIMEOUT, INVALID_HANDLE),
		 rcNotConnected);
	return unused;
}

static void dies_client(void)
{
	Handle handle = client_handle();
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, call_asked, NULL) == 0);
	CHECK_RC(call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcNotConnected);
	(void)pthread_join(thread, NULL);
	expect_gone(handle, ECHO);
	expect_gone(handle, ASKED);
}

static void dies_received_server(void)
{
	static struct request requests[2];
	Handle handle = server_handle();

	CHECK_RC(receive(handle, &requests[0], INFINITE_TIMEOUT), rcOk);
	CHECK_RC(receive(handle, &requests[1], INFINITE_TIMEOUT), rcOk);
	say_pass("dies_received");
	(void)KnSleep(100);
	(void)raise(SIGKILL);
}

/* --- C-09: every way to end while a request is held ----------------------------------- */

static void *leave_by_thread(void *unused)
{
	_exit(3);
	return unused;
}

/* In the direction of the optimiser's blind spot: these must really happen. */
static int *volatile nowhere;

static void end_in_way(int way)
{
	pthread_t thread;

	switch (way) {
	case 0:
		*nowhere = 1; /* SIGSEGV */
		break;
	case 1:
		(void)raise(SIGBUS);
		break;
	case 2:
		__builtin_trap(); /* SIGILL */
	case 3:
		(void)raise(SIGFPE);
		break;
	case 4:
		abort();
	case 5:
		exit(7);
	case 6:
		_exit(8);
	case 7:
		return; /* from main */
	case 8:
		pthread_exit(NULL); /* the last thread */
	case 9:
		(void)execl("/proc/self/exe", "part",
			    NULL); /* refused, or it is no entity any more */
		_exit(9);
	case 10:
		(void)raise(SIGSYS);
		break;
	default:
		CHECK(pthread_create(&thread, NULL, leave_by_thread, NULL) == 0);
		for (;;)
			(void)KnSleep(1000);
	}
}

static void every_way_server(void)
{
	static struct request request;

	CHECK_RC(receive(server_handle(), &request, INFINITE_TIMEOUT), rcOk);
	say_pass("every_way");
	end_in_way(atoi(getenv("WAY")));
}

/* C-11: with MB of memory of its own. */
static void big_server(void)
{
	static struct request request;
	const size_t bytes = strtoul(getenv("MB"), NULL, 10) << 20;
	char *memory = malloc(bytes);

	CHECK(memory != NULL);
	memset(memory, 1, bytes);
	CHECK_RC(receive(server_handle(), &request, INFINITE_TIMEOUT), rcOk);
	CHECK(memory[bytes / 2] == 1);
	fprintf(stderr, "DIES %llu\n", (unsigned long long)now_us());
	(void)raise(SIGKILL);
}

static void big_client(void)
{
	Handle handle = client_handle();

	CHECK_RC(call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcNotConnected);
	fprintf(stderr, "TOLD %llu\n", (unsigned long long)now_us());
}

static void every_way_client(void)
{
	Handle handle = client_handle();

	CHECK_RC(call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcNotConnected);
	expect_gone(handle, ASKED);
}

/* --- row 13: the reply was given ------------------------------------------------------- */

static void dies_answered_server(void)
{
	static struct request request;
	Handle handle = server_handle();

	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	CHECK_RC(answer(handle, &request), rcOk);
	say_pass("dies_answered");
	(void)raise(SIGKILL);
}

static void dies_answered_client(void)
{
	Handle handle = client_handle();

	CHECK_RC(call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	/* The next one may still find the server alive, but nobody answers it. */
	CHECK_RC(call_number(handle, ECHO, 2, INFINITE_TIMEOUT, INVALID_HANDLE), rcNotConnected);
	expect_gone(handle, ASKED);
}

/* --- rows 15, 16, 17: closing, and clients that end --------------------------------------- */

static void closes_server(void)
{
	static struct request request;
	Handle handle = server_handle();

	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	CHECK_RC(answer(handle, &request), rcOk);
	CHECK_RC(KnHandleClose(handle), rcOk);
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcInvalidArgument);
	CHECK_RC(KnHandleClose(handle), rcInvalidArgument);
}

static void closes_client(void)
{
	Handle handle = client_handle();

	CHECK_RC(call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(call_number(handle, ECHO, 2, INFINITE_TIMEOUT, INVALID_HANDLE), rcNotConnected);
	CHECK_RC(call_number(handle, ASKED, 2, INFINITE_TIMEOUT, INVALID_HANDLE), rcNotConnected);
}

static void client_ends_server(void)
{
	static struct request first;
	static struct request second;
	Handle handle = server_handle();

	CHECK_RC(receive(handle, &first, INFINITE_TIMEOUT), rcOk);
	CHECK_RC(receive(handle, &second, INFINITE_TIMEOUT), rcOk);
	(void)KnSleep(300); /* the client is dead now */
	CHECK_RC(answer(handle, &first), rcNotConnected);
	CHECK_RC(answer(handle, &second), rcNotConnected);
	/* Row 18: nobody is left, and the wait goes on. */
	CHECK_RC(receive(handle, &first, 200), rcTimeout);
}

static void *call_echo(void *unused)
{
	(void)call_number(client_handle(), ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE);
	return unused;
}

static void *call_judged(void *unused)
{
	(void)call_number(client_handle(), ASKED, 1, INFINITE_TIMEOUT, INVALID_HANDLE);
	return unused;
}

static void client_ends_client(void)
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, call_echo, NULL) == 0);
	CHECK(pthread_create(&thread, NULL, call_judged, NULL) == 0);
	(void)KnSleep(150);
	fprintf(stderr, "PASS client_ends client\n");
	(void)raise(SIGKILL);
}

/* --- a process that calls itself waits, and somebody can see it ----------------------- */

static void waits_server(void)
{
	static struct request request;

	CHECK_RC(receive(server_handle(), &request, INFINITE_TIMEOUT), rcOk);
	say_pass("waits");
	for (;;)
		(void)KnSleep(1000); /* alive, responsible, never answers: S-02 */
}

static void waits_client(void)
{
	fprintf(stderr, "PASS waits client\n");
	(void)call_number(client_handle(), ASKED, 1, INFINITE_TIMEOUT, INVALID_HANDLE);
	CHECK(!"a call that nobody answers returned");
}

/* --- P-01: the module misbehaves (numbers 90 to 96): the solution ends -------------------- */

static void module_client(void)
{
	fprintf(stderr, "PASS module client\n");
	(void)call_number(client_handle(), ASKED, strtoul(getenv("NUMBER"), NULL, 10),
			  INFINITE_TIMEOUT, INVALID_HANDLE);
	CHECK(!"a call returned from a module that misbehaves");
}

static void module_server(void)
{
	say_pass("module");
	serve(server_handle(), 0);
}

const struct scenario scenarios_ends[] = {
	{"dies_unreceived", dies_unreceived_server, dies_client},
	{"dies_received", dies_received_server, dies_client},
	{"every_way", every_way_server, every_way_client},
	{"big", big_server, big_client},
	{"dies_answered", dies_answered_server, dies_answered_client},
	{"closes", closes_server, closes_client},
	{"client_ends", client_ends_server, client_ends_client},
	{"waits", waits_server, waits_client},
	{"module", module_server, module_client},
	{NULL, NULL, NULL},
};
