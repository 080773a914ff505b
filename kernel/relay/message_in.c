/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The private copy of a message (relay_copy.c): is it built as declared, which handles
 * does it bring, and what does it look like to the security module.
 */

#include <string.h>

#include "kx_index.h"
#include "kx_rc.h"
#include "relay.h"
#include "validate.h"

/* What a request names that its class does not have. */
static const char *unknown_method(const struct kx_relay *call)
{
	if (call->riid == UINT16_MAX)
		return "the call names no endpoint (INVALID_RIID); what ServiceLocatorGetRiid "
		       "returned was not looked at";
	if (call->riid >= call->blob->endpoint_count)
		return "the class has no endpoint of that number; ServiceLocatorGetRiid gives it "
		       "for a name";
	return "the endpoint has no method of that number; is it of another interface?";
}

/* Of a class of which nothing is known: the descriptors stand first in the constant part. */
static const char *header_structure(const struct kx_head *head)
{
	uint32_t handles = KX_EX_CAPS(head->ex) * (uint32_t)sizeof(struct kx_handle_desc);

	return KX_EX_SIZE(head->ex) < KX_MESSAGE_MIN + handles
		       ? "it is shorter than the handles are that its header counts"
		       : NULL;
}

const char *kx_relay_structure(struct kx_relay *call, enum kx_message_kind kind)
{
	const struct kx_message_desc *desc;

	if (!call->blob || call->blob->method_count == 0)
		return header_structure(&call->head);
	if (call->head.mid != call->mid || call->head.iid != call->riid)
		return "the reply names another method than the request";
	if (!call->method)
		return unknown_method(call);
	desc = kx_method_desc(call->method, kind, call->head.ex);
	if (desc->size == 0)
		return "the method has no message of this form";
	if (!kx_message_valid(call->blob, desc, &call->head, kx_relay_fixed(call) + KX_MESSAGE_MIN,
			      kx_relay_arena(call)))
		return "size, handle count or arena descriptors do not match the declaration";
	return NULL;
}

static const char *text_at(const struct kx_class *blob, uint32_t offset)
{
	return offset ? (const char *)blob + offset : "";
}

static void name_method(struct kx_relay *call, struct kx_event *event)
{
	const struct kx_endpoint *endpoint;

	event->endpoint = event->qualified = event->interface_name = event->method = "";
	event->riid = call->riid;
	event->mid = call->mid;
	if (!call->blob || call->riid >= call->blob->endpoint_count)
		return;
	endpoint = (const struct kx_endpoint *)(const void *)((const uint8_t *)call->blob +
							      call->blob->endpoints) +
		   kx_index(call->riid, call->blob->endpoint_count);
	event->endpoint = text_at(call->blob, endpoint->name);
	event->qualified = text_at(call->blob, endpoint->qualified);
	event->interface_name = text_at(call->blob, endpoint->interface);
	if (call->method)
		event->method = text_at(call->blob, call->method->name);
}

static struct kx_party party(const struct kx_task *task)
{
	return (struct kx_party){task->object.sid, task->class_name, task->name};
}

void kx_relay_event(struct kx_relay *call, enum kx_event_kind kind, struct kx_event *event)
{
	bool back = kind == KX_EVENT_RESPONSE || kind == KX_EVENT_ERROR;
	struct kx_task *client = call->client->task;
	struct kx_task *server = call->server->task;

	memset(event, 0, sizeof(*event));
	event->kind = kind;
	event->src = party(back ? server : client);
	event->dst = party(back ? client : server);
	name_method(call, event);
	event->fixed = kx_relay_fixed(call);
	event->fixed_size = KX_EX_SIZE(call->head.ex);
	event->arena = kx_relay_arena(call);
	event->arena_size = call->head.arena;
	event->handles = call->event_handles;
	event->handle_count = call->transfer.count;
}

struct collector {
	struct kx_relay *call;
	struct kx_task *sender;
};

/* SID of what the sender's handle names; 0 for an empty or wrong one (the transfer refuses it). */
static uint32_t sid_of(struct kx_task *sender, uint32_t value)
{
	struct kx_handle *handle;
	struct kx_object *object;

	if (kx_handle_find(sender, value, &handle) != KX_RC_OK)
		return 0;
	object = kx_handle_target(handle);
	return object ? object->sid : 0;
}

static bool collect(void *context, void *descriptor, uint32_t offset)
{
	struct collector *collector = context;
	struct kx_relay *call = collector->call;
	uint32_t n = call->transfer.count;

	if (n == KX_MESSAGE_CAPS)
		return false;
	memcpy(&call->transfer.in[n], descriptor, sizeof(call->transfer.in[n]));
	call->handle_offsets[n] = offset;
	call->event_handles[n] = (struct kx_event_handle){
		.sid = sid_of(collector->sender, call->transfer.in[n].handle),
		.offset = offset,
		.rights = call->transfer.in[n].rights,
	};
	call->transfer.count++;
	return true;
}

uint32_t kx_relay_collect_handles(struct kx_relay *call, struct kx_task *sender,
				  enum kx_message_kind kind)
{
	struct collector collector = {call, sender};
	uint32_t count = KX_EX_CAPS(call->head.ex);

	call->transfer.count = 0;
	if (!count)
		return 0;
	if (call->method) {
		(void)kx_message_handles(call->blob,
					 kx_method_desc(call->method, kind, call->head.ex),
					 kx_relay_fixed(call), collect, &collector);
		return call->transfer.count;
	}
	for (uint32_t i = 0; i < count; i++) { /* header_structure() */
		uint32_t offset = KX_MESSAGE_MIN + i * (uint32_t)sizeof(struct kx_handle_desc);

		(void)collect(&collector, kx_relay_fixed(call) + offset, offset);
	}
	return call->transfer.count;
}

void kx_relay_patch_handles(struct kx_relay *call)
{
	for (unsigned i = 0; i < call->transfer.count; i++)
		memcpy(kx_relay_fixed(call) + call->handle_offsets[i], &call->transfer.out[i],
		       sizeof(call->transfer.out[i]));
}
