/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_CLOCK_H
#define KX_BENCH_CLOCK_H

/*
 * The clock of every measurement, and waiting without giving the core away.
 *
 * Linked by kosix-bench and by its entities, so it needs nothing but libc.
 * Where the processor promises a time-stamp counter of constant rate (x86-64,
 * CPUID 8000_0007h) one reading costs about 10 ns; elsewhere it is
 * clock_gettime(CLOCK_MONOTONIC) and a tick is a nanosecond.
 *
 * ASSUMES: counters of different cores agree. Only differences taken in one
 * process are ever formed, and constant-rate counters are set together at boot.
 */

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

/* Written once by kx_clock_init(), read-only afterwards; inherited by fork. */
struct kx_clock {
	bool tsc;      /* ticks are time-stamp counter ticks */
	uint32_t mult; /* nanoseconds = ticks * mult >> KX_CLOCK_SHIFT */
	double pause_ns;
};

#define KX_CLOCK_SHIFT 20

extern struct kx_clock kx_clock;

/*
 * Measures the tick and the length of `pause`; about 12 ms. Call it once,
 * before any other function of this file and before any fork.
 */
void kx_clock_init(void);

/* CLOCK_MONOTONIC in nanoseconds. Any time, any thread. */
uint64_t kx_clock_monotonic(void);

/* How many kx_relax() make about @ns nanoseconds; 0 for 0. */
unsigned kx_clock_relax_count(unsigned ns);

/* Now, in ticks. Everything before it in program order has happened. */
static inline uint64_t kx_clock_ticks(void)
{
#if defined(__x86_64__)
	if (kx_clock.tsc) {
		/* Loads before it are done: else the counter is read while the last look flies. */
		_mm_lfence();
		return __rdtsc();
	}
#endif
	return kx_clock_monotonic();
}

/* A difference of two readings in nanoseconds; right below 4 hours. */
static inline uint64_t kx_clock_ns(uint64_t ticks)
{
	return ticks * kx_clock.mult >> KX_CLOCK_SHIFT;
}

/* One `pause`: tells the core that this is a waiting loop. */
static inline void kx_relax(void)
{
#if defined(__x86_64__)
	_mm_pause();
#endif
}

static inline void kx_relax_for(unsigned count)
{
	while (count--)
		kx_relax();
}

#endif /* KX_BENCH_CLOCK_H */
