/* SPDX-License-Identifier: Apache-2.0 */

/*
 * pthread_create() for programs of the SDK: the new thread runs before the one
 * that made it goes on, so a program that tests a flag of its new thread sees it
 * set, as on KasperskyOS. std::thread comes here too: the definition of the
 * program stands before the C library's. The new thread says when it runs; what
 * it does then nobody can see, so it gets SLICE_NS before its maker is awake again
 * (a maker woken at once takes the processor from it on a busy machine).
 */

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "kx_local.h"
#include "rt.h"

#define SLICE_NS 50000

struct start {
	void *(*routine)(void *);
	void *argument;
	_Atomic int *begun; /* the maker's; not touched after it was set */
};

typedef int create_function(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static create_function *real_create;

static void find_real(void)
{
	void *nothing;

	real_create = (create_function *)(uintptr_t)dlsym(RTLD_NEXT, "pthread_create");
	if (!real_create)
		abort();
	/* The C library loads what unwinds a cancelled thread now: later there may be no memory. */
	(void)backtrace(&nothing, 0);
}

static void *begin(void *context)
{
	struct start start = *(struct start *)context;

	free(context);
	atomic_store(start.begun, 1);
	(void)kx_local_wake(start.begun, 1);
	return start.routine(start.argument);
}

static void wait_for(_Atomic int *begun)
{
	struct timespec slice = {.tv_nsec = SLICE_NS};
	int state;

	/* Waiting is a cancellation point, pthread_create() is none. */
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	while (!atomic_load(begun))
		(void)kx_local_wait(begun, 0, NULL);
	(void)nanosleep(&slice, NULL);
	(void)pthread_setcancelstate(state, NULL);
}

/* The kernel's word on a new thread; a program that is no entity asks nobody. */
static bool may_make_threads(void)
{
	uint32_t args[KX_CALL_ARGS] = {0};

	return !kx_rt_attached() ||
	       kx_rt_kcall(KX_CALL_THREAD, args, NULL, 0, NULL, NULL) != rcSecurityDisallow;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*routine)(void *),
		   void *argument)
{
	struct start *start = malloc(sizeof(*start));
	_Atomic int begun = 0;
	int rc;

	(void)pthread_once(&once, find_real);
	if (!start)
		return EAGAIN;
	if (!may_make_threads()) {
		free(start);
		return EPERM;
	}
	*start = (struct start){routine, argument, &begun};
	rc = real_create(thread, attr, begin, start);
	if (rc == 0)
		wait_for(&begun);
	else
		free(start);
	return rc;
}
