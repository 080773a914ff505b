/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CLASS_FIXTURE_H
#define KX_CLASS_FIXTURE_H

/*
 * After relay_fixture.h: Anna's class and the server's are known, Ben's is not, and the program is
 * its own security module (ENABLE_EXPORTS). All use slot 0 of a client, which is free again after
 * answer().
 */

#include "kosix/security_module.h"
#include "relay_fixture.h"

enum { PLAIN, TEXT_OUT, GIVE, GET }; /* methods of endpoint e */
enum { TELL };                       /* of s, the security interface */

/* What the module was asked, and what it answers. */
struct seen {
	unsigned asked;
	struct kx_event event; /* the last one; its strings stay, its message does not */
	uint32_t handle_sid;
	enum kx_verdict verdict;
};
extern struct seen seen;

/* class_setup_direct(): and Anna's channel was classified. */
int class_setup(void **state);
int class_setup_direct(void **state);

/* A message; behind its header and body are zeros. */
struct letter {
	uint16_t iid, mid;
	uint32_t ex;
	uint32_t arena;
	uint8_t body[24];
};

void put(struct kx_slot *slot, uint8_t *payload_bytes, const struct letter *letter);
void post(struct kx_task *task, const struct kx_up_tag *tag, const struct letter *letter);
int32_t answer(struct kx_task *task);

/* The tag of a call to the server, without end. */
const struct kx_up_tag *relayed(struct kx_task *client);
/* The request of method @mid, as declared; the down slot where it stands. */
int requested(struct kx_task *client, uint16_t mid);
/* The server takes what stands there and answers; the generation of both. */
uint32_t hand_in(int down, const struct letter *letter);
/* The same; the server learns the verdict, which is the result, and gives the slot back. */
int32_t reply(int down, const struct letter *letter);

#endif /* KX_CLASS_FIXTURE_H */
