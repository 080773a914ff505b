/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_NOTICE_H
#define KX_NOTICE_H

/*
 * A notice: a mailbox of one entity for events of kernel objects. Events of one
 * id that nobody has fetched yet are merged by or-ing their masks, so a notice
 * never holds more than one entry per subscription id.
 *
 * A badge: a transfer context. The notice it names hears when the handles it
 * marked are all gone, and when the badge itself is closed.
 *
 * Control thread throughout.
 */

#include <stdint.h>

#include "kx_rc.h"
#include "kx_rights.h"
#include "object.h"

struct kx_call_job;
struct kx_task;

#define KX_NOTICE_EVENTS  1024u /* ids with something to fetch; more are dropped */
#define KX_NOTICE_ENTRIES 1024u /* subscriptions of one notice */

struct kx_notice {
	struct kx_object object;
	struct cds_list_head subscribed; /* struct kx_subscription, by in_notice */
	struct cds_list_head pending;    /* struct kx_notice_event */
	uint32_t pending_count;
	uint32_t subscribed_count;
	struct cds_list_head waits; /* struct kx_call_job */
	bool dropped;
};

struct kx_badge {
	struct kx_object object;
	struct kx_notice *notice; /* pinned */
	uint64_t event;
	uint64_t context; /* what the receiver gets as badge */
	uint32_t marks;   /* handles, ghosts included, that it marked */
};

enum kx_rc kx_notice_create(struct kx_task *task, uint32_t *handle);

/*
 * KX_RC_SECURITY_DISALLOW without KX_RIGHT_GET_EVENT on @object, KX_RC_QUOTA_EXCEEDED
 * with KX_NOTICE_ENTRIES subscriptions already.
 */
enum kx_rc kx_notice_subscribe(struct kx_task *task, uint32_t notice, uint32_t object,
			       uint32_t mask, uint64_t id);
/* @object KX_HANDLE_INVALID: by @id over all objects. KX_RC_RESOURCE_NOT_FOUND: none. */
enum kx_rc kx_notice_unsubscribe(struct kx_task *task, uint32_t notice, uint32_t object,
				 uint64_t id);
/* KX_RC_SECURITY_DISALLOW without KX_RIGHT_SET_EVENT; general events may not be set. */
enum kx_rc kx_notice_set(struct kx_task *task, uint32_t object, uint32_t mask);
enum kx_rc kx_notice_drop(struct kx_task *task, uint32_t notice);

/* Takes up to @most events into job->out, or waits; answers @job. */
void kx_notice_get(struct kx_call_job *job);

enum kx_rc kx_badge_create(struct kx_task *task, uint32_t notice, uint64_t event, uint64_t context,
			   uint32_t *handle);

/* @mask happened to @object: every subscription that wants it hears of it. */
void kx_notice_signal(struct kx_object *object, uint32_t mask);

/* @object is gone: its subscriptions end. */
void kx_notice_object_gone(struct kx_object *object);

/* One handle more or less marked by @badge. */
void kx_badge_mark(struct kx_badge *badge);
void kx_badge_unmark(struct kx_badge *badge);

#endif /* KX_NOTICE_H */
