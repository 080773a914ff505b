/* SPDX-License-Identifier: Apache-2.0 */

/* Kernel calls on handles, and KX_CALL_OPEN; see calls.h. */

#include "calls.h"
#include "channel.h"
#include "listener.h"
#include "notice.h"
#include "user.h"

static uint64_t wide(uint32_t low, uint32_t high)
{
	return (uint64_t)high << 32 | low;
}

static enum kx_rc open_region(struct kx_call_job *job)
{
	struct kx_object *object;
	enum kx_rc rc = kx_handle_object(job->task, job->args[0], KX_OBJECT_CHANNEL,
					 KX_RIGHT_IPC_CALL, NULL, &object);

	if (rc != KX_RC_OK)
		return rc;
	/* Only the client of the pair: a channel end in a foreign table is always relayed. */
	if (kx_container(object, struct kx_channel, object)->client != job->task)
		return KX_RC_INVALID_OPERATION;
	return kx_channel_open(kx_container(object, struct kx_channel, object));
}

static enum kx_rc create_user(struct kx_call_job *job, uint32_t listener, uint32_t riid)
{
	uint32_t *args = job->args;

	return kx_user_create(job->task, args[0], args[1], wide(args[2], args[3]), listener, riid,
			      &args[0]);
}

static enum kx_rc join_listener(struct kx_call_job *job, uint32_t value,
				struct kx_listener **listener)
{
	struct kx_object *object;
	enum kx_rc rc;

	if (value == KX_HANDLE_INVALID)
		return kx_listener_create(job->task, "", listener);
	rc = kx_handle_object(job->task, value, KX_OBJECT_LISTENER, KX_RIGHT_IPC_ATTACH, NULL,
			      &object);
	if (rc == KX_RC_OK)
		*listener = kx_container(object, struct kx_listener, object);
	return rc;
}

/* The server end of one in-process channel: the listener without the right to attach more. */
static enum kx_rc server_handle(struct kx_call_job *job, struct kx_listener *listener,
				uint32_t *value)
{
	struct kx_handle_spec spec = {.object = &listener->object,
				      .rights = KX_RIGHTS_LISTENER & ~KX_RIGHT_IPC_ATTACH,
				      .role = KX_ROLE_LISTENER,
				      .listener = (uint16_t)listener->index};
	struct kx_handle *handle;
	enum kx_rc rc = kx_handle_find(job->task, listener->handle, &spec.parent);

	if (rc == KX_RC_OK)
		rc = kx_handle_create(job->task, &spec, &handle);
	if (rc == KX_RC_OK)
		*value = handle->value;
	return rc;
}

/* Channel of an entity with itself. */
static enum kx_rc connect_self(struct kx_call_job *job)
{
	bool fresh = job->args[0] == KX_HANDLE_INVALID;
	struct kx_listener *listener;
	struct kx_channel *channel;
	uint32_t server;
	enum kx_rc rc = join_listener(job, job->args[0], &listener);

	if (rc != KX_RC_OK)
		return rc;
	rc = server_handle(job, listener, &server);
	if (rc != KX_RC_OK)
		goto undo_listener;
	rc = kx_channel_create(job->task, listener, "", &channel);
	if (rc != KX_RC_OK)
		goto undo_server;
	job->args[0] = listener->handle;
	job->args[1] = server;
	job->args[2] = channel->client_handle;
	return KX_RC_OK;
undo_server:
	kx_handle_close(job->task, server);
undo_listener:
	if (fresh)
		kx_handle_close(job->task, listener->handle);
	return rc;
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
		return kx_handle_revoke(job->task, args[0]);
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
		return connect_self(job);
	default:
		return KX_RC_UNIMPLEMENTED;
	}
}

void kx_calls_handle(struct kx_call_job *job)
{
	kx_call_answer(job, execute(job));
}
