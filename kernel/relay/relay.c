/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The request's half of a relayed call up to its decision, and what its client can do
 * to it: give up, run out of time, die. How it gets to the server is in relay_post.c,
 * ends from the server's side are in relay_cut.c.
 */

#include "relay.h"

#include <stdlib.h>
#include <string.h>

#include "balance.h"
#include "decide.h"
#include "hooks.h"
#include "kx_index.h"
#include "kx_rc.h"
#include "kx_rights.h"
#include "module.h"
#include "stamp.h"
#include "validate.h"

static CDS_LIST_HEAD(pool);
static CDS_LIST_HEAD(all);
static CDS_LIST_HEAD(timed); /* calls with a deadline, unordered: there are few */

/* Everything a fresh call must not inherit; the message block is kept. */
static struct kx_relay *get_call(void)
{
	struct kx_relay *call;
	uint8_t *bytes = NULL;
	size_t capacity = 0;

	if (!cds_list_empty(&pool)) {
		call = cds_list_first_entry(&pool, struct kx_relay, place_link);
		cds_list_del(&call->place_link);
		bytes = call->bytes;
		capacity = call->capacity;
	} else {
		call = malloc(sizeof(*call));
		if (!call)
			return NULL;
	}
	memset(call, 0, sizeof(*call));
	call->bytes = bytes;
	call->capacity = capacity;
	CDS_INIT_LIST_HEAD(&call->place_link);
	CDS_INIT_LIST_HEAD(&call->client_link);
	CDS_INIT_LIST_HEAD(&call->timed_link);
	CDS_INIT_LIST_HEAD(&call->all_link);
	return call;
}

void kx_relay_free_large(struct kx_relay *call)
{
	if (call->capacity > KX_RELAY_KEPT_BYTES) {
		free(call->bytes);
		call->bytes = NULL;
		call->capacity = 0;
	}
}

static void put_call(struct kx_relay *call)
{
	kx_balance.closed++;
	kx_balance.undelivered += call->granted && !call->delivered;
	kx_balance.lost += call->approved && !call->passed;
	kx_relay_free_large(call);
	cds_list_add(&call->place_link, &pool);
}

void kx_relay_fini(void)
{
	struct kx_relay *call;
	struct kx_relay *next;

	cds_list_for_each_entry_safe(call, next, &pool, place_link)
	{
		free(call->bytes);
		free(call);
	}
	CDS_INIT_LIST_HEAD(&pool);
}

/* Takes the call away from its client. */
static void unlink_client(struct kx_relay *call)
{
	cds_list_del_init(&call->client_link);
	cds_list_del_init(&call->timed_link);
	cds_list_del_init(&call->all_link);
	call->client = NULL;
}

static void undone(struct kx_transfer_job *transfer);

/*
 * The server has not seen the request: handles that were made in it stay with the sender
 * alone. A dead server's are gone with it. Not after task_removed of the server: what made
 * handles comes back before that.
 */
static void put_unseen(struct kx_relay *call)
{
	if (!call->transfer.made || kx_task_state(call->transfer.to) == KX_TASK_DEAD) {
		put_call(call);
		return;
	}
	call->place = KX_RELAY_TRANSFER;
	call->refused = false;
	call->transfer.done = undone;
	kx_transfer_undo(&call->transfer);
}

void kx_relay_end(struct kx_relay *call, int32_t rc)
{
	bool unseen = call->place < KX_RELAY_POSTED || call->refused;

	if (call->client) {
		kx_balance.replied += rc == KX_RC_OK;
		kx_balance.failed += rc != KX_RC_OK;
		call->passed = rc == KX_RC_OK && call->place == KX_RELAY_RETURN;
		kx_balance.passed += call->passed;
		kx_peer_answer(call->client, call->up, call->up_gen, rc);
		unlink_client(call);
	}
	if (call->place == KX_RELAY_QUEUED)
		kx_queue_leave(call);
	kx_relay_release_down(call, NULL);
	if (unseen)
		put_unseen(call);
	else
		put_call(call);
}

/* --- finding out who is called ------------------------------------------- */

static int32_t aim_at_channel(struct kx_relay *call, struct kx_handle *handle)
{
	struct kx_channel *channel = call->client->task->channels[kx_handle_channel(handle)];

	if (!channel || kx_channel_state(channel) == KX_CHANNEL_DEAD)
		return KX_RC_NOT_CONNECTED;
	call->channel = channel;
	call->listener = channel->listener;
	call->server = channel->server->ipc;
	call->blob = channel->server->class_table;
	call->self.handle = KX_HANDLE_INVALID;
	return KX_RC_OK;
}

static int32_t aim_at_callable(struct kx_relay *call, struct kx_handle *handle)
{
	struct kx_object *object = kx_handle_target(handle);
	struct kx_user *user;

	if (!object || object->kind != KX_OBJECT_CALLABLE)
		return KX_RC_INVALID_ARGUMENT;
	user = kx_container(object, struct kx_user, object);
	call->listener = user->listener;
	call->server = user->owner->ipc;
	call->blob = user->owner->class_table;
	call->riid = (uint16_t)user->riid;
	kx_handle_self(handle, &call->self);
	return KX_RC_OK;
}

static int32_t aim(struct kx_relay *call, uint32_t value)
{
	struct kx_handle *handle;
	int32_t rc = kx_handle_find(call->client->task, value, &handle);

	if (rc != KX_RC_OK)
		return rc;
	if (handle->role != KX_ROLE_CLIENT && handle->role != KX_ROLE_CALLABLE)
		return KX_RC_INVALID_ARGUMENT;
	if (!(handle->rights & KX_RIGHT_IPC_CALL))
		return KX_RC_SECURITY_DISALLOW;
	rc = handle->role == KX_ROLE_CLIENT ? aim_at_channel(call, handle)
					    : aim_at_callable(call, handle);
	return rc == KX_RC_OK && !call->server ? KX_RC_NOT_CONNECTED : rc;
}

/* --- handles of the request -------------------------------------------------- */

static void undone_back(struct kx_job *job)
{
	struct kx_transfer_job *transfer = (struct kx_transfer_job *)(void *)job;

	kx_relay_end(transfer->maker, KX_RC_NOT_CONNECTED);
}

/* Control thread: what the transfer had made is closed again. */
static void undone(struct kx_transfer_job *transfer)
{
	transfer->job.run = undone_back;
	kx_ipc_post(&transfer->job);
}

static void transferred_back(struct kx_job *job)
{
	struct kx_transfer_job *transfer = (struct kx_transfer_job *)(void *)job;
	struct kx_relay *call = transfer->maker;

	if (!call->client) {
		put_unseen(call);
	} else if (transfer->rc != KX_RC_OK) {
		kx_relay_end(call, transfer->rc);
	} else if (!call->server) {
		kx_relay_end(call, KX_RC_NOT_CONNECTED);
	} else {
		kx_relay_patch_handles(call);
		kx_relay_deliver(call);
	}
}

/* Control thread: hands the job back. */
static void transferred(struct kx_transfer_job *transfer)
{
	transfer->job.run = transferred_back;
	kx_ipc_post(&transfer->job);
}

static void transfer_handles(struct kx_relay *call)
{
	call->place = KX_RELAY_TRANSFER;
	call->transfer.from = call->client->task;
	call->transfer.to = call->server->task;
	call->transfer.done = transferred;
	call->transfer.maker = call;
	kx_transfer_submit(&call->transfer);
}

/* --- the request ------------------------------------------------------------- */

/* True if neither the response nor an error of this method can be denied. */
static bool reply_is_free(struct kx_relay *call)
{
	uint32_t index;

	if (kx_module_grants_all())
		return true;
	if (!call->channel || !call->channel->direct_bytes || !call->method)
		return false;
	index = kx_blob_method_index(call->blob, call->method);
	return index / 8 < call->channel->direct_bytes &&
	       kx_direct_bit(call->channel->direct, index) &&
	       !kx_error_denied_bit(call->channel->direct, call->blob->method_count, index);
}

/* Structure first, then rules. */
static int32_t judge_request(struct kx_relay *call)
{
	struct kx_event event;
	const char *wrong;

	if (call->channel)
		call->riid = call->head.iid;
	else
		call->head.iid = call->riid;
	call->mid = call->head.mid;
	call->method = call->blob ? kx_blob_method(call->blob, call->riid, call->mid) : NULL;
	wrong = kx_relay_structure(call, KX_MESSAGE_REQUEST);
	kx_relay_event(call, KX_EVENT_REQUEST, &event);
	if (wrong || KX_EX_ERR(call->head.ex)) {
		kx_decide_malformed(&event, call->client->task,
				    wrong ? wrong : "a request has the error mark");
		return KX_RC_INVALID_ARGUMENT;
	}
	event.handle_count = kx_relay_collect_handles(call, call->client->task, KX_MESSAGE_REQUEST);
	if (kx_decide(&event, call->client->task) != KX_GRANT)
		return KX_RC_SECURITY_DISALLOW;
	call->granted = true;
	kx_balance.granted++;
	return KX_RC_OK;
}

static void take_deadline(struct kx_relay *call, uint32_t timeout_ms)
{
	struct timespec now;

	if (timeout_ms == KX_TIMEOUT_NONE)
		return;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	call->deadline_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec +
			    timeout_ms * 1000000ull;
	cds_list_add(&call->timed_link, &timed);
}

/* The private copy is complete. */
static void arrived(struct kx_relay *call, int32_t rc)
{
	struct kx_up_tag *tag = kx_peer_up_tag(call->client, call->up);

	if (rc == KX_RC_OK)
		rc = judge_request(call);
	if (rc != KX_RC_OK) {
		kx_relay_end(call, rc);
		return;
	}
	kx_stamp(KX_STAMP_K_JUDGED, 0);
	call->judged = !reply_is_free(call);
	take_deadline(call, kx_fetch32(&tag->timeout_ms));
	if (call->transfer.count)
		transfer_handles(call);
	else
		kx_relay_deliver(call);
}

struct kx_relay *kx_relay_new(struct kx_peer *peer, uint32_t slot, uint32_t gen)
{
	struct kx_relay *call = get_call();

	if (!call) {
		kx_peer_answer(peer, slot, gen, KX_RC_OUT_OF_MEMORY);
		return NULL;
	}
	kx_balance.begun++;
	call->place = KX_RELAY_ARRIVING;
	call->client = peer;
	call->up = slot;
	call->up_gen = gen;
	cds_list_add(&call->client_link, &peer->calls);
	cds_list_add(&call->all_link, &all);
	return call;
}

struct cds_list_head *kx_relays(void)
{
	return &all;
}

void kx_relay_begin(struct kx_peer *peer, uint32_t slot, uint32_t gen)
{
	struct kx_up_tag *tag = kx_peer_up_tag(peer, slot);
	struct kx_relay *call = kx_relay_new(peer, slot, gen);
	int32_t rc;

	kx_stamp(KX_STAMP_K_TAKEN, gen);
	if (!call)
		return;
	kx_task_count(peer->task, KX_COUNT_CALLS);
	rc = peer->cancelled[slot] == gen ? KX_RC_IPC_INTERRUPT
					  : aim(call, kx_fetch32(&tag->handle));
	if (rc != KX_RC_OK)
		kx_relay_end(call, rc);
	else
		kx_relay_fetch(call, peer, &peer->link->up[slot], kx_peer_up_payload(peer, slot),
			       arrived);
}

/* --- ends that nobody answered for ------------------------------------------- */

/* The request in the down slot is none any more, and its server has not seen it. */
static void taken_back(struct kx_relay *call)
{
	struct kx_peer *server = call->server;

	kx_relay_release_down(call, NULL);
	put_unseen(call);
	kx_relay_next(server);
}

/*
 * The client no longer waits. A request not yet taken is taken back; one that is
 * being served leaves its down slot to the server until it answers.
 */
static void withdraw(struct kx_relay *call, bool poison)
{
	struct kx_peer *server = call->server;
	bool copied = kx_relay_copy_stop(call);
	struct kx_slot *slot;

	if (call->place == KX_RELAY_QUEUED)
		kx_queue_leave(call);
	if (call->place == KX_RELAY_ANSWERING)
		kx_reply_drop(call);
	if (call->place == KX_RELAY_QUEUED || call->place == KX_RELAY_LEAVING) {
		kx_relay_release_down(call, NULL);
		put_unseen(call);
		if (copied && server)
			kx_relay_next(server);
		return;
	}
	if (call->place != KX_RELAY_POSTED) {
		kx_relay_release_down(call, NULL);
		/* With the control thread: it comes back and is dropped then. */
		if (copied)
			put_call(call);
		if (copied && server)
			kx_relay_next(server);
		return;
	}
	slot = &server->link->down[call->down];
	if (kx_slot_cancel(slot, call->down_gen)) {
		taken_back(call);
		return;
	}
	if (poison) {
		kx_slot_poison(slot);
		kx_futex_wake(&slot->w);
		kx_relay_ring(call);
	} else {
		(void)kx_slot_abandon(slot, call->down_gen);
	}
	/* The server has it: as good as answered, or its client would be ahead of the others. */
	kx_turn_over(server, call->down);
	kx_relay_release_down(call, KX_RELAY_ORPHAN);
	put_call(call);
}

/* A call ends without its reply: its client is told, if it lives. */
static void tell_failed(struct kx_peer *client, uint32_t slot, uint32_t gen, int32_t rc)
{
	if (client->dead) {
		kx_balance.gone++;
		return;
	}
	kx_balance.failed++;
	kx_peer_answer(client, slot, gen, rc);
}

void kx_relay_drop(struct kx_relay *call, int32_t rc)
{
	struct kx_peer *client = call->client;
	uint32_t up = call->up;
	uint32_t gen = call->up_gen;

	unlink_client(call);
	withdraw(call, client->dead);
	tell_failed(client, up, gen, rc);
}

void kx_relay_cancel(struct kx_peer *client, uint32_t slot, uint32_t gen)
{
	struct kx_relay *call;

	if (slot >= KX_UP_SLOTS)
		return;
	client->cancelled[kx_index(slot, KX_UP_SLOTS)] = gen;
	cds_list_for_each_entry(call, &client->calls, client_link)
	{
		if (call->up != slot || call->up_gen != gen)
			continue;
		if (call->place < KX_RELAY_POSTED) {
			kx_relay_drop(call, KX_RC_IPC_INTERRUPT);
		} else if (call->place == KX_RELAY_POSTED &&
			   kx_slot_cancel(&call->server->link->down[call->down], call->down_gen)) {
			/* From here on the server cannot have it; before, it might in between. */
			unlink_client(call);
			taken_back(call);
			tell_failed(client, slot, gen, KX_RC_IPC_INTERRUPT);
		}
		return;
	}
}

uint64_t kx_relay_expire(uint64_t now_ns)
{
	struct kx_relay *call;
	struct kx_relay *next;
	uint64_t soonest = 0;

	cds_list_for_each_entry_safe(call, next, &timed, timed_link)
	{
		if (call->deadline_ns <= now_ns)
			kx_relay_drop(call, KX_RC_TIMEOUT);
		else if (!soonest || call->deadline_ns < soonest)
			soonest = call->deadline_ns;
	}
	return soonest;
}

void kx_relay_client_dead(struct kx_peer *peer)
{
	struct kx_relay *call;
	struct kx_relay *next;

	cds_list_for_each_entry_safe(call, next, &peer->calls, client_link)
		kx_relay_drop(call, KX_RC_NOT_CONNECTED);
}
