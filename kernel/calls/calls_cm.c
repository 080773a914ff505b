/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Dynamic channels (cm_api.h): a client's CM_CONNECT waits on the server's
 * list until the server accepts or drops it; the server's CM_LISTEN shows the
 * first request, and keeps showing it until then.
 */

#include "calls_cm.h"

#include <stdlib.h>

#include "call_text.h"
#include "calls.h"
#include "channel.h"
#include "listener.h"
#include "registry.h"

struct two_names {
	const char *first;
	const char *second;
};

static bool parse(const struct kx_call_job *job, struct two_names *names)
{
	struct kx_call_text text = kx_call_text(job->bytes, job->len);

	names->first = kx_call_text_next(&text);
	names->second = names->first ? kx_call_text_next(&text) : NULL;
	return names->second && strlen(names->first) < KX_NAME_MAX &&
	       strlen(names->second) < KX_NAME_MAX;
}

static const char *service_of(const struct kx_call_job *request)
{
	struct two_names names;

	return parse(request, &names) ? names.second : "";
}

/* "client\0service\0" of @request into the answer of @listen. */
static enum kx_rc show(struct kx_call_job *listen, const struct kx_call_job *request)
{
	const char *client = request->task->name;
	const char *service = service_of(request);
	size_t first = strlen(client) + 1;
	size_t second = strlen(service) + 1;
	char *out = malloc(first + second);

	if (!out)
		return KX_RC_OUT_OF_MEMORY;
	memcpy(out, client, first);
	memcpy(out + first, service, second);
	listen->out = out;
	listen->out_len = first + second;
	return KX_RC_OK;
}

static void connect_to(struct kx_call_job *job)
{
	struct kx_call_job *listen;
	struct two_names names;
	struct kx_task *server;

	if (!parse(job, &names)) {
		kx_call_answer(job, KX_RC_INVALID_ARGUMENT);
		return;
	}
	server = kx_registry_find(names.first);
	if (!server) {
		kx_call_answer(job, KX_RC_RESOURCE_NOT_FOUND);
		return;
	}
	/* The job may be answered in here, when it has no time to wait. */
	if (job->args[0] && !cds_list_empty(&server->cm_listeners)) {
		listen = cds_list_first_entry(&server->cm_listeners, struct kx_call_job, waiting);
		kx_call_answer(listen, show(listen, job));
	}
	kx_call_wait(job, &server->cm, job->args[0]);
}

static void listen_for(struct kx_call_job *job)
{
	struct kx_task *server = job->task;

	if (cds_list_empty(&server->cm))
		kx_call_wait(job, &server->cm_listeners, job->args[0]);
	else
		kx_call_answer(job, show(job, cds_list_first_entry(&server->cm, struct kx_call_job,
								   waiting)));
}

static struct kx_call_job *find_request(struct kx_task *server, const struct two_names *names)
{
	struct kx_call_job *request;

	cds_list_for_each_entry(request, &server->cm, waiting)
	{
		if (!strcmp(request->task->name, names->first) &&
		    !strcmp(service_of(request), names->second))
			return request;
	}
	return NULL;
}

static enum kx_rc find_listener(struct kx_call_job *job, struct kx_listener **out)
{
	struct kx_object *object;
	enum kx_rc rc;

	if (job->args[1] == KX_HANDLE_INVALID)
		return kx_listener_create(job->task, "", out);
	rc = kx_handle_object(job->task, job->args[1], KX_OBJECT_LISTENER, KX_RIGHT_IPC_ATTACH,
			      NULL, &object);
	if (rc == KX_RC_OK)
		*out = kx_container(object, struct kx_listener, object);
	return rc;
}

static enum kx_rc accept_request(struct kx_call_job *job)
{
	bool fresh = job->args[1] == KX_HANDLE_INVALID;
	struct kx_listener *listener;
	struct kx_call_job *request;
	struct kx_channel *channel;
	struct two_names names;
	enum kx_rc rc;

	if (!parse(job, &names))
		return KX_RC_INVALID_ARGUMENT;
	request = find_request(job->task, &names);
	if (!request)
		return KX_RC_RESOURCE_NOT_FOUND;
	rc = find_listener(job, &listener);
	if (rc != KX_RC_OK)
		return rc;
	rc = kx_channel_create(request->task, listener, names.second, &channel);
	if (rc != KX_RC_OK) {
		if (fresh)
			kx_handle_close(job->task, listener->handle);
		return rc;
	}
	request->args[0] = channel->client_handle;
	request->args[1] = job->args[0] & 0xffffu;
	if (fresh)
		job->args[0] = listener->handle;
	else /* the one it was made with may be closed */
		job->args[0] = job->args[1];
	kx_call_answer(request, KX_RC_OK);
	return KX_RC_OK;
}

static enum kx_rc drop_request(struct kx_call_job *job)
{
	struct kx_call_job *request;
	struct two_names names;

	if (!parse(job, &names))
		return KX_RC_INVALID_ARGUMENT;
	request = find_request(job->task, &names);
	if (!request)
		return KX_RC_RESOURCE_NOT_FOUND;
	kx_call_answer(request, KX_RC_NOT_CONNECTED);
	return KX_RC_OK;
}

void kx_calls_cm(struct kx_call_job *job)
{
	switch (job->op) {
	case KX_CALL_CM_CONNECT:
		connect_to(job);
		break;
	case KX_CALL_CM_LISTEN:
		listen_for(job);
		break;
	case KX_CALL_CM_ACCEPT:
		kx_call_answer(job, accept_request(job));
		break;
	case KX_CALL_CM_DROP:
		kx_call_answer(job, drop_request(job));
		break;
	default:
		kx_call_answer(job, KX_RC_UNIMPLEMENTED);
	}
}

void kx_cm_task_dead(struct kx_task *task)
{
	while (!cds_list_empty(&task->cm))
		kx_call_answer(cds_list_first_entry(&task->cm, struct kx_call_job, waiting),
			       KX_RC_NOT_CONNECTED);
}
