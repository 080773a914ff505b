/* SPDX-License-Identifier: Apache-2.0 */

/* The control thread's loop; see control.h and source.h. */

#include "control.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "mailbox.h"
#include "source.h"

#define BATCH     64
#define JOB_BATCH 256

static int set = -1;
static bool stopping;
static struct kx_source mailbox_source;

/* Events fetched and not yet handled: kx_source_remove() takes its own out. */
static struct epoll_event batch[BATCH];
static int batch_count;

static void mailbox_ready(struct kx_source *source, uint32_t events)
{
	(void)source;
	(void)events;
	kx_mailbox_wake(&kx_control_mailbox);
}

int kx_source_add(struct kx_source *source, int fd, uint32_t events,
		  void (*ready)(struct kx_source *source, uint32_t events_seen))
{
	struct epoll_event event = {.events = events, .data.ptr = source};

	source->fd = fd;
	source->ready = ready;
	if (epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) < 0) {
		source->ready = NULL;
		return -errno;
	}
	return 0;
}

int kx_source_change(struct kx_source *source, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = source};

	if (!source->ready)
		return -ENOENT;
	return epoll_ctl(set, EPOLL_CTL_MOD, source->fd, &event) < 0 ? -errno : 0;
}

void kx_source_remove(struct kx_source *source)
{
	int index;

	if (!source->ready)
		return;
	epoll_ctl(set, EPOLL_CTL_DEL, source->fd, NULL);
	source->ready = NULL;
	for (index = 0; index < batch_count; index++) {
		if (batch[index].data.ptr == source)
			batch[index].data.ptr = NULL;
	}
}

int kx_control_init(void)
{
	int error = kx_mailbox_init(&kx_control_mailbox);

	if (error)
		return error;
	stopping = false;
	set = epoll_create1(EPOLL_CLOEXEC);
	if (set < 0) {
		error = -errno;
		goto undo_mailbox;
	}
	error = kx_source_add(&mailbox_source, kx_control_mailbox.event, EPOLLIN, mailbox_ready);
	if (error)
		goto undo_set;
	return 0;
undo_set:
	close(set);
	set = -1;
undo_mailbox:
	kx_mailbox_fini(&kx_control_mailbox);
	return error;
}

static void wait_and_handle(int timeout)
{
	int index;
	struct kx_source *source;

	batch_count = epoll_wait(set, batch, BATCH, timeout);
	for (index = 0; index < batch_count; index++) {
		source = batch[index].data.ptr;
		if (source)
			source->ready(source, batch[index].events);
	}
	batch_count = 0;
}

void kx_control_step(void)
{
	wait_and_handle(0);
	kx_mailbox_run(&kx_control_mailbox, JOB_BATCH);
}

void kx_control_run(void)
{
	bool more;

	while (!stopping) {
		more = kx_mailbox_run(&kx_control_mailbox, JOB_BATCH) == JOB_BATCH;
		if (stopping)
			break;
		/* M2: asleep only after the queue was seen empty with the flag set. */
		if (!more && kx_mailbox_sleep(&kx_control_mailbox))
			wait_and_handle(-1);
		else
			wait_and_handle(0);
	}
}

void kx_control_stop(void)
{
	stopping = true;
}

void kx_control_fini(void)
{
	if (set >= 0)
		close(set);
	set = -1;
	kx_mailbox_fini(&kx_control_mailbox);
}
