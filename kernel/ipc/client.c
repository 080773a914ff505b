/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include "kx_channel.h"
#include "path.h"
#include "stamp.h"

/* Rings the way @arm asks for. */
static KX_OFF_PATH void ring(const struct kx_port *port, uint32_t arm)
{
	if (arm == KX_ARM_KERNEL || arm == KX_ARM_KERNEL_LATER || !port->bell) {
		port->ring(port->context);
		return;
	}
	(void)kx_add(port->bell, 1);
	kx_futex_wake(port->bell);
}

/*
 * W1 (pairs with W2 in arm_all): the request was published before arm is
 * read here. A server that is about to sleep wrote arm before it reads the slots.
 * Returns true if the server was woken for this request.
 */
static bool ring_if_armed(const struct kx_port *port)
{
	uint32_t arm = kx_load(port->arm);

	if (arm != KX_ARM_RING && arm != KX_ARM_KERNEL)
		return false;
	ring(port, arm);
	kx_stamp(KX_STAMP_RUNG, 0);
	return true;
}

/*
 * Before a sleep: a sentinel sleeps while the poller may be busy with somebody
 * else's request for long, so it must learn of ours now.
 */
static bool ring_before_sleep(const struct kx_port *port, uint32_t w)
{
	uint32_t arm;

	if (!KX_SLOT_IS_POSTED(w))
		return false;
	arm = kx_load(port->arm);
	if (arm != KX_ARM_LATER && arm != KX_ARM_KERNEL_LATER)
		return false;
	ring(port, arm);
	return true;
}

/* The deadline passed. KX_EAGAIN: the request is being served and must be waited for. */
static enum kx_result give_up(struct kx_slot *slot, uint32_t gen, struct kx_patience *patience)
{
	if (kx_slot_cancel(slot, gen))
		return KX_ETIME;
	if (!patience->may_abandon)
		return KX_EAGAIN;
	patience->abandoned = kx_slot_abandon(slot, gen);
	return patience->abandoned ? KX_ETIME : KX_EAGAIN;
}

/* Sleeps while the slot reads @w and nobody interrupts. */
static enum kx_slept sleep_on(struct kx_slot *slot, uint32_t w, kx_word *interrupt,
			      const struct timespec *deadline)
{
	const struct kx_watch watches[] = {{&slot->w, w}, {interrupt, 0}};
	/* Plain WAIT where it will do: WAITV costs a sixth more when both always sleep. */
	enum kx_slept slept = interrupt ? kx_futex_waitv(watches, 2, deadline)
					: kx_futex_wait(&slot->w, w, deadline);

	kx_stamp(KX_STAMP_AWAKE, 0);
	return slept;
}

static KX_BESIDE_PATH enum kx_result sleep_for_reply(struct kx_slot *slot, uint32_t gen,
						     const struct kx_port *port,
						     struct kx_patience *patience)
{
	const struct timespec *deadline = patience->deadline;
	kx_word *interrupt = patience->interrupt;
	uint32_t last = 0; /* the word of no request */
	unsigned changes = 0;
	bool rung = false;
	enum kx_slept slept;
	enum kx_result rc;
	uint32_t w;

	while ((rc = kx_slot_replied(slot, gen, &w)) == KX_EAGAIN) {
		changes += last && w != last;
		last = w;
		if (changes > KX_CLIENT_CHANGES)
			return KX_EPROTO;
		if (interrupt && kx_load(interrupt) != 0) {
			if (kx_slot_cancel(slot, gen))
				return KX_EINTERRUPT;
			interrupt = NULL; /* too late: the server has it */
		}
		if (!rung)
			rung = ring_before_sleep(port, w);
		if (!kx_slot_mark_sleep(slot, &w)) {
			changes++;
			continue;
		}
		last = w;
		slept = sleep_on(slot, w, interrupt, deadline);
		changes += slept == KX_SLEPT_NOT;
		if (slept != KX_SLEPT_TOO_LONG)
			continue;
		rc = give_up(slot, gen, patience);
		if (rc != KX_EAGAIN)
			return rc;
		deadline = NULL; /* the server has it and answers for it, or dies */
	}
	return rc;
}

enum kx_result kx_client_exchange(struct kx_slot *slot, uint32_t gen, const struct kx_port *port,
				  struct kx_patience *patience)
{
	struct kx_wait wait;
	enum kx_result rc;
	uint16_t cpu;
	uint32_t w;
	bool woken;

	patience->abandoned = false;
	if (KX_SLOT_STATE(kx_slot_post(slot, gen, patience->deadline || patience->interrupt)) ==
	    KX_SLOT_POISON)
		return KX_EPEER;
	kx_stamp(KX_STAMP_POSTED, gen);
	/*
	 * D2 (pairs with D1 in the death path): the kernel process writes the state,
	 * then breaks the slots it finds posted. Whoever published too late to be
	 * found reads the new state here.
	 */
	if (port->state && kx_load(port->state) != port->alive)
		return KX_EPEER;
	woken = ring_if_armed(port);

	cpu = kx_hint_load(&slot->cpu_server);
	kx_wait_begin(&wait, patience->waiter, port->relays ? kx_wait_relayed(cpu) : cpu, woken);
	while (kx_wait_step(&wait)) {
		rc = kx_slot_replied(slot, gen, &w);
		if (rc != KX_EAGAIN) {
			kx_wait_end(&wait, false);
			return rc;
		}
	}
	rc = sleep_for_reply(slot, gen, port, patience);
	kx_wait_end(&wait, true);
	return rc;
}
