/* SPDX-License-Identifier: Apache-2.0 */

/* See kx_local.h. The only place of kos/ that knows the futex system call. */

#include "kx_local.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <rtl/if_time.h>

const struct timespec *kx_local_deadline(uint32_t mdelay, struct timespec *storage)
{
	if (mdelay == INFINITE_TIMEOUT)
		return NULL;
	(void)clock_gettime(CLOCK_MONOTONIC, storage);
	storage->tv_sec += mdelay / RTL_MSEC_PER_SEC;
	storage->tv_nsec += (long)(mdelay % RTL_MSEC_PER_SEC) * RTL_NSEC_PER_MSEC;
	if (storage->tv_nsec >= RTL_NSEC_PER_SEC) {
		storage->tv_sec++;
		storage->tv_nsec -= RTL_NSEC_PER_SEC;
	}
	return storage;
}

/*
 * SUBTLE: not inlined. Cleanup handlers are found by the call that is being
 * made, and asynchronous cancellation may come between two calls.
 */
__rtl_noinline bool kx_local_wait(_Atomic int *word, int expected, const struct timespec *deadline)
{
	int type;
	long rc;
	bool timed_out;

	/*
	 * SUBTLE: a bare system call is no cancellation point, so cancellation
	 * is asynchronous just around it. That is safe because nothing in
	 * between takes a lock or owns memory.
	 */
	(void)pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &type);
	rc = syscall(SYS_futex, word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected, deadline,
		     NULL, FUTEX_BITSET_MATCH_ANY);
	timed_out = rc < 0 && errno == ETIMEDOUT;
	(void)pthread_setcanceltype(type, NULL);
	return !timed_out;
}

int kx_local_wake(_Atomic int *word, int count)
{
	long woken = syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count);

	return woken > 0 ? (int)woken : 0;
}

void kx_local_pass_on(void *word)
{
	(void)kx_local_wake(word, 1);
}
