/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_CORESRV_THREADS_H
#define TESTS_CORESRV_THREADS_H

/*
 * What tests with several threads need: checks made in another thread report
 * to the main one through values, and "it is blocked now" is seen in /proc
 * rather than hoped for after a sleep.
 */

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* A thread under test: sets its Linux number first, then does its work. */
struct subject {
	pthread_t thread;
	_Atomic int linux_tid;
	void (*work)(void *context);
	void *context;
	_Atomic int finished;
};

static inline void *subject_main(void *context)
{
	struct subject *s = context;

	atomic_store(&s->linux_tid, gettid());
	s->work(s->context);
	atomic_store(&s->finished, 1);
	return NULL;
}

static inline void subject_start(struct subject *s, void (*work)(void *), void *context)
{
	s->work = work;
	s->context = context;
	atomic_store(&s->linux_tid, 0);
	atomic_store(&s->finished, 0);
	assert_int_equal(pthread_create(&s->thread, NULL, subject_main, s), 0);
}

static inline void subject_join(struct subject *s)
{
	assert_int_equal(pthread_join(s->thread, NULL), 0);
}

/* The state letter of one of our threads, 0 if it is gone. */
static inline char linux_state(int tid)
{
	char path[64];
	char state = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 0;
	(void)fclose(file);
	return state;
}

/* Returns once @s sleeps in the kernel. The test's time limit ends a wait in vain. */
static inline void subject_await_blocked(struct subject *s)
{
	int tid;

	while ((tid = atomic_load(&s->linux_tid)) == 0 || linux_state(tid) != 'S')
		(void)sched_yield();
}

static inline int64_t now_msec(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void ignore_signal(int number)
{
	(void)number;
}

/* From here on SIGUSR1 interrupts system calls and does nothing else. */
static inline void let_signals_interrupt(void)
{
	struct sigaction action = {.sa_handler = ignore_signal};

	assert_int_equal(sigaction(SIGUSR1, &action, NULL), 0);
}

#endif /* TESTS_CORESRV_THREADS_H */
