/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_ABI_SLOT_H
#define KX_ABI_SLOT_H

/*
 * One call slot: the cell through which a client thread hands a request to a
 * server and takes the reply back. The same cell serves three kinds of pair:
 *
 *   channel slot   client entity  -> server entity    (direct call)
 *   up slot        entity thread  -> kernel process   (kernel call, relayed call)
 *   down slot      kernel process -> server entity    (relayed request)
 *
 * Neither side trusts the other: every field is fetched once into a local, the
 * local is checked, and only the local is used.
 *
 * The state word w = generation << 4 | SLEEP << 3 | state.
 *
 *   from              to         by       how        what it means
 *   FREE, REPLIED     POSTED     client   exchange   request written; it will be waited for
 *   FREE, REPLIED     TIMED      client   exchange   request written; it may be taken back
 *   POSTED, TIMED     TAKEN      server   CAS        request belongs to the server; SLEEP kept
 *   TIMED             FREE       client   CAS        taken back before the server took it
 *   POSTED            REPLIED    server   CAS        as TAKEN -> REPLIED: a server with one thread
 *                                                    need not mark what nobody else can take
 *   TAKEN             REPLIED    server   CAS        reply written; old SLEEP: wake the client
 *   TAKEN             ABANDONED  client   CAS        client stopped waiting, the server owns it
 *   ABANDONED         FREE       server   CAS        the late reply is dropped
 *   POSTED, TAKEN     POISON     kernel   CAS        the server died
 *   TAKEN             POISON     kernel   CAS        down slot only: the caller died
 *   REPLIED           JUDGED     kernel   CAS        down slot only: the verdict is there
 *   JUDGED            FREE       server   CAS        down slot only: the verdict was read
 *   any               + SLEEP    client   CAS        client is about to sleep on w
 *
 * The client counts the generation up with every POSTED; it continues for the life
 * of the region, from its last value to 1, and is never reset. Any other value breaks
 * the channel.
 *
 * Who may write what, when:
 *   iid, mid, ex, arena, bytes, payload   client while FREE or REPLIED, server while TAKEN
 *   tag                                   as its own header says
 *   cpu_client, cpu_server                that side, any time, a hint only
 *
 * Ordering edges (both ends are sequentially consistent operations on w):
 *   P1 -> P2   kx_slot_post()  -> kx_slot_take()    request written, then read
 *   S1 -> S2   kx_slot_reply() -> kx_slot_replied() reply written, then read
 */

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

#include "kx_atomic.h"
#include "kx_limits.h"

enum kx_slot_state {
	KX_SLOT_FREE = 0,
	KX_SLOT_POSTED = 1,
	KX_SLOT_TAKEN = 2,
	KX_SLOT_REPLIED = 3,
	KX_SLOT_ABANDONED = 4,
	KX_SLOT_POISON = 5,
	KX_SLOT_JUDGED = 6,
	KX_SLOT_TIMED = 7, /* posted, and the client may take it back */
};

#define KX_SLOT_SLEEP 8u
#define KX_SLOT_IS_POSTED(w)                                                                       \
	(KX_SLOT_STATE(w) == KX_SLOT_POSTED || KX_SLOT_STATE(w) == KX_SLOT_TIMED)
#define KX_SLOT_STATE(w) ((w)&7u)
#define KX_SLOT_GEN(w)   ((w) >> 4)
/* A busy slot comes round in minutes; 0 is the memory's first value and never used. */
#define KX_SLOT_GEN_LAST         0x0fffffffu
#define KX_SLOT_NEXT_GEN(gen)    ((gen) >= KX_SLOT_GEN_LAST ? 1u : (gen) + 1u)
#define KX_SLOT_WORD(gen, state) ((uint32_t)(gen) << 4 | (uint32_t)(state))

/* What a counter of generations begins with; a test may begin near the end. */
#ifndef KX_SLOT_GEN_BEFORE
#define KX_SLOT_GEN_BEFORE 0u
#endif

/*
 * A message in a slot: the nk_message header without `self`, then
 * the constant part behind the 24-byte header, then, at the next multiple of 8,
 * the arena. Up to KX_INLINE bytes in all travel in bytes[]; anything longer
 * stands in the slot's payload from its start.
 */
struct kx_slot {
	alignas(KX_CACHE_PAIR) kx_word w;
	kx_half cpu_client;
	kx_half cpu_server;
	union {
		struct {
			uint16_t iid;
			uint16_t mid;
			uint32_t ex; /* bits 0..27 size of the constant part, 28..30 handles, 31
					error */
		};
		uint64_t first; /* these three, in one access */
	};
	uint32_t arena; /* bytes of arena that follow; 0: none */
	uint8_t bytes[KX_INLINE];
	/* Second line of the pair: not touched by a direct call. */
	alignas(64) uint8_t tag[64];
};

#define KX_EX_SIZE(ex)         ((ex)&0x0fffffffu)
#define KX_EX_CAPS(ex)         ((ex) >> 28 & 7u)
#define KX_EX_ERR(ex)          ((ex) >> 31)
#define KX_EX(size, caps, err) ((uint32_t)(size) | (uint32_t)(caps) << 28 | (uint32_t)(err) << 31)

_Static_assert(offsetof(struct kx_slot, w) == 0, "kx_slot.w moved");
_Static_assert(offsetof(struct kx_slot, cpu_client) == 4, "kx_slot.cpu_client moved");
_Static_assert(offsetof(struct kx_slot, iid) == 8, "kx_slot.iid moved");
_Static_assert(offsetof(struct kx_slot, ex) == 12, "kx_slot.ex moved");
_Static_assert(offsetof(struct kx_slot, first) == 8, "kx_slot.first moved");
_Static_assert(offsetof(struct kx_slot, arena) == 16, "kx_slot.arena moved");
_Static_assert(offsetof(struct kx_slot, bytes) == 20, "kx_slot.bytes moved");
_Static_assert(offsetof(struct kx_slot, tag) == 64, "kx_slot.tag moved");
_Static_assert(sizeof(struct kx_slot) == 128, "kx_slot resized");

/*
 * Tag of an up slot. The entity writes all but rc before POSTED; the kernel
 * process writes rc before REPLIED.
 */
struct kx_up_tag {
	uint32_t op;           /* enum kx_call_op (abi/kx_calls.h) */
	uint32_t handle;       /* relayed call: client handle; else first argument */
	uint32_t timeout_ms;   /* relayed call; UINT32_MAX waits without end */
	uint32_t sync;         /* relayed call: interrupt object or UINT32_MAX */
	uint32_t args[8];      /* kernel calls: as abi/kx_calls.h says; results come back here */
	int32_t rc;            /* Retcode of the whole call */
	uint32_t reserved0[3]; /* zero */
};

/*
 * Tag of a down slot. The kernel process writes all of it before POSTED and rc
 * again before it frees a slot whose reply it was asked to judge.
 */
struct kx_down_tag {
	uint32_t listener;    /* first handle of the listener the request came by */
	uint32_t sender;      /* task number of the caller */
	uint32_t thread;      /* thread number inside the caller */
	uint32_t flags;       /* KX_DOWN_JUDGED */
	int32_t rc;           /* verdict on the reply, when KX_DOWN_JUDGED */
	uint32_t self_handle; /* callable handle the call was made on, as the server knows it */
	uint64_t self_badge;
	uint32_t self_rights;
	uint32_t channel;      /* server's channel entry, for its own counts */
	uint64_t turn;         /* lower ones are served first */
	uint32_t reserved0[4]; /* zero */
};

/* The reply is judged by content or state: Reply waits for the verdict in rc. */
#define KX_DOWN_JUDGED 1u

_Static_assert(sizeof(struct kx_up_tag) == 64, "kx_up_tag resized");
_Static_assert(sizeof(struct kx_down_tag) == 64, "kx_down_tag resized");

#endif /* KX_ABI_SLOT_H */
