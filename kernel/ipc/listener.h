/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_LISTENER_H
#define KX_LISTENER_H

/*
 * The server's half: one listener, many channels, any number of threads that
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
 * sleeps, channels are armed RING when nobody polls, LATER when somebody does or
 * may. A sentinel that wakes becomes a poller and promotes one follower.
 *
 * Who may touch what:
 *
 *   role, sentinel, followers, arm words, ends   under `roles`; looking and
 *                                                 taking a slot need no lock
 *   ends (reading)                               inside an RCU read section
 *   hot, kbell_seen                              any thread, hints
 *
 * Lock order: roles is innermost; nothing is called while it is held.
 *
 * Edges:
 *   W2   kx_listener_arm(): writes arm, fence, then reads bells and every slot
 *   K4   the same for karm and kbell
 */

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#include "kx_channel.h"
#include "kx_link.h"
#include "slot.h"
#include "wait.h"

/* One channel of the listener, as the server sees it. */
struct kx_end {
	struct kx_channel_region *region;
	uint8_t *payload;
	uint32_t message_max;
	uint32_t channel;      /* index on the task page */
	kx_word *state;        /* the channel's state word there */
	_Atomic uint8_t armed; /* enum kx_arm last written to region->arm; writer holds roles */
	_Atomic uint8_t used;  /* slots 0 .. used-1 have been seen in use */
	_Atomic bool broken;   /* a protocol violation was seen: never looked at again */
	_Atomic bool owned[KX_CHANNEL_SLOTS]; /* taken and not yet answered by this process */
	_Atomic uint32_t stamp;               /* of the last request, for choosing whom to watch */
};

struct kx_ends {
	unsigned count;
	struct kx_end *end[];
};

#define KX_HOT 8u

struct kx_listener {
	/* Set once. */
	uint32_t handle;
	kx_word *kbell;
	kx_word *karm;
	struct kx_slot *down;
	uint8_t *down_payload;
	uint32_t message_max;
	/* Called when kbell moved: maps new channels, drops dead ones. */
	enum kx_rc (*refresh)(void *context);
	/* Called when a client broke the protocol: the channel is dead for us. */
	void (*hostile)(void *context, struct kx_end *end);
	void *context;

	struct kx_ends *ends;         /* RCU */
	_Atomic uint32_t hot[KX_HOT]; /* channel position << 8 | slot, most recent first */
	_Atomic uint32_t cold;        /* channel position to look at next */
	_Atomic uint32_t kbell_seen;
	_Atomic uint32_t clock; /* counts requests, for stamps */
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

/* How long kx_listener_receive() may wait; either pointer may be NULL. */
struct kx_receive_patience {
	const struct timespec *deadline;
	kx_word *interrupt; /* not 0: return KX_EINTERRUPT */
};

/* Most bells a sentinel watches beside kbell; the rest is armed KERNEL. */
#define KX_WATCHED_BELLS 15u

enum kx_rc kx_listener_init(struct kx_listener *listener);
void kx_listener_fini(struct kx_listener *listener);

/*
 * Adds a channel, or takes one away; kx_listener_remove() returns when no thread
 * can still be looking at it. Not while the caller is inside a read section.
 */
enum kx_rc kx_listener_add(struct kx_listener *listener, struct kx_end *end);
void kx_listener_remove(struct kx_listener *listener, struct kx_end *end);

/* One look at the likeliest places. True: *taken is filled. Never blocks. */
bool kx_listener_look(struct kx_listener *listener, struct kx_taken *taken);

/* A look at every slot of every channel. */
bool kx_listener_look_all(struct kx_listener *listener, struct kx_taken *taken);

/*
 * Waits for a request. KX_OK, KX_ETIME, KX_EINTERRUPT, or what refresh() said
 * (the handle was closed or revoked). Any thread; blocks.
 */
enum kx_rc kx_listener_receive(struct kx_listener *listener,
			       const struct kx_receive_patience *patience, struct kx_taken *taken);

/* The request is answered or dropped: its slot may be taken again. */
void kx_listener_release(struct kx_taken *taken);

/* Wakes every waiting thread so that it looks at its interrupt word or at refresh(). */
void kx_listener_disturb(struct kx_listener *listener);

#endif /* KX_LISTENER_H */
