/* SPDX-License-Identifier: Apache-2.0 */

/*
 * From shared memory to the private copy of a message and from there to shared
 * memory again. After kx_relay_fetch() nothing reads the slot again. What is longer
 * than KX_COPY_STEP goes in steps, those of several messages in turn.
 */

#include <stdlib.h>
#include <string.h>

#include "kx_rc.h"
#include "relay.h"

static CDS_LIST_HEAD(copies);

/* The header of a message as the receiver and the rules see it (nk_message). */
struct header {
	uint16_t iid;
	uint16_t mid;
	uint32_t ex;
	struct kx_handle_desc self;
};

_Static_assert(sizeof(struct header) == KX_MESSAGE_MIN, "message header resized");
_Static_assert(sizeof(struct kx_handle_desc) == 16, "handle descriptor resized");

/* --- steps ---------------------------------------------------------------------- */

static void copy_in_steps(struct kx_relay *call, uint8_t *to, const uint8_t *from, size_t bytes,
			  kx_relay_then *then)
{
	bool request = call->place < KX_RELAY_POSTED;
	struct kx_peer *peer = request ? call->client : call->server;

	call->copy = (struct kx_copy){.to = to, .from = from, .left = bytes, .then = then};
	/* A reply may outlive its server. */
	if (peer) {
		call->copy.count = request ? &peer->requests_copied : &peer->replies_copied;
		++*call->copy.count;
	}
	cds_list_add_tail(&call->copy.link, &copies);
}

bool kx_relay_copy_stop(struct kx_relay *call)
{
	if (!call->copy.then)
		return false;
	cds_list_del(&call->copy.link);
	if (call->copy.count)
		--*call->copy.count;
	call->copy = (struct kx_copy){.then = NULL};
	return true;
}

bool kx_relay_copy_step(void)
{
	struct kx_relay *call;
	kx_relay_then *then;
	size_t bytes;

	if (cds_list_empty(&copies))
		return false;
	call = cds_list_first_entry(&copies, struct kx_relay, copy.link);
	bytes = call->copy.left < KX_COPY_STEP ? call->copy.left : KX_COPY_STEP;
	memcpy(call->copy.to, call->copy.from, bytes);
	call->copy.to += bytes;
	call->copy.from += bytes;
	call->copy.left -= bytes;
	cds_list_del(&call->copy.link);
	cds_list_add_tail(&call->copy.link, &copies);
	if (call->copy.left)
		return true;
	then = call->copy.then;
	(void)kx_relay_copy_stop(call);
	then(call, KX_RC_OK);
	return true;
}

void kx_relay_copy_forget(struct kx_peer *peer)
{
	struct kx_relay *call;

	cds_list_for_each_entry(call, &copies, copy.link)
	{
		if (call->copy.count == &peer->requests_copied ||
		    call->copy.count == &peer->replies_copied)
			call->copy.count = NULL;
	}
}

/* --- in and out ------------------------------------------------------------------- */

/* Room for a message of @need bytes; small ones stay within what a call keeps. */
static bool make_room(struct kx_relay *call, size_t need)
{
	uint8_t *bytes;

	if (need <= call->capacity)
		return true;
	bytes = realloc(call->bytes, need);
	if (!bytes)
		return false;
	call->bytes = bytes;
	call->capacity = need;
	return true;
}

/* The sender's padding is not part of the message. */
static void clear_padding(struct kx_relay *call)
{
	uint8_t *end = kx_relay_fixed(call) + KX_EX_SIZE(call->head.ex);

	memset(end, 0, (size_t)(kx_relay_arena(call) - end));
}

/* A long message is here; what to do with it stands where clear_padding() found it. */
static void fetched(struct kx_relay *call, int32_t rc)
{
	clear_padding(call);
	call->fetched(call, rc);
}

bool kx_relay_is_long(struct kx_slot *slot)
{
	struct kx_head head;

	kx_message_head(slot, &head);
	return kx_head_fits(&head, UINT32_MAX) && kx_message_bytes(&head) > KX_COPY_STEP;
}

/* True if an entity that brings a message like @head has one on the way. */
static bool is_one_too_many(const struct kx_relay *call, const struct kx_head *head)
{
	const struct kx_peer *peer = call->place < KX_RELAY_POSTED ? call->client : call->server;

	if (kx_message_bytes(head) <= KX_COPY_STEP)
		return false;
	/* What a dead server leaves behind is limited by its slots, and will not come later. */
	if (call->place >= KX_RELAY_POSTED)
		return peer->replies_copied && kx_task_state(peer->task) != KX_TASK_DEAD;
	return peer->requests_copied != 0;
}

bool kx_relay_may_copy(const struct kx_relay *call, struct kx_slot *slot)
{
	struct kx_head head;

	kx_message_head(slot, &head);
	return !kx_head_fits(&head, UINT32_MAX) || !is_one_too_many(call, &head);
}

void kx_relay_fetch(struct kx_relay *call, struct kx_peer *peer, struct kx_slot *slot,
		    const void *payload, kx_relay_then *then)
{
	struct header header;
	struct kx_head head;

	kx_message_head(slot, &head);
	/* Too long now, and it was not a moment ago: written over while it was taken. */
	if (!kx_head_fits(&head, peer->message_max) || is_one_too_many(call, &head)) {
		then(call, KX_RC_INVALID_ARGUMENT);
		return;
	}
	if (!make_room(call, (size_t)KX_EX_SIZE(head.ex) + 8u + head.arena)) {
		then(call, KX_RC_OUT_OF_MEMORY);
		return;
	}
	call->head = head;
	header = (struct header){.iid = head.iid, .mid = head.mid, .ex = head.ex};
	memcpy(call->bytes, &header, sizeof(header));
	if (kx_message_bytes(&head) > KX_COPY_STEP) {
		call->fetched = then;
		copy_in_steps(call, call->bytes + sizeof(header), payload, kx_message_bytes(&head),
			      fetched);
		return;
	}
	kx_message_read(slot, payload, &head, call->bytes + sizeof(header), kx_relay_arena(call));
	then(call, KX_RC_OK);
}

void kx_relay_put(struct kx_relay *call, struct kx_slot *slot, void *payload, uint32_t max,
		  kx_relay_then *then)
{
	struct kx_outgoing out = {
		.head = call->head,
		.body = kx_relay_fixed(call) + KX_MESSAGE_MIN,
		.arena = kx_relay_arena(call),
	};

	if (kx_head_fits(&out.head, max) && kx_message_bytes(&out.head) > KX_COPY_STEP) {
		kx_message_write_head(slot, &out.head);
		copy_in_steps(call, payload, out.body, kx_message_bytes(&out.head), then);
		return;
	}
	then(call, kx_message_write(slot, payload, max, &out) == KX_OK ? KX_RC_OK
								       : KX_RC_BUFFER_TOO_SMALL);
}
