/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_RELAY_FIXTURE_H
#define KX_RELAY_FIXTURE_H

/*
 * Relayed calls by hand, after kernel_fixture.h: the test is two clients and their server, and
 * says when the IPC thread does what. Slots are used once, with generation GEN; what a
 * message holds follows from a seed.
 */

#include "kernel_fixture.h"
#include "relay.h"

#define LONG  (4u << 20)
#define SHORT 8u
#define GEN   1u

extern struct kx_task *anna;
extern struct kx_task *ben;
extern struct kx_task *server;
extern uint32_t handles[2]; /* of anna, of ben */

int relay_setup(void **state);
int relay_teardown(void **state);

/* What the IPC thread does in one round; true: something. */
bool one_round(void);
/* Rounds, and the control thread's work, until nothing is left to do. */
void all_rounds(void);

struct kx_peer *peer_of(struct kx_task *task);
struct kx_slot *up(struct kx_task *task, uint32_t slot);
uint8_t *payload(struct kx_task *task, uint32_t slot);
uint8_t *down_payload(uint32_t slot);

/* The bell of an entity that has published something, if it is asked to ring. */
void ring(struct kx_task *task);

void fill(struct kx_slot *slot, uint8_t *bytes, uint32_t arena, uint8_t seed);
bool holds(struct kx_slot *slot, const uint8_t *bytes, uint32_t arena, uint8_t seed);

/* A relayed request in an up slot of @client, and whether its answer has come. */
void ask(struct kx_task *client, uint32_t slot, uint32_t arena, uint8_t seed, uint32_t timeout_ms);
bool is_answered(struct kx_task *client, uint32_t slot, int32_t *rc);

/* The down slot with a request of @client that nobody has taken yet; -1: none. */
int posted_for(const struct kx_task *client);
/* The one that the server takes next, of whatever client; -1: none. And who sent it. */
int next_posted(void);
uint32_t sender_of(int down);
/* Takes and answers it. */
void serve(int down, uint32_t arena, uint8_t seed);

#endif /* KX_RELAY_FIXTURE_H */
