/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Which methods of a channel may be DIRECT: what the module says, minus methods
 * whose messages can carry handles, minus the security interface. Runs once per
 * channel, on the IPC thread.
 */

#include <stdlib.h>

#include "channel.h"
#include "hooks.h"
#include "task.h"

static bool may_be_direct(const struct kx_class *class_table, const struct kx_method *method)
{
	return !kx_class_has_handles(class_table, &method->request) &&
	       !kx_class_has_handles(class_table, &method->response) &&
	       !kx_class_has_handles(class_table, &method->error);
}

static enum kx_classification classify_method(const struct kx_channel *channel,
					      const struct kx_endpoint *endpoint, uint16_t riid,
					      uint16_t mid)
{
	const struct kx_class *class_table = channel->server->class_table;
	const struct kx_method *method =
		&kx_class_methods(class_table)[endpoint->first_method + mid];
	struct kx_method_question question = {
		.src_class = channel->client->class_name,
		.src_task = channel->client->name,
		.dst_class = channel->server->class_name,
		.dst_task = channel->server->name,
		.endpoint = kx_class_text(class_table, endpoint->name),
		.qualified = kx_class_text(class_table, endpoint->qualified),
		.interface_name = kx_class_text(class_table, endpoint->interface),
		.method = kx_class_text(class_table, method->name),
		.riid = riid,
		.mid = mid,
	};

	return may_be_direct(class_table, method) ? kx_hooks.classify(&question) : KX_ASK;
}

static void set_bit(uint8_t *table, uint32_t bit)
{
	table[bit >> 3] |= (uint8_t)(1u << (bit & 7));
}

static void classify_endpoint(struct kx_channel *channel, const struct kx_endpoint *endpoint,
			      uint16_t riid)
{
	enum kx_classification how;
	uint32_t mid;
	uint32_t bit;

	if (endpoint->security)
		return;
	for (mid = 0; mid < endpoint->method_count; mid++) {
		how = classify_method(channel, endpoint, riid, (uint16_t)mid);
		if (how != KX_DIRECT && how != KX_DIRECT_NO_ERROR)
			continue;
		bit = endpoint->first_method + mid;
		set_bit(channel->direct, bit);
		if (how == KX_DIRECT_NO_ERROR)
			set_bit(channel->direct + channel->direct_bytes, bit);
		channel->any_direct = true;
	}
}

void kx_channel_classify(struct kx_channel *channel)
{
	const struct kx_class *class_table = channel->server->class_table;
	uint32_t riid;

	if (!class_table || !class_table->method_count || kx_settings.mediate_all ||
	    !kx_hooks.classify)
		return;
	channel->direct = calloc(1, KX_DIRECT_TABLE(class_table->method_count));
	if (!channel->direct)
		return;
	channel->direct_bytes = KX_DIRECT_BYTES(class_table->method_count);
	for (riid = 0; riid < class_table->endpoint_count; riid++)
		classify_endpoint(channel, &kx_class_endpoints(class_table)[riid], (uint16_t)riid);
}
