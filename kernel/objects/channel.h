/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KERNEL_CHANNEL_H
#define KX_KERNEL_CHANNEL_H

/*
 * A channel: one client end, one server end that belongs to a listener.
 *
 *   RELAY -> OFFER    the module classified at least one method DIRECT
 *   OFFER -> DIRECT   the client's first direct call asked for the region
 *   OFFER -> RELAY    no region to be had (memory, descriptors): stays relayed
 *   any   -> DEAD     one side ended, closed or was revoked; final
 *
 * The same state stands on both task pages. A region is made once and never
 * used again; the kernel process maps it to poison its slots at death.
 */

#include <stdatomic.h>

#include "kx_channel.h"
#include "kx_class.h"
#include "kx_limits.h"
#include "kx_rc.h"
#include "kx_task_page.h"
#include "mailbox.h"
#include "object.h"

struct kx_listener;
struct kx_task;

struct kx_channel {
	struct kx_object object;

	/* Fixed. */
	struct kx_task *client;       /* pinned */
	struct kx_task *server;       /* pinned */
	struct kx_listener *listener; /* pinned */
	uint32_t client_index;        /* entry in client->page->channels */
	uint32_t server_index;
	char name[KX_NAME_MAX];

	/* rcu */
	_Atomic uint32_t state;           /* enum kx_channel_state; control thread writes */
	struct kx_channel_region *region; /* NULL unless DIRECT */

	/* Written by the IPC thread before it posts the classification back, then fixed. */
	uint8_t *direct;       /* KX_DIRECT_TABLE() bytes, see abi/kx_task_page.h */
	uint32_t direct_bytes; /* 0: none */
	bool any_direct;

	/* control */
	uint64_t region_bytes;
	uint32_t generation;
	uint32_t client_handle;           /* root handle in the client */
	struct cds_list_head in_listener; /* listener->channels */
	bool closed;
	/* To the IPC thread and back, each once. */
	struct kx_job classification;
	struct kx_job removal;
};

/*
 * Makes a channel with a client handle in @client, state RELAY, and asks the
 * IPC thread to classify it (state OFFER follows when a method is DIRECT).
 * Control thread; does not block. KX_RC_QUOTA_EXCEEDED: a table is full.
 */
enum kx_rc kx_channel_create(struct kx_task *client, struct kx_listener *listener, const char *name,
			     struct kx_channel **out);

/*
 * KX_CALL_OPEN: makes the region, sends it to both sides, sets DIRECT. Control
 * thread; never blocks. KX_RC_OK: the state is DIRECT, or RELAY if a region
 * cannot be had. KX_RC_BUSY: *@full does not take a packet now; nothing was
 * done, try again when it does. KX_RC_NOT_CONNECTED: DEAD.
 */
enum kx_rc kx_channel_open(struct kx_channel *channel, struct kx_task **full);

/*
 * Steps 1 to 6 of death.h, by a death or a close. Control thread; idempotent.
 * @dead: which side is gone.
 */
enum kx_channel_side {
	KX_SIDE_CLIENT = 1,
	KX_SIDE_SERVER = 2,
};
void kx_channel_close(struct kx_channel *channel, enum kx_channel_side dead);

/* Live channel of that name between the two, or NULL. Control thread. */
struct kx_channel *kx_channel_find(struct kx_task *client, struct kx_task *server,
				   const char *name);

/* Fills channel->direct by asking hooks.classify for every method. IPC thread. */
void kx_channel_classify(struct kx_channel *channel);

static inline enum kx_channel_state kx_channel_state(struct kx_channel *channel)
{
	return (enum kx_channel_state)atomic_load_explicit(&channel->state, memory_order_seq_cst);
}

#endif /* KX_KERNEL_CHANNEL_H */
