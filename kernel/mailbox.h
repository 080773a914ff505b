/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_MAILBOX_H
#define KX_MAILBOX_H

/*
 * Messages between the threads of the kernel process: wait-free queues
 * (liburcu wfcqueue), one per thread, with an eventfd and a flag that says
 * whether the owner sleeps. Order between two given threads is kept. No locks.
 *
 * A job belongs to whoever posts it until `run` is called on the other thread,
 * which then owns it (posts it back, or frees it).
 *
 * Edges:
 *   M1 -> M2   kx_mailbox_rouse(): enqueued before, fence, read `sleeping` ->
 *              kx_mailbox_sleep(): write `sleeping`, fence, look at the queue
 */

#include <stdatomic.h>
#include <stdbool.h>

#include <urcu/wfcqueue.h>

struct kx_job {
	struct cds_wfcq_node node;
	void (*run)(struct kx_job *job);
};

struct kx_mailbox {
	struct cds_wfcq_head head; /* owner */
	struct cds_wfcq_tail tail; /* any thread */
	_Atomic uint32_t sleeping; /* owner writes */
	int event;                 /* eventfd, for the owner's epoll set */
};

/* Returns 0 or a negative errno. */
int kx_mailbox_init(struct kx_mailbox *mailbox);
void kx_mailbox_fini(struct kx_mailbox *mailbox);

/* Any thread. Never blocks. */
void kx_mailbox_post(struct kx_mailbox *mailbox, struct kx_job *job);

/*
 * The same in two steps, for a thread that posts much: until the second the owner may sleep
 * on. The poster must not.
 */
void kx_mailbox_leave(struct kx_mailbox *mailbox, struct kx_job *job);
void kx_mailbox_rouse(struct kx_mailbox *mailbox);

/* Owner. Runs what is queued (at most @most jobs); returns how many. */
unsigned kx_mailbox_run(struct kx_mailbox *mailbox, unsigned most);

/*
 * Owner, before it sleeps on `event`: from now on posts write to it. Returns
 * false if something is queued (not sleeping then: call kx_mailbox_run()).
 */
bool kx_mailbox_sleep(struct kx_mailbox *mailbox);

/* Owner, after it woke for whatever reason: empties the eventfd, posts need not write again. */
void kx_mailbox_wake(struct kx_mailbox *mailbox);

/* The two mailboxes of the kernel process. */
extern struct kx_mailbox kx_control_mailbox; /* owner: control thread (control.c) */
extern struct kx_mailbox kx_ipc_mailbox;     /* owner: IPC thread (ipc_thread.c) */

/* Has @job->run called on the control thread, or on the IPC thread. Any thread; never blocks. */
static inline void kx_control_post(struct kx_job *job)
{
	kx_mailbox_post(&kx_control_mailbox, job);
}

static inline void kx_ipc_post(struct kx_job *job)
{
	kx_mailbox_post(&kx_ipc_mailbox, job);
}

/* IPC thread: posted to the control thread, which is woken by the next kx_control_rouse(). */
extern bool kx_control_waits;

static inline void kx_control_leave(struct kx_job *job)
{
	kx_mailbox_leave(&kx_control_mailbox, job);
	kx_control_waits = true;
}

static inline void kx_control_rouse(void)
{
	kx_control_waits = false;
	kx_mailbox_rouse(&kx_control_mailbox);
}

#endif /* KX_MAILBOX_H */
