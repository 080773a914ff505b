/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_SCALE_H
#define KX_BENCH_SCALE_H

/*
 * Costs as a solution grows: by the number of its entities (each with two
 * channels), and by the number of handles that they hold together. Every point is
 * a solution of its own; what is measured in it is one busy pair among the idle.
 *
 * A cost is fitted as a power of the number, over the points from KX_SCALE_FIT_FROM
 * up, where what a solution costs at all no longer shows: exponent 0 is flat.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "measure/config.h"
#include "measure/disturb.h"

/* What is known of one point; times in nanoseconds, memory in bytes. */
enum kx_cost {
	KX_COST_CALL,   /* median of a direct call */
	KX_COST_CALL99, /* and its 99th percentile */
	KX_COST_LOOKUP, /* of a kernel call that looks a handle up */
	KX_COST_LOOKUP99,
	KX_COST_DEATH,  /* a server's end, until its client knows */
	KX_COST_START,  /* of the whole solution until all are there, for each one */
	KX_COST_END,    /* of the whole solution, for each one */
	KX_COST_KERNEL, /* memory of the kernel process, for each one beyond the first point */
	KX_COST_SYSTEM, /* memory that the machine has less, for each one */
	KX_COST_COUNT,
};

#define KX_SCALE_POINTS   16u
#define KX_SCALE_FIT_FROM 100.0
#define KX_SCALE_FAILS    0.30 /* a busy machine bends a curve by less */

struct kx_scale_point {
	unsigned entities;
	unsigned channels;
	uint64_t handles;           /* made by the idle ones */
	double n;                   /* entities or handles: what the series is about */
	double cost[KX_COST_COUNT]; /* 0: not known */
	double kernel_bytes;        /* of the kernel process in all */
	unsigned files;             /* open in the kernel process */
	unsigned maps;              /* its mappings */
};

struct kx_scale_series {
	const char *name; /* "entities", "handles" */
	struct kx_scale_point point[KX_SCALE_POINTS];
	size_t count;
	char limit[160]; /* why there is no larger point; "" if all were wanted */
};

/* The exponent of a cost over a series; false if fewer than three points know it. */
bool kx_scale_fit(const struct kx_scale_series *series, enum kx_cost cost, double *exponent);

/* One solution of @clients idle clients with @each handles. False after a complaint. */
bool kx_scale_run(const struct kx_config *options, unsigned clients, unsigned each,
		  struct kx_scale_point *point);

/* Bytes of memory that this machine still has. */
double kx_scale_available(void);

/*
 * One result line of the kind that prove/README.md describes, after @seconds. A
 * cost whose exponent is over KX_SCALE_FAILS is a failure.
 */
void kx_scale_result(const struct kx_scale_series *series, double seconds, FILE *out);

/* Outputs. The last two: false after a complaint. */
void kx_scale_table(const struct kx_scale_series *series, FILE *out);
bool kx_scale_json(const struct kx_scale_series *series, size_t count,
		   const struct kx_disturb *disturb, FILE *out);
bool kx_scale_plot(const struct kx_scale_series *series, const struct kx_disturb *disturb,
		   const char *folder);

#endif /* KX_BENCH_SCALE_H */
