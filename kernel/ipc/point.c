/* SPDX-License-Identifier: Apache-2.0 */
#include "kx_atomic.h"

#ifdef KX_ATOMICS_KILLPOINT

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "point.h"

static _Atomic unsigned long point_count;
static long point_at = -1;
static char point_action = 'k';
static unsigned point_seed; /* no delays unless asked for */

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

void kx_point(void)
{
	delay();
	if ((long)atomic_fetch_add(&point_count, 1) == point_at)
		act();
}

#endif
