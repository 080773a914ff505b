/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Clients in turn. A server has few down slots, and a client may send it more requests
 * than there are. Three rules keep the others' share:
 *
 *   places   a client may hold three quarters of the slots that the others leave, so that
 *            one is free for whoever comes next
 *   queues   what does not get a slot waits in a queue of its client, and the clients are
 *            served in turn
 *   turns    among the requests in down slots the server takes the one whose turn is
 *            lowest: each client's next one before anybody's second next
 *
 * A slot counts for its client until the server has let it go, also when the client has
 * long given up. IPC thread only.
 */

#include "relay.h"

#include <stdlib.h>

/* Shares of what is free that one client may hold. */
#define SHARES 3u

static uint32_t count_free(const struct kx_peer *server)
{
	return KX_DOWN_SLOTS - (uint32_t)__builtin_popcountll(server->down_busy);
}

/* Down slots of @server that are in use for the task with @sid. */
static uint32_t count_held(const struct kx_peer *server, uint32_t sid)
{
	uint64_t busy = server->down_busy;
	uint32_t held = 0;

	for (; busy; busy &= busy - 1)
		held += server->down_owner[__builtin_ctzll(busy)] == sid;
	return held;
}

static bool may_hold_one_more(const struct kx_peer *server, const struct kx_peer *client)
{
	uint32_t most = SHARES * count_free(server);

	/* Usually all that are in use are fewer than that. */
	return KX_DOWN_SLOTS - count_free(server) < most ||
	       count_held(server, client->task->object.sid) < most;
}

/* The client's next turn: one after the last that it has, none in the past. */
static uint64_t next_turn(const struct kx_peer *server, uint32_t sid)
{
	uint64_t busy = server->down_busy;
	uint64_t last = server->turn;

	for (; busy; busy &= busy - 1) {
		unsigned down = (unsigned)__builtin_ctzll(busy);

		if (server->down_owner[down] == sid && server->down_turn[down] > last)
			last = server->down_turn[down];
	}
	return last + 1;
}

bool kx_turn_take(struct kx_relay *call)
{
	struct kx_peer *server = call->server;
	uint32_t sid = call->client->task->object.sid;
	uint32_t down;

	if (!may_hold_one_more(server, call->client))
		return false;
	down = (uint32_t)__builtin_ctzll(~server->down_busy);
	server->down_turn[down] = next_turn(server, sid);
	server->down_owner[down] = sid;
	server->down[down] = call;
	server->down_busy |= 1ull << down;
	call->down = down;
	call->place = KX_RELAY_LEAVING;
	return true;
}

void kx_turn_over(struct kx_peer *server, uint32_t down)
{
	if (server->down_turn[down] > server->turn)
		server->turn = server->down_turn[down];
}

/* --- those who wait ------------------------------------------------------------- */

static struct kx_queue *queue_of(struct kx_relay *call)
{
	struct kx_queue *queue;

	cds_list_for_each_entry(queue, &call->client->own_queues, client_link)
	{
		if (queue->server == call->server)
			return queue;
	}
	queue = malloc(sizeof(*queue));
	if (!queue)
		return NULL;
	queue->server = call->server;
	CDS_INIT_LIST_HEAD(&queue->calls);
	cds_list_add(&queue->client_link, &call->client->own_queues);
	cds_list_add_tail(&queue->turn_link, &call->server->queues);
	return queue;
}

bool kx_queue_add(struct kx_relay *call)
{
	struct kx_queue *queue = queue_of(call);

	if (!queue)
		return false;
	call->queue = queue;
	call->place = KX_RELAY_QUEUED;
	cds_list_add_tail(&call->place_link, &queue->calls);
	return true;
}

void kx_queue_leave(struct kx_relay *call)
{
	struct kx_queue *queue = call->queue;

	cds_list_del_init(&call->place_link);
	call->queue = NULL;
	if (!cds_list_empty(&queue->calls))
		return;
	cds_list_del(&queue->client_link);
	cds_list_del(&queue->turn_link);
	free(queue);
}

struct kx_relay *kx_queue_next(struct kx_peer *server)
{
	struct kx_queue *queue;
	struct kx_relay *call;

	if (server->down_busy == UINT64_MAX)
		return NULL;
	cds_list_for_each_entry(queue, &server->queues, turn_link)
	{
		call = cds_list_first_entry(&queue->calls, struct kx_relay, place_link);
		if (!kx_turn_take(call))
			continue;
		/* Its next one comes after everybody else's. */
		cds_list_del(&queue->turn_link);
		cds_list_add_tail(&queue->turn_link, &server->queues);
		kx_queue_leave(call);
		return call;
	}
	return NULL;
}
