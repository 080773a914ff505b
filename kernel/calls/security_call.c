/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A task calls the security interface of its own class: the message goes to the
 * security module and nowhere else. Numbers of security endpoints count apart from
 * the others; in the class table they stand behind those. IPC thread only.
 */

#include <string.h>

#include "class.h"
#include "decide.h"
#include "kx_rc.h"
#include "relay.h"

/* Number in the class table of security endpoint @iid; 0xffff if there is none. */
static uint16_t find_endpoint(const struct kx_class *blob, uint16_t iid)
{
	const struct kx_endpoint *endpoints = blob ? kx_class_endpoints(blob) : NULL;

	for (uint32_t i = 0; blob && i < blob->endpoint_count; i++)
		if (endpoints[i].security && iid-- == 0)
			return (uint16_t)i;
	return 0xffff;
}

/* The private copy of the message, made to fit its class; NULL if it does, else what is wrong. */
static const char *check(struct kx_relay *call)
{
	call->riid = find_endpoint(call->blob, call->head.iid);
	if (call->riid == 0xffff)
		return "the class has no such security endpoint";
	call->head.iid = call->riid;
	call->mid = call->head.mid;
	call->method = kx_blob_method(call->blob, call->riid, call->mid);
	return kx_relay_structure(call, KX_MESSAGE_REQUEST);
}

static int32_t judge(struct kx_relay *call)
{
	const char *wrong = check(call);
	struct kx_event event;

	kx_relay_event(call, KX_EVENT_SECURITY, &event);
	event.dst = (struct kx_party){KX_SID_KERNEL, "", "the security module"};
	if (wrong) {
		kx_decide_malformed(&event, call->client->task, wrong);
		return KX_RC_INVALID_ARGUMENT;
	}
	return kx_decide(&event, call->client->task) == KX_GRANT ? KX_RC_OK
								 : KX_RC_SECURITY_DISALLOW;
}

/* The private copy is complete. */
static void arrived(struct kx_relay *call, int32_t rc)
{
	/* Both parties of the event; nobody waits for itself meanwhile. */
	call->server = call->client;
	if (rc == KX_RC_OK)
		rc = judge(call);
	call->server = NULL;
	kx_relay_end(call, rc);
}

void kx_security_begin(struct kx_peer *peer, uint32_t slot, uint32_t gen)
{
	struct kx_relay *call = kx_relay_new(peer, slot, gen);

	if (!call)
		return;
	call->blob = peer->task->class_table;
	kx_relay_fetch(call, peer, &peer->link->up[slot], kx_peer_up_payload(peer, slot), arrived);
}
