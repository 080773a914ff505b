/* SPDX-License-Identifier: Apache-2.0 */
#include "kx_atomic.h"

#ifdef KX_ATOMICS_KILLPOINT

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "point.h"

/* Places of a program that have an operation; more are not told apart. */
#define MOST_SITES 1024

static _Atomic unsigned long point_count;
static long point_at = -1;
static char point_action = 'k';
static unsigned point_seed; /* no delays unless asked for */
static long point_site = -1;

static void report(void)
{
	const char *fd = getenv("KX_POINT_REPORT");

	if (fd)
		(void)dprintf(atoi(fd), "%lu\n", atomic_load(&point_count));
}

__attribute__((constructor)) static void read_environment(void)
{
	const char *at = getenv("KX_POINT_AT");
	const char *action = getenv("KX_POINT_DO");
	const char *seed = getenv("KX_POINT_SEED");
	const char *site = getenv("KX_POINT_SITE");

	if (site)
		point_site = atol(site);
	if (at)
		point_at = atol(at);
	if (action)
		point_action = action[0] == 's' ? action[1] : action[0];
	if (seed)
		point_seed = (unsigned)atol(seed);
	(void)atexit(report);
}

void kx_point_set(long at, char action)
{
	atomic_store(&point_count, 0);
	point_action = action;
	point_at = at;
}

unsigned long kx_point_count(void)
{
	return atomic_load(&point_count);
}

static void act(void)
{
	struct timespec pause = {.tv_nsec = 10000000};

	switch (point_action) {
	case 't':
		(void)raise(SIGSTOP);
		break;
	case 'l':
		(void)nanosleep(&pause, NULL);
		break;
	case 'a':
		abort();
	default:
		(void)kill(getpid(), SIGKILL);
	}
}

static void delay(void)
{
	static _Thread_local unsigned state;

	if (!point_seed)
		return;
	if (!state)
		state = point_seed + (unsigned)(uintptr_t)&state;
	switch (rand_r(&state) % 64) {
	case 0:
		(void)sched_yield();
		break;
	case 1:
		for (int i = 0; i < 200; i++)
			kx_pause();
		break;
	default:
		break;
	}
}

/* True if no operation of the place @code came before, and @point_site others did. */
static bool is_the_site(void *code)
{
	static _Atomic(void *) sites[MOST_SITES];

	for (long i = 0; i < MOST_SITES; i++) {
		void *found = NULL;

		if (atomic_compare_exchange_strong(&sites[i], &found, code))
			return i == point_site;
		if (found == code)
			return false;
	}
	return false;
}

void kx_point(void)
{
	delay();
	if (point_site >= 0 && is_the_site(__builtin_return_address(0))) {
		(void)dprintf(STDERR_FILENO, "point: %td bytes behind kx_point\n",
			      (char *)__builtin_return_address(0) - (char *)kx_point);
		act();
	}
	if ((long)atomic_fetch_add(&point_count, 1) == point_at)
		act();
}

#endif
