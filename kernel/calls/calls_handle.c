/* SPDX-License-Identifier: Apache-2.0 */

/* Kernel calls on handles, and KX_CALL_OPEN; see calls.h. */

#include <sys/epoll.h>

#include "calls.h"
#include "channel.h"
#include "listener.h"
#include "notice.h"
#include "user.h"

static uint64_t wide(uint32_t low, uint32_t high)
{
	return (uint64_t)high << 32 | low;
}

/*
 * A server that many clients open at once may be slow to take their packets;
 * after that time the call is made through the kernel process instead.
 */
#define OPEN_LIMIT_MS 1000

/* KX_RC_BUSY: the job waits, and is executed again by kx_calls_writable(). */
static enum kx_rc open_region(struct kx_call_job *job)
{
	struct kx_task *full;
	struct kx_object *object;
	enum kx_rc rc = kx_handle_object(job->task, job->args[0], KX_OBJECT_CHANNEL,
					 KX_RIGHT_IPC_CALL, NULL, &object);

	if (rc != KX_RC_OK)
		return rc;
	/* Only the client of the pair: a channel end in a foreign table is always relayed. */
	if (kx_container(object, struct kx_channel, object)->client != job->task)
		return KX_RC_INVALID_OPERATION;
	rc = kx_channel_open(kx_container(object, struct kx_channel, object), &full);
	if (rc != KX_RC_BUSY)
		return rc;
	kx_source_change(&full->control_source, EPOLLIN | EPOLLRDHUP | EPOLLOUT);
	kx_call_wait(job, &full->sends, OPEN_LIMIT_MS);
	return rc;
}

void kx_calls_writable(struct kx_task *task)
{
	CDS_LIST_HEAD(retry);

	kx_source_change(&task->control_source, EPOLLIN | EPOLLRDHUP);
	cds_list_splice(&task->sends, &retry);
	CDS_INIT_LIST_HEAD(&task->sends);
	while (!cds_list_empty(&retry)) {
		struct kx_call_job *job = cds_list_first_entry(&retry, struct kx_call_job, waiting);

		kx_call_resume(job);
		kx_calls_handle(job);
	}
}

static enum kx_rc create_user(struct kx_call_job *job, uint32_t listener, uint32_t riid)
{
	uint32_t *args = job->args;

	return kx_user_create(job->task, args[0], args[1], wide(args[2], args[3]), listener, riid,
			      &args[0]);
}

static enum kx_rc join_listener(struct kx_task *task, uint32_t value, struct kx_listener **listener)
{
	struct kx_object *object;
	enum kx_rc rc;

	if (value == KX_HANDLE_INVALID)
		return kx_listener_create(task, "", listener);
	rc = kx_handle_object(task, value, KX_OBJECT_LISTENER, KX_RIGHT_IPC_ATTACH, NULL, &object);
	if (rc == KX_RC_OK)
		*listener = kx_container(object, struct kx_listener, object);
	return rc;
}

/*
 * The server end of one unnamed channel: the listener without the right to attach more,
 * made from handle @from, with no right that @from has not.
 */
static enum kx_rc server_handle(struct kx_task *task, struct kx_listener *listener, uint32_t from,
				uint32_t *value)
{
	struct kx_handle_spec spec = {.object = &listener->object,
				      .rights = KX_RIGHTS_LISTENER & ~KX_RIGHT_IPC_ATTACH,
				      .role = KX_ROLE_LISTENER,
				      .listener = (uint16_t)listener->index};
	struct kx_handle *handle;
	enum kx_rc rc = kx_handle_find(task, from, &spec.parent);

	if (rc != KX_RC_OK)
		return rc;
	spec.rights &= spec.parent->rights;
	rc = kx_handle_create(task, &spec, &handle);
	if (rc == KX_RC_OK)
		*value = handle->value;
	return rc;
}

/* An unnamed channel; @args: listener of @server or INVALID -> listener, server, client. */
static enum kx_rc connect_pair(struct kx_task *client, struct kx_task *server_task, uint32_t *args)
{
	bool fresh = args[0] == KX_HANDLE_INVALID;
	struct kx_listener *listener;
	struct kx_channel *channel;
	uint32_t server;
	uint32_t from;
	enum kx_rc rc = join_listener(server_task, args[0], &listener);

	if (rc != KX_RC_OK)
		return rc;
	from = fresh ? listener->handle : args[0];
	rc = server_handle(server_task, listener, from, &server);
	if (rc != KX_RC_OK)
		goto undo_listener;
	rc = kx_channel_create(client, listener, "", &channel);
	if (rc != KX_RC_OK)
		goto undo_server;
	args[0] = from;
	args[1] = server;
	args[2] = channel->client_handle;
	return KX_RC_OK;
undo_server:
	kx_handle_close(server_task, server);
undo_listener:
	if (fresh)
		kx_handle_close(server_task, from);
	return rc;
}

/* One end of such a channel: the caller, or a task that does not run yet. */
static enum kx_rc find_end(struct kx_call_job *job, uint32_t value, struct kx_task **out)
{
	struct kx_object *object;
	enum kx_rc rc;

	*out = job->task;
	if (value == KX_HANDLE_INVALID)
		return KX_RC_OK;
	rc = kx_handle_object(job->task, value, KX_OBJECT_TASK, 0, NULL, &object);
	if (rc != KX_RC_OK)
		return rc;
	*out = kx_container(object, struct kx_task, object);
	return kx_task_state(*out) == KX_TASK_CREATED ? KX_RC_OK : KX_RC_INVALID_OPERATION;
}

static enum kx_rc connect_others(struct kx_call_job *job)
{
	struct kx_task *client;
	struct kx_task *server;
	enum kx_rc rc = find_end(job, job->args[1], &client);

	if (rc == KX_RC_OK)
		rc = find_end(job, job->args[2], &server);
	if (rc == KX_RC_OK && client == job->task && server == job->task)
		rc = KX_RC_INVALID_ARGUMENT; /* that is KX_CALL_HANDLE_CONNECT */
	return rc == KX_RC_OK ? connect_pair(client, server, job->args) : rc;
}

static enum kx_rc execute(struct kx_call_job *job)
{
	uint32_t *args = job->args;

	switch (job->op) {
	case KX_CALL_OPEN:
		return open_region(job);
	case KX_CALL_HANDLE_CLOSE:
		return kx_handle_close(job->task, args[0]);
	case KX_CALL_HANDLE_COPY:
		return kx_handle_copy(job->task, args[0], args[1], args[2], &args[0]);
	case KX_CALL_HANDLE_REVOKE:
		return args[1] ? kx_handle_revoke_below(job->task, args[0])
			       : kx_handle_revoke(job->task, args[0]);
	case KX_CALL_HANDLE_REVOKE_SUBTREE:
		return kx_handle_revoke_subtree(job->task, args[0], args[1]);
	case KX_CALL_HANDLE_CREATE_USER:
		return create_user(job, KX_HANDLE_INVALID, KX_RIID_ANY);
	case KX_CALL_HANDLE_CREATE_USER_EX:
		return args[4] == KX_HANDLE_INVALID ? KX_RC_INVALID_ARGUMENT
						    : create_user(job, args[4], args[5] & 0xffffu);
	case KX_CALL_HANDLE_CREATE_BADGE:
		return kx_badge_create(job->task, args[0], wide(args[1], args[2]),
				       wide(args[3], args[4]), &args[0]);
	case KX_CALL_HANDLE_GET_SID:
		return kx_handle_get_sid(job->task, args[0], &args[0]);
	case KX_CALL_HANDLE_CONNECT:
		return connect_pair(job->task, job->task, args);
	case KX_CALL_HANDLE_CONNECT_EX:
		return connect_others(job);
	default:
		return KX_RC_UNIMPLEMENTED;
	}
}

void kx_calls_handle(struct kx_call_job *job)
{
	enum kx_rc rc = execute(job);

	/* Only KX_CALL_OPEN is ever busy, and waits then. */
	if (rc != KX_RC_BUSY)
		kx_call_answer(job, rc);
}
