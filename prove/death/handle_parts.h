/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PROVE_HANDLE_PARTS_H
#define KX_PROVE_HANDLE_PARTS_H

/*
 * The entities of H-08, after relay_fixture.h: what each knows of its table, its calls, and the
 * requests that it holds. Each call has a number, which the security module (also here) sees in
 * its request and in its reply; a message is of a class of which nothing is known, handles first.
 */

#include "relay_fixture.h"

#include "kx_rights.h"

#define PARTS   6
#define SERVERS 2
#define UPS     8u /* up slots that a part uses */

struct part {
	struct kx_task *task; /* NULL: dead */
	bool serves;
	uint32_t listener;
	uint32_t notice;
	uint32_t badge;             /* the last one made */
	uint32_t stale;             /* one that it had */
	uint32_t known[KX_HANDLES]; /* by index: the value, 0: none */
	struct {
		uint32_t gen;
		uint64_t number; /* of the call; 0: none */
	} up[UPS];
	struct {
		enum { NONE, HELD, ANSWERED } place; /* ANSWERED: its verdict is due */
		uint32_t gen;
		uint64_t number;
	} down[KX_DOWN_SLOTS];
};

extern struct part parts[PARTS];

/* Of this round, by the module. */
extern struct decisions {
	uint64_t granted, approved;
} decisions;
extern uint64_t denied_in_all;
extern unsigned long deaths_of_round;
/* Requests and replies that arrived without a grant, twice, or at somebody else. */
extern unsigned wrong_deliveries;

/* A number below @below, by the seed. */
unsigned draw(unsigned below);

/* A fresh solution, in which everybody has a channel to each server but itself. */
void begin_parts(void);
/* As if its process had died: nothing of it is looked at any more. */
void die(struct part *part);
/* New ones in the places of the dead. */
void replace_dead(void);
/* Gives everybody the channels that it has not, or has no more. */
void connect_all(void);

void know(struct part *part, uint32_t value);
void forget(struct part *part, uint32_t value);
/* One that it knows, revoked ones too; seldom one that it knew, or none. */
uint32_t any_handle(struct part *part);
/* One that @fits, if there is one. */
uint32_t one_with(struct part *part, bool (*fits)(const struct kx_handle *handle));

/* Calls by a handle, with up to three more in the message. */
void post_call(struct part *part);
/* Takes note of the answers that have come. */
void collect(struct part *part);
/* Takes a request that stands in a down slot, or refuses it at once. */
bool take_request(struct part *part);
/* Answers one that it holds, with up to three handles. */
bool answer_request(struct part *part);

#endif /* KX_PROVE_HANDLE_PARTS_H */
