/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_HOOKS_H
#define KX_HOOKS_H

/*
 * What the control half asks of the IPC half. Every function runs on the IPC
 * thread, as a job of its mailbox, in the order the control thread posted them.
 * Filled in by the IPC half before the threads start (ipc_thread.c); unit tests
 * put their own. A NULL entry is skipped (classify: everything asked; execute:
 * granted).
 */

#include <stdbool.h>
#include <stdint.h>

#include "kosix/security_module.h"

struct kx_channel;
struct kx_listener;
struct kx_task;
struct kx_waits;

struct kx_hooks {
	/* One method of one pair; whether handles travel and --mediate=all are judged already. */
	enum kx_classification (*classify)(const struct kx_method_question *question);

	/* @source NULL: the kernel process starts @task. Anything but KX_GRANT: not started. */
	enum kx_verdict (*execute)(struct kx_task *source, struct kx_task *task);

	/*
	 * Page, link and bell of @task are ready: scan its up slots from now on. False: no
	 * memory for that, and the task must not run.
	 */
	bool (*task_added)(struct kx_task *task);

	/*
	 * The process of @task is gone. True: finished replies of it are still being
	 * copied; asked again before task_removed.
	 */
	bool (*task_ending)(struct kx_task *task);

	/*
	 * The process of @task is gone. End every relayed call owed by or to it, forget
	 * every pointer to it, its link and bell: they are unmapped after the return.
	 */
	void (*task_removed)(struct kx_task *task);

	/*
	 * @channel is DEAD: relayed calls over it end with rcNotConnected. No pointer to
	 * it may stay after the return.
	 */
	void (*channel_removed)(struct kx_channel *channel);

	/* The listener's handle is gone: calls on callables of it end with rcNotConnected. */
	void (*listener_removed)(struct kx_listener *listener);

	/* The resource is gone: module->forget(). */
	void (*forget)(uint32_t sid);

	/* For `kosix ps`: add every relayed call in progress with kx_waits_add(). */
	void (*waits)(struct kx_waits *waits);
};

extern struct kx_hooks kx_hooks;

/* Who waits for whom: one line of `kosix ps`. */
enum kx_wait_kind {
	KX_WAIT_POSTED = 1, /* request not yet taken by Recv */
	KX_WAIT_TAKEN = 2,  /* the server works on it */
};

void kx_waits_add(struct kx_waits *waits, const struct kx_task *client,
		  const struct kx_task *server, enum kx_wait_kind kind, const char *channel);

/* Settings of the run: written by main() before the threads start, then read-only. */
struct kx_settings {
	uint32_t message_max;
	uint32_t pause_ps;
	uint64_t start_ns;
	int mediate_all;
	int spin_off;
	int crowded;             /* fewer than three cores: parties of a relayed call yield */
	const char *program_dir; /* where programs of entities are */
};

extern struct kx_settings kx_settings;

#endif /* KX_HOOKS_H */
