/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PROVE_BLOW_H
#define KX_PROVE_BLOW_H

/*
 * One storm on a whole solution (tests/system/scenario_storm.c): entities under a real
 * kernel process end at random moments, whatever they do, while others call them,
 * directly and relayed, through one another, with bytes and handles. The oracle looks
 * for stuck calls all the time; after it the kernel process must be as large as before, and
 * those must live that nobody ends: the master and what runs beside it.
 */

#include <stdint.h>

#include "rig.h"

struct kx_storm {
	const char *const *options; /* of the kernel process, ended by NULL */
	const char *const *beside;  /* further entities of the image, ended by NULL, or NULL */
	const char *env;            /* of all entities, "NAME=value", or NULL */
	void (*prepare)(void);      /* in the kernel process before it begins, or NULL */
	uint64_t seed;
	unsigned seconds;
};

struct kx_size {
	unsigned descriptors;
	unsigned mappings; /* of shared memory */
	unsigned long resident_kb;
	unsigned entities;
};

struct kx_outcome {
	unsigned cells;
	unsigned deaths;
	unsigned told;
	unsigned done;
	unsigned failures;
	unsigned looks;
	struct kx_size before;
	struct kx_size after;
};

void kx_blow(const struct kx_storm *storm, struct kx_outcome *outcome);

#endif /* KX_PROVE_BLOW_H */
