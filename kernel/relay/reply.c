/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The reply's half of a relayed call. A denied or malformed reply ends both Call and
 * Reply with the same code; the server goes on.
 */

#include "balance.h"
#include "decide.h"
#include "kx_rc.h"
#include "relay.h"
#include "stamp.h"
#include "validate.h"

/*
 * Puts the verdict on a judged reply in the slot's tag. The server, which waits
 * for it in Reply, then frees the slot; until then it stays out of use.
 */
static void give_verdict(struct kx_peer *server, uint32_t down, uint32_t gen, int32_t rc)
{
	struct kx_slot *slot = &server->link->down[down];
	struct kx_down_tag *tag = (struct kx_down_tag *)(void *)slot->tag;

	tag->rc = rc;
	if (kx_slot_judge(slot, gen))
		kx_futex_wake(&slot->w);
}

/* The reply goes to the client's up slot; a client whose memory it does not fit learns it there. */
static void write_back(struct kx_relay *call)
{
	struct kx_peer *client = call->client;

	kx_relay_put(call, &client->link->up[call->up], kx_peer_up_payload(client, call->up),
		     client->message_max, kx_relay_end);
}

static void returned_back(struct kx_job *job)
{
	struct kx_transfer_job *transfer = (struct kx_transfer_job *)(void *)job;
	struct kx_relay *call = transfer->maker;

	if (transfer->rc != KX_RC_OK || !call->client) {
		kx_relay_end(call, transfer->rc);
		return;
	}
	kx_relay_patch_handles(call);
	write_back(call);
}

/* Control thread: hands the job back. */
static void returned(struct kx_transfer_job *transfer)
{
	transfer->job.run = returned_back;
	kx_ipc_post(&transfer->job);
}

static void return_handles(struct kx_relay *call, struct kx_peer *server)
{
	call->transfer.from = server->task;
	call->transfer.to = call->client->task;
	call->transfer.done = returned;
	call->transfer.maker = call;
	kx_transfer_submit(&call->transfer);
}

static int32_t judge_reply(struct kx_relay *call, struct kx_peer *server)
{
	bool error = KX_EX_ERR(call->head.ex);
	const char *wrong = kx_relay_structure(call, KX_MESSAGE_RESPONSE);
	struct kx_event event;

	call->transfer.count = 0;
	kx_relay_event(call, error ? KX_EVENT_ERROR : KX_EVENT_RESPONSE, &event);
	if (wrong) {
		kx_decide_malformed(&event, server->task, wrong);
		return KX_RC_INVALID_ARGUMENT;
	}
	event.handle_count = kx_relay_collect_handles(call, server->task, KX_MESSAGE_RESPONSE);
	if (kx_decide(&event, server->task) != KX_GRANT)
		return KX_RC_SECURITY_DISALLOW;
	call->approved = true;
	kx_balance.approved++;
	return KX_RC_OK;
}

/* The down slot no longer carries @call; a judged one waits for the server to free it. */
static void leave_down_slot(struct kx_relay *call, struct kx_peer *server, int32_t rc)
{
	uint32_t down = call->down;

	if (call->judged) {
		give_verdict(server, down, call->down_gen, rc);
		server->down[down] = KX_RELAY_ORPHAN;
	} else {
		server->down[down] = NULL;
		server->down_busy &= ~(1ull << down);
	}
	call->place = KX_RELAY_RETURN;
}

/*
 * A receiver that could not take the request answers with a code and no message
 * (coresrv/src/ipc/rt.h, kx_rt_is_code). Any error of the general space will do: a
 * server may fail its clients as it likes.
 */
static int32_t code_instead(struct kx_slot *slot)
{
	uint32_t code;

	if (kx_fetch32(&slot->ex) != 0)
		return KX_RC_OK;
	code = kx_fetch32(&slot->arena);
	return code >> 16 == 0x9000u && (code & 0xffffu) ? (int32_t)code : KX_RC_FAIL;
}

/* The private copy of the reply is complete, or there is none. */
static void answered(struct kx_relay *call, int32_t rc)
{
	struct kx_peer *server = call->server;

	if (rc == KX_RC_OK)
		rc = judge_reply(call, server);
	kx_stamp(KX_STAMP_K_APPROVED, 0);
	leave_down_slot(call, server, rc);
	if (rc != KX_RC_OK)
		kx_relay_end(call, rc);
	else if (call->transfer.count)
		return_handles(call, server);
	else
		write_back(call);
	kx_relay_next(server);
}

/* The server has answered @call: it is in time, and way and listener no longer matter. */
static void take_reply(struct kx_relay *call, struct kx_peer *server)
{
	struct kx_slot *slot = &server->link->down[call->down];
	int32_t rc = code_instead(slot);

	kx_stamp(KX_STAMP_K_REPLY, call->down_gen);
	kx_task_count(server->task, KX_COUNT_REPLIES);
	kx_turn_over(server, call->down);
	call->place = KX_RELAY_ANSWERING;
	call->channel = NULL;
	call->listener = NULL;
	cds_list_del_init(&call->timed_link);
	call->refused =
		rc == (int32_t)KX_RC_BUFFER_TOO_SMALL || rc == (int32_t)KX_RC_QUOTA_EXCEEDED;
	if (rc != KX_RC_OK)
		answered(call, rc);
	else
		kx_relay_fetch(call, server, slot, kx_peer_down_payload(server, call->down),
			       answered);
}

void kx_reply_drop(struct kx_relay *call)
{
	leave_down_slot(call, call->server, KX_RC_NOT_CONNECTED);
}

/*
 * The server gave a slot back whose caller is gone: poisoned or abandoned before. Or
 * it had answered just before that and found the slot neither poisoned nor abandoned:
 * then a judged reply still waits for its verdict, and one that is not judged is over.
 */
static bool take_orphan(struct kx_peer *server, uint32_t down)
{
	uint32_t w = kx_load(&server->link->down[down].w);
	bool replied =
		KX_SLOT_STATE(w) == KX_SLOT_REPLIED && KX_SLOT_GEN(w) == server->down_gen[down];

	if (replied && (server->down_judged >> down & 1u)) {
		give_verdict(server, down, server->down_gen[down], KX_RC_NOT_CONNECTED);
		return true;
	}
	if (!replied && KX_SLOT_STATE(w) != KX_SLOT_FREE)
		return false;
	server->down[down] = NULL;
	server->down_busy &= ~(1ull << down);
	kx_relay_next(server);
	return true;
}

bool kx_reply_look(struct kx_peer *server, uint32_t slot)
{
	struct kx_relay *call = server->down[slot];
	uint32_t w;

	if (call == KX_RELAY_ORPHAN)
		return take_orphan(server, slot);
	if (call->place != KX_RELAY_POSTED)
		return false; /* being copied, one way or the other */
	w = kx_load(&server->link->down[slot].w);
	if (KX_SLOT_STATE(w) != KX_SLOT_REPLIED || KX_SLOT_GEN(w) != call->down_gen)
		return false;
	if (!kx_relay_may_copy(call, &server->link->down[slot]))
		return false;
	take_reply(call, server);
	return true;
}

void kx_replies_take(struct kx_peer *server)
{
	uint64_t busy = server->down_busy;

	for (; busy; busy &= busy - 1)
		(void)kx_reply_look(server, (uint32_t)__builtin_ctzll(busy));
}
