/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Calls whose server, listener or channel is gone: all of them are found and ended.
 * Also who waits for whom among the calls in progress. IPC thread only.
 */

#include "relay.h"

#include "hooks.h"

/* Ends @call with rcNotConnected because its server, listener or channel is gone. */
static void cut(struct kx_relay *call)
{
	if (call->place == KX_RELAY_TRANSFER || call->place == KX_RELAY_RETURN)
		call->server = NULL; /* ended when the control thread hands it back, or copied */
	else
		kx_relay_drop(call, KX_RC_NOT_CONNECTED);
}

static bool is_cut(const struct kx_relay *call)
{
	return !call->server &&
	       (call->place == KX_RELAY_TRANSFER || call->place == KX_RELAY_RETURN);
}

/* The next one in progress that @match names, of whatever client. */
static struct kx_relay *find(bool (*match)(struct kx_relay *call, const void *what),
			     const void *what)
{
	struct kx_relay *call;

	cds_list_for_each_entry(call, kx_relays(), all_link)
	{
		if (!is_cut(call) && match(call, what))
			return call;
	}
	return NULL;
}

/*
 * Not over all clients: of ten thousand that end at once each would look at all others.
 * From the beginning again each time: who is cut may take others out of the list.
 */
static void cut_all(bool (*match)(struct kx_relay *call, const void *what), const void *what)
{
	struct kx_relay *call;

	while ((call = find(match, what)))
		cut(call);
}

static bool is_server(struct kx_relay *call, const void *what)
{
	return call->server == what;
}

static bool is_channel(struct kx_relay *call, const void *what)
{
	return call->channel == what;
}

static bool is_listener(struct kx_relay *call, const void *what)
{
	return call->listener == what;
}

void kx_relay_server_dead(struct kx_peer *peer)
{
	cut_all(is_server, peer);
}

/* What a server has answered is delivered, though it or the way to it is gone. */
void kx_relay_channel_dead(struct kx_channel *channel)
{
	if (channel->server->ipc)
		kx_replies_take(channel->server->ipc);
	cut_all(is_channel, channel);
}

void kx_relay_listener_dead(struct kx_listener *listener)
{
	if (listener->task->ipc)
		kx_replies_take(listener->task->ipc);
	cut_all(is_listener, listener);
}

static bool is_taken(const struct kx_relay *call)
{
	return call->place == KX_RELAY_POSTED &&
	       KX_SLOT_STATE(kx_load(&call->server->link->down[call->down].w)) == KX_SLOT_TAKEN;
}

void kx_relay_waits(struct kx_waits *waits)
{
	struct kx_relay *call;

	for (uint32_t i = 0; i < kx_peers_count(); i++)
		cds_list_for_each_entry(call, &kx_peer_at(i)->calls, client_link)
		{
			/* Answered: it waits for nobody but us, and its channel may be gone. */
			if (call->server && call->place <= KX_RELAY_POSTED)
				kx_waits_add(waits, call->client->task, call->server->task,
					     is_taken(call) ? KX_WAIT_TAKEN : KX_WAIT_POSTED,
					     call->channel ? call->channel->name
							   : call->listener->name);
		}
}
