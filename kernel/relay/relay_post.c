/* SPDX-License-Identifier: Apache-2.0 */

/* How a relayed request gets into a down slot of its server, or waits for one. */

#include "relay.h"

#include <string.h>

#include "balance.h"
#include "kx_rc.h"
#include "stamp.h"

static void write_tag(struct kx_relay *call, struct kx_slot *slot)
{
	struct kx_down_tag tag = {
		.listener = call->listener->handle,
		.sender = call->client->task->number,
		.thread = call->up + 1,
		.flags = call->judged ? KX_DOWN_JUDGED : 0,
		.self_handle = call->self.handle,
		.self_badge = call->self.badge,
		.self_rights = call->self.rights,
		.channel = call->channel ? call->channel->server_index : UINT32_MAX,
		.turn = call->server->down_turn[call->down],
	};

	memcpy(slot->tag, &tag, sizeof(tag));
}

/*
 * K3 (pairs with K4 in receive.c): the slot is posted and kbell grows before
 * karm is read; a server about to sleep writes karm first and reads kbell after.
 */
static void ring_server(struct kx_peer *server, uint32_t listener)
{
	(void)kx_add(&server->link->kbell[listener].value, 1);
	if (kx_load(&server->link->karm[listener].value))
		kx_futex_wake(&server->link->kbell[listener].value);
}

void kx_relay_ring(struct kx_relay *call)
{
	ring_server(call->server, call->listener->index);
}

void kx_relay_release_down(struct kx_relay *call, struct kx_relay *left)
{
	struct kx_peer *server = call->server;

	if ((call->place != KX_RELAY_POSTED && call->place != KX_RELAY_LEAVING) || !server)
		return;
	server->down[call->down] = left;
	if (!left)
		server->down_busy &= ~(1ull << call->down);
}

/* The message stands in the down slot: the server may see it. */
static void publish(struct kx_relay *call, int32_t rc)
{
	struct kx_peer *server = call->server;
	uint32_t down = call->down;
	struct kx_slot *slot = &server->link->down[down];

	if (rc != KX_RC_OK) {
		kx_relay_end(call, rc);
		return;
	}
	write_tag(call, slot);
	call->place = KX_RELAY_POSTED;
	call->down_gen = server->down_gen[down] = KX_SLOT_NEXT_GEN(server->down_gen[down]);
	server->down_judged &= ~(1ull << down);
	server->down_judged |= (uint64_t)call->judged << down;
	kx_hint_store(&slot->cpu_client, kx_wait_cpu());
	(void)kx_slot_post(slot, call->down_gen, true);
	kx_stamp(KX_STAMP_K_POSTED, call->down_gen);
	call->delivered = true;
	kx_balance.delivered++;
	kx_relay_free_large(call); /* the reply brings its own bytes */
	kx_task_count(server->task, KX_COUNT_RECEIVED);
	kx_relay_ring(call);
	kx_stamp(KX_STAMP_K_RUNG, 0);
}

/* It has a down slot. */
static void post(struct kx_relay *call)
{
	struct kx_peer *server = call->server;

	call->head.iid = call->riid;
	kx_relay_put(call, &server->link->down[call->down],
		     kx_peer_down_payload(server, call->down), server->message_max, publish);
}

/*
 * Bytes of @client that wait in queues of servers: each of its 256 threads may have
 * one message there, and together they must not be the kernel process's memory.
 */
static size_t queued_bytes(struct kx_peer *client)
{
	struct kx_relay *call;
	size_t bytes = 0;

	cds_list_for_each_entry(call, &client->calls, client_link)
	{
		if (call->place == KX_RELAY_QUEUED)
			bytes += call->capacity;
	}
	return bytes;
}

static bool may_wait(struct kx_relay *call)
{
	return call->capacity <= KX_RELAY_KEPT_BYTES ||
	       queued_bytes(call->client) + call->capacity <= KX_RELAY_QUEUED_BYTES;
}

/* A task that exists but has not started yet is waited for: its link comes with its start. */
void kx_relay_deliver(struct kx_relay *call)
{
	if (kx_turn_take(call))
		post(call);
	else if (!may_wait(call))
		kx_relay_end(call, KX_RC_QUOTA_EXCEEDED);
	else if (!kx_queue_add(call))
		kx_relay_end(call, KX_RC_OUT_OF_MEMORY);
}

void kx_relay_next(struct kx_peer *server)
{
	struct kx_relay *call;

	if (kx_task_state(server->task) == KX_TASK_DEAD)
		return; /* all that wait will be cut */
	while ((call = kx_queue_next(server)))
		post(call);
}
