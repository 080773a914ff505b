/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Parts that race: time limits against replies (S-03), signals against everything
 * (S-04), threads that are cancelled in a call (C-10), counting of who got what (P6), and
 * of how much (M-09). See scenario_race.h.
 */

#include "scenario_race.h"

static atomic_ulong denied;

/* --- S-03: the answer comes when the time is just up ---------------------------------------- */

/* Number 4 and more: after a while around the client's millisecond. */
static void *answer_just_in_time(void *context)
{
	nk_uint64_t state = (nk_uint64_t)(size_t)context + number_of_environment("SEED");
	static _Thread_local struct request request;
	Retcode rc;

	for (;;) {
		CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
		if (request.message.ep.Echo.number == LAST) {
			fprintf(stderr, "ANSWERED %lu late %lu\n", atomic_load(&ok),
				atomic_load(&late));
			CHECK_RC(answer(handle, &request), rcOk);
			continue;
		}
		if (request.message.ep.Echo.number >= 4)
			wait_us(draw(&state, 1300));
		rc = answer(handle, &request);
		CHECK(rc == rcOk || rc == rcNotConnected);
		atomic_fetch_add(rc == rcOk ? &ok : &late, 1);
	}
	return context;
}

static void deadline_server(void)
{
	handle = server_handle();
	run_threads(answer_just_in_time, THREADS);
}

/* Either the reply, and it is right, or the time is up; and the next call is clean. */
static void *call_in_time(void *context)
{
	nk_uint64_t number = (nk_uint64_t)(size_t)context << 32 | 4;

	for (; now_ms() < end_ms; number++) {
		enum method method = number % 2 ? ECHO : ASKED;
		Retcode rc = call_number(handle, method, number, 1, INVALID_HANDLE);

		CHECK(rc == rcOk || rc == rcTimeout);
		atomic_fetch_add(rc == rcOk ? &ok : &late, 1);
		if (number % 4)
			continue;
		CHECK_RC(call_number(handle, method, 1, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
		atomic_fetch_add(&ok, 1);
	}
	return context;
}

static void deadline_client(void)
{
	handle = client_handle();
	start_clock();
	run_threads(call_in_time, THREADS);
	(void)KnSleep(200); /* the last late answers are given */
	fprintf(stderr, "CALLED %lu late %lu\n", atomic_load(&ok), atomic_load(&late));
	CHECK_RC(call_number(handle, ECHO, LAST, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
}

/* --- S-04: a signal every hundred microseconds, with and without SA_RESTART ------------------ */

static atomic_ulong signals;

static void count_signal(int number)
{
	(void)number;
	atomic_fetch_add(&signals, 1);
}

static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = count_signal};

	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	action.sa_flags = SA_RESTART;
	CHECK(sigaction(SIGUSR2, &action, NULL) == 0);
}

static void *serve_on(void *context)
{
	serve(handle, 0);
	return context;
}

static void disturbed(void *(*run)(void *))
{
	pthread_t threads[4] = {0};
	pthread_t disturber;

	catch_signals();
	start_clock();
	for (int i = 0; i < 3; i++)
		CHECK(pthread_create(&threads[i], NULL, run, NULL) == 0);
	CHECK(pthread_create(&disturber, NULL, disturb, threads) == 0);
	CHECK(pthread_join(disturber, NULL) == 0);
	for (int i = 0; i < 3 && run == call_on; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	fprintf(stderr, "SIGNALS %lu calls %lu\n", atomic_load(&signals), atomic_load(&ok));
}

static void stormed_server(void)
{
	handle = server_handle();
	disturbed(serve_on);
	(void)KnSleep(INFINITE_TIMEOUT);
}

static void stormed_client(void)
{
	handle = client_handle();
	disturbed(call_on);
}

/* --- C-10: threads that are cancelled at any moment of a call -------------------------------- */

static void *call_until_cancelled(void *context)
{
	for (nk_uint64_t i = 100;; i++) {
		Retcode rc = call_number(handle, i % 2 ? ECHO : ASKED, i, INFINITE_TIMEOUT,
					 INVALID_HANDLE);

		CHECK_RC(rc, rcOk);
		if (i % 8 == 0)
			pthread_testcancel();
	}
	return context;
}

/* More than there are slots, so that each must come back; others call on meanwhile. */
static void *cancel_threads(void *context)
{
	nk_uint64_t state = number_of_environment("SEED") + (nk_uint64_t)(size_t)context;
	unsigned long cancelled = 0;
	pthread_t thread;
	void *result;

	while (now_ms() < end_ms) {
		CHECK(pthread_create(&thread, NULL, call_until_cancelled, NULL) == 0);
		wait_us(draw(&state, 900));
		CHECK(pthread_cancel(thread) == 0);
		CHECK(pthread_join(thread, &result) == 0);
		CHECK(result == PTHREAD_CANCELED);
		cancelled++;
	}
	atomic_fetch_add(&late, cancelled);
	return context;
}

static void cancelled_server(void)
{
	handle = server_handle();
	run_threads(serve_on, 3);
}

static void cancelled_client(void)
{
	pthread_t beside;

	handle = client_handle();
	start_clock();
	CHECK(pthread_create(&beside, NULL, call_on, NULL) == 0);
	run_threads(cancel_threads, 2);
	CHECK(pthread_join(beside, NULL) == 0);
	/* Every slot of the channel and of the link is free again. */
	end_ms = now_ms() + 100;
	run_threads(call_on, THREADS);
	fprintf(stderr, "CANCELLED %lu calls %lu\n", atomic_load(&late), atomic_load(&ok));
}

/* --- P6: 13 may not be asked, 14 may not be answered
 * ----------------------------------------------- */

static void *serve_and_count(void *context)
{
	static _Thread_local struct request request;
	Retcode rc;

	for (;;) {
		nk_uint64_t number;

		CHECK_RC(receive(handle, &request, INFINITE_TIMEOUT), rcOk);
		number = request.message.ep.Echo.number;
		if (request.message.base_.mid == ASKED) {
			atomic_fetch_add(&ok, 1);
			CHECK(number != 13);
		}
		if (request.message.base_.mid == ECHO && number == LAST)
			fprintf(stderr, "DELIVERED %lu\n", atomic_load(&ok));
		rc = answer(handle, &request);
		CHECK_RC(rc, request.message.base_.mid == ASKED && number == 14 ? rcSecurityDisallow
										: rcOk);
	}
	return context;
}

static void judged_server(void)
{
	handle = server_handle();
	run_threads(serve_and_count, 3);
}

static void *ask_anything(void *context)
{
	nk_uint64_t state = number_of_environment("SEED") + (nk_uint64_t)(size_t)context;
	/* Each denial is a line of the kernel process's log, and the rig holds a thousand. */
	nk_uint64_t rare = 10 + 20 * number_of_environment("SECONDS");

	while (now_ms() < end_ms) {
		nk_uint64_t number =
			draw(&state, rare) ? 15 + draw(&state, 60) : 13 + draw(&state, 2);
		Retcode rc = call_number(handle, ASKED, number, INFINITE_TIMEOUT, INVALID_HANDLE);

		CHECK_RC(rc, number == 13 || number == 14 ? rcSecurityDisallow : rcOk);
		atomic_fetch_add(rc == rcOk ? &ok : &denied, 1);
	}
	return context;
}

static void judged_client(void)
{
	handle = client_handle();
	start_clock();
	run_threads(ask_anything, 4);
	fprintf(stderr, "ASKED %lu denied %lu\n", atomic_load(&ok), atomic_load(&denied));
	CHECK_RC(call_number(handle, ECHO, LAST, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
}

/* --- M-09: as many calls as one can, counted over the middle of some seconds ------------------ */

static int compare_times(const void *a, const void *b)
{
	const rtl_uint64_t *x = a;
	const rtl_uint64_t *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* As many calls as one can, but only those that begin and end in this time count. */
static void call_between(rtl_uint64_t begin, rtl_uint64_t end, const char *what)
{
	static rtl_uint64_t times[200000]; /* the last ones */
	enum method method = getenv("METHOD") && *getenv("METHOD") == 'a' ? ASKED : ECHO;
	rtl_uint64_t before = 0;
	rtl_uint64_t worst = 0;
	size_t count = 0;
	size_t kept;

	while (before < end) {
		rtl_uint64_t after;

		before = now_us();
		CHECK_RC(call_number(handle, method, 100, INFINITE_TIMEOUT, INVALID_HANDLE), rcOk);
		after = now_us();
		if (before < begin || after > end)
			continue;
		times[count++ % 200000] = after - before;
		if (after - before > worst)
			worst = after - before;
	}
	kept = count < 200000 ? count : 200000;
	CHECK(kept > 0);
	qsort(times, kept, sizeof(*times), compare_times);
	fprintf(stderr, "%s calls=%zu p99=%llu worst=%llu\n", what, count,
		(unsigned long long)times[kept * 99 / 100], (unsigned long long)worst);
}

static void share_client(void)
{
	rtl_uint64_t begin = now_us() + 500000;
	char what[80];

	handle = client_handle();
	(void)snprintf(what, sizeof(what), "SHARE %s", getenv("WHO"));
	call_between(begin, begin + number_of_environment("SECONDS") * 1000000, what);
	(void)KnSleep(INFINITE_TIMEOUT);
}

/*
 * Beside those that do something else in each second (hostile.c, inturn): the second half of each
 * counts, when what the second before left is over. It begins with the first of the three things
 * that they do, so that the second and the third are neighbours.
 */
static void turns_client(void)
{
	rtl_uint64_t first = (now_us() / 1000000 / 3 + 1) * 3;

	handle = client_handle();
	for (rtl_uint64_t s = first; s < first + number_of_environment("SECONDS"); s++) {
		char what[20];

		(void)snprintf(what, sizeof(what), "TURN %u", (unsigned)(s % 3));
		call_between(s * 1000000 + 500000, (s + 1) * 1000000, what);
	}
	fprintf(stderr, "TURNS OVER\n");
	(void)KnSleep(INFINITE_TIMEOUT);
}

/* One of many threads that call as fast as they can; every other call is the kernel's. */
static void *be_eager(void *context)
{
	Handle object;

	for (;;) {
		(void)call_number(handle, ASKED, 100, 1, INVALID_HANDLE);
		if (KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, 0, NULL, &object) == rcOk)
			(void)KnHandleClose(object);
	}
	return context;
}

/* Honest, and no less greedy than an attacker. */
static void eager_client(void)
{
	pthread_t thread;

	handle = client_handle();
	for (int i = 0; i < 32; i++)
		CHECK(pthread_create(&thread, NULL, be_eager, NULL) == 0);
	(void)KnSleep(INFINITE_TIMEOUT);
}

static void share_server(void)
{
	serve(server_handle(), 0);
}

static void no_server(void)
{
}

const struct scenario scenarios_races[] = {
	{"eager", no_server, eager_client},
	{"share", share_server, share_client},
	{"turns", share_server, turns_client},
	{"deadline", deadline_server, deadline_client},
	{"stormed", stormed_server, stormed_client},
	{"cancelled", cancelled_server, cancelled_client},
	{"judged", judged_server, judged_client},
	{NULL, NULL, NULL},
};
