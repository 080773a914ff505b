/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KERNEL_TASK_PAGE_H
#define KX_KERNEL_TASK_PAGE_H

/*
 * The kernel process's side of a task page: the only writer of
 * abi/kx_task_page.h (but link_arm, which belongs to the IPC thread).
 *
 * Memory is committed before it is written, so a machine without memory gives
 * an error here and never a SIGBUS. Every change of a table follows T1: entry,
 * then its state word, then the epoch.
 *
 * Control thread. A task without a page (unit tests, DEAD) is accepted
 * everywhere and nothing happens.
 */

#include <stdbool.h>
#include <stdint.h>

#include "kx_control.h"
#include "kx_rc.h"
#include "kx_task_page.h"

struct kx_channel;
struct kx_class;
struct kx_handle;
struct kx_task;

/* Makes, fills and seals the page of @task; its descriptor is task->child_fds[0]. */
enum kx_rc kx_task_page_create(struct kx_task *task);
void kx_task_page_destroy(struct kx_task *task);

/* Shows @handle in @state. */
void kx_task_page_handle(struct kx_task *task, const struct kx_handle *handle,
			 enum kx_handle_state state);

/*
 * Fills entry @index for @channel (state RELAY); @server: @task is its server.
 * KX_RC_OUT_OF_MEMORY: no memory, or no room for the class; the entry stays NONE.
 */
enum kx_rc kx_task_page_channel(struct kx_task *task, const struct kx_channel *channel,
				uint32_t index, bool server);

/* Adds the DIRECT bits to entry @index. KX_RC_OUT_OF_MEMORY: not done, entry unchanged. */
enum kx_rc kx_task_page_direct(struct kx_task *task, const struct kx_channel *channel,
			       uint32_t index);

void kx_task_page_channel_state(struct kx_task *task, uint32_t index, enum kx_channel_state state);

/* Region data of entry @index, before its state becomes DIRECT. */
void kx_task_page_region(struct kx_task *task, uint32_t index, uint64_t bytes);

/* Writes the table of services from channels and listeners; before the task starts. */
enum kx_rc kx_task_page_services(struct kx_task *task);

/* The run ends: the entity sees it in `ending`. */
void kx_task_page_ending(struct kx_task *task);

/*
 * Sends @fd over the control socket and counts it in `packets`. Never blocks.
 * KX_RC_BUSY: the socket is full; KX_RC_NOT_CONNECTED: no entity any more.
 */
enum kx_rc kx_task_send(struct kx_task *task, const struct kx_packet *packet, int fd);

/* Whether the control socket takes one more packet now. Does not block. */
bool kx_task_can_send(const struct kx_task *task);

#endif /* KX_KERNEL_TASK_PAGE_H */
