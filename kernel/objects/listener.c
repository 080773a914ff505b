/* SPDX-License-Identifier: Apache-2.0 */

/* Listeners; see listener.h. */

#include "listener.h"

#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "handle.h"
#include "hooks.h"
#include "mailbox.h"
#include "task.h"

static void run_back(struct kx_job *job)
{
	kx_object_unpin(&kx_container(job, struct kx_listener, removal)->object);
}

static void run_removed(struct kx_job *job)
{
	if (kx_hooks.listener_removed)
		kx_hooks.listener_removed(kx_container(job, struct kx_listener, removal));
	job->run = run_back;
	kx_control_post(job);
}

static void tell_ipc(struct kx_listener *listener)
{
	kx_object_pin(&listener->object);
	listener->removal.run = run_removed;
	kx_ipc_post(&listener->removal);
}

static void expire_listener(struct kx_object *object)
{
	struct kx_listener *listener = kx_container(object, struct kx_listener, object);

	while (!cds_list_empty(&listener->channels))
		kx_channel_close(
			cds_list_first_entry(&listener->channels, struct kx_channel, in_listener),
			KX_SIDE_SERVER);
	rcu_assign_pointer(listener->task->listeners[listener->index], NULL);
	kx_object_unpin(&listener->task->object);
	tell_ipc(listener);
}

static void free_listener(struct kx_object *object)
{
	free(kx_container(object, struct kx_listener, object));
}

static const struct kx_object_ops listener_ops = {.expire = expire_listener, .free = free_listener};

static uint32_t free_index(const struct kx_task *task)
{
	uint32_t index;

	for (index = 0; index < KX_LISTENERS; index++) {
		if (!task->listeners[index])
			break;
	}
	return index;
}

static struct kx_listener *listener_new(struct kx_task *task, const char *name, uint32_t index)
{
	struct kx_listener *listener = calloc(1, sizeof(*listener));

	if (!listener)
		return NULL;
	kx_object_init(&listener->object, KX_OBJECT_LISTENER, &listener_ops);
	kx_object_pin(&task->object);
	listener->task = task;
	listener->index = index;
	memcpy(listener->name, name, strlen(name) + 1);
	CDS_INIT_LIST_HEAD(&listener->channels);
	rcu_assign_pointer(task->listeners[index], listener);
	return listener;
}

enum kx_rc kx_listener_create(struct kx_task *task, const char *name, struct kx_listener **out)
{
	uint32_t index = free_index(task);
	struct kx_handle_spec spec = {.rights = KX_RIGHTS_LISTENER,
				      .role = KX_ROLE_LISTENER,
				      .listener = (uint16_t)index};
	struct kx_listener *listener;
	struct kx_handle *handle;
	enum kx_rc rc;

	if (index == KX_LISTENERS)
		return KX_RC_QUOTA_EXCEEDED;
	if (strlen(name) >= sizeof(listener->name))
		return KX_RC_INVALID_ARGUMENT;
	listener = listener_new(task, name, index);
	if (!listener)
		return KX_RC_OUT_OF_MEMORY;
	spec.object = &listener->object;
	rc = kx_handle_create(task, &spec, &handle);
	if (rc == KX_RC_OK)
		listener->handle = handle->value;
	else
		kx_object_expire(&listener->object);
	kx_object_unpin(&listener->object);
	if (rc == KX_RC_OK)
		*out = listener;
	return rc;
}

struct kx_listener *kx_listener_find(struct kx_task *task, const char *name)
{
	uint32_t index;

	for (index = 0; index < KX_LISTENERS; index++) {
		struct kx_listener *listener = task->listeners[index];

		if (listener && !strcmp(listener->name, name))
			return listener;
	}
	return NULL;
}

void kx_listener_ring(struct kx_task *task, uint32_t index)
{
	struct kx_link_region *link = task->link;

	if (!link)
		return;
	/*
	 * K3 (pairs with K4 in libkos): what we published comes before the
	 * addition; the sleeper compares the value, so the wake is never lost.
	 */
	kx_add(&link->kbell[index].value, 1);
	kx_futex_wake(&link->kbell[index].value);
}
