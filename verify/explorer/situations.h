/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_SITUATIONS_H
#define KX_SITUATIONS_H

/*
 * What the hand-off can be in the middle of, and which scenario has been there: a
 * search of every state proves nothing about a state that no scenario leads to.
 * Hostile parties' own words do not count, whoever writes them.
 */

#include <stdbool.h>
#include <stdint.h>

enum kx_situation {
	KX_SEEN_ARM_RING,
	KX_SEEN_ARM_LATER,
	KX_SEEN_ARM_KERNEL,
	KX_SEEN_ARM_KERNEL_LATER,
	KX_SEEN_POLLER_AND_SENTINEL,
	KX_SEEN_FOLLOWER,
	KX_SEEN_REPLY,
	KX_SEEN_REPLY_AGAIN,
	KX_SEEN_TIMED,
	KX_SEEN_TAKEN_BACK,
	KX_SEEN_ABANDONED,
	KX_SEEN_LATE_REPLY,
	KX_SEEN_RELAY,
	KX_SEEN_JUDGED,
	KX_SEEN_POISON,
	KX_SEEN_HOSTILE,
	KX_SEEN_HOSTILE_FOUND,
	KX_SEEN_CLIENT_DIES,
	KX_SEEN_SERVER_DIES,
	KX_SEEN_KERNEL_DIES,
	KX_SITUATIONS,
};

/* One bit for each that was seen since it was last set to 0: main.c does so for each scenario. */
extern uint32_t kx_situations;

static inline void kx_situation(enum kx_situation seen)
{
	kx_situations |= 1u << seen;
}

/* A row of the table for each scenario, then what the columns mean. */
void kx_situations_row(const char *scenario, uint32_t seen);
void kx_situations_legend(void);
/* Names on stdout what @seen lacks; how many that are. */
unsigned kx_situations_missing(uint32_t seen);

#endif /* KX_SITUATIONS_H */
