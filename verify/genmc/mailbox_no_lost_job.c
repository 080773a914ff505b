/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Edges: M1 -> M2 (kernel/mailbox.h).
 * Property: a thread that goes to sleep while a job is posted finds the job, or the
 * poster writes to its eventfd.
 */

#include "model.h"

#include <unistd.h>

/* The only write() there is the ring. */
static bool rung;
static ssize_t model_ring(int fd, const void *bytes, size_t size)
{
	(void)fd;
	(void)bytes;
	rung = true;
	return (ssize_t)size;
}
#define write model_ring
#include "kernel/mailbox.c"
#undef write

static struct kx_mailbox mailbox;
static struct kx_job job;
static bool sleeps;

static void *poster(void *unused)
{
	kx_mailbox_post(&mailbox, &job);
	return unused;
}

static void *owner(void *unused)
{
	sleeps = kx_mailbox_sleep(&mailbox);
	return unused;
}

int main(void)
{
	for (unsigned i = 0; i < MODEL_TIMES; i++) {
		cds_wfcq_init(&mailbox.head, &mailbox.tail);
		atomic_init(&mailbox.sleeping, 0);
		rung = sleeps = false;
		model_two_threads(poster, owner);
		model_require(!sleeps || rung);
	}
	return 0;
}
