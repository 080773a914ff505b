/* SPDX-License-Identifier: Apache-2.0 */

/* Notices, subscriptions and transfer contexts; see notice.h. */

#include "notice.h"

#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "handle.h"
#include "task.h"

struct kx_subscription {
	struct kx_notice *notice;
	struct kx_object *object;
	uint32_t mask;
	uint64_t id;
	struct cds_list_head in_notice;
	struct cds_list_head in_object;
};

/* Something to fetch. */
struct kx_notice_event {
	uint64_t id;
	uint32_t mask;
	struct cds_list_head in_notice;
};

/* As bytes of a KX_CALL_NOTICE_GET answer. */
struct event_bytes {
	uint32_t id_low;
	uint32_t id_high;
	uint32_t mask;
};

static void subscription_end(struct kx_subscription *subscription)
{
	cds_list_del(&subscription->in_notice);
	subscription->notice->subscribed_count--;
	cds_list_del(&subscription->in_object);
	free(subscription);
}

static void answer_waiters(struct kx_notice *notice, enum kx_rc rc)
{
	while (!cds_list_empty(&notice->waits))
		kx_call_answer(cds_list_first_entry(&notice->waits, struct kx_call_job, waiting),
			       rc);
}

static void expire_notice(struct kx_object *object)
{
	struct kx_notice *notice = kx_container(object, struct kx_notice, object);
	struct kx_subscription *subscription;
	struct kx_subscription *next_subscription;
	struct kx_notice_event *event;
	struct kx_notice_event *next_event;

	notice->dropped = true;
	cds_list_for_each_entry_safe(subscription, next_subscription, &notice->subscribed,
				     in_notice) subscription_end(subscription);
	cds_list_for_each_entry_safe(event, next_event, &notice->pending, in_notice)
	{
		cds_list_del(&event->in_notice);
		free(event);
	}
	notice->pending_count = 0;
	answer_waiters(notice, KX_RC_RESOURCE_NOT_FOUND);
}

static void free_notice(struct kx_object *object)
{
	free(kx_container(object, struct kx_notice, object));
}

static const struct kx_object_ops notice_ops = {.expire = expire_notice, .free = free_notice};

enum kx_rc kx_notice_create(struct kx_task *task, uint32_t *handle)
{
	struct kx_notice *notice = calloc(1, sizeof(*notice));
	struct kx_handle_spec spec = {.rights = KX_RIGHT_ALL & ~KX_RIGHT_TRANSFER};
	struct kx_handle *root;
	enum kx_rc rc;

	if (!notice)
		return KX_RC_OUT_OF_MEMORY;
	kx_object_init(&notice->object, KX_OBJECT_NOTICE, &notice_ops);
	CDS_INIT_LIST_HEAD(&notice->subscribed);
	CDS_INIT_LIST_HEAD(&notice->pending);
	CDS_INIT_LIST_HEAD(&notice->waits);
	spec.object = &notice->object;
	rc = kx_handle_create(task, &spec, &root);
	if (rc == KX_RC_OK)
		*handle = root->value;
	kx_object_unpin(&notice->object);
	return rc;
}

static enum kx_rc find_notice(struct kx_task *task, uint32_t value, struct kx_notice **out)
{
	struct kx_object *object;
	enum kx_rc rc = kx_handle_object(task, value, KX_OBJECT_NOTICE, 0, NULL, &object);

	if (rc != KX_RC_OK)
		return rc;
	*out = kx_container(object, struct kx_notice, object);
	return (*out)->dropped ? KX_RC_RESOURCE_NOT_FOUND : KX_RC_OK;
}

enum kx_rc kx_notice_subscribe(struct kx_task *task, uint32_t notice, uint32_t object,
			       uint32_t mask, uint64_t id)
{
	struct kx_subscription *subscription;
	struct kx_notice *receiver;
	struct kx_handle *handle;
	enum kx_rc rc = find_notice(task, notice, &receiver);

	if (rc == KX_RC_OK)
		rc = kx_handle_find(task, object, &handle);
	if (rc != KX_RC_OK)
		return rc;
	if (!(handle->rights & KX_RIGHT_GET_EVENT))
		return KX_RC_SECURITY_DISALLOW;
	if (!mask)
		return KX_RC_INVALID_ARGUMENT;
	if (atomic_load(&handle->object->expired))
		return KX_RC_RESOURCE_NOT_FOUND;
	if (receiver->subscribed_count >= KX_NOTICE_ENTRIES)
		return KX_RC_QUOTA_EXCEEDED;
	subscription = calloc(1, sizeof(*subscription));
	if (!subscription)
		return KX_RC_OUT_OF_MEMORY;
	subscription->notice = receiver;
	subscription->object = handle->object;
	subscription->mask = mask;
	subscription->id = id;
	receiver->subscribed_count++;
	cds_list_add_tail(&subscription->in_notice, &receiver->subscribed);
	cds_list_add_tail(&subscription->in_object, &handle->object->subscriptions);
	return KX_RC_OK;
}

enum kx_rc kx_notice_unsubscribe(struct kx_task *task, uint32_t notice, uint32_t object,
				 uint64_t id)
{
	struct kx_object *target = NULL;
	struct kx_subscription *subscription;
	struct kx_subscription *next;
	struct kx_notice *receiver;
	struct kx_handle *handle;
	bool found = false;
	enum kx_rc rc = find_notice(task, notice, &receiver);

	if (rc == KX_RC_OK && object != KX_HANDLE_INVALID) {
		rc = kx_handle_find(task, object, &handle);
		target = rc == KX_RC_OK ? handle->object : NULL;
	}
	if (rc != KX_RC_OK)
		return rc;
	cds_list_for_each_entry_safe(subscription, next, &receiver->subscribed, in_notice)
	{
		if (target ? subscription->object != target : subscription->id != id)
			continue;
		subscription_end(subscription);
		found = true;
	}
	return found ? KX_RC_OK : KX_RC_RESOURCE_NOT_FOUND;
}

enum kx_rc kx_notice_set(struct kx_task *task, uint32_t object, uint32_t mask)
{
	struct kx_handle *handle;
	enum kx_rc rc = kx_handle_find(task, object, &handle);

	if (rc != KX_RC_OK)
		return rc;
	if (!(handle->rights & KX_RIGHT_SET_EVENT))
		return KX_RC_SECURITY_DISALLOW;
	if (!mask || (mask & KX_EVENT_GENERAL))
		return KX_RC_INVALID_ARGUMENT;
	kx_notice_signal(handle->object, mask);
	return KX_RC_OK;
}

enum kx_rc kx_notice_drop(struct kx_task *task, uint32_t notice)
{
	struct kx_notice *receiver;
	enum kx_rc rc = find_notice(task, notice, &receiver);

	if (rc == KX_RC_OK)
		expire_notice(&receiver->object);
	return rc;
}

/* Moves up to @most events into a fresh buffer of the answer. */
static enum kx_rc take_events(struct kx_notice *notice, struct kx_call_job *job, uint32_t most)
{
	uint32_t count = notice->pending_count < most ? notice->pending_count : most;
	struct event_bytes *bytes = calloc(count, sizeof(*bytes));
	struct kx_notice_event *event;
	uint32_t index;

	if (!bytes)
		return KX_RC_OUT_OF_MEMORY;
	for (index = 0; index < count; index++) {
		event = cds_list_first_entry(&notice->pending, struct kx_notice_event, in_notice);
		bytes[index] = (struct event_bytes){.id_low = (uint32_t)event->id,
						    .id_high = (uint32_t)(event->id >> 32),
						    .mask = event->mask};
		cds_list_del(&event->in_notice);
		free(event);
	}
	notice->pending_count -= count;
	job->out = bytes;
	job->out_len = count * sizeof(*bytes);
	job->args[0] = count;
	return KX_RC_OK;
}

void kx_notice_get(struct kx_call_job *job)
{
	struct kx_notice *notice;
	enum kx_rc rc = find_notice(job->task, job->args[0], &notice);

	if (rc == KX_RC_OK && !job->args[2])
		rc = KX_RC_INVALID_ARGUMENT;
	if (rc != KX_RC_OK)
		kx_call_answer(job, rc);
	else if (notice->pending_count)
		kx_call_answer(job, take_events(notice, job, job->args[2]));
	else
		kx_call_wait(job, &notice->waits, job->args[1]);
}

static struct kx_notice_event *find_event(struct kx_notice *notice, uint64_t id)
{
	struct kx_notice_event *event;

	cds_list_for_each_entry(event, &notice->pending, in_notice)
	{
		if (event->id == id)
			return event;
	}
	return NULL;
}

static void post_event(struct kx_notice *notice, uint64_t id, uint32_t mask)
{
	struct kx_notice_event *event = find_event(notice, id);
	struct kx_call_job *job;

	if (event) {
		event->mask |= mask;
		return;
	}
	if (notice->dropped || notice->pending_count >= KX_NOTICE_EVENTS)
		return;
	event = calloc(1, sizeof(*event));
	if (!event)
		return;
	event->id = id;
	event->mask = mask;
	cds_list_add_tail(&event->in_notice, &notice->pending);
	notice->pending_count++;
	if (cds_list_empty(&notice->waits))
		return;
	job = cds_list_first_entry(&notice->waits, struct kx_call_job, waiting);
	kx_call_answer(job, take_events(notice, job, job->args[2]));
}

void kx_notice_signal(struct kx_object *object, uint32_t mask)
{
	struct kx_subscription *subscription;

	cds_list_for_each_entry(subscription, &object->subscriptions, in_object)
	{
		if (subscription->mask & mask)
			post_event(subscription->notice, subscription->id,
				   subscription->mask & mask);
	}
}

void kx_notice_object_gone(struct kx_object *object)
{
	struct kx_subscription *subscription;
	struct kx_subscription *next;

	cds_list_for_each_entry_safe(subscription, next, &object->subscriptions, in_object)
		subscription_end(subscription);
}

/* The badge's handle is closed: marks may live on, so the structure does too (pins). */
static void expire_badge(struct kx_object *object)
{
	struct kx_badge *badge = kx_container(object, struct kx_badge, object);

	post_event(badge->notice, badge->event, KX_EVENT_BADGE_CLOSED);
	if (!badge->marks)
		kx_object_unpin(&badge->notice->object);
}

static void free_badge(struct kx_object *object)
{
	free(kx_container(object, struct kx_badge, object));
}

static const struct kx_object_ops badge_ops = {.expire = expire_badge, .free = free_badge};

enum kx_rc kx_badge_create(struct kx_task *task, uint32_t notice, uint64_t event, uint64_t context,
			   uint32_t *handle)
{
	struct kx_handle_spec spec = {.rights = KX_RIGHT_ALL & ~KX_RIGHT_TRANSFER};
	struct kx_notice *receiver;
	struct kx_badge *badge;
	struct kx_handle *root;
	enum kx_rc rc = find_notice(task, notice, &receiver);

	if (rc != KX_RC_OK)
		return rc;
	badge = calloc(1, sizeof(*badge));
	if (!badge)
		return KX_RC_OUT_OF_MEMORY;
	kx_object_init(&badge->object, KX_OBJECT_BADGE, &badge_ops);
	badge->notice = receiver;
	badge->event = event;
	badge->context = context;
	kx_object_pin(&receiver->object);
	spec.object = &badge->object;
	rc = kx_handle_create(task, &spec, &root);
	if (rc == KX_RC_OK)
		*handle = root->value;
	else
		kx_object_expire(&badge->object);
	kx_object_unpin(&badge->object);
	return rc;
}

void kx_badge_mark(struct kx_badge *badge)
{
	badge->marks++;
	kx_object_pin(&badge->object);
}

void kx_badge_unmark(struct kx_badge *badge)
{
	if (--badge->marks == 0) {
		post_event(badge->notice, badge->event, KX_EVENT_OBJECT_DESTROYED);
		/* The last user of the notice after the badge's own handle. */
		if (atomic_load(&badge->object.expired))
			kx_object_unpin(&badge->notice->object);
	}
	kx_object_unpin(&badge->object);
}
