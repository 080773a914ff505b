/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ABI_ATOMIC_H
#define KX_ABI_ATOMIC_H

/*
 * The one way to touch a word that two processes share. Every access is
 * sequentially consistent until a weaker order is measured to matter and proved.
 *
 * Builds:
 *   native     C11 atomics and futex calls
 *   killpoint  (KX_ATOMICS=killpoint) each operation is counted and may end or stop
 *              the process (kernel/ipc/point.c: KX_POINT_AT, KX_POINT_DO)
 *   delay      the same build: with KX_POINT_SEED each operation may yield or spin for
 *              a seeded random time
 *   thread     (KX_SANITIZE=thread) the native operations under ThreadSanitizer, which
 *              sees two sides that are threads over one mapping (label `threads`)
 * The explorer (verify/explorer) defines KX_ATOMICS_EXPLORER before including
 * this file and brings its own functions: each operation is then a scheduling
 * point with a store buffer.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/single_threaded.h>
#include <time.h>

typedef _Atomic uint32_t kx_word;
typedef _Atomic uint16_t kx_half;

_Static_assert(sizeof(kx_word) == 4, "futex word must be 32 bits");
_Static_assert(sizeof(kx_half) == 2, "CPU number must be 16 bits");
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "shared atomics must be lock-free");

/* One word to sleep on: the sleep begins only while *word == seen. */
struct kx_watch {
	kx_word *word;
	uint32_t seen;
};

#ifdef KX_ATOMICS_EXPLORER
uint32_t kx_load(kx_word *word);
void kx_store(kx_word *word, uint32_t value);
uint32_t kx_exchange(kx_word *word, uint32_t value);
bool kx_cas(kx_word *word, uint32_t *expected, uint32_t value);
uint32_t kx_add(kx_word *word, uint32_t value);
void kx_fence(void);
#else

#ifdef KX_ATOMICS_KILLPOINT
/* Called before each operation on a shared word. */
void kx_point(void);
#else
static inline void kx_point(void)
{
}
#endif

static inline uint32_t kx_load(kx_word *word)
{
	kx_point();
	return atomic_load_explicit(word, memory_order_seq_cst);
}

static inline void kx_store(kx_word *word, uint32_t value)
{
	kx_point();
	atomic_store_explicit(word, value, memory_order_seq_cst);
}

static inline uint32_t kx_exchange(kx_word *word, uint32_t value)
{
	kx_point();
	return atomic_exchange_explicit(word, value, memory_order_seq_cst);
}

/* On failure *expected becomes the value found. */
static inline bool kx_cas(kx_word *word, uint32_t *expected, uint32_t value)
{
	kx_point();
	return atomic_compare_exchange_strong_explicit(word, expected, value, memory_order_seq_cst,
						       memory_order_seq_cst);
}

/* Returns the value before the addition. */
static inline uint32_t kx_add(kx_word *word, uint32_t value)
{
	kx_point();
	return atomic_fetch_add_explicit(word, value, memory_order_seq_cst);
}

static inline void kx_fence(void)
{
	kx_point();
	atomic_thread_fence(memory_order_seq_cst);
}
#endif /* KX_ATOMICS_EXPLORER */

/*
 * The three futex calls (kernel/ipc/futex.c; explorer: its own). All of them
 * work across processes. A deadline is absolute, CLOCK_MONOTONIC; NULL waits
 * without end. Every return may be spurious: the caller loops on its condition.
 *
 * kx_futex_wait   how it ended; 0 only for the deadline
 * kx_futex_waitv  the same for up to 128 words; where the kernel does not have the
 *                 call, or a filter refuses it, it returns every few milliseconds
 * kx_futex_many   false where that is so: better need one word only
 * kx_futex_wake   wakes every sleeper on the word: a decoy must not swallow it
 */
enum kx_slept {
	KX_SLEPT_TOO_LONG = 0, /* the deadline passed */
	KX_SLEPT = 1,          /* woken, or for no reason */
	KX_SLEPT_NOT = 2,      /* a word read another value than seen */
};

enum kx_slept kx_futex_wait(kx_word *word, uint32_t seen, const struct timespec *deadline);
enum kx_slept kx_futex_waitv(const struct kx_watch *watches, unsigned count,
			     const struct timespec *deadline);
bool kx_futex_many(void);
void kx_futex_wake(kx_word *word);

/*
 * True while this process has one thread, so that what only it can touch needs
 * no locked instruction. It may become false at any time this thread makes one.
 */
#ifdef KX_ATOMICS_EXPLORER
bool kx_alone(void);
#else
static inline bool kx_alone(void)
{
	return __libc_single_threaded;
}
#endif

/*
 * CPU numbers are hints for the waiting policy only: relaxed, because a stale
 * one costs time and never correctness.
 */
static inline void kx_hint_store(kx_half *half, uint16_t value)
{
	atomic_store_explicit(half, value, memory_order_relaxed);
}

static inline uint16_t kx_hint_load(kx_half *half)
{
	return atomic_load_explicit(half, memory_order_relaxed);
}

/* Tells the processor that this is a waiting loop. */
static inline void kx_pause(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/*
 * Asks for the line of @pointer in order to write it soon. A load alone would
 * fetch a line that the other side has just written only for reading, and the
 * write that follows would have to fetch it once more.
 */
static inline void kx_own(const void *pointer)
{
#if defined(__x86_64__)
	__asm__ volatile("prefetchw %0" : : "m"(*(const char *)pointer));
#else
	__builtin_prefetch(pointer, 1);
#endif
}

/*
 * One fetch of a field that the other side may rewrite at any time: the value
 * checked is the value used. The only volatile accesses of the tree.
 */
static inline uint32_t kx_fetch32(const uint32_t *shared)
{
	return *(const volatile uint32_t *)shared;
}

static inline uint64_t kx_fetch64(const uint64_t *shared)
{
	return *(const volatile uint64_t *)shared;
}

/*
 * A load of just that width from the process's own memory, at any address: it is not made one
 * with its neighbours, since the value must be in a register of its own.
 */
static inline uint16_t kx_alone16(const void *from)
{
	uint16_t value;

	memcpy(&value, from, sizeof(value));
	__asm__("" : "+r"(value));
	return value;
}

/* The same; a loop of these stays a loop of single words. */
static inline uint64_t kx_alone64(const void *from)
{
	uint64_t value;

	memcpy(&value, from, sizeof(value));
	__asm__("" : "+r"(value));
	return value;
}

static inline uint32_t kx_alone32(const void *from)
{
	uint32_t value;

	memcpy(&value, from, sizeof(value));
	__asm__("" : "+r"(value));
	return value;
}

#endif /* KX_ABI_ATOMIC_H */
