/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TEST_RANDOM_POLICY_H
#define KX_TEST_RANDOM_POLICY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* A generator of numbers that gives the same ones everywhere. */
struct kx_random {
	uint64_t state;
};

uint32_t kx_random(struct kx_random *random, uint32_t below);

/*
 * Writes a policy over the classes of policies/head.psl that is correct and
 * says something about most events. Requests from Einit are left to probes:
 * they read state of the SID in message.thing.
 */
void kx_random_policy(struct kx_random *random, FILE *out);

#endif /* KX_TEST_RANDOM_POLICY_H */
