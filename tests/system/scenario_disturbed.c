/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Threads that call over one handle, in and beside signal handlers that call as well,
 * with interrupt objects that are set at any moment. See scenario_race.h.
 */

#include "scenario_race.h"

/* --- each request of every thread arrives once, in order, and none is held off --- */

static _Atomic nk_uint64_t last_of[THREADS + 1];

/* Numbers are a thread's in the upper half, counted from 1 on in the lower. */
static void *expect_order(void *context)
{
	struct request request; /* on the stack: thread-local memory is taken from each one */

	for (;;) {
		nk_uint64_t number;

		CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
		number = request.message.ep.Echo.number;
		if (number == LAST) {
			fprintf(stderr, "DELIVERED %lu\n", atomic_load(&ok));
		} else {
			CHECK(number >> 32 > 0 && number >> 32 <= THREADS);
			CHECK(atomic_fetch_add(&last_of[number >> 32], 1) + 1 == (uint32_t)number);
			atomic_fetch_add(&ok, 1);
		}
		CHECK_RC(answer(handle, &request), rcOk);
	}
	return context;
}

static void once_each_server(void)
{
	handle = server_handle();
	run_threads(expect_order, 2);
}

static void *call_in_order(void *context)
{
	nk_uint64_t who = (nk_uint64_t)(size_t)context;

	while (now_ms() < end_ms) {
		nk_uint64_t count = atomic_fetch_add(&last_of[who], 1) + 1;

		CHECK_RC(call_number(handle, count % 8 ? ECHO : ASKED, who << 32 | count,
				     INFINITE_TIMEOUT, INVALID_HANDLE),
			 rcOk);
	}
	return context;
}

static void once_each_client(void)
{
	unsigned long sum = 0;
	nk_uint64_t least = UINT64_MAX;
	nk_uint64_t most = 0;

	handle = client_handle();
	start_clock();
	run_threads(call_in_order, THREADS);
	for (int i = 1; i <= THREADS; i++) {
		nk_uint64_t count = atomic_load(&last_of[i]);

		sum += count;
		least = count < least ? count : least;
		most = count > most ? count : most;
	}
	fprintf(stderr, "CALLED %lu least %llu most %llu\n", sum, (unsigned long long)least,
		(unsigned long long)most);
	CHECK(least * 4 > most); /* no thread is held off */
	CHECK_RC(call_number(handle, ECHO, LAST, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
}

/* --- signal handlers that call while their thread does --- */

static atomic_ulong refused;

static void call_in_handler(int number)
{
	Handle object;
	Retcode rc;

	rc = call_number(handle, number == SIGUSR1 ? ECHO : ASKED, 7, INFINITE_TIMEOUT,
			 INVALID_HANDLE);
	CHECK(rc == rcOk || rc == rcInvalidThreadState);
	atomic_fetch_add(rc == rcOk ? &late : &refused, 1);
	rc = KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 0, NULL, &object);
	CHECK(rc == rcOk || rc == rcInvalidThreadState);
	if (rc == rcOk)
		CHECK_RC(KnHandleClose(object), rcOk);
}

/* What was received is not answered here, whatever is interrupted. */
static void answer_in_handler(int number)
{
	SMsgHdr none = {.threadId = 0x7fffffff};
	Retcode rc = Reply(handle, &none);

	(void)number;
	CHECK(rc == rcInvalidOperation || rc == rcInvalidThreadState);
	atomic_fetch_add(rc == rcInvalidOperation ? &late : &refused, 1);
}

static void handle_signals(void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};

	CHECK(sigaddset(&action.sa_mask, SIGUSR1) == 0 && sigaddset(&action.sa_mask, SIGUSR2) == 0);
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	CHECK(sigaction(SIGUSR2, &action, NULL) == 0);
}

/* One of the threads that are disturbed says when all may begin: their first call is over. */
static pthread_barrier_t begun;

static void *call_and_make(void *context)
{
	CHECK_RC(call_number(handle, ECHO, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	CHECK_RC(call_number(handle, ASKED, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
	(void)pthread_barrier_wait(&begun);
	for (nk_uint64_t i = 100; now_ms() < end_ms; i++) {
		Handle object;

		CHECK_RC(call_number(handle, i % 3 ? ECHO : ASKED, i, INFINITE_TIMEOUT,
				     INVALID_HANDLE),
			 rcOk);
		atomic_fetch_add(&ok, 1);
		CHECK_RC(KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 0, NULL, &object), rcOk);
		CHECK_RC(KnHandleClose(object), rcOk);
		wait_us(i % 50); /* for handlers that interrupt nothing of libkos */
		if (i % 64 == 100 % 64)
			(void)raise(SIGUSR1); /* and one that surely does not */
	}
	return context;
}

static void *serve_and_be_disturbed(void *context)
{
	SMsgHdr none = {.threadId = 0x7fffffff};

	CHECK_RC(Reply(handle, &none), rcInvalidOperation);
	(void)pthread_barrier_wait(&begun);
	serve(handle, 0);
	return context;
}

static void handled(void *(*run)(void *), void (*handler)(int), bool calls)
{
	pthread_t threads[4] = {0};
	pthread_t beside;

	CHECK(pthread_barrier_init(&begun, NULL, 4) == 0);
	handle_signals(handler);
	start_clock();
	for (int i = 0; i < 3; i++)
		CHECK(pthread_create(&threads[i], NULL, run, NULL) == 0);
	(void)pthread_barrier_wait(&begun);
	if (calls)
		CHECK(pthread_create(&beside, NULL, call_on, NULL) == 0);
	(void)disturb(threads);
	for (int i = 0; i < 3 && calls; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	CHECK(!calls || pthread_join(beside, NULL) == 0);
	fprintf(stderr, "HANDLED %lu refused %lu\n", atomic_load(&late), atomic_load(&refused));
}

static void handlers_server(void)
{
	handle = server_handle();
	handled(serve_and_be_disturbed, answer_in_handler, false);
	(void)KnSleep(INFINITE_TIMEOUT);
}

static void handlers_client(void)
{
	handle = client_handle();
	handled(call_and_make, call_in_handler, true);
	CHECK(atomic_load(&ok) && atomic_load(&late) && atomic_load(&refused));
}

/* --- interrupt objects set at any moment of a call, and of a wait for one --- */

static atomic_ulong interrupted;

struct interruption {
	Handle object;
	atomic_bool over;
	nk_uint64_t state;
};

/* Sets and clears, as long as it takes. */
static void *set_and_clear(void *context)
{
	struct interruption *interruption = context;

	while (!atomic_load(&interruption->over)) {
		wait_us(draw(&interruption->state, 200));
		CHECK_RC(KnIpcSetInterrupt(interruption->object), rcOk);
		wait_us(draw(&interruption->state, 50));
		CHECK_RC(KnIpcClearInterrupt(interruption->object), rcOk);
	}
	return NULL;
}

static pthread_t begin_interruptions(struct interruption *interruption, size_t number)
{
	pthread_t thread;

	interruption->state = number_of_environment("SEED") + number;
	CHECK_RC(KnIpcCreateSyncObject(&interruption->object), rcOk);
	CHECK(pthread_create(&thread, NULL, set_and_clear, interruption) == 0);
	return thread;
}

/* Interrupted now and then; what was received is answered, and who asked waits for that. */
static void *receive_interrupted(void *context)
{
	struct interruption interruption = {0};
	nk_uint64_t state = (nk_uint64_t)(size_t)context;
	struct request request; /* on the stack: thread-local memory is taken from each one */
	Retcode rc;

	(void)begin_interruptions(&interruption, 100 + (size_t)context);
	for (;;) {
		nk_req_reset(&request.message);
		CHECK(PackInMsg(&request.header, &request.message.base_, NULL) == NK_EOK);
		rc = RecvEx(handle, &request.header, INFINITE_TIMEOUT, interruption.object);
		CHECK(rc == rcOk || rc == rcIpcInterrupt);
		if (rc == rcIpcInterrupt)
			continue;
		if (request.message.ep.Echo.number == LAST)
			fprintf(stderr, "DELIVERED %lu\n", atomic_load(&ok));
		else
			atomic_fetch_add(&ok, 1);
		if (draw(&state, 4) == 0)
			wait_us(draw(&state, 300));
		CHECK_RC(answer(handle, &request), rcOk); /* its client never gave up */
	}
	return context;
}

static void interrupted_server(void)
{
	handle = server_handle();
	run_threads(receive_interrupted, 2);
}

static void *call_interrupted(void *context)
{
	struct interruption interruption = {0};
	pthread_t thread = begin_interruptions(&interruption, (size_t)context);
	nk_uint64_t number = (nk_uint64_t)(size_t)context << 32 | 100;

	for (; now_ms() < end_ms; number++) {
		Retcode rc = call_number(handle, number % 2 ? ECHO : ASKED, number,
					 INFINITE_TIMEOUT, interruption.object);

		CHECK(rc == rcOk || rc == rcIpcInterrupt);
		atomic_fetch_add(rc == rcOk ? &ok : &interrupted, 1);
		if (number % 16)
			continue;
		CHECK_RC(call_number(handle, number % 32 ? ASKED : ECHO, 1, INFINITE_TIMEOUT,
				     INVALID_HANDLE),
			 rcOk);
		atomic_fetch_add(&ok, 1);
	}
	atomic_store(&interruption.over, true);
	CHECK(pthread_join(thread, NULL) == 0);
	CHECK_RC(KnHandleClose(interruption.object), rcOk);
	return context;
}

static void interrupted_client(void)
{
	handle = client_handle();
	start_clock();
	run_threads(call_interrupted, 4);
	fprintf(stderr, "CALLED %lu interrupted %lu\n", atomic_load(&ok),
		atomic_load(&interrupted));
	CHECK(atomic_load(&interrupted) > 0);
	CHECK_RC(call_number(handle, ECHO, LAST, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
}

const struct scenario scenarios_disturbed[] = {
	{"once_each", once_each_server, once_each_client},
	{"handlers", handlers_server, handlers_client},
	{"interrupted", interrupted_server, interrupted_client},
	{NULL, NULL, NULL},
};
