/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/syscalls.h>
#include <string.h>

#include "kx_thread.h"
#include "path.h"
#include "rt_hint.h"
#include "rt_message.h"
#include "rt_route.h"
#include "rt_transport.h"
#include "stamp.h"

/* One call, as the two ways it can go see it. */
struct call {
	struct kx_rt_thread *thread;
	struct kx_route *route;
	uint32_t number; /* of the method called; KX_NO_METHOD: unknown */
	struct kx_outgoing out;
	struct kx_rt_buffers in; /* how much came, after rcOk */
	struct kx_head no_room;  /* of a response that was too large; ex 0: there was none */
	uint32_t mdelay;
	uint32_t sync;
	kx_word *interrupt;
	bool direct; /* over the region */
};

/*
 * The barrier behind a region for replies: an error that policy never grants does not
 * pass, whatever the server's runtime did. The kernel process puts it on record.
 */
static KX_OFF_PATH bool error_denied(const struct kx_route *route, uint32_t number)
{
	uint32_t args[KX_CALL_ARGS] = {0, KX_DROP_ERROR_DENIED};

	if (!kx_error_denied_bit(route->direct, route->blob->method_count, number))
		return false;
	args[0] = (uint32_t)(route->channel - kx_rt.page->channels);
	(void)kx_rt_kcall(KX_CALL_DROPPED, args, NULL, 0, NULL, NULL);
	return true;
}

/*
 * The reply stands in @slot: into the program's buffers, checked against the declaration.
 * What is denied stays out of them: asked before anything is copied.
 */
static KX_ON_PATH Retcode receive(struct call *call, struct kx_slot *slot, const void *payload,
				  uint32_t max)
{
	const struct kx_class *blob = call->route->blob;
	const struct kx_method *method;
	struct kx_head head;
	Retcode rc;

	kx_message_head(slot, &head);
	if (kx_rt_is_code(&head))
		return head.arena ? (Retcode)head.arena : rcFail;
	if (KX_EX_ERR(kx_head_ex(&head)) && call->direct && error_denied(call->route, call->number))
		return rcSecurityDisallow;
	rc = kx_rt_copy_out(slot, payload, max, &call->in, &head);
	if (rc == rcBufferTooSmall)
		call->no_room = head;
	if (rc != rcOk)
		return rc;
	method = kx_blob_method_at(blob, call->number);
	if (method &&
	    !kx_message_valid(blob, kx_method_desc(method, KX_MESSAGE_RESPONSE, kx_head_ex(&head)),
			      &head, call->in.fixed + KX_MESSAGE_MIN, call->in.arena)) {
		kx_rt_wipe(&call->in, &head);
		return rcInvalidArgument;
	}
	kx_rt_received(&call->in, &head);
	return rcOk;
}

static KX_ON_PATH Retcode exchange_direct(struct call *call, uint32_t number,
					  struct kx_patience *patience)
{
	struct kx_route *route = call->route;
	struct kx_slot *slot = &route->region->slots[number];
	uint8_t *payload = route->payload + (size_t)number * route->message_max;
	enum kx_result result;

	patience->waiter = &route->waiter[number];
	kx_message_put(slot, payload, &call->out); /* it fits: kx_rt_outgoing() */
	kx_hint_store(&slot->cpu_client, kx_wait_cpu());
	route->gen[number] = KX_SLOT_NEXT_GEN(route->gen[number]);
	result = kx_client_exchange(slot, route->gen[number], &route->port, patience);
	kx_stamp(KX_STAMP_ANSWERED, 0);
	atomic_store_explicit(&route->abandoned[number], patience->abandoned, memory_order_relaxed);
	if (result == KX_EPROTO)
		kx_route_give_up(route);
	return result == KX_OK ? receive(call, slot, payload, route->message_max)
			       : kx_rt_code(result);
}

static KX_ON_PATH Retcode call_direct(struct call *call)
{
	struct timespec deadline;
	struct kx_patience patience = {
		.deadline = kx_rt_deadline(call->mdelay, &deadline),
		.interrupt = call->interrupt,
		.may_abandon = true,
	};
	enum kx_result result;
	uint32_t number;
	Retcode rc;

	if (atomic_load_explicit(&call->route->broken, memory_order_relaxed))
		return rcNotConnected;
	result = kx_route_take_slot(call->route, call->thread, &patience, &number);
	if (result == KX_EPROTO)
		kx_route_give_up(call->route);
	if (result != KX_OK)
		return kx_rt_code(result);
	rc = exchange_direct(call, number, &patience);
	kx_route_free_slot(call->route, number);
	return rc;
}

static KX_BESIDE_PATH Retcode relay(struct call *call)
{
	struct kx_rt_thread *thread = call->thread;
	struct kx_up_tag *tag = kx_rt_up_tag(thread);
	uint8_t *payload = kx_rt_up_payload(thread);
	enum kx_result result;

	tag->op = KX_CALL_RELAY;
	tag->handle = call->route->handle;
	tag->timeout_ms = call->mdelay;
	tag->sync = call->sync;
	kx_message_put(kx_rt_up(thread), payload, &call->out);
	if (call->interrupt &&
	    !kx_sync_enter(thread, call->interrupt, KX_SLOT_NEXT_GEN(thread->gen))) {
		/* Who set it may cancel that generation, so no later call may have it. */
		thread->gen = KX_SLOT_NEXT_GEN(thread->gen);
		return rcIpcInterrupt;
	}
	result = kx_rt_ask(thread);
	kx_stamp(KX_STAMP_ANSWERED, 0);
	if (call->interrupt)
		kx_sync_leave(thread);
	if (result != KX_OK)
		return kx_rt_code(result);
	if (tag->rc != rcOk)
		return tag->rc;
	return receive(call, kx_rt_up(thread), payload, kx_rt.message_max);
}

static KX_BESIDE_PATH Retcode call_relayed(struct call *call)
{
	Retcode rc;

	if (!kx_rt_begin_asking(call->thread))
		return rcInvalidThreadState;
	rc = relay(call);
	kx_rt_end_asking(call->thread);
	return rc;
}

/* The calling thread, and the route that its last call took if that was @handle's. */
static bool begin(struct call *call, Handle handle)
{
	call->thread = kx_rt_enter();
	if (!call->thread)
		return false;
	kx_stamp(KX_STAMP_CALL, 0);
	call->route = kx_route_remembered(call->thread, handle);
	/* The line that this call will write, if the last one used it too. */
	if (call->route && call->route->region)
		kx_own(&call->route->region->slots[call->thread->slot_hint]);
	return true;
}

/* Why a call over a channel failed, where it is the program's own doing. */
static KX_COLD void hint_failed(const struct call *call, Handle handle, Retcode rc)
{
	if (rc == rcNotConnected)
		kx_hint_server_ended(handle);
	else if (rc == rcInvalidArgument)
		kx_hint_request(call->route->blob, &call->out);
	else if (rc == rcBufferTooSmall && call->no_room.ex)
		kx_hint_response_room(call->route->blob, &call->out.head, &call->no_room,
				      call->in.fixed_size, call->in.arena_size);
}

/* @call has begun, and knows what goes out and where what comes in shall stand. */
static KX_ON_PATH Retcode make(struct call *call, Handle handle, rtl_uint32_t mdelay,
			       Handle syncHandle)
{
	Retcode rc;

	call->no_room.ex = 0;
	call->mdelay = mdelay;
	call->sync = syncHandle;
	call->interrupt = kx_sync_word(syncHandle, &rc);
	if (rc != rcOk)
		return rc;
	if (!call->route)
		call->route = kx_route_find(call->thread, handle, &rc);
	if (!call->route) {
		if (rc == rcInvalidArgument)
			kx_hint_call_handle(handle);
		return rc;
	}
	call->number = kx_blob_method_number(call->route->blob, kx_head_iid(&call->out.head),
					     kx_head_mid(&call->out.head));
	if (!call->interrupt)
		call->interrupt = kx_thread_end_word();
	call->direct = kx_route_is_direct(call->route, call->number, &call->out.head);
	rc = call->direct ? call_direct(call) : call_relayed(call);
	kx_stamp(KX_STAMP_DONE, 0);
	if (rc != rcOk)
		hint_failed(call, handle, rc);
	return rc;
}

Retcode CallEx(Handle handle, const SMsgHdr *msgOut, SMsgHdr *msgIn, rtl_uint32_t mdelay,
	       Handle syncHandle)
{
	struct call call;
	Retcode rc;

	if (!begin(&call, handle))
		return kx_rt_thread_rc();
	rc = kx_rt_outgoing(msgOut, &call.out);
	if (rc == rcOk)
		rc = kx_rt_incoming(msgIn, &call.in);
	if (rc == rcOk)
		rc = make(&call, handle, mdelay, syncHandle);
	if (rc == rcOk)
		kx_rt_sizes(msgIn, &call.in);
	kx_rt_leave(call.thread, rc);
	return rc;
}

Retcode Call(Handle handle, const SMsgHdr *msgOut, SMsgHdr *msgIn)
{
	return CallEx(handle, msgOut, msgIn, INFINITE_TIMEOUT, INVALID_HANDLE);
}

/* The same for generated proxies: no SMsgHdr is filled in to be taken apart again. */
nk_err_t kx_transport_call(struct nk_transport *base, const struct nk_message *req,
			   const struct nk_arena *req_arena, struct nk_message *res,
			   struct nk_arena *res_arena)
{
	const NkKosTransport *self = kx_transport_of(base);
	struct call call;
	Retcode rc;

	if (!begin(&call, self->handle))
		return KosRetcodeToNkError(kx_rt_thread_rc());
	rc = kx_rt_outgoing_nk(req, req_arena, &call.out);
	if (rc == rcOk)
		rc = kx_rt_incoming_nk(res, res_arena, &call.in);
	if (rc == rcOk)
		rc = make(&call, self->handle, self->callTimeout, self->callSyncHandle);
	kx_rt_leave(call.thread, rc);
	if (rc != rcOk)
		return KosRetcodeToNkError(rc);
	/* A callable handle carries its own endpoint; proxies compare theirs. */
	res->iid = kx_head_iid(&call.out.head);
	kx_rt_sizes_nk(res_arena, &call.in);
	return NK_EOK;
}
