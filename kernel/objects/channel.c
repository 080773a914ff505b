/* SPDX-License-Identifier: Apache-2.0 */

/* Channels: making, opening, closing; see channel.h. Regions are in channel_region.c. */

#include "channel.h"

#include <stdlib.h>
#include <string.h>

#include "channel_region.h"
#include "handle.h"
#include "hooks.h"
#include "listener.h"
#include "mailbox.h"
#include "task.h"
#include "task_page.h"

static uint32_t next_generation = 1;

static void set_state(struct kx_channel *channel, enum kx_channel_state state)
{
	atomic_store(&channel->state, (uint32_t)state);
	kx_task_page_channel_state(channel->client, channel->client_index, state);
	kx_task_page_channel_state(channel->server, channel->server_index, state);
}

/* Carries the channel to the IPC thread and back; the pin is dropped at the end. */
static void post(struct kx_channel *channel, struct kx_job *job, void (*run)(struct kx_job *job))
{
	kx_object_pin(&channel->object);
	job->run = run;
	kx_ipc_post(job);
}

/* Back on the control thread: the bits are there. */
static void run_classified(struct kx_job *job)
{
	struct kx_channel *channel = kx_container(job, struct kx_channel, classification);

	if (channel->any_direct && kx_channel_state(channel) == KX_CHANNEL_RELAY &&
	    kx_task_page_direct(channel->client, channel, channel->client_index) == KX_RC_OK &&
	    kx_task_page_direct(channel->server, channel, channel->server_index) == KX_RC_OK)
		set_state(channel, KX_CHANNEL_OFFER);
	kx_object_unpin(&channel->object);
}

static void run_classify(struct kx_job *job)
{
	kx_channel_classify(kx_container(job, struct kx_channel, classification));
	job->run = run_classified;
	kx_control_post(job);
}

static void run_back(struct kx_job *job)
{
	kx_object_unpin(&kx_container(job, struct kx_channel, removal)->object);
}

static void run_removed(struct kx_job *job)
{
	if (kx_hooks.channel_removed)
		kx_hooks.channel_removed(kx_container(job, struct kx_channel, removal));
	job->run = run_back;
	kx_control_post(job);
}

/* All handles of the client's end are gone: closed from that side. */
static void expire_channel(struct kx_object *object)
{
	struct kx_channel *channel = kx_container(object, struct kx_channel, object);

	kx_channel_close(channel, KX_SIDE_CLIENT);
	if (channel->client->channels[channel->client_index] == channel)
		rcu_assign_pointer(channel->client->channels[channel->client_index], NULL);
	kx_object_unpin(&channel->client->object);
	kx_object_unpin(&channel->server->object);
	kx_object_unpin(&channel->listener->object);
}

static void free_channel(struct kx_object *object)
{
	struct kx_channel *channel = kx_container(object, struct kx_channel, object);

	free(channel->direct);
	free(channel);
}

static const struct kx_object_ops channel_ops = {.expire = expire_channel, .free = free_channel};

/* A free entry after the last one given out, so that an index rests before it is used again. */
static uint32_t take_index(struct kx_task *task, struct kx_channel *channel)
{
	uint32_t index = task->channel_hint;
	uint32_t looked;

	if (!task->generations)
		return KX_CHANNELS; /* dead, see kx_task_release() */
	for (looked = 0; looked < KX_CHANNELS; looked++) {
		if (!task->channels[index]) {
			rcu_assign_pointer(task->channels[index], channel);
			if (index >= task->channel_top)
				task->channel_top = index + 1;
			task->channel_hint = (index + 1) & (KX_CHANNELS - 1);
			return index;
		}
		index = (index + 1) & (KX_CHANNELS - 1);
	}
	return KX_CHANNELS;
}

static struct kx_channel *channel_new(struct kx_task *client, struct kx_listener *listener,
				      const char *name)
{
	struct kx_channel *channel = calloc(1, sizeof(*channel));

	if (!channel)
		return NULL;
	kx_object_init(&channel->object, KX_OBJECT_CHANNEL, &channel_ops);
	channel->client = client;
	channel->server = listener->task;
	channel->listener = listener;
	channel->generation = next_generation++;
	memcpy(channel->name, name, strlen(name) + 1);
	atomic_init(&channel->state, KX_CHANNEL_RELAY);
	CDS_INIT_LIST_HEAD(&channel->in_listener);
	kx_object_pin(&client->object);
	kx_object_pin(&channel->server->object);
	kx_object_pin(&listener->object);
	return channel;
}

static enum kx_rc place(struct kx_channel *channel)
{
	struct kx_handle_spec spec = {
		.object = &channel->object, .rights = KX_RIGHTS_CLIENT, .role = KX_ROLE_CLIENT};
	struct kx_handle *handle;
	enum kx_rc rc;

	channel->client_index = take_index(channel->client, channel);
	channel->server_index = channel->client_index == KX_CHANNELS
					? KX_CHANNELS
					: take_index(channel->server, channel);
	if (channel->server_index == KX_CHANNELS)
		return KX_RC_QUOTA_EXCEEDED;
	spec.channel = channel->client_index;
	rc = kx_handle_create(channel->client, &spec, &handle);
	if (rc != KX_RC_OK)
		return rc;
	channel->client_handle = handle->value;
	rc = kx_task_page_channel(channel->client, channel, channel->client_index, false);
	if (rc != KX_RC_OK)
		return rc;
	return kx_task_page_channel(channel->server, channel, channel->server_index, true);
}

/* Undoes place() at whatever point it failed. */
static void displace(struct kx_channel *channel)
{
	if (channel->client_index == KX_CHANNELS || channel->server_index == KX_CHANNELS) {
		if (channel->client_index != KX_CHANNELS)
			channel->client->channels[channel->client_index] = NULL;
		channel->client_index = channel->server_index = 0;
		channel->closed = true; /* no entry shows it */
	}
	if (channel->client_handle)
		kx_handle_close(channel->client, channel->client_handle);
	kx_object_expire(&channel->object);
}

enum kx_rc kx_channel_create(struct kx_task *client, struct kx_listener *listener, const char *name,
			     struct kx_channel **out)
{
	struct kx_channel *channel;
	enum kx_rc rc;

	if (strlen(name) >= sizeof(channel->name))
		return KX_RC_INVALID_ARGUMENT;
	channel = channel_new(client, listener, name);
	if (!channel)
		return KX_RC_OUT_OF_MEMORY;
	cds_list_add_tail(&channel->in_listener, &listener->channels);
	rc = place(channel);
	if (rc != KX_RC_OK) {
		displace(channel);
	} else {
		post(channel, &channel->classification, run_classify);
		*out = channel;
	}
	kx_object_unpin(&channel->object);
	return rc;
}

/* Both or none: a side that was sent a region would keep it and ignore a second one. */
static struct kx_task *full_side(const struct kx_channel *channel)
{
	if (!kx_task_can_send(channel->server))
		return channel->server;
	return kx_task_can_send(channel->client) ? NULL : channel->client;
}

enum kx_rc kx_channel_open(struct kx_channel *channel, struct kx_task **full)
{
	enum kx_channel_state state = kx_channel_state(channel);

	if (state == KX_CHANNEL_DEAD)
		return KX_RC_NOT_CONNECTED;
	if (state != KX_CHANNEL_OFFER)
		return KX_RC_OK;
	*full = full_side(channel);
	if (*full)
		return KX_RC_BUSY;
	if (kx_channel_region_make(channel)) {
		set_state(channel, KX_CHANNEL_DIRECT);
		kx_listener_ring(channel->server, channel->listener->index);
	} else {
		set_state(channel, KX_CHANNEL_RELAY);
	}
	return KX_RC_OK;
}

void kx_channel_close(struct kx_channel *channel, enum kx_channel_side dead)
{
	bool client_lives =
		dead == KX_SIDE_SERVER || kx_task_state(channel->client) != KX_TASK_DEAD;

	if (channel->closed)
		return;
	channel->closed = true;
	/* D1 (pairs with D2 in kx_client_exchange): the state first, then the slots. Step 1. */
	set_state(channel, KX_CHANNEL_DEAD);
	kx_fence(); /* step 2 */
	/* Steps 3 and 4: nobody may go on waiting for an answer that will not come. */
	kx_channel_region_end(channel, client_lives);
	/* Step 5: the server learns that its Reply is for nobody. */
	if (kx_task_state(channel->server) != KX_TASK_DEAD)
		kx_listener_ring(channel->server, channel->listener->index);
	cds_list_del_init(&channel->in_listener);
	rcu_assign_pointer(channel->server->channels[channel->server_index], NULL);
	post(channel, &channel->removal, run_removed); /* step 6 */
}

struct kx_channel *kx_channel_find(struct kx_task *client, struct kx_task *server, const char *name)
{
	uint32_t index;

	for (index = 0; index < client->channel_top; index++) {
		struct kx_channel *channel = client->channels[index];

		if (channel && channel->client == client && channel->server == server &&
		    !channel->closed && !strcmp(channel->name, name))
			return channel;
	}
	return NULL;
}
