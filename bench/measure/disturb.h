/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_DISTURB_H
#define KX_BENCH_DISTURB_H

/*
 * What disturbs a measurement on this machine, before it and while it ran.
 * Everything comes from /proc and /sys; what can't be read is "unknown".
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "place.h"

/* Clock ticks of all cores since the machine started. */
struct kx_ticks {
	uint64_t all;
	uint64_t busy; /* in programs and in the kernel */
	uint64_t steal;
};

struct kx_disturb {
	char model[96];    /* processor */
	char kernel[96];   /* Linux release */
	char governor[32]; /* cpufreq, of the first core */
	char smt[32];      /* on, off, forceoff, notsupported, notimplemented */
	bool guest;        /* a virtual machine: wake-ups between cores are dear */
	bool siblings;     /* client and server are bound to one physical core */
	unsigned cores;    /* online */
	unsigned allowed;  /* that this program may use */
	double load_before;
	double load_after;
	double steal;  /* percent of all cores' time that the host took meanwhile */
	double others; /* and that programs of no concern to us took */
	/* Private to kx_disturb_begin() and kx_disturb_end(). */
	struct kx_ticks ticks;
	double own_seconds;
};

/* Looks at the machine; @place tells which cores matter (NULL: none). */
void kx_disturb_begin(struct kx_disturb *disturb, const struct kx_place *place);

/* Looks again after the measurement. */
void kx_disturb_end(struct kx_disturb *disturb);

/* Prints what a person should know, warnings last. */
void kx_disturb_print(const struct kx_disturb *disturb, FILE *out);

/*
 * Adds up the first line of /proc/stat in @file. False if it is not such a
 * file; @ticks are zeros then.
 */
bool kx_disturb_read_stat(FILE *file, struct kx_ticks *ticks);

#endif /* KX_BENCH_DISTURB_H */
