/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_LISTENER_H
#define KX_LISTENER_H

/*
 * A listener: a server handle. All channels made with one name to one task
 * share a listener (a channel group); dynamic channels may join it. Its number
 * is the index of kbell and karm on the task's kernel link.
 */

#include "kx_limits.h"
#include "kx_rc.h"
#include "mailbox.h"
#include "object.h"

struct kx_task;

struct kx_listener {
	struct kx_object object;

	/* Fixed. */
	struct kx_task *task;   /* the server; pinned */
	uint32_t index;         /* of kbell */
	char name[KX_NAME_MAX]; /* group name, "" for a dynamic one */

	/* control */
	uint32_t handle;               /* root handle in the server */
	struct cds_list_head channels; /* struct kx_channel, by in_listener */
	struct kx_job removal;         /* tells the IPC thread of the end, and comes back */
};

/*
 * Makes a listener with its handle in @task. Control thread; does not block.
 * KX_RC_QUOTA_EXCEEDED: KX_LISTENERS or the handle table are used up.
 */
enum kx_rc kx_listener_create(struct kx_task *task, const char *name, struct kx_listener **out);

/* Control thread. The live listener of that group name, or NULL. */
struct kx_listener *kx_listener_find(struct kx_task *task, const char *name);

/*
 * Adds to kbell and wakes whoever sleeps there. Any thread of the kernel
 * process, while the link is mapped; never blocks.
 */
void kx_listener_ring(struct kx_task *task, uint32_t index);

#endif /* KX_LISTENER_H */
