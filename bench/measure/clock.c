/* SPDX-License-Identifier: Apache-2.0 */
#include "clock.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#define CALIBRATION_NS 10000000u
#define PAUSE_SAMPLES  20000u

struct kx_clock kx_clock = {.tsc = false, .mult = 1u << KX_CLOCK_SHIFT, .pause_ns = 1.0};

uint64_t kx_clock_monotonic(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#if defined(__x86_64__)
static bool counter_is_constant(void)
{
	unsigned eax = 0;
	unsigned ebx = 0;
	unsigned ecx = 0;
	unsigned edx = 0;

	return __get_cpuid(0x80000007u, &eax, &ebx, &ecx, &edx) && (edx & (1u << 8));
}

/* The counter between two readings of the system clock, each taken tightly. */
static void calibrate_counter(void)
{
	uint64_t start_ns = kx_clock_monotonic();
	uint64_t start = __rdtsc();
	uint64_t now_ns;
	uint64_t ticks;

	do {
		now_ns = kx_clock_monotonic();
		ticks = __rdtsc() - start;
	} while (now_ns - start_ns < CALIBRATION_NS);
	kx_clock.mult = (uint32_t)(((now_ns - start_ns) << KX_CLOCK_SHIFT) / ticks);
	kx_clock.tsc = true;
}
#endif

/* The best of three: a time slice lost in one of them must not count. */
static double shortest_pause(void)
{
	double best = 1e9;

	for (int i = 0; i < 3; i++) {
		uint64_t start = kx_clock_monotonic();
		double each;

		kx_relax_for(PAUSE_SAMPLES);
		each = (double)(kx_clock_monotonic() - start) / PAUSE_SAMPLES;
		if (each < best)
			best = each;
	}
	return best > 0.1 ? best : 0.1;
}

void kx_clock_init(void)
{
#if defined(__x86_64__)
	if (counter_is_constant())
		calibrate_counter();
#endif
	kx_clock.pause_ns = shortest_pause();
}

unsigned kx_clock_relax_count(unsigned ns)
{
	unsigned count = (unsigned)(ns / kx_clock.pause_ns + 0.5);

	return ns != 0 && count == 0 ? 1 : count;
}
