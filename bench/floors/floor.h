/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BENCH_FLOOR_H
#define KX_BENCH_FLOOR_H

/*
 * A floor is the least that a round trip between real processes can cost with
 * one mechanism of the machine: no channels, no checks, no policy. A call of
 * Kosix is compared with it, so a floor is made as fast as it can be.
 *
 * Each floor copies the payload as often as a call does: out of the sender's
 * buffer and into the receiver's, both ways (four copies; eight if a broker
 * stands between). The server answers with the bytes it received, and the
 * client checks them.
 *
 * floor_run.c forks the parties and times them; the other files of this folder
 * only say how one request goes forth and back.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/clock.h"
#include "measure/config.h"
#include "measure/subject.h"

/*
 * A direction between two processes. Word and payload share one cache line
 * while they fit; a larger payload begins in the next line, aligned. The word
 * counts rounds: whoever waits for round n waits until the word is n.
 */
struct kx_hop {
	_Atomic uint32_t *word;
	uint8_t *payload;
};

#define KX_HOP_LINE   128u /* neighbouring lines are fetched in pairs */
#define KX_HOP_INLINE 56u  /* largest payload beside the word */
#define KX_HOP_COUNT  4u

/* Which hop carries what. Two parties use the first two. */
enum kx_hop_name {
	KX_HOP_REQUEST,
	KX_HOP_REPLY,
	KX_HOP_REQUEST_ON, /* broker to server */
	KX_HOP_REPLY_ON,   /* server to broker */
};

/* What one pair (and its broker) shares; each process has its own copy. */
struct kx_party {
	struct kx_hop hop[KX_HOP_COUNT];
	int fd[2][2]; /* [client, server][read, write]; -1 if unused */
	uint8_t *out; /* private: what this process sends */
	uint8_t *in;  /* private: what it received */
	size_t size;
	unsigned looks; /* kx_relax() between two looks at a word */
	uint32_t round; /* this process's count */
};

struct kx_floor {
	unsigned parties; /* 2, or 3 with a broker */
	bool spins;       /* looks all the time: collapses without a core for each party */

	/* Opens descriptors before the processes are forked; NULL if there are none. */
	bool (*open)(struct kx_party *party);

	/* The client's side: one request and its reply. False ends the turn with an error. */
	bool (*call)(struct kx_party *party);

	/* The other sides: one request each. False as above. */
	bool (*serve)(struct kx_party *party);
	bool (*relay)(struct kx_party *party);
};

extern const struct kx_subject kx_floor_one_line;
extern const struct kx_subject kx_floor_two_line;
extern const struct kx_subject kx_floor_two_line_x;
extern const struct kx_subject kx_floor_yield;
extern const struct kx_subject kx_floor_futex;
extern const struct kx_subject kx_floor_pipe;
extern const struct kx_subject kx_floor_socketpair;
extern const struct kx_subject kx_floor_relay_spin;
extern const struct kx_subject kx_floor_relay_futex;

/* Where the cores are: two-line for a moment, 8 bytes and one pair whatever is measured. */
extern const struct kx_subject kx_floor_cores;

/* All of them, in the order of the table; ends with NULL. */
extern const struct kx_subject *const kx_floors[];

/* The floor called @name, or NULL. */
const struct kx_subject *kx_floor_find(const char *name);

/* The functions of every floor's kx_subject (floor_run.c). */
bool kx_floor_fits(const struct kx_subject *self, const struct kx_config *config, char *why,
		   size_t size);
bool kx_floor_prepare(const struct kx_subject *self, const struct kx_config *config, void **state);
bool kx_floor_run_turn(void *state, struct kx_turn *turn);
void kx_floor_finish(void *state);

/* Spins until @word is @round. Everything written before the matching publish is seen. */
static inline void kx_hop_await(const struct kx_hop *hop, uint32_t round, unsigned looks)
{
	while (atomic_load_explicit(hop->word, memory_order_acquire) != round)
		kx_relax_for(looks);
}

#endif /* KX_BENCH_FLOOR_H */
