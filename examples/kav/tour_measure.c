/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a check of 4 KiB costs over the socket and over Call, beside a call that does nothing,
 * and how many threads with contexts of their own do in the same time.
 */

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/kavclient.h"
#include "kos/kos_call.h"
#include "tour.h"

#define SIZE         4096
#define CONNECTION   4000
#define SOCKET       500
#define THREADS      8
#define THREAD_CALLS 2000

static uint8_t bytes[SIZE]; /* never written: clean, and the same for all threads */

static uint64_t now_ns(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

bool kx_kav_tour_wait(const char *socket)
{
	const struct timespec step = {.tv_nsec = 10000000};
	kav_ctx ctx = kav_new();
	bool answers = false;

	/* Nothing tells when another program has made its socket: look again and again. */
	for (int i = 0; ctx && i < 1000 && !answers; i++) {
		(void)kav_set_socketpath(ctx, socket);
		answers = kav_check_mem(ctx, "text", 4) == 0;
		if (!answers)
			(void)nanosleep(&step, NULL);
	}
	kav_free(ctx);
	return answers;
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t middle_of(uint64_t *times, unsigned count)
{
	qsort(times, count, sizeof(*times), by_size);
	return times[count / 2];
}

/* A call that only asks for the scanner's state, in nanoseconds; 0: failed. */
static uint64_t null_call(const char *path)
{
	const struct kx_kav_target target = {.path = path, .seconds = 5};
	uint64_t from = now_ns();
	char why[KX_KAV_NAME_MAX];
	uint32_t state;

	return kx_kav_kos_state(&target, &state, why, sizeof(why)) == 0 ? now_ns() - from : 0;
}

static uint64_t check(kav_ctx ctx)
{
	uint64_t from = now_ns();

	return kav_check_mem(ctx, bytes, SIZE) == 0 ? now_ns() - from : 0;
}

/*
 * Medians of @count checks and, if @null is given, of as many calls that do nothing, in turn so
 * that both meet the same machine. 0 when one failed.
 */
static uint64_t median(const char *path, unsigned count, uint64_t *null)
{
	uint64_t *times = calloc(2 * (size_t)count, sizeof(*times));
	kav_ctx ctx = kav_new();
	bool good = times && ctx && kav_set_socketpath(ctx, path) == 0;
	uint64_t middle = 0;

	for (unsigned i = 0; good && i < count; i++) {
		times[i] = check(ctx);
		times[count + i] = null ? null_call(path) : 1;
		good = times[i] != 0 && times[count + i] != 0;
	}
	if (good)
		middle = middle_of(times, count);
	if (null)
		*null = good ? middle_of(times + count, count) : 0;
	free(times);
	kav_free(ctx);
	return middle;
}

static void *check_many(void *path)
{
	kav_ctx ctx = kav_new();
	uintptr_t failed = ctx && kav_set_socketpath(ctx, path) == 0 ? 0 : THREAD_CALLS;

	for (unsigned i = 0; failed == 0 && i < THREAD_CALLS; i++)
		failed += kav_check_mem(ctx, bytes, SIZE) != 0;
	kav_free(ctx);
	return (void *)failed;
}

/* Checks a second of @count threads together; 0 when one failed. */
static uint64_t rate(const char *path, unsigned count)
{
	pthread_t threads[THREADS];
	uint64_t from = now_ns();
	uintptr_t failed = 0;

	for (unsigned i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, check_many, (void *)(uintptr_t)path) != 0)
			return 0;
	for (unsigned i = 0; i < count; i++) {
		void *result;

		(void)pthread_join(threads[i], &result);
		failed += (uintptr_t)result;
	}
	return failed ? 0 : (uint64_t)count * THREAD_CALLS * 1000000000u / (now_ns() - from);
}

void kx_kav_tour_measure(const char *socket, const char *connection)
{
	uint64_t null;
	uint64_t call = median(connection, CONNECTION, &null);
	uint64_t over_socket = median(socket, SOCKET, NULL);

	(void)printf("kav: what a check of 4 KiB costs (median, ns; 0: failed)\n"
		     "  a call that only asks for the state  %lu\n"
		     "  kav_check_mem over Call              %lu\n"
		     "  kav_check_mem over the socket        %lu\n",
		     (unsigned long)null, (unsigned long)call, (unsigned long)over_socket);
	(void)printf("kav: checks a second over Call: %lu by 1 thread, %lu by 2, %lu by 8\n",
		     (unsigned long)rate(connection, 1), (unsigned long)rate(connection, 2),
		     (unsigned long)rate(connection, THREADS));
	(void)fflush(stdout);
}
