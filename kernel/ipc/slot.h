/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_IPC_SLOT_H
#define KX_IPC_SLOT_H

/*
 * The transitions of a call slot, one function each. Read abi/kx_slot.h first:
 * it says who may make which. All are lock-free and none blocks; the caller does
 * the sleeping and waking that a result asks for.
 */

#include <stdbool.h>

#include "kx_slot.h"
#include "result.h"

/*
 * Most attempts of one transition at one word. Between a load and its CAS an honest
 * other side can change the word three times (SLEEP, taken, answered) and the kernel
 * process once; one that changes it more often does not want the transition to end.
 */
#define KX_SLOT_TRIES 16u

/*
 * Client. Publishes the request it has written. P1 (pairs with P2 in
 * kx_slot_take): the exchange orders the request's bytes before POSTED.
 * @timed: it may be taken back with kx_slot_cancel(), so the server must mark it.
 * Returns the old word: POISON in it means that the server is dead and nobody
 * will look at this request.
 */
static inline uint32_t kx_slot_post(struct kx_slot *slot, uint32_t gen, bool timed)
{
	return kx_exchange(&slot->w, KX_SLOT_WORD(gen, timed ? KX_SLOT_TIMED : KX_SLOT_POSTED));
}

/*
 * Server. Takes a posted request: KX_OK and its generation, or KX_EAGAIN when
 * none is posted (or another thread was faster). P2 (pairs with P1 in
 * kx_slot_post). SLEEP is kept: the client may already sleep on this word.
 * KX_EPROTO: the client changes the word without end.
 */
static inline enum kx_result kx_slot_take(struct kx_slot *slot, uint32_t *gen)
{
	uint32_t w = kx_load(&slot->w);

	for (unsigned tries = 0; tries < KX_SLOT_TRIES; tries++) {
		if (!KX_SLOT_IS_POSTED(w))
			return KX_EAGAIN;
		if (kx_cas(&slot->w, &w, (w & ~7u) | KX_SLOT_TAKEN)) {
			*gen = KX_SLOT_GEN(w);
			return KX_OK;
		}
	}
	return KX_EPROTO;
}

/*
 * Server. Takes the request that @w was seen to be posted with, and no later one: what was
 * read about it since is about what is taken. KX_EAGAIN: the word is another one now.
 */
static inline enum kx_result kx_slot_take_seen(struct kx_slot *slot, uint32_t w, uint32_t *gen)
{
	if (!kx_cas(&slot->w, &w, (w & ~7u) | KX_SLOT_TAKEN))
		return KX_EAGAIN;
	*gen = KX_SLOT_GEN(w);
	return KX_OK;
}

/*
 * Server with one thread. As kx_slot_take(), without marking the slot: the line is only
 * asked for, and arrives while the request is being served. KX_EAGAIN also for a
 * timed request, which its client may take back.
 */
static inline enum kx_result kx_slot_take_quietly(struct kx_slot *slot, uint32_t *gen)
{
	uint32_t w = kx_load(&slot->w);

	if (KX_SLOT_STATE(w) != KX_SLOT_POSTED)
		return KX_EAGAIN;
	kx_own(slot);
	*gen = KX_SLOT_GEN(w);
	return KX_OK;
}

/*
 * Server. Marks request @gen that was taken quietly, for threads that were not
 * there when it was taken. Nothing else is changed, whatever the word is.
 */
static inline void kx_slot_mark_taken(struct kx_slot *slot, uint32_t gen)
{
	uint32_t w = kx_load(&slot->w);
	unsigned tries = 0;

	while (KX_SLOT_STATE(w) == KX_SLOT_POSTED && KX_SLOT_GEN(w) == gen &&
	       tries++ < KX_SLOT_TRIES) {
		if (kx_cas(&slot->w, &w, (w & ~7u) | KX_SLOT_TAKEN))
			return;
	}
}

/*
 * Server. Publishes the reply it has written. S1 (pairs with S2 in
 * kx_slot_replied). KX_OK: *wake says whether the client sleeps and must be
 * woken. KX_ETIME: the client gave up, the slot is free again and the reply
 * dropped. KX_EPEER: the client died. KX_EPROTO: this word cannot follow a take, or
 * it changes without end.
 */
static inline enum kx_result kx_slot_reply(struct kx_slot *slot, uint32_t gen, bool *wake)
{
	uint32_t w = kx_load(&slot->w);

	for (unsigned tries = 0; tries < KX_SLOT_TRIES; tries++) {
		if (KX_SLOT_STATE(w) == KX_SLOT_POISON)
			return KX_EPEER;
		if (KX_SLOT_GEN(w) != gen)
			return KX_EPROTO;
		switch (KX_SLOT_STATE(w)) {
		case KX_SLOT_POSTED:
		case KX_SLOT_TAKEN:
			*wake = (w & KX_SLOT_SLEEP) != 0;
			if (kx_cas(&slot->w, &w, KX_SLOT_WORD(gen, KX_SLOT_REPLIED)))
				return KX_OK;
			break;
		case KX_SLOT_ABANDONED:
			if (kx_cas(&slot->w, &w, KX_SLOT_WORD(gen, KX_SLOT_FREE)))
				return KX_ETIME;
			break;
		default:
			return KX_EPROTO;
		}
	}
	return KX_EPROTO;
}

/*
 * Client. Looks for the reply to request @gen: KX_OK when it is there,
 * S2 (pairs with S1 in kx_slot_reply); KX_EAGAIN while the server has not answered,
 * with the word seen in *w; KX_EPEER when the kernel broke the slot; KX_EPROTO for
 * any word that the server may not write.
 */
static inline enum kx_result kx_slot_replied(struct kx_slot *slot, uint32_t gen, uint32_t *w)
{
	*w = kx_load(&slot->w);
	if (*w == KX_SLOT_WORD(gen, KX_SLOT_REPLIED))
		return KX_OK;
	if (KX_SLOT_STATE(*w) == KX_SLOT_POISON)
		return KX_EPEER;
	if (KX_SLOT_GEN(*w) != gen)
		return KX_EPROTO;
	if (!KX_SLOT_IS_POSTED(*w) && KX_SLOT_STATE(*w) != KX_SLOT_TAKEN)
		return KX_EPROTO;
	return KX_EAGAIN;
}

/*
 * Client. Marks itself asleep. *w is the word last seen; true: *w now has SLEEP
 * and the caller sleeps on exactly that value. False: the word changed, look again.
 * No fence is needed before the sleep: the futex compares the value itself.
 */
static inline bool kx_slot_mark_sleep(struct kx_slot *slot, uint32_t *w)
{
	uint32_t expected = *w;

	if (*w & KX_SLOT_SLEEP)
		return true;
	if (!kx_cas(&slot->w, &expected, *w | KX_SLOT_SLEEP))
		return false;
	*w |= KX_SLOT_SLEEP;
	return true;
}

/* Client. Takes a timed request back; false: the server has it, or it is answered. */
static inline bool kx_slot_cancel(struct kx_slot *slot, uint32_t gen)
{
	uint32_t w = kx_load(&slot->w);
	unsigned tries = 0;

	while (KX_SLOT_STATE(w) == KX_SLOT_TIMED && KX_SLOT_GEN(w) == gen &&
	       tries++ < KX_SLOT_TRIES) {
		if (kx_cas(&slot->w, &w, KX_SLOT_WORD(gen, KX_SLOT_FREE)))
			return true;
	}
	return false;
}

/*
 * Client. Stops waiting for a request that the server has taken; the slot stays
 * out of use until the server's reply frees it. False: it was answered meanwhile.
 */
static inline bool kx_slot_abandon(struct kx_slot *slot, uint32_t gen)
{
	uint32_t w = kx_load(&slot->w);
	unsigned tries = 0;

	while (KX_SLOT_STATE(w) == KX_SLOT_TAKEN && KX_SLOT_GEN(w) == gen &&
	       tries++ < KX_SLOT_TRIES) {
		if (kx_cas(&slot->w, &w, KX_SLOT_WORD(gen, KX_SLOT_ABANDONED)))
			return true;
	}
	return false;
}

/*
 * Kernel process, after a confirmed death. Breaks a slot that only the dead
 * party could move on; a finished reply is left for the living client. The
 * caller wakes slot->w afterwards, always: the reason is stored first. A survivor
 * that changes the word without end loses what stands in it.
 */
static inline void kx_slot_poison(struct kx_slot *slot)
{
	uint32_t w = kx_load(&slot->w);

	for (unsigned tries = 0; tries < KX_SLOT_TRIES; tries++) {
		if (!KX_SLOT_IS_POSTED(w) && KX_SLOT_STATE(w) != KX_SLOT_TAKEN &&
		    KX_SLOT_STATE(w) != KX_SLOT_ABANDONED)
			return;
		if (kx_cas(&slot->w, &w, KX_SLOT_WORD(KX_SLOT_GEN(w), KX_SLOT_POISON)))
			return;
	}
	(void)kx_exchange(&slot->w, KX_SLOT_WORD(KX_SLOT_GEN(w), KX_SLOT_POISON));
}

/*
 * Kernel process, client of a down slot. Hands reply @gen back with its verdict
 * written; true: the server sleeps and must be woken. Nothing is changed if the word
 * is another one, or changes without end.
 */
static inline bool kx_slot_judge(struct kx_slot *slot, uint32_t gen)
{
	uint32_t w = kx_load(&slot->w);
	unsigned tries = 0;

	while (KX_SLOT_STATE(w) == KX_SLOT_REPLIED && KX_SLOT_GEN(w) == gen &&
	       tries++ < KX_SLOT_TRIES) {
		if (kx_cas(&slot->w, &w, KX_SLOT_WORD(gen, KX_SLOT_JUDGED)))
			return (w & KX_SLOT_SLEEP) != 0;
	}
	return false;
}

#endif /* KX_IPC_SLOT_H */
