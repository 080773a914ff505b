/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_INBOX_H
#define KX_INBOX_H

/*
 * The server's half: one inbox per listener, many channels, any number of threads that
 * wait on it. Lives in the server's private memory; only the words it points to
 * are shared.
 *
 * Roles of waiting threads:
 *
 *   poller     looks at slots without sleeping; at most one (private try-lock)
 *   sentinel   sleeps on kbell and the bells of the busiest channels; at most one
 *   follower   sleeps on a private word until it is promoted
 *
 * A poller that takes a request leaves without waking anybody. While a sentinel
 * sleeps, the channels it watches are armed RING when nobody polls, LATER when
 * somebody does or may, and the others KERNEL or KERNEL_LATER. A sentinel that wakes becomes a
 * poller and promotes one follower.
 *
 * Who may touch what:
 *
 *   role, sentinel, followers, arm words,
 *   watched, ends                                under `roles`; looking and
 *                                                 taking a slot need no lock
 *   ends (reading)                               inside an RCU read section
 *   hot, kbell_seen, relayed_last                any thread, hints
 *
 * Lock order: roles is innermost; nothing is called while it is held.
 *
 * Edges:
 *   W2   arm_all(): writes arm, fence, then reads bells and every slot
 *   K4   the same for karm and kbell
 */

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#include "kx_channel.h"
#include "kx_link.h"
#include "slot.h"
#include "wait.h"

/* One channel of the inbox, as the server sees it. */
struct kx_end {
	struct kx_channel_region *region;
	uint8_t *payload;
	uint32_t message_max;
	uint32_t channel;      /* index on the task page */
	kx_word *state;        /* the channel's state word there */
	_Atomic uint8_t armed; /* enum kx_arm last written to region->arm; writer holds roles */
	_Atomic bool watched;  /* by the present sentinel; writer holds roles */
	_Atomic uint8_t used;  /* slots 0 .. used-1 have been seen in use */
	_Atomic bool broken;   /* a protocol violation was seen: never looked at again */
	/* Generation + 1 of the request taken and not yet answered by this process; 0: none. */
	_Atomic uint32_t owned[KX_CHANNEL_SLOTS];
	_Atomic uint32_t stamp; /* of the last request, for choosing whom to watch */
};

struct kx_ends {
	unsigned count;
	struct kx_end *end[];
};

#define KX_HOT 8u

struct kx_inbox {
	/* Set once. */
	uint32_t handle; /* the listener's first, which names it in tags of down slots */
	kx_word *kbell;
	kx_word *karm;
	struct kx_slot *down;
	uint8_t *down_payload;
	uint32_t message_max;
	/* Called when kbell moved and before a sleep: maps new channels, drops dead ones. */
	enum kx_result (*refresh)(void *context);
	/* Called when a client broke the protocol: the channel is dead for us. */
	void (*hostile)(void *context, struct kx_end *end);
	void *context;

	struct kx_ends *ends;         /* RCU */
	struct kx_ends *spare;        /* the list before it; who adds or removes */
	_Atomic uint32_t hot[KX_HOT]; /* channel position << 8 | slot, most recent first */
	_Atomic uint32_t cold;        /* channel position to look at next, */
	_Atomic uint32_t cold_slot;   /* and which of its slots not seen in use */
	_Atomic uint32_t kbell_seen;
	_Atomic bool relayed_last; /* the request taken last was relayed: channels come first */
	_Atomic uint32_t clock;    /* counts requests, for stamps */
	_Atomic uint16_t peer_cpu;
	_Atomic bool polling;
	struct kx_waiter waiter;

	pthread_mutex_t roles;
	_Atomic bool sentinel;
	_Atomic bool karmed;
	unsigned followers;
	kx_word follower_word; /* private futex */
};

/* A request that this thread has taken and now owes an answer. */
struct kx_taken {
	struct kx_slot *slot;
	uint8_t *payload;
	uint32_t message_max;
	uint32_t gen;
	uint32_t index;     /* slot number in its region */
	struct kx_end *end; /* NULL: a down slot */
};

/* How long kx_inbox_receive() may wait; either pointer may be NULL. */
struct kx_receive_patience {
	const struct timespec *deadline;
	kx_word *interrupt; /* not 0: return KX_EINTERRUPT; who sets it wakes it */
};

/*
 * Looks that the first look of a wait may be late. The client of the last request has the
 * answer to fetch and a request to write; a look meanwhile takes its line away.
 */
#define KX_INBOX_LATE 4u

/* Most bells a sentinel watches beside kbell. */
#define KX_WATCHED_BELLS 15u

/*
 * Arms a channel for a sentinel: RING or LATER, if need be by way of the kernel
 * process. roles is held.
 */
void kx_end_arm(struct kx_end *end, enum kx_arm level);

enum kx_result kx_inbox_init(struct kx_inbox *inbox);
void kx_inbox_fini(struct kx_inbox *inbox);

/*
 * Adds a channel (KX_ENOMEM: it was not), or takes one away, which cannot fail (one that
 * is not there stays so); kx_inbox_remove() returns when no thread can still be looking at it.
 * One of them at a time for an inbox; not while the caller is inside a read section.
 */
enum kx_result kx_inbox_add(struct kx_inbox *inbox, struct kx_end *end);
void kx_inbox_remove(struct kx_inbox *inbox, struct kx_end *end);

/* One look at the likeliest places. True: *taken is filled. Never blocks. */
bool kx_inbox_look(struct kx_inbox *inbox, struct kx_taken *taken);

/* A look at every slot of every channel. */
bool kx_inbox_look_all(struct kx_inbox *inbox, struct kx_taken *taken);

/*
 * Waits for a request. KX_OK, KX_ETIME, KX_EINTERRUPT, or what refresh() said
 * (the handle was closed or revoked). Any thread; blocks.
 */
enum kx_result kx_inbox_receive(struct kx_inbox *inbox, const struct kx_receive_patience *patience,
				struct kx_taken *taken);

/*
 * This thread is done with the request; call it before kx_slot_reply(): once the
 * reply is out the slot may be posted and taken again, and a mark left on it would
 * make an honest client look hostile.
 */
void kx_inbox_release(struct kx_taken *taken);

/*
 * The same for a request over a channel whose client is gone, which gets no reply: taken
 * without a mark it would look posted until the channel is removed, and be taken once more.
 */
void kx_inbox_forsake(struct kx_taken *taken);

/* Wakes every waiting thread so that it looks at its interrupt word or at refresh(). */
void kx_inbox_disturb(struct kx_inbox *inbox);

#endif /* KX_INBOX_H */
