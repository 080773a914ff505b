/* SPDX-License-Identifier: Apache-2.0 */

/* Queues between the threads of the kernel process; see mailbox.h. */

#include "mailbox.h"

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "object.h"

/*
 * liburcu 0.13 orders its queue by volatile accesses and barriers, which
 * ThreadSanitizer does not see: it is told that a job's contents travel with it.
 */
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#define TELL_POSTED(job) __tsan_release(job)
#define TELL_TAKEN(job)  __tsan_acquire(job)
#else
#define TELL_POSTED(job) ((void)(job))
#define TELL_TAKEN(job)  ((void)(job))
#endif

struct kx_mailbox kx_control_mailbox = {.event = -1};
struct kx_mailbox kx_ipc_mailbox = {.event = -1};
bool kx_control_waits;

int kx_mailbox_init(struct kx_mailbox *mailbox)
{
	mailbox->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (mailbox->event < 0)
		return -errno;
	cds_wfcq_init(&mailbox->head, &mailbox->tail);
	atomic_init(&mailbox->sleeping, 0);
	return 0;
}

void kx_mailbox_fini(struct kx_mailbox *mailbox)
{
	if (mailbox->event < 0)
		return;
	close(mailbox->event);
	mailbox->event = -1;
	cds_wfcq_destroy(&mailbox->head, &mailbox->tail);
}

static void ring(struct kx_mailbox *mailbox)
{
	const uint64_t one = 1;

	/* A full counter means that the owner has been told: nothing to do. */
	if (write(mailbox->event, &one, sizeof(one)) < 0)
		return;
}

void kx_mailbox_leave(struct kx_mailbox *mailbox, struct kx_job *job)
{
	cds_wfcq_node_init(&job->node);
	TELL_POSTED(job);
	cds_wfcq_enqueue(&mailbox->head, &mailbox->tail, &job->node);
}

void kx_mailbox_rouse(struct kx_mailbox *mailbox)
{
	/*
	 * M1 (pairs with M2 in kx_mailbox_sleep): the job is in the queue before
	 * the flag is read. The exchange in the enqueue is a full barrier on
	 * every supported machine; the fence says so to the reader and to ARM.
	 */
	atomic_thread_fence(memory_order_seq_cst);
	if (atomic_exchange(&mailbox->sleeping, 0))
		ring(mailbox);
}

void kx_mailbox_post(struct kx_mailbox *mailbox, struct kx_job *job)
{
	kx_mailbox_leave(mailbox, job);
	kx_mailbox_rouse(mailbox);
}

unsigned kx_mailbox_run(struct kx_mailbox *mailbox, unsigned most)
{
	struct cds_wfcq_node *node;
	struct kx_job *job;
	unsigned count = 0;

	while (count < most) {
		node = __cds_wfcq_dequeue_blocking(&mailbox->head, &mailbox->tail);
		if (!node)
			break;
		job = kx_container(node, struct kx_job, node);
		TELL_TAKEN(job);
		job->run(job);
		count++;
	}
	return count;
}

bool kx_mailbox_sleep(struct kx_mailbox *mailbox)
{
	atomic_store(&mailbox->sleeping, 1);
	/* M2 (pairs with M1 in kx_mailbox_post): the flag is set before the queue is looked at. */
	atomic_thread_fence(memory_order_seq_cst);
	if (cds_wfcq_empty(&mailbox->head, &mailbox->tail))
		return true;
	atomic_store(&mailbox->sleeping, 0);
	return false;
}

void kx_mailbox_wake(struct kx_mailbox *mailbox)
{
	uint64_t count;

	atomic_store(&mailbox->sleeping, 0);
	/* Empty (EAGAIN) is the usual case: another descriptor woke us. */
	if (read(mailbox->event, &count, sizeof(count)) < 0)
		return;
}
