/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_LOCAL_H
#define KX_LOCAL_H

/*
 * Sleeping on a word of this process's own memory: private futexes, absolute
 * deadlines. Everything in kos/ that waits does it here. Words that another
 * process can see are the business of kernel/ipc.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <rtl/atomic.h>

/* The C11 view of a public word. */
static inline _Atomic int *kx_local_word(RtlAtomicInt *word)
{
	return (_Atomic int *)word;
}

/*
 * The moment @mdelay milliseconds from now, in *@storage; NULL, which every
 * wait takes as "never", for INFINITE_TIMEOUT. Monotonic clock.
 */
const struct timespec *kx_local_deadline(uint32_t mdelay, struct timespec *storage);

/*
 * Sleeps while *@word is @expected. Returns false if @deadline passed, else
 * true: woken, changed, or for no reason; the caller looks again. A point where
 * a thread can be cancelled, even if a wake was meant for it: who counts on
 * each wake reaching somebody passes it on in a cleanup handler.
 */
bool kx_local_wait(_Atomic int *word, int expected, const struct timespec *deadline);

/* Wakes up to @count sleepers; returns how many. Does not touch *@word. */
int kx_local_wake(_Atomic int *word, int count);

/* For pthread_cleanup_push: passes a wake on. @word is an _Atomic int pointer. */
void kx_local_pass_on(void *word);

#endif /* KX_LOCAL_H */
