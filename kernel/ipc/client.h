/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CLIENT_H
#define KX_CLIENT_H

/*
 * The client's half of an exchange over one slot: publish, ring if asked to,
 * look, sleep, until the reply is there or can never come. Used for direct calls
 * (server: an entity) and for up slots (server: the kernel process).
 *
 * Edges: W1 (abi/kx_channel.h), K1 (abi/kx_link.h), D2 (abi/kx_task_page.h).
 */

#include <stdbool.h>
#include <time.h>

#include "slot.h"
#include "wait.h"

/* The other end of a slot, and how it is woken. */
struct kx_port {
	kx_word *arm;   /* enum kx_arm, written by the server */
	kx_word *bell;  /* NULL: only ring() */
	kx_word *state; /* word that reads `alive` while the server lives, or NULL */
	uint32_t alive;
	void (*ring)(void *context); /* asks the kernel process to wake the server */
	void *context;
	bool relays; /* behind the other end stands a third party */
};

struct kx_patience {
	struct kx_waiter *waiter;
	const struct timespec *deadline; /* NULL: none */
	kx_word *interrupt; /* not 0: give up unless the server has the request; may be NULL */
	bool may_abandon;   /* at the deadline leave a taken request to the server */
	bool abandoned;     /* result: the slot is out of use until the server frees it */
};

/*
 * Most changes of a slot's word that a client sleeps through. An honest server makes
 * one, TAKEN, and every change is seen at most twice; a server that makes more does
 * not mean to let the client sleep.
 */
#define KX_CLIENT_CHANGES 16u

/*
 * Publishes the request already written in @slot as generation @gen and waits.
 *
 * KX_OK          the reply stands in the slot
 * KX_EPEER       the server is gone; the request was not answered
 * KX_EPROTO      the slot holds a word the server may not write, or the server changed
 *                it more than KX_CLIENT_CHANGES times
 * KX_ETIME       deadline; the request was taken back, or abandoned if *abandoned
 * KX_EINTERRUPT  interrupted; the request was taken back
 *
 * Blocks. Any thread that owns the slot.
 */
enum kx_result kx_client_exchange(struct kx_slot *slot, uint32_t gen, const struct kx_port *port,
				  struct kx_patience *patience);

#endif /* KX_CLIENT_H */
