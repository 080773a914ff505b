/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KERNEL_CALLS_H
#define KX_KERNEL_CALLS_H

/*
 * Kernel calls as jobs on the control thread. The IPC thread copies an up slot's
 * arguments into a job, and strings that policy may look at, asks the policy, and posts
 * it; the control thread copies other bytes that came with them, executes it and calls
 * done() exactly once, now or (waiting calls) later.
 *
 *   IPC thread: kx_call_submit(job) -> control thread: execute -> job->done(job)
 *
 * args[0] is the first argument that abi/kx_calls.h lists, args[1] the second;
 * results come back in the same order from args[0] on. KX_CALL_OPEN takes the
 * client handle in args[0]. RELAY, KICK, CANCEL, SECURITY and DROPPED are the IPC
 * thread's own; here they answer KX_RC_UNIMPLEMENTED.
 */

#include "handle.h"
#include "kx_calls.h"
#include "mailbox.h"
#include "task.h"

struct kx_call_job {
	struct kx_job job; /* first: the job is posted by it */

	/* The maker's. */
	/*
	 * Caller. done() of a job in flight may come after the hook task_removed of its
	 * caller; then the maker frees the job and looks at nothing else of it.
	 */
	struct kx_task *task;
	unsigned slot; /* up slot and whatever else the maker wants back */
	uint32_t generation;
	void *maker;
	struct cds_list_head by_maker; /* what the maker keeps its jobs in flight in */

	/*
	 * Control thread, before execution; NULL: nothing to do. Fills bytes and len; what
	 * it returns but KX_RC_OK answers the call. So long copies are not the IPC thread's.
	 */
	int32_t (*fetch)(struct kx_call_job *job);

	/* Request, and results once done() is called. */
	uint32_t op; /* enum kx_call_op */
	uint32_t args[KX_CALL_ARGS];
	const void *bytes; /* request bytes: private copy, valid until done() */
	size_t len;
	void *out; /* result bytes, or NULL: from malloc(), freed by whoever done() belongs to */
	size_t out_len;
	int32_t rc; /* enum kx_rc */

	/* Control thread; exactly once; may post the job elsewhere or free it. */
	void (*done)(struct kx_call_job *job);

	/* control: only while the call waits */
	struct cds_list_head waiting;             /* what it waits for */
	struct cds_list_head by_task;             /* all waiting jobs, for death and time-outs */
	uint64_t deadline_ns;                     /* 0: none */
	void (*expired)(struct kx_call_job *job); /* unlinks it; the caller answers */
};

/* IPC thread. Hands @job to the control thread. Never blocks. */
void kx_call_submit(struct kx_call_job *job);

/*
 * Handles of one relayed message, control thread by way of the same mailbox.
 * All or nothing: on anything but KX_RC_OK no handle was made. in[i] with handle
 * KX_HANDLE_INVALID or 0 travel as they are.
 */
struct kx_transfer_job {
	struct kx_job job;
	struct kx_task *from, *to; /* as in struct kx_call_job */
	unsigned count;
	struct kx_handle_desc in[KX_MESSAGE_CAPS];
	struct kx_handle_desc out[KX_MESSAGE_CAPS];
	uint32_t made; /* bit i: out[i].handle is new in the receiver */
	int32_t rc;
	void (*done)(struct kx_transfer_job *job); /* control thread; exactly once */
	void *maker;
};

/* IPC thread. Never blocks. */
void kx_transfer_submit(struct kx_transfer_job *job);

/*
 * IPC thread: the message could not be delivered after all; closes what was
 * made, then done(). Not after task_removed of the receiver: nothing is left then.
 */
void kx_transfer_undo(struct kx_transfer_job *job);

/* Control thread: execution by group of calls (calls_*.c); each answers with kx_call_answer(). */
void kx_calls_handle(struct kx_call_job *job);
void kx_calls_task(struct kx_call_job *job);
void kx_calls_cm(struct kx_call_job *job);
void kx_calls_notice(struct kx_call_job *job);
void kx_calls_memory(struct kx_call_job *job);
void kx_calls_audit(struct kx_call_job *job);

/* Control thread. Sets rc and calls done(). The job is not to be touched afterwards. */
void kx_call_answer(struct kx_call_job *job, enum kx_rc rc);

/*
 * Control thread. Parks @job on @list until kx_call_answer() or the time-out:
 * @timeout_ms KX_TIMEOUT_NONE waits without end, 0 answers KX_RC_TIMEOUT at once.
 */
void kx_call_wait(struct kx_call_job *job, struct cds_list_head *list, uint32_t timeout_ms);

/* Control thread. Takes @job from where it waits, to be executed again. */
void kx_call_resume(struct kx_call_job *job);

/* Control thread: whether a call waits that a time-out will end. */
bool kx_calls_timed(void);

/* Control thread: the control socket of @task takes packets again. */
void kx_calls_writable(struct kx_task *task);

/* Control thread: @task died; its waiting calls are answered with KX_RC_ABORT. */
void kx_calls_task_dead(struct kx_task *task);

#endif /* KX_KERNEL_CALLS_H */
