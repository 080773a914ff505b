/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/syscalls.h>
#include <string.h>

#include "kx_thread.h"
#include "path.h"
#include "read.h"
#include "rt_hint.h"
#include "rt_message.h"
#include "rt_owed.h"
#include "rt_transport.h"
#include "stamp.h"
#include "validate.h"
#include "verdict.h"

/* --- answering -------------------------------------------------------------------- */

static KX_ON_PATH enum kx_result publish_locked(struct kx_owed *owed)
{
	struct kx_slot *slot = owed->taken.slot;
	uint32_t gen = owed->taken.gen;
	bool wake = false;
	enum kx_result result;

	kx_hint_store(&slot->cpu_server, kx_wait_cpu());
	result = kx_slot_reply(slot, gen, &wake);
	kx_stamp(KX_STAMP_REPLIED, 0);
	/* A request given up: its client may wait for the slot. */
	if ((result == KX_OK && wake) || result == KX_ETIME)
		kx_futex_wake(&slot->w);
	if (result == KX_EPROTO && owed->taken.end)
		atomic_store(&owed->taken.end->broken, true);
	if (!owed->taken.end) {
		uint32_t poison = KX_SLOT_WORD(gen, KX_SLOT_POISON);

		if (result == KX_EPEER)
			(void)kx_cas(&slot->w, &poison, KX_SLOT_WORD(gen, KX_SLOT_FREE));
		kx_rt_ring_kernel();
	}
	kx_stamp(KX_STAMP_WOKE, 0);
	return result;
}

/*
 * A client that is gone cannot read a reply: D2 from the server's side. Asked before
 * the reply, for a client may take that and end at once.
 */
static bool is_for_nobody(const struct kx_owed *owed)
{
	return owed->taken.end && kx_load(owed->taken.end->state) != KX_CHANNEL_DIRECT;
}

/*
 * Publishes what was written into the slot and lets the slot go. A down slot's
 * other end is the kernel process: it is rung, and for a judged reply waited for.
 *
 * SUBTLE: the slot is let go before it is published, for afterwards the client may
 * post again and another thread take it. From then on only the read section keeps
 * drop_dead_channels() (rt_inbox.c) from unmapping the region under the CAS.
 */
static KX_ON_PATH enum kx_result publish(struct kx_owed *owed)
{
	uint32_t channel = UINT32_MAX;
	enum kx_result result = KX_EPEER;
	bool alone = kx_read_begin();

	if (owed->taken.end)
		channel = owed->taken.end->channel;
	if (is_for_nobody(owed)) {
		kx_inbox_forsake(&owed->taken);
	} else {
		kx_inbox_release(&owed->taken);
		result = publish_locked(owed);
	}
	kx_read_end(alone);
	if (result == KX_EPROTO && channel != UINT32_MAX)
		kx_rt_report_hostile(channel);
	return result;
}

/* The kernel process's verdict on a reply; lets the slot go. */
static KX_OFF_PATH Retcode await_verdict(struct kx_rt_thread *thread, struct kx_owed *owed)
{
	Retcode rc = kx_verdict_await(owed->taken.slot, owed->taken.gen, &thread->waiter);

	kx_rt_ring_kernel();
	return rc;
}

static Retcode reply_code_of(enum kx_result result)
{
	/* The client gave up or died: the same to the server, nobody wants the reply. */
	return result == KX_OK ? rcOk : rcNotConnected;
}

void kx_rt_reply_code(struct kx_owed *owed, Retcode rc)
{
	owed->taken.slot->ex = 0;
	owed->taken.slot->arena = (uint32_t)rc;
	(void)publish(owed);
	if (owed->judged && !owed->taken.end) {
		struct kx_rt_thread *thread = kx_rt_thread();

		if (thread)
			(void)await_verdict(thread, owed);
	}
}

/* Is @out built as the method's response or error is declared? */
static KX_ON_PATH bool response_valid(const struct kx_owed *owed, const struct kx_outgoing *out)
{
	return !owed->method || kx_message_valid(kx_rt_class(),
						 kx_method_desc(owed->method, KX_MESSAGE_RESPONSE,
								kx_head_ex(&out->head)),
						 &out->head, out->body, out->arena);
}

/*
 * An error that policy never grants, over a channel region: nobody else would see it.
 * The kernel process is told, which puts the denial on record.
 */
static KX_OFF_PATH bool error_denied(const struct kx_owed *owed)
{
	uint32_t args[KX_CALL_ARGS] = {0, owed->riid, owed->mid};
	const struct kx_class *blob = kx_rt_class();
	const struct kx_channel_entry *entry;

	if (!owed->taken.end || !owed->method)
		return false;
	entry = &kx_rt.page->channels[owed->taken.end->channel];
	if (!entry->direct || !kx_error_denied_bit(kx_rt_at(entry->direct), blob->method_count,
						   kx_blob_method_index(blob, owed->method)))
		return false;
	args[0] = owed->taken.end->channel;
	(void)kx_rt_kcall(KX_CALL_ERROR_DENIED, args, NULL, 0, NULL, NULL);
	return true;
}

/* Takes request @token of listener @handle out, for send_reply(); NULL and *@rc: there is none. */
static KX_ON_PATH struct kx_owed *take_owed(struct kx_rt_thread *thread, Handle handle, Tid token,
					    Retcode *rc)
{
	struct kx_rt_inbox *own =
		kx_rt_inbox(thread, handle, thread->reply_state, KX_RIGHT_IPC_REPLY, rc);
	struct kx_owed *owed;

	if (!own)
		return NULL;
	owed = kx_owed_take(thread, own, token);
	if (owed)
		kx_own(owed->taken.slot); /* the client may have looked since */
	else
		*rc = rcInvalidOperation;
	return owed;
}

/* What was to be the reply is none: @head, from @res if generated code made it. */
static KX_OFF_PATH Retcode refuse_reply(struct kx_owed *owed, struct kx_head head,
					const struct nk_message *res)
{
	kx_rt_reply_code(owed, rcInvalidArgument);
	kx_hint_reply(owed, &head, res);
	return rcInvalidArgument;
}

/* Answers with @out, or, if @rc says that it is no message, with that; @res: where it comes from.
 */
static KX_ON_PATH Retcode send_reply(struct kx_rt_thread *thread, struct kx_owed *owed,
				     struct kx_outgoing *out, Retcode rc,
				     const struct nk_message *res)
{
	uint32_t ex = kx_head_ex(&out->head);
	enum kx_result result;

	out->head.first = kx_head_first(owed->riid, owed->mid, ex);
	if (rc == rcOk && KX_EX_ERR(ex) && error_denied(owed)) {
		kx_rt_reply_code(owed, rcSecurityDisallow);
		return rcSecurityDisallow;
	}
	if (rc != rcOk || !response_valid(owed, out))
		return refuse_reply(owed, out->head, res);
	kx_message_put(owed->taken.slot, owed->taken.payload, out); /* kx_rt_outgoing(): it fits */
	result = publish(owed);
	if (result == KX_OK && owed->judged)
		return await_verdict(thread, owed);
	return reply_code_of(result);
}

static KX_ON_PATH Retcode reply(struct kx_rt_thread *thread, Handle handle, const SMsgHdr *msgOut)
{
	struct kx_outgoing out;
	struct kx_owed *owed;
	Retcode rc;

	owed = take_owed(thread, handle, msgOut->threadId, &rc);
	if (!owed)
		return rc;
	rc = kx_rt_outgoing(msgOut, &out);
	rc = send_reply(thread, owed, &out, rc, NULL);
	kx_owed_done(owed);
	return rc;
}

Retcode Reply(Handle handle, const SMsgHdr *msgOut)
{
	struct kx_rt_thread *thread = kx_rt_enter();
	Retcode rc;

	kx_stamp(KX_STAMP_REPLY, 0);
	if (!thread)
		return kx_rt_thread_rc();
	rc = msgOut ? reply(thread, handle, msgOut) : rcInvalidArgument;
	kx_rt_leave(thread, rcOk);
	return rc;
}

/* @rc: why there is no request to answer, or why not over this handle; it may be over another. */
static KX_OFF_PATH nk_err_t not_replied(NkKosTransport *self, Retcode rc)
{
	if (rc != rcSecurityDisallow)
		self->thread = 0;
	return KosRetcodeToNkError(rc);
}

static KX_ON_PATH nk_err_t reply_nk(struct kx_rt_thread *thread, NkKosTransport *self,
				    const struct nk_message *res, const struct nk_arena *res_arena)
{
	struct kx_outgoing out;
	struct kx_owed *owed;
	Retcode rc;

	owed = take_owed(thread, self->reply_handle, self->thread, &rc);
	if (!owed)
		return not_replied(self, rc);
	self->thread = 0;
	rc = kx_rt_outgoing_nk(res, res_arena, &out);
	rc = send_reply(thread, owed, &out, rc, res);
	kx_owed_done(owed);
	return KosRetcodeToNkError(rc);
}

/*
 * Whatever stands in @res (handlers may fail and leave nonsense), the client gets
 * an answer: an impossible message ends its Call with rcInvalidArgument.
 */
nk_err_t kx_transport_reply(struct nk_transport *base, const struct nk_message *res,
			    const struct nk_arena *res_arena)
{
	NkKosTransport *self = kx_transport_of(base);
	struct kx_rt_thread *thread;
	nk_err_t error;

	kx_stamp(KX_STAMP_REPLY, 0);
	if (!self->thread)
		return NK_EINVAL;
	thread = kx_rt_enter();
	if (!thread)
		return KosRetcodeToNkError(kx_rt_thread_rc());
	error = reply_nk(thread, self, res, res_arena);
	kx_rt_leave(thread, rcOk);
	return error;
}

/* --- receiving ------------------------------------------------------------------ */

/* A message that this side refuses: its sender is told @rc, the kernel process why. */
static KX_OFF_PATH void refuse(struct kx_owed *owed, Retcode rc, uint32_t reason)
{
	uint32_t args[KX_CALL_ARGS] = {0, reason};

	if (owed->taken.end && reason) {
		args[0] = owed->taken.end->channel;
		(void)kx_rt_kcall(KX_CALL_DROPPED, args, NULL, 0, NULL, NULL);
	}
	kx_rt_reply_code(owed, rc);
}

/*
 * The barrier behind a region: only methods whose DIRECT bit is set, and only
 * messages built as declared, pass. What came down from the kernel process was
 * judged there.
 */
static KX_ON_PATH uint32_t reason_to_refuse(const struct kx_owed *owed, uint32_t number,
					    const struct kx_head *head,
					    const struct kx_rt_buffers *in)
{
	const struct kx_channel_entry *entry = &kx_rt.page->channels[owed->taken.end->channel];
	const struct kx_class *blob = kx_rt_class();

	if (!blob || !entry->direct)
		return KX_DROP_NOT_DIRECT;
	if (number == KX_NO_METHOD)
		return KX_DROP_MALFORMED;
	if (!kx_direct_bit(kx_rt_at(entry->direct), number))
		return KX_DROP_NOT_DIRECT;
	if (KX_EX_ERR(kx_head_ex(head)) || !kx_message_valid(blob, &owed->method->request, head,
							     in->fixed + KX_MESSAGE_MIN, in->arena))
		return KX_DROP_MALFORMED;
	return 0;
}

/* The process that calls, and the handle it calls, from where only the kernel process writes. */
static TaskId fill_sender(const struct kx_owed *owed, const struct kx_rt_buffers *in)
{
	const struct kx_down_tag *tag = (const struct kx_down_tag *)(void *)owed->taken.slot->tag;
	struct {
		uint32_t handle;
		uint32_t rights;
		uint64_t badge;
	} self;

	if (owed->taken.end)
		return kx_rt.page->channels[owed->taken.end->channel].peer;
	self.handle = kx_fetch32(&tag->self_handle);
	self.rights = kx_fetch32(&tag->self_rights);
	self.badge = kx_fetch64(&tag->self_badge);
	if (self.handle != INVALID_HANDLE)
		memcpy(in->fixed + 8, &self, sizeof(self));
	return kx_fetch32(&tag->sender);
}

/* One wait for a request. */
struct receipt {
	struct kx_rt_inbox *own;
	struct kx_rt_buffers in; /* how much came, after rcOk */
	Tid token;               /* names the request: kx_owed_add() */
	TaskId sender;
};

/* A request that was not copied: @rc says why. */
static KX_OFF_PATH Retcode leave_out(struct kx_owed *owed, struct kx_head head,
				     struct kx_rt_buffers in, Retcode rc)
{
	refuse(owed, rc, rc == rcInvalidArgument ? KX_DROP_MALFORMED : 0);
	if (rc == rcBufferTooSmall)
		kx_hint_request_room(kx_rt_class(), &head, in.fixed_size, in.arena_size);
	return rcRestart;
}

/* A request that was: nothing of it stays. */
static KX_OFF_PATH Retcode throw_out(struct kx_owed *owed, struct kx_head head,
				     struct kx_rt_buffers in, Retcode rc, uint32_t reason)
{
	kx_rt_wipe(&in, &head);
	refuse(owed, rc, reason);
	return rcRestart;
}

/* rcOk, or rcRestart when the request was refused and the wait goes on. */
static KX_ON_PATH Retcode accept_request(struct kx_rt_thread *thread, struct kx_owed *owed,
					 struct receipt *receipt)
{
	struct kx_rt_buffers *in = &receipt->in;
	const struct kx_taken *taken = &owed->taken;
	const struct kx_down_tag *tag = (const struct kx_down_tag *)(void *)taken->slot->tag;
	const struct kx_class *blob = kx_rt_class();
	struct kx_head head;
	uint32_t number;
	uint32_t reason;
	Retcode rc;

	kx_message_head(taken->slot, &head);
	owed->judged = !taken->end && (kx_fetch32(&tag->flags) & KX_DOWN_JUDGED);
	rc = kx_rt_copy_out(taken->slot, taken->payload, taken->message_max, in, &head);
	if (rc != rcOk)
		return leave_out(owed, head, *in, rc);
	owed->riid = kx_head_iid(&head);
	owed->mid = kx_head_mid(&head);
	number = kx_blob_method_number(blob, owed->riid, owed->mid);
	owed->method = kx_blob_method_at(blob, number);
	reason = taken->end ? reason_to_refuse(owed, number, &head, in) : 0;
	if (reason)
		return throw_out(owed, head, *in,
				 reason == KX_DROP_MALFORMED ? rcInvalidArgument
							     : rcSecurityDisallow,
				 reason);
	receipt->token = kx_owed_add(thread, receipt->own, owed);
	if (!receipt->token)
		return throw_out(owed, head, *in, rcQuotaExceeded, 0);
	kx_rt_received(in, &head);
	receipt->sender = fill_sender(owed, in);
	kx_stamp(KX_STAMP_RECEIVED, 0);
	return rcOk;
}

/* Why there is no request: what kx_inbox_receive() said. */
static KX_OFF_PATH Retcode reason_of(const struct kx_rt_thread *thread, enum kx_result result)
{
	struct kx_handle_entry *entry;

	if (result != KX_EPEER)
		return kx_rt_code(result);
	return kx_rt_handle(thread->listener_handle, &entry) == rcHandleRevoked ? rcHandleRevoked
										: rcInvalidArgument;
}

static KX_ON_PATH Retcode wait_for_request(struct kx_rt_thread *thread, struct receipt *receipt,
					   const struct kx_receive_patience *patience)
{
	struct kx_owed other;
	struct kx_owed *owed = kx_owed_room(thread, &other);
	enum kx_result result;
	Retcode rc;

	do {
		result = kx_inbox_receive(&receipt->own->inbox, patience, &owed->taken);
		if (result != KX_OK)
			return reason_of(thread, result);
		rc = accept_request(thread, owed, receipt);
	} while (rc == rcRestart);
	return rc;
}

/* @receipt knows where what comes in shall stand. */
static KX_ON_PATH Retcode receive(struct kx_rt_thread *thread, Handle handle,
				  struct receipt *receipt, rtl_uint32_t mdelay, Handle syncHandle)
{
	struct kx_receive_patience patience = {0};
	struct timespec deadline;
	Retcode rc;

	patience.interrupt = kx_sync_word(syncHandle, &rc);
	if (rc != rcOk)
		return rc;
	receipt->own = kx_rt_inbox(thread, handle, thread->recv_state, KX_RIGHT_IPC_RECV, &rc);
	if (!receipt->own) {
		if (rc == rcInvalidArgument)
			kx_hint_recv_handle(handle);
		return rc;
	}
	patience.deadline = kx_rt_deadline(mdelay, &deadline);
	if (!patience.interrupt)
		patience.interrupt = kx_thread_end_word();
	rc = wait_for_request(thread, receipt, &patience);
	return rc;
}

Retcode RecvEx(Handle handle, SMsgHdr *msgIn, rtl_uint32_t mdelay, Handle syncHandle)
{
	struct kx_rt_thread *thread = kx_rt_enter();
	struct receipt receipt = {.sender = 0};
	Retcode rc;

	if (!thread)
		return kx_rt_thread_rc();
	rc = kx_rt_incoming(msgIn, &receipt.in);
	if (rc == rcOk)
		rc = receive(thread, handle, &receipt, mdelay, syncHandle);
	kx_rt_leave(thread, rc);
	if (rc != rcOk)
		return rc;
	kx_rt_sizes(msgIn, &receipt.in);
	msgIn->threadId = receipt.token;
	msgIn->replyHandle = thread->listener_handle;
	msgIn->sender = receipt.sender;
	return rcOk;
}

Retcode Recv(Handle handle, SMsgHdr *msgIn)
{
	return RecvEx(handle, msgIn, INFINITE_TIMEOUT, INVALID_HANDLE);
}

Retcode kx_transport_recv(NkKosTransport *transport, struct nk_message *req,
			  struct nk_arena *req_arena)
{
	struct kx_rt_thread *thread = kx_rt_enter();
	struct receipt receipt = {.sender = 0};
	Retcode rc;

	transport->thread = 0;
	transport->reply_handle = INVALID_HANDLE;
	if (!thread)
		return kx_rt_thread_rc();
	rc = kx_rt_incoming_nk(req, req_arena, &receipt.in);
	if (rc == rcInvalidArgument)
		kx_hint(KX_HINT_RECV_MESSAGE, 0,
			"nk_transport_recv: the request says that it has room for %u bytes; "
			"nk_req_reset(&req) comes before each call",
			receipt.in.fixed_size);
	if (rc == rcOk)
		rc = receive(thread, transport->handle, &receipt, transport->recvTimeout,
			     transport->recvSyncHandle);
	kx_rt_leave(thread, rc);
	if (rc != rcOk)
		return rc;
	transport->thread = receipt.token;
	transport->reply_handle = thread->listener_handle;
	kx_rt_sizes_nk(req_arena, &receipt.in);
	return rcOk;
}
