/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The three futex calls, shared between processes. FUTEX_WAIT takes a relative
 * time, so deadlines use FUTEX_WAIT_BITSET, whose time is absolute.
 */

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kx_atomic.h"

#define SLICE_NS 5000000

/* How a futex call that failed with @error ended. */
static enum kx_slept not_woken(int error)
{
	if (error == ETIMEDOUT)
		return KX_SLEPT_TOO_LONG;
	return error == EAGAIN ? KX_SLEPT_NOT : KX_SLEPT;
}

enum kx_slept kx_futex_wait(kx_word *word, uint32_t seen, const struct timespec *deadline)
{
	kx_point();
	if (syscall(SYS_futex, word, FUTEX_WAIT_BITSET, seen, deadline, NULL,
		    FUTEX_BITSET_MATCH_ANY) == 0)
		return KX_SLEPT;
	return not_woken(errno);
}

enum { UNKNOWN, ONE_WORD, MANY_WORDS };

static _Atomic unsigned char machine;

bool kx_futex_many(void)
{
	unsigned char found = atomic_load_explicit(&machine, memory_order_relaxed);

	if (found == UNKNOWN) {
		bool missing = syscall(SYS_futex_waitv, NULL, 0, 0, NULL, 0) < 0 &&
			       (errno == ENOSYS || errno == EPERM);

		found = missing ? ONE_WORD : MANY_WORDS;
		atomic_store_explicit(&machine, found, memory_order_relaxed);
	}
	return found == MANY_WORDS;
}

static bool is_before(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

/*
 * Linux before 5.16, and containers whose filter does not know the call: sleeps on
 * the first word and returns now and then, for the caller to look at the others.
 */
static enum kx_slept wait_without_vector(const struct kx_watch *watches, unsigned count,
					 const struct timespec *deadline)
{
	struct timespec slice;

	if (count == 1)
		return kx_futex_wait(watches[0].word, watches[0].seen, deadline);
	(void)clock_gettime(CLOCK_MONOTONIC, &slice);
	slice.tv_nsec += SLICE_NS;
	if (slice.tv_nsec >= 1000000000) {
		slice.tv_nsec -= 1000000000;
		slice.tv_sec++;
	}
	if (deadline && is_before(deadline, &slice))
		return kx_futex_wait(watches[0].word, watches[0].seen, deadline);
	return kx_futex_wait(watches[0].word, watches[0].seen, &slice) == KX_SLEPT_NOT
		       ? KX_SLEPT_NOT
		       : KX_SLEPT;
}

enum kx_slept kx_futex_waitv(const struct kx_watch *watches, unsigned count,
			     const struct timespec *deadline)
{
	struct futex_waitv vector[FUTEX_WAITV_MAX];

	for (unsigned i = 0; i < count; i++)
		vector[i] = (struct futex_waitv){
			.val = watches[i].seen,
			.uaddr = (uintptr_t)watches[i].word,
			.flags = FUTEX_32,
		};
	kx_point();
	if (syscall(SYS_futex_waitv, vector, count, 0, deadline, CLOCK_MONOTONIC) >= 0)
		return KX_SLEPT;
	if (errno == ENOSYS || errno == EPERM)
		return wait_without_vector(watches, count, deadline);
	return not_woken(errno);
}

void kx_futex_wake(kx_word *word)
{
	kx_point();
	(void)syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}
