/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Kernel calls that arrive in up slots. The IPC thread copies the arguments,
 * asks the policy, and either answers at once or hands a job to the control
 * thread, which is the only writer of the tables. IPC thread only.
 */

#include "kcall.h"

#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "decide.h"
#include "kcall_message.h"
#include "kx_index.h"
#include "kx_rc.h"
#include "log.h"
#include "relay.h"

static const struct kx_kcall_name names[] = {
	{KX_CALL_HANDLE_CLOSE, "kl.core.Handle", "handle.Handle", "Close", "h0"},
	{KX_CALL_HANDLE_COPY, "kl.core.Handle", "handle.Handle", "Copy", "h0u1h2"},
	{KX_CALL_HANDLE_REVOKE, "kl.core.Handle", "handle.Handle", "Revoke", "h0"},
	{KX_CALL_HANDLE_REVOKE_SUBTREE, "kl.core.Handle", "handle.Handle", "RevokeSubtree", "h0h1"},
	{KX_CALL_HANDLE_CREATE_USER, "kl.core.Handle", "handle.Handle", "CreateUserObject",
	 "u0u1h8u8"},
	{KX_CALL_HANDLE_CREATE_USER_EX, "kl.core.Handle", "handle.Handle", "CreateUserObject",
	 "u0u1h4u5"},
	{KX_CALL_HANDLE_CREATE_BADGE, "kl.core.Handle", "handle.Handle", "CreateBadge", "h0l1"},
	{KX_CALL_HANDLE_GET_SID, "kl.core.Handle", "handle.Handle", "GetSidByHandle", "h0"},
	{KX_CALL_HANDLE_CONNECT, "kl.core.Handle", "handle.Handle", "Connect", "h0h8h8t8"},
	{KX_CALL_HANDLE_CONNECT_EX, "kl.core.Handle", "handle.Handle", "Connect", "s0h1h2t8"},
	{KX_CALL_TASK_CREATE, "kl.core.Task", "task.Task", "Create", "t0t1t2u0"},
	{KX_CALL_TASK_ENV, "kl.core.Task", "task.Task", "SetEnv", "h0"},
	/* Of itself, to which it has no handle. */
	{KX_CALL_TASK_TOLD_ARGS, "kl.core.Task", "task.Task", "SetEnv", "h8"},
	{KX_CALL_TASK_TOLD_ENV, "kl.core.Task", "task.Task", "SetEnv", "h8"},
	{KX_CALL_TASK_CONNECT, "kl.core.Handle", "handle.Handle", "Connect", "h8h0h1t0"},
	{KX_CALL_TASK_RUN, "kl.core.Task", "task.Task", "Resume", "h0"},
	{KX_CALL_TASK_WAIT, "kl.core.Task", "task.Task", "GetExitInfo", "h0u1"},
	{KX_CALL_TASK_STOP, "kl.core.Task", "task.Task", "Terminate", "h0u1"},
	{KX_CALL_TASK_ID, "kl.core.Task", "task.Task", "GetPid", "h0"},
	{KX_CALL_CM_CONNECT, "kl.core.CM", "cm.CM", "Connect", "t0t1u0"},
	{KX_CALL_CM_LISTEN, "kl.core.CM", "cm.CM", "Listen", "u0"},
	{KX_CALL_CM_ACCEPT, "kl.core.CM", "cm.CM", "Accept", "t0t1u0h1"},
	{KX_CALL_CM_DROP, "kl.core.CM", "cm.CM", "Drop", "t0t1"},
	{KX_CALL_NOTICE_CREATE, "kl.core.Notice", "notice.Notice", "Create", ""},
	{KX_CALL_NOTICE_SUBSCRIBE, "kl.core.Notice", "notice.Notice", "SubscribeToObject",
	 "h0h1u2l3"},
	{KX_CALL_NOTICE_UNSUBSCRIBE, "kl.core.Notice", "notice.Notice", "UnsubscribeFromObject",
	 "h0h1l2"},
	{KX_CALL_NOTICE_SET, "kl.core.Notice", "notice.Notice", "SetObjectEvent", "h0u1"},
	{KX_CALL_NOTICE_GET, "kl.core.Notice", "notice.Notice", "GetEvent", "h0u1u2"},
	{KX_CALL_NOTICE_DROP, "kl.core.Notice", "notice.Notice", "DropAndWake", "h0"},
	{KX_CALL_MEMORY_CREATE, "kl.core.VMM", "vmm.VMM", "MdlCreate", "l0u2"},
	{KX_CALL_MEMORY_MAP, "kl.core.VMM", "vmm.VMM", "MdlMap", "h0u1"},
	{KX_CALL_MEMORY_SIZE, "kl.core.VMM", "vmm.VMM", "MdlGetSize", "h0"},
	{KX_CALL_THREAD, "kl.core.Thread", "thread.Thread", "Create", ""},
	{KX_CALL_AUDIT_READ, "kl.core.Audit", "audit.Audit", "Read", "u0"},
	{KX_CALL_AUDIT_OPEN, "kl.core.Audit", "audit.Audit", "Open", "t0"},
	{KX_CALL_AUDIT_CLOSE, "kl.core.Audit", "audit.Audit", "Close", ""},
};

/* A call as its arguments were when it came; what is judged is what is executed. */
struct asked {
	uint32_t args[KX_CALL_ARGS];
	char *bytes; /* strings that policy may look at, and a zero behind them; or NULL */
	size_t len;
};

const struct kx_kcall_name *kx_kcall_name(uint32_t op)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].op == op)
			return &names[i];
	return NULL;
}

static bool is_granted(struct kx_task *task, const struct kx_kcall_name *name,
		       const struct asked *asked)
{
	struct kx_kcall_message message;
	struct kx_event event = {
		.kind = KX_EVENT_REQUEST,
		.src = {task->object.sid, task->class_name, task->name},
		.dst = {KX_SID_KERNEL, "kl.core.Core", "kl.core.Core"},
		.endpoint = name->endpoint,
		.qualified = name->endpoint,
		.interface_name = name->interface_name,
		.method = name->method,
	};

	kx_kcall_describe(task, name, asked->args, asked->bytes, asked->len, &message, &event);
	return kx_decide(&event, task) == KX_GRANT;
}

/* --- calls the control thread executes ------------------------------------- */

static void write_results(struct kx_peer *peer, struct kx_call_job *job)
{
	struct kx_slot *up = &peer->link->up[job->slot];
	struct kx_outgoing out = {
		.head = {.ex = KX_EX(KX_MESSAGE_MIN, 0, 0), .arena = (uint32_t)job->out_len},
		.arena = job->out,
	};

	memcpy(kx_peer_up_tag(peer, job->slot)->args, job->args, sizeof(job->args));
	if (kx_message_write(up, kx_peer_up_payload(peer, job->slot), peer->message_max, &out) !=
	    KX_OK)
		job->rc = KX_RC_BUFFER_TOO_SMALL;
}

/* The caller may be gone, its task as well: only what the peer left in the job is looked at. */
static void job_back(struct kx_job *base)
{
	struct kx_call_job *job = (struct kx_call_job *)(void *)base;
	struct kx_peer *peer = job->maker;

	if (peer) {
		cds_list_del(&job->by_maker);
		write_results(peer, job);
		kx_peer_answer(peer, job->slot, job->generation, job->rc);
	}
	free((void *)(uintptr_t)job->bytes);
	free(job->out);
	free(job);
}

void kx_kcall_forget(struct kx_peer *peer)
{
	struct kx_call_job *job;
	struct kx_call_job *next;

	cds_list_for_each_entry_safe(job, next, &peer->jobs, by_maker)
	{
		cds_list_del(&job->by_maker);
		job->maker = NULL;
	}
}

/* Control thread: hands the job back. */
static void job_done(struct kx_call_job *job)
{
	job->job.run = job_back;
	kx_ipc_post(&job->job);
}

/*
 * Most bytes that come with a kernel call: arguments and environment of a task are the largest.
 * What the IPC thread copies before policy is asked is as much as of a relayed message in one
 * go: names, and the endpoints of a class that KX_CALL_TASK_CREATE describes. Bytes that are
 * more, or no message, end the call with KX_RC_INVALID_ARGUMENT before policy is asked.
 */
#define BYTES_MAX (256u << 10)
#define TEXT_MAX  (64u << 10)

/* Private copy of the text or table that came with a call, at most @most bytes. */
static int32_t copy_bytes(const struct kx_task *task, uint32_t slot, uint32_t most, char **copy,
			  size_t *len)
{
	uint32_t message_max = task->page->message_max;
	const uint8_t *payload =
		(const uint8_t *)task->link + KX_LINK_PAYLOAD + (size_t)slot * message_max;
	struct kx_slot *up = &task->link->up[slot];
	struct kx_head head;
	char *bytes;

	kx_message_head(up, &head);
	if (!kx_head_fits(&head, message_max) || KX_EX_SIZE(head.ex) != KX_MESSAGE_MIN ||
	    head.arena > most)
		return KX_RC_INVALID_ARGUMENT;
	bytes = malloc((size_t)head.arena + 1);
	if (!bytes)
		return KX_RC_OUT_OF_MEMORY;
	kx_message_read(up, payload, &head, bytes, bytes);
	bytes[head.arena] = '\0';
	*copy = bytes;
	*len = head.arena;
	return KX_RC_OK;
}

/* Control thread. */
static int32_t fetch_bytes(struct kx_call_job *job)
{
	char *bytes = NULL;
	int32_t rc = copy_bytes(job->task, job->slot, BYTES_MAX, &bytes, &job->len);

	job->bytes = bytes;
	return rc;
}

/* Takes over what @asked holds. */
static void submit(struct kx_peer *peer, uint32_t slot, uint32_t gen, uint32_t op,
		   struct asked *asked)
{
	struct kx_call_job *job = calloc(1, sizeof(*job));

	if (!job) {
		free(asked->bytes);
		kx_peer_answer(peer, slot, gen, KX_RC_OUT_OF_MEMORY);
		return;
	}
	job->task = peer->task;
	job->maker = peer;
	cds_list_add(&job->by_maker, &peer->jobs);
	job->slot = slot;
	job->generation = gen;
	job->op = op;
	job->fetch = asked->bytes ? NULL : fetch_bytes;
	job->bytes = asked->bytes;
	job->len = asked->len;
	job->done = job_done;
	memcpy(job->args, asked->args, sizeof(job->args));
	kx_call_submit(job);
}

/* --- calls answered here ----------------------------------------------------- */

static struct kx_channel *channel_of(struct kx_peer *peer, uint32_t index)
{
	return index < KX_CHANNELS ? peer->task->channels[kx_index(index, KX_CHANNELS)] : NULL;
}

static int32_t kick(struct kx_peer *peer, uint32_t index)
{
	struct kx_channel *channel = channel_of(peer, index);

	if (!channel || channel->client != peer->task)
		return KX_RC_INVALID_ARGUMENT;
	if (kx_channel_state(channel) == KX_CHANNEL_DEAD || !channel->server->ipc)
		return KX_RC_NOT_CONNECTED;
	kx_listener_ring(channel->server, channel->listener->index);
	return KX_RC_OK;
}

static struct kx_party party(const struct kx_task *task)
{
	return (struct kx_party){task->object.sid, task->class_name, task->name};
}

/*
 * A receiver refused a direct message. The receiver's word is enough to put it on
 * record; it costs the sender nothing but counts: the line is one of the receiver's.
 */
static int32_t dropped(struct kx_peer *peer, uint32_t index, uint32_t reason)
{
	static const char *const reasons[] = {
		"message dropped by the receiver",
		"sent directly, though policy must see it",
		"structure does not match the declaration",
		"impossible slot state or length",
		"error reply that policy never grants",
	};
	struct kx_channel *channel = channel_of(peer, index);
	struct kx_event event = {.kind = KX_EVENT_REQUEST, .endpoint = "", .method = ""};
	struct kx_task *sender;

	if (!channel)
		return KX_RC_INVALID_ARGUMENT;
	/* The reporter is the receiver: of a request the server, of a reply the client. */
	sender = channel->server == peer->task ? channel->client : channel->server;
	if (sender == channel->server)
		event.kind = reason == KX_DROP_ERROR_DENIED ? KX_EVENT_ERROR : KX_EVENT_RESPONSE;
	event.src = party(sender);
	event.dst = party(peer->task);
	kx_task_count(sender, KX_COUNT_DROPPED);
	kx_decide_reported(&event, sender, peer->task,
			   reasons[kx_index(reason, sizeof(reasons) / sizeof(*reasons))]);
	return KX_RC_OK;
}

/* Puts on record, and counts, that an error reply over a region was denied by its server. */
static int32_t error_denied(struct kx_peer *peer, uint32_t index, uint32_t riid, uint32_t mid)
{
	struct kx_channel *channel = channel_of(peer, index);
	const struct kx_class *blob = peer->task->class_table;
	const struct kx_method *method =
		blob ? kx_blob_method(blob, (uint16_t)riid, (uint16_t)mid) : NULL;
	const struct kx_endpoint *endpoint;
	struct kx_event event = {.kind = KX_EVENT_ERROR};

	if (!channel || channel->server != peer->task || !channel->direct_bytes || !method ||
	    riid > UINT16_MAX || mid > UINT16_MAX ||
	    !kx_error_denied_bit(channel->direct, blob->method_count,
				 kx_blob_method_index(blob, method)))
		return KX_RC_INVALID_ARGUMENT;
	endpoint = &kx_class_endpoints(blob)[kx_index(riid, blob->endpoint_count)];
	event.src = party(peer->task);
	event.dst = party(channel->client);
	event.endpoint = kx_class_text(blob, endpoint->name);
	event.qualified = kx_class_text(blob, endpoint->qualified);
	event.interface_name = kx_class_text(blob, endpoint->interface);
	event.method = kx_class_text(blob, method->name);
	event.riid = (uint16_t)riid;
	event.mid = (uint16_t)mid;
	(void)kx_decide(&event, peer->task);
	return KX_RC_OK;
}

/* KX_RC_OK: policy grants the call, or is not asked. */
static int32_t judge(struct kx_peer *peer, uint32_t slot, uint32_t op, struct asked *asked)
{
	const struct kx_kcall_name *name = kx_kcall_name(op);
	int32_t rc = KX_RC_OK;

	if (name && kx_kcall_has_text(name))
		rc = copy_bytes(peer->task, slot, TEXT_MAX, &asked->bytes, &asked->len);
	if (rc == KX_RC_OK && name && !is_granted(peer->task, name, asked))
		rc = KX_RC_SECURITY_DISALLOW;
	return rc;
}

void kx_kcall_begin(struct kx_peer *peer, uint32_t slot, uint32_t gen, uint32_t op)
{
	struct asked asked = {0};
	int32_t rc;

	for (unsigned i = 0; i < KX_CALL_ARGS; i++)
		asked.args[i] = kx_fetch32(&kx_peer_up_tag(peer, slot)->args[i]);
	kx_task_count(peer->task, KX_COUNT_KERNEL_CALLS);
	rc = judge(peer, slot, op, &asked);
	if (rc != KX_RC_OK) {
		free(asked.bytes);
		kx_peer_answer(peer, slot, gen, rc);
		return;
	}
	switch (op) {
	case KX_CALL_KICK:
		kx_peer_answer(peer, slot, gen, kick(peer, asked.args[0]));
		break;
	case KX_CALL_DROPPED:
		kx_peer_answer(peer, slot, gen, dropped(peer, asked.args[0], asked.args[1]));
		break;
	case KX_CALL_ERROR_DENIED:
		kx_peer_answer(peer, slot, gen,
			       error_denied(peer, asked.args[0], asked.args[1], asked.args[2]));
		break;
	case KX_CALL_SECURITY:
		kx_security_begin(peer, slot, gen);
		break;
	case KX_CALL_CANCEL:
		kx_relay_cancel(peer, asked.args[0], asked.args[1]);
		kx_peer_answer(peer, slot, gen, KX_RC_OK);
		break;
	case KX_CALL_THREAD:
		kx_peer_answer(peer, slot, gen, KX_RC_OK);
		break;
	default:
		submit(peer, slot, gen, op, &asked);
	}
}
