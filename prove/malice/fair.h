/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PROVE_FAIR_H
#define KX_PROVE_FAIR_H

/* The judge of M-09 (flood.c): from what a client got in each turn to a verdict. No clock, no I/O.
 */

#include <stdbool.h>

#define KX_FAIR_MOST 60u
#define KX_FAIR      0.8 /* of the fair share is promised */

enum kx_turn { KX_TURN_IDLE, KX_TURN_COMPUTE, KX_TURN_FLOOD, KX_TURNS };

/* What the client got in turns of each kind, in order. */
struct kx_turns {
	double calls[KX_TURNS][KX_FAIR_MOST];
	double p99_us[KX_TURNS][KX_FAIR_MOST];
	unsigned count[KX_TURNS];
	bool mixed; /* they did not come in order: a pair is not of neighbours, so nothing is shown
		     */
};

struct kx_fair {
	double ratios[KX_FAIR_MOST]; /* of each flood and the turn before it, in ascending order */
	unsigned pairs;
	double ratio; /* their median; 0 if there are too few */
	bool kept;
};

/* Puts @values in order; of none: 0. */
double kx_median(double *values, unsigned count);

/*
 * From lines "TURN kind calls=N p99=N" between others, the kinds being 0, 1 and 2 in turn,
 * beginning with 0. Turns beyond KX_FAIR_MOST of a kind are left out.
 */
void kx_turns_read(struct kx_turns *turns, const char *text);

/* @rounds: so many turns of each kind were asked for; with fewer nothing is shown and nothing kept.
 */
void kx_fair_judge(struct kx_fair *fair, const struct kx_turns *turns, unsigned rounds);

#endif /* KX_PROVE_FAIR_H */
