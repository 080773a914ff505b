/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TASK_START_H
#define KX_TASK_START_H

/*
 * Starting and stopping the process of a task. A start asks the IPC thread
 * first (event "execute" of the policy), then spawns; the result comes by
 * callback. Control thread; only the spawn itself blocks, for one exec.
 */

#include "hooks.h"
#include "kx_rc.h"
#include "mailbox.h"

struct kx_task;

#define KX_START_ERROR_MAX 512u

struct kx_start {
	struct kx_job job;
	struct kx_task *task;
	struct kx_task *source; /* who starts it; NULL: the kernel process */
	enum kx_verdict verdict;
	enum kx_rc rc; /* KX_RC_SECURITY_DISALLOW: denied; KX_RC_FAIL: see error */
	char error[KX_START_ERROR_MAX];
	void (*done)(struct kx_start *start); /* exactly once; frees or reuses @start */
	void *maker;
};

/* Starts start->task; task, source, done and maker are the caller's to fill in. */
void kx_task_run(struct kx_start *start);

/* Sends page and link over the control socket, once. KX_RC_BUSY, KX_RC_NOT_CONNECTED: not sent. */
enum kx_rc kx_task_introduce(struct kx_task *task);

/*
 * SIGKILL by pidfd; the death path follows when the pidfd becomes readable. A
 * CREATED task dies at once. @code is what TASK_WAIT answers then. Does nothing to a dead one.
 */
void kx_task_stop(struct kx_task *task, int code);

/* Starts in progress or processes alive. */
unsigned kx_task_busy(void);

#endif /* KX_TASK_START_H */
