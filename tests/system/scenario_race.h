/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_SCENARIO_RACE_H
#define KX_SCENARIO_RACE_H

/*
 * Threads that race for a while and count, for the files of such scenarios: each has these for
 * itself. SECONDS of the environment: how long; SEED.
 */

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include <coresrv/thread/thread_api.h>

#include "scenario.h"

#define THREADS 6
#define LAST    4242u /* asked for at the end, by Echo: print what was counted */

static inline nk_uint64_t draw(nk_uint64_t *state, nk_uint64_t limit)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (*state >> 33) % limit;
}

static rtl_uint64_t end_ms;
static Handle handle;
static atomic_ulong ok;
static atomic_ulong late;

static inline void run_threads(void *(*run)(void *), int count)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < count; i++)
		CHECK(pthread_create(&threads[i], NULL, run, (void *)(size_t)(i + 1)) == 0);
	for (int i = 0; i < count; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
}

static inline void start_clock(void)
{
	end_ms = now_ms() + number_of_environment("SECONDS") * 1000;
}

static inline void wait_us(nk_uint64_t microseconds)
{
	struct timespec pause = {.tv_nsec = (long)microseconds * 1000};

	(void)nanosleep(&pause, NULL); /* the thinking of a server */
}

static inline void *disturb(void *context)
{
	pthread_t *threads = context;

	while (now_ms() < end_ms) {
		for (int i = 0; threads[i]; i++)
			(void)pthread_kill(threads[i], i % 2 ? SIGUSR1 : SIGUSR2);
		wait_us(50);
	}
	return NULL;
}

static inline void *call_on(void *context)
{
	for (nk_uint64_t i = 100; now_ms() < end_ms; i++) {
		rtl_uint64_t start = now_ms();

		CHECK_RC(call_number(handle, i % 2 ? ECHO : ASKED, i, INFINITE_TIMEOUT,
				     INVALID_HANDLE),
			 rcOk);
		atomic_fetch_add(&ok, 1);
		if (i % 64)
			continue;
		start = now_ms();
		CHECK_RC(KnSleep(3), rcOk);
		CHECK(now_ms() - start >= 2); /* not early */
	}
	return context;
}

#endif /* KX_SCENARIO_RACE_H */
