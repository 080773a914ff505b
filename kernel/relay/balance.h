/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BALANCE_H
#define KX_BALANCE_H

/*
 * What became of relayed calls. Each one ends exactly once, for its client and for the kernel
 * process; a request is delivered if it was granted and nothing came between, and so is a reply.
 * At the end of a run the sums must agree (POST in tests/system/rig.h).
 *
 * Counted where it happens, by the IPC thread alone; compared when that has ended.
 */

#include <stdbool.h>
#include <stdint.h>

struct kx_balance {
	uint64_t begun;   /* calls taken from up slots */
	uint64_t replied; /* their clients got a reply, */
	uint64_t failed;  /* an error, */
	uint64_t gone;    /* or died first */
	uint64_t closed;  /* nothing is kept of them any more */

	uint64_t granted;     /* requests, by the module */
	uint64_t delivered;   /* requests posted to their servers, whoever granted them */
	uint64_t undelivered; /* granted, and the call ended before */

	uint64_t approved; /* replies, by the module */
	uint64_t passed;   /* replies written to their clients, whoever approved them */
	uint64_t lost;     /* approved, and the call ended before */
};

extern struct kx_balance kx_balance;

bool kx_balance_agrees(const struct kx_balance *balance);

/* Log: what does not agree, if the environment asks for it (KOSIX_FOOTPRINT). */
void kx_balance_check(void);

#endif /* KX_BALANCE_H */
