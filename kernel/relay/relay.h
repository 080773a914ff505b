/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_RELAY_H
#define KX_RELAY_H

/*
 * Relayed calls: up slot of the client -> private copy -> decision -> down slot
 * of the server -> private copy -> decision -> up slot. IPC thread only, so
 * there are no locks; what shared memory says is believed about nothing but the
 * entity that wrote it.
 *
 *   kx_relay       one call on its way (relay.c, relay_post.c, reply.c)
 *   kx_queue       requests of one client that wait for one server (relay_turn.c)
 *   kx_peer        what the IPC thread keeps per entity (peer.c)
 *
 * A call is always in exactly one place:
 *
 *   ARRIVING   its request is copied out of the up slot
 *   TRANSFER   its handles are with the control thread
 *   QUEUED     the server has no down slot for its client: in call->queue
 *   LEAVING    its request is copied into server->down[call->down]
 *   POSTED     there; the server may have taken it
 *   ANSWERING  its reply is copied out of that down slot
 *   RETURN     the handles of its reply are with the control thread, or the reply is
 *              copied into the up slot
 *   (gone)     answered and back in the pool
 *
 * Copies of more than KX_COPY_STEP bytes are made in steps, one step between two
 * looks at the links, so that no client waits for the long message of another
 * (relay_copy.c). Meanwhile further long messages of the same entity wait in their
 * slots, so that it cannot fill the kernel process's memory with them.
 *
 * A down slot stays out of use while the server may still touch it, even when
 * the call it carried is gone (client dead or timed out): down[i] is then
 * KX_RELAY_ORPHAN until the server answers or dies.
 */

#include "calls.h"
#include "channel.h"
#include "inbox.h"
#include "kosix/security_module.h"
#include "listener.h"
#include "message.h"
#include "slot.h"
#include "task.h"
#include "user.h"
#include "validate.h"

struct kx_relay;
struct kx_waits;

enum kx_relay_place {
	KX_RELAY_ARRIVING = 1,
	KX_RELAY_TRANSFER,
	KX_RELAY_QUEUED,
	KX_RELAY_LEAVING,
	KX_RELAY_POSTED, /* from here on the server may have it */
	KX_RELAY_ANSWERING,
	KX_RELAY_RETURN,
};

/* What a relayed call does once its bytes are where they belong. */
typedef void kx_relay_then(struct kx_relay *call, int32_t rc);

/* A copy that is made in steps. */
struct kx_copy {
	struct cds_list_head link; /* among all copies; empty: none */
	uint8_t *to;
	const uint8_t *from;
	size_t left;
	uint32_t *count; /* of copies for one entity */
	kx_relay_then *then;
};

struct kx_relay {
	struct cds_list_head place_link;  /* pool, or queue->calls */
	struct cds_list_head client_link; /* client->calls */
	struct cds_list_head timed_link;  /* calls with a deadline */
	struct cds_list_head all_link;    /* kx_relays(), while it has a client */
	enum kx_relay_place place;
	struct kx_peer *client;     /* NULL: gone, drop the call when it comes back */
	struct kx_peer *server;     /* NULL likewise */
	struct kx_channel *channel; /* NULL: a callable */
	struct kx_listener *listener;
	struct kx_queue *queue;         /* while QUEUED */
	const struct kx_class *blob;    /* of the server, may be NULL */
	const struct kx_method *method; /* may be NULL: structure unknown */
	uint32_t up, up_gen;
	uint32_t down, down_gen;
	bool judged;  /* the reply needs a decision that Reply waits for */
	bool refused; /* the server's runtime could not take the request */
	bool granted; /* these four: as in balance.h */
	bool delivered;
	bool approved;
	bool passed;
	uint64_t deadline_ns; /* 0: none */
	struct kx_handle_desc self;
	uint16_t riid;
	uint16_t mid;

	/* The message on its way: header, body, padding, arena in one block. */
	struct kx_head head;
	uint8_t *bytes;
	size_t capacity;
	struct kx_copy copy;
	kx_relay_then *fetched; /* while a long message arrives: what then */
	struct kx_transfer_job transfer;
	uint32_t handle_offsets[KX_MESSAGE_CAPS];
	struct kx_event_handle event_handles[KX_MESSAGE_CAPS];
};

/* There while it holds a call. */
struct kx_queue {
	struct kx_peer *server;
	struct cds_list_head calls;       /* by place_link, oldest first */
	struct cds_list_head client_link; /* client->own_queues */
	struct cds_list_head turn_link;   /* server->queues */
};

/* Messages of one entity that wait for servers where it has no claim to a down slot now. */
#define KX_RELAY_QUEUED_BYTES (64u << 20)

/* Larger blocks go back to the system: one big message must not cost memory for ever. */
#define KX_RELAY_KEPT_BYTES 8192u

#define KX_RELAY_ORPHAN ((struct kx_relay *)-1)

/* Most bytes copied between two looks at the links. */
#define KX_COPY_STEP (64u << 10)

struct kx_peer {
	struct kx_task *task;
	struct kx_link_region *link;
	uint8_t *payload;
	uint32_t message_max;
	uint32_t position;               /* in the array of peers */
	struct cds_list_head loose_link; /* of all that are not armed (peer.c) */
	struct cds_list_head round_link; /* of those that are looked at before the sleep */
	uint32_t used_up;                /* up slots 0 .. used_up-1 have been seen in use */
	uint32_t next_up;                /* behind the one served last */
	uint32_t taken;                  /* of this window (peer.c) */
	uint32_t floods;                 /* windows for which it counts as one that floods */
	uint32_t passed;                 /* of these, since it was served */
	bool armed;
	bool muted; /* its bell is not listened to until the next window (ipc_thread.c) */
	bool dead;
	uint32_t requests_copied;         /* its calls ARRIVING and LEAVING in steps */
	uint32_t replies_copied;          /* calls to it ANSWERING and in RETURN, in steps */
	uint64_t owned[KX_UP_SLOTS / 64]; /* taken, not yet answered */
	uint32_t cancelled[KX_UP_SLOTS];  /* generation whose cancel came before the call */
	struct cds_list_head calls;       /* as client, by client_link */
	struct cds_list_head own_queues;  /* as client, by client_link */
	struct cds_list_head queues;      /* as server, by turn_link: whose turn is next */
	struct cds_list_head jobs;        /* kernel calls the control thread has, by by_maker */
	uint64_t down_busy;
	uint64_t down_judged; /* its reply waits for a verdict */
	uint32_t down_gen[KX_DOWN_SLOTS];
	struct kx_relay *down[KX_DOWN_SLOTS];
	uint32_t down_owner[KX_DOWN_SLOTS]; /* SID of the client it is in use for */
	uint64_t down_turn[KX_DOWN_SLOTS];
	uint64_t turn; /* highest that is over */
};

static inline uint8_t *kx_peer_up_payload(struct kx_peer *peer, uint32_t slot)
{
	return peer->payload + (size_t)slot * peer->message_max;
}

static inline uint8_t *kx_peer_down_payload(struct kx_peer *peer, uint32_t slot)
{
	return peer->payload + (size_t)(KX_UP_SLOTS + slot) * peer->message_max;
}

static inline struct kx_up_tag *kx_peer_up_tag(struct kx_peer *peer, uint32_t slot)
{
	return (struct kx_up_tag *)(void *)peer->link->up[slot].tag;
}

static inline uint8_t *kx_relay_fixed(struct kx_relay *call)
{
	return call->bytes;
}

static inline uint8_t *kx_relay_arena(struct kx_relay *call)
{
	return call->bytes + ((KX_EX_SIZE(call->head.ex) + 7u) & ~7u);
}

/*
 * Peers (peer.c). kx_peers_look() serves what it finds posted or answered, hot
 * links first; false: nothing. kx_peers_arm() asks every entity to ring, then
 * looks at every link; true: nothing there, the caller may sleep until a bell.
 * kx_peer_add() is false without memory.
 */
bool kx_peer_add(struct kx_task *task);
void kx_peer_remove(struct kx_task *task);
bool kx_peers_look(void);
bool kx_peers_arm(void);
/*
 * The process of @task is gone: takes what it has answered. True while some of that is
 * still being copied; kx_peer_remove() would lose it.
 */
bool kx_peer_ending(struct kx_task *task);
/* A bell rang. False: it had all that the window gives, its next one comes with the next window. */
bool kx_peer_rung(struct kx_peer *peer);
/*
 * Begins a window of time. @pressed: all processors are taken, and Linux gives the IPC thread
 * less than it asks for. In it an entity may have a few requests; kx_peers_held(): somebody
 * has had them, and has more, perhaps.
 */
void kx_peers_window(bool pressed);
bool kx_peers_held(void);
struct kx_peer *kx_peer_at(uint32_t position);
uint32_t kx_peers_count(void);
/* Where the last entity served ran. */
uint16_t kx_peers_cpu(void);

/* Answers an up slot: rc, and the message already written there if any. */
void kx_peer_answer(struct kx_peer *peer, uint32_t slot, uint32_t gen, int32_t rc);

/* relay.c: a call that comes from an up slot, ARRIVING; NULL, and answered, without memory. */
struct kx_relay *kx_relay_new(struct kx_peer *peer, uint32_t slot, uint32_t gen);

/* relay.c: all calls whose client waits, of all clients, by all_link. */
struct cds_list_head *kx_relays(void);
/* relay.c: a relayed call was taken from an up slot. */
void kx_relay_begin(struct kx_peer *peer, uint32_t slot, uint32_t gen);
/* relay.c: answers the client and forgets the call. */
void kx_relay_end(struct kx_relay *call, int32_t rc);
/* relay.c: the private copy is not needed any more; a small block is kept for the next. */
void kx_relay_free_large(struct kx_relay *call);
/* relay.c: ends a call that its client gives up or loses; @rc is what the client gets. */
void kx_relay_drop(struct kx_relay *call, int32_t rc);

/*
 * relay_turn.c: gives the call a down slot of its server, LEAVING; false: its client has
 * no claim to one now.
 */
bool kx_turn_take(struct kx_relay *call);
/* relay_turn.c: the request in a down slot was answered, or given up when the server had it. */
void kx_turn_over(struct kx_peer *server, uint32_t down);
/* relay_turn.c: puts a call behind the others of its client, QUEUED; false without memory. */
bool kx_queue_add(struct kx_relay *call);
/* relay_turn.c: takes it out again. */
void kx_queue_leave(struct kx_relay *call);
/* relay_turn.c: the call that a free down slot was given to, out of its queue; NULL: none. */
struct kx_relay *kx_queue_next(struct kx_peer *server);

/* relay_post.c: gives a call to its server, or puts it into the queue. */
void kx_relay_deliver(struct kx_relay *call);
/* relay_post.c: a down slot of @server is free again. */
void kx_relay_next(struct kx_peer *server);
/* relay_post.c: wakes the server that @call goes to. */
void kx_relay_ring(struct kx_relay *call);
/* relay_post.c: the down slot that @call has, if any, gets @left instead. */
void kx_relay_release_down(struct kx_relay *call, struct kx_relay *left);
/*
 * relay.c: KX_CALL_CANCEL of the call that came or will come from @slot with @gen;
 * without effect once the server has it.
 */
void kx_relay_cancel(struct kx_peer *client, uint32_t slot, uint32_t gen);
/* relay.c: ends calls whose time is over; returns the next deadline, 0: none. */
uint64_t kx_relay_expire(uint64_t now_ns);
void kx_relay_client_dead(struct kx_peer *peer);
/* relay_cut.c: ends the calls that go there with rcNotConnected. */
void kx_relay_server_dead(struct kx_peer *peer);
void kx_relay_channel_dead(struct kx_channel *channel);
void kx_relay_listener_dead(struct kx_listener *listener);
/* relay_cut.c: adds who waits for whom. */
void kx_relay_waits(struct kx_waits *waits);

/* reply.c: looks at a busy down slot; true if something was done. */
bool kx_reply_look(struct kx_peer *server, uint32_t slot);
/* reply.c: takes whatever @server has answered, for it or the way to it is going. */
void kx_replies_take(struct kx_peer *server);
/* reply.c: the client of a call that is ANSWERING is gone. */
void kx_reply_drop(struct kx_relay *call);

/* kcall.c: a kernel call was taken from an up slot. */
void kx_kcall_begin(struct kx_peer *peer, uint32_t slot, uint32_t gen, uint32_t op);
/* IPC thread: @peer ends; its calls in flight come back to nobody. */
void kx_kcall_forget(struct kx_peer *peer);

/* security_call.c: a message for the module alone was taken from an up slot. */
void kx_security_begin(struct kx_peer *peer, uint32_t slot, uint32_t gen);

/* When the thread has ended: frees what is kept for further calls. */
void kx_relay_fini(void);

/*
 * relay_copy.c: copies the message of a slot of @peer into call->bytes with its
 * header, the room grown as needed, then goes on with @then: KX_RC_OK,
 * KX_RC_INVALID_ARGUMENT (size), or KX_RC_OUT_OF_MEMORY. At once if it is short.
 */
void kx_relay_fetch(struct kx_relay *call, struct kx_peer *peer, struct kx_slot *slot,
		    const void *payload, kx_relay_then *then);
/*
 * relay_copy.c: the other way: the private copy goes into a slot, then @then with
 * KX_RC_OK, or KX_RC_BUFFER_TOO_SMALL. @max: bytes of @payload.
 */
void kx_relay_put(struct kx_relay *call, struct kx_slot *slot, void *payload, uint32_t max,
		  kx_relay_then *then);
/* relay_copy.c: the message in @slot would be copied in steps, if it stays as it is. */
bool kx_relay_is_long(struct kx_slot *slot);
/* relay_copy.c: the reply to @call in @slot may be taken now. */
bool kx_relay_may_copy(const struct kx_relay *call, struct kx_slot *slot);
/* relay_copy.c: makes one step of one copy, in turn; false: nothing is being copied. */
bool kx_relay_copy_step(void);
/* relay_copy.c: false if @call was not being copied. It is not gone on with. */
bool kx_relay_copy_stop(struct kx_relay *call);
/* relay_copy.c: @peer will not be there to count its copies. */
void kx_relay_copy_forget(struct kx_peer *peer);

/* Judges the structure of the private copy; NULL if it is right, else what is wrong. */
const char *kx_relay_structure(struct kx_relay *call, enum kx_message_kind kind);

/* Fills an event from the private copy. */
void kx_relay_event(struct kx_relay *call, enum kx_event_kind kind, struct kx_event *event);

/*
 * Collects the handle descriptors of the private copy into call->transfer.in and
 * event_handles; the number of them.
 */
uint32_t kx_relay_collect_handles(struct kx_relay *call, struct kx_task *sender,
				  enum kx_message_kind kind);
/* Writes what the transfer made back into the private copy. */
void kx_relay_patch_handles(struct kx_relay *call);

#endif /* KX_RELAY_H */
