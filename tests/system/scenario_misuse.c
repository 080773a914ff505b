/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Calls as nobody should make them: from signal handlers and left by longjmp or by the end of the
 * thread, with memory that is not there, in the child of a fork. What goes
 * wrong is the caller's matter alone.
 */

#include <coresrv/thread/thread_api.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "scenario.h"

#define SLOW 7u /* answered after a while */

static Handle handle;

static void serve_slowly(void)
{
	static struct request request;

	handle = server_handle();
	while (receive(handle, &request, INFINITE_TIMEOUT) == rcOk) {
		if (request.message.ep.Echo.number == SLOW)
			(void)KnSleep(5);
		(void)answer(handle, &request);
	}
}

static void serve_all(void)
{
	handle = server_handle();
	serve_everything(handle);
}

static Retcode call(enum method method, nk_uint64_t number)
{
	return call_number(handle, method, number, INFINITE_TIMEOUT, INVALID_HANDLE);
}

static void handle_by(int number, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};

	CHECK(sigaction(number, &action, NULL) == 0);
}

/* --- threads that leave a call otherwise than by its return --- */

static _Thread_local sigjmp_buf back;
static atomic_bool is_there; /* the leaver is about to call */

static void jump(int number)
{
	(void)number;
	siglongjmp(back, 1);
}

static void end_thread(int number)
{
	(void)number;
	pthread_exit(NULL);
}

/* Slow calls, until one of them is left. */
static void *call_and_be_left(void *method)
{
	enum method way = *(enum method *)method;
	Retcode rc;

	CHECK_RC(call(way, 1), rcOk); /* what the first call takes is taken */
	if (sigsetjmp(back, 1) == 0) {
		atomic_store(&is_there, true);
		for (;;)
			CHECK_RC(call(way, SLOW), rcOk);
	}
	/* It never came back, so none begins; but between two calls there was none to leave. */
	rc = call(ECHO, 2);
	CHECK(rc == rcInvalidThreadState || rc == rcOk);
	CHECK_RC(call(ECHO, 3), rc);
	if (rc == rcInvalidThreadState)
		CHECK_RC(Recv(handle, &(SMsgHdr){0}), rcInvalidThreadState);
	return method;
}

static void *call_and_be_cancelled(void *method)
{
	CHECK(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL) == 0);
	return call_and_be_left(method);
}

static void leave(enum method method, int number)
{
	pthread_t thread;

	atomic_store(&is_there, false);
	CHECK(pthread_create(&thread, NULL, number ? call_and_be_left : call_and_be_cancelled,
			     &method) == 0);
	while (!atomic_load(&is_there))
		(void)KnSleep(1);
	(void)KnSleep(2);
	CHECK((number ? pthread_kill(thread, number) : pthread_cancel(thread)) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
}

static atomic_bool over;

static void *call_meanwhile(void *count)
{
	for (nk_uint64_t i = 100; !atomic_load(&over); i++) {
		CHECK_RC(call(i % 2 ? ECHO : ASKED, i), rcOk);
		atomic_fetch_add((atomic_ulong *)count, 1);
	}
	return count;
}

/* Fewer than a channel has slots, for those are not given back. */
static void left_client(void)
{
	static atomic_ulong count;
	pthread_t beside;

	handle = client_handle();
	handle_by(SIGUSR1, jump);
	handle_by(SIGUSR2, end_thread);
	CHECK(pthread_create(&beside, NULL, call_meanwhile, &count) == 0);
	for (int i = 0; i < 4; i++) {
		leave(i % 2 ? ECHO : ASKED, SIGUSR1);
		leave(i % 2 ? ECHO : ASKED, SIGUSR2);
		leave(i % 2 ? ECHO : ASKED, 0);
	}
	atomic_store(&over, true);
	CHECK(pthread_join(beside, NULL) == 0);
	CHECK(atomic_load(&count) > 0);
	CHECK_RC(call(ECHO, 4), rcOk);
	CHECK_RC(call(ASKED, 5), rcOk);
}

/* --- memory that is not there, not writable, not aligned --- */

#define PAGE 4096u

static char *page_with(int protection)
{
	void *page = mmap(NULL, PAGE, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(page != MAP_FAILED);
	return page;
}

/* A call of Bytes with 100 bytes from and to where it is said. */
struct places {
	char *out; /* of the request's constant part */
	char *in;
	char *out_arena;
	char *in_arena;
};

static Retcode call_between(const struct places *at)
{
	struct nk_arena from = NK_ARENA_INITIALIZER(at->out_arena, at->out_arena + 200);
	struct nk_arena to = NK_ARENA_INITIALIZER(at->in_arena, at->in_arena + 200);
	t_Calls_Bytes_req request;
	t_Calls_Bytes_res response;
	SMsgHdr out;
	SMsgHdr in;

	memset(&request, 0, sizeof(request));
	memset(&response, 0, sizeof(response));
	nk_req_reset(&request);
	nk_msg_set_method_id(&request, 0, BYTES);
	request.data.size = 100;
	from.current = at->out_arena + 100;
	nk_req_reset(&response);
	CHECK(PackOutMsg(&out, &request.base_, &from) == NK_EOK);
	CHECK(PackInMsg(&in, &response.base_, &to) == NK_EOK);
	if (at->out)
		out.indirDescs[0].buf = at->out;
	if (at->in)
		in.indirDescs[0].buf = at->in;
	return Call(handle, &out, &in);
}

/* So many bytes, and behind them nothing may be read. */
static char *last_bytes_of_memory(size_t bytes)
{
	char *pages = mmap(NULL, 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(pages != MAP_FAILED && mprotect(pages, PAGE, PROT_READ | PROT_WRITE) == 0);
	return pages + PAGE - bytes;
}

/* Where the call with number CASE has memory that it may not have; the process ends by it. */
static Retcode call_badly(unsigned long number)
{
	static char ground[PAGE];
	struct places at = {.out_arena = ground, .in_arena = ground};

	switch (number) {
	case 0:
		at.out = page_with(PROT_NONE);
		break;
	case 1:
		at.out_arena = page_with(PROT_NONE);
		break;
	case 2:
		at.in = page_with(PROT_NONE);
		break;
	case 3:
		at.in = page_with(PROT_READ);
		break;
	case 4:
		at.in_arena = page_with(PROT_NONE);
		break;
	case 5:
		at.in_arena = page_with(PROT_READ);
		break;
	case 6:
		return Call(handle, (const SMsgHdr *)(void *)page_with(PROT_NONE), &(SMsgHdr){0});
	default:
		at.out_arena = last_bytes_of_memory(99);
	}
	return call_between(&at);
}

static void bad_client(void)
{
	handle = client_handle();
	(void)call_badly(strtoul(getenv("CASE"), NULL, 10));
	fprintf(stderr, "RETURNED\n");
}

/* The next request comes into memory that may not be written. */
static void bad_server(void)
{
	SMsgHdr in = {.indirDescs = {{page_with(PROT_READ), PAGE}}};

	handle = server_handle();
	serve(handle, 1);
	(void)Recv(handle, &in);
	fprintf(stderr, "RETURNED\n");
}

/* The only thing that its client sees of it: the server is gone. */
static void betrayed_by_memory(void)
{
	handle = client_handle();
	CHECK_RC(call(ECHO, 1), rcOk);
	CHECK_RC(call(ECHO, 2), rcNotConnected);
	CHECK_RC(call(ASKED, 3), rcNotConnected);
}

/* Beside all of these: every call is right; and buffers at odd addresses are as good. */
static void good_client(void)
{
	static char odd[2][PAGE];
	const struct places at = {.out_arena = odd[0] + 1, .in_arena = odd[1] + 3};

	handle = client_handle();
	for (nk_uint64_t i = 0; i < 500; i++) {
		CHECK_RC(call(i % 2 ? ECHO : ASKED, 100 + i), rcOk);
		(void)memset(odd, (int)(i % 256), sizeof(odd));
		CHECK_RC(call_between(&at), rcOk);
		CHECK(memcmp(odd[0] + 1, odd[1] + 3, 100) == 0);
	}
}

/* --- the child of a fork, where that is allowed --- */

static void expect_not_ready(void)
{
	SMsgHdr none = {0};
	Handle object;

	CHECK_RC(call(ECHO, 1), rcNotReady);
	CHECK_RC(call(ASKED, 1), rcNotReady);
	CHECK_RC(Recv(handle, &none), rcNotReady);
	CHECK_RC(Reply(handle, &none), rcNotReady);
	CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 0, NULL, &object), rcNotReady);
	CHECK(ServiceLocatorConnect("t") == INVALID_HANDLE);
}

static pid_t fork_child(void)
{
	pid_t child = fork();

	CHECK(child >= 0);
	if (child == 0) {
		expect_not_ready();
		_exit(42);
	}
	return child;
}

/* Calls go on in the parent, also of threads that did not fork. */
static void forked_client(void)
{
	static atomic_ulong count;
	pthread_t beside;
	int status;

	handle = client_handle();
	CHECK_RC(call(ECHO, 1), rcOk);
	CHECK_RC(call(ASKED, 1), rcOk);
	CHECK(pthread_create(&beside, NULL, call_meanwhile, &count) == 0);
	for (int i = 0; i < 50; i++) {
		pid_t child = fork_child();

		CHECK_RC(call(i % 2 ? ECHO : ASKED, 100), rcOk);
		CHECK(waitpid(child, &status, 0) == child);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 42);
	}
	atomic_store(&over, true);
	CHECK(pthread_join(beside, NULL) == 0);
}

/* Where it is not allowed nothing has happened. */
static void unforked_client(void)
{
	handle = client_handle();
	for (int i = 0; i < 3; i++) {
		CHECK(fork() == -1 && errno == EPERM);
		CHECK_RC(call(i % 2 ? ECHO : ASKED, 100), rcOk);
	}
}

/* The server ends with a request and leaves a child behind that lives on for a while. */
static void orphan_server(void)
{
	static struct request request;

	handle = server_handle();
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	if (fork() == 0) {
		struct timespec pause = {.tv_sec = 1};

		(void)nanosleep(&pause, NULL); /* its life */
		_exit(0);
	}
	(void)raise(SIGKILL);
}

static void orphan_client(void)
{
	rtl_uint64_t start;

	handle = client_handle();
	CHECK_RC(call(ECHO, 1), rcNotConnected);
	start = now_ms();
	CHECK_RC(call(ASKED, 2), rcNotConnected);
	CHECK(now_ms() - start < 2000);
}

/* --- a server that takes more than there is, once it is told to --- */

static volatile sig_atomic_t may_eat;

static void let_eat(int number)
{
	(void)number;
	may_eat = 1;
}

static void glutton(void)
{
	static struct request request;

	handle = server_handle();
	handle_by(SIGUSR1, let_eat);
	fprintf(stderr, "PROCESS %d\nREADY\n", (int)getpid());
	while (!may_eat)
		(void)KnSleep(1);
	CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
	for (int i = 0; i < 256; i++) {
		char *piece = malloc(1u << 20);

		if (piece)
			(void)memset(piece, i + 1, 1u << 20);
	}
	fprintf(stderr, "NOT KILLED\n");
}

/* One of the two is taken, the other not. */
static void glutton_client(void)
{
	enum method method = *getenv("METHOD") == 'a' ? ASKED : ECHO;

	handle = client_handle();
	CHECK_RC(call(method, 1), rcNotConnected);
	CHECK_RC(call(method, 2), rcNotConnected);
}

const struct scenario scenarios_misuse[] = {
	{"left", serve_slowly, left_client},
	{"bad", bad_server, bad_client},
	{"betrayed_by_memory", bad_server, betrayed_by_memory},
	{"good", serve_all, good_client},
	{"forked", serve_slowly, forked_client},
	{"unforked", serve_slowly, unforked_client},
	{"orphan", orphan_server, orphan_client},
	{"glutton", glutton, glutton_client},
	{NULL, NULL, NULL},
};
