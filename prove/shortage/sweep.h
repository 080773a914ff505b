/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PROVE_SWEEP_H
#define KX_PROVE_SWEEP_H

/*
 * Runs with one fault each (K-04, K-05): one at each place of the kernel process where such a
 * fault can be, then at every n-th until the time is over. The last ones first: those of a
 * running solution.
 */

#include "faults.h"

struct kx_sweep {
	struct kx_campaign *campaign;
	/* A run whose @n-th at @place (0: anywhere) fails, counted; false: it had none. */
	bool (*fail_at)(struct kx_sweep *sweep, uint32_t place, unsigned long n);
	unsigned long stride;
	uint64_t limit_ns;
	/* of a run without faults: kx_sweep_note() */
	unsigned long total;
	uint32_t *places; /* of each; never 0 */
	unsigned long noted;
	unsigned different; /* of the places */
	/* of the runs with one */
	unsigned tried; /* of the different places */
	uint64_t faults;
	uint64_t missed; /* had none to fail */
	uint64_t refused;
	uint64_t failures;
};

/*
 * After a run without faults: @total were counted, the places of the first @room at most are in
 * @places. False, after a message, if it did not do all that is looked at in the others.
 */
bool kx_sweep_note(struct kx_sweep *sweep, struct kx_fault_end end, const uint32_t *places,
		   unsigned long total, unsigned long room);

/* After a run with one; returns @struck: whether there was one to fail. */
bool kx_sweep_count(struct kx_sweep *sweep, struct kx_fault_end end, bool struck);

/* All that there is time for. */
void kx_sweep_go(struct kx_sweep *sweep);

/* Puts out @name; @what fails ("allocation"), @besides is said at the end. */
void kx_sweep_result(struct kx_sweep *sweep, const char *name, const char *what,
		     const char *besides);

#endif /* KX_PROVE_SWEEP_H */
