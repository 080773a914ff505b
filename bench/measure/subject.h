/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_SUBJECT_H
#define KX_BENCH_SUBJECT_H

/*
 * Anything whose calls can be measured: every floor (floors/floor.h) and Kosix
 * itself (subject_kosix.c). series.c knows only this interface, so floors and
 * Kosix are timed by the same loop, in turn.
 *
 * Order: fits; prepare; run_turn any number of times; finish. A subject
 * complains itself (complain.h) before it returns false.
 */

#include <stdbool.h>
#include <stdint.h>

#include "config.h"
#include "histogram.h"
#include "stamps.h"

/* What one turn showed. Cleared by the caller. */
struct kx_turn {
	struct kx_hist hist;          /* round trips of all clients */
	uint64_t wall_ns;             /* first call begun to last call ended */
	uint64_t cpu_ns;              /* processor time of all parties, start-up included */
	uint64_t voluntary;           /* context switches of all parties: went to sleep */
	uint64_t involuntary;         /* and: were put aside */
	uint64_t quiet_ns;            /* server watched without a call: for how long, */
	uint64_t quiet_cpu_ns;        /* what it used, */
	uint64_t quiet_wakes;         /* how often it woke up */
	struct kx_stamp_list *stamps; /* in: where stamps go; NULL: nowhere */
};

struct kx_subject {
	const char *name; /* as in --floors and in results */
	const char *what; /* one line for people */
	bool floor;

	/* False if @config can't be measured on this machine, with the reason in @why. */
	bool (*fits)(const struct kx_subject *self, const struct kx_config *config, char *why,
		     size_t size);

	/* Makes *@state. May take a second. False: no state was made. */
	bool (*prepare)(const struct kx_subject *self, const struct kx_config *config,
			void **state);

	/* Runs one turn; false ends the whole run. Leaves no process behind either way. */
	bool (*run_turn)(void *state, struct kx_turn *turn);

	/* Frees what prepare() made. */
	void (*finish)(void *state);

	const void *self; /* the subject's own description */
};

/* Kosix: a solution of a caller and an echo entity, started by `kosix run`. */
extern const struct kx_subject kx_subject_kosix;

/* The same without the idle clients, to compare with. */
extern const struct kx_subject kx_subject_kosix_alone;

/* The same called by hand, beside --api nk. */
extern const struct kx_subject kx_subject_kosix_raw;

/* The same under allow-all, beside a policy. */
extern const struct kx_subject kx_subject_kosix_open;

#endif /* KX_BENCH_SUBJECT_H */
