/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KERNEL_LINK_H
#define KX_KERNEL_LINK_H

/*
 * Making and ending the kernel link of a task (abi/kx_link.h). What goes over
 * it is the IPC thread's business. Control thread; none blocks.
 */

#include "kx_rc.h"

struct kx_task;

/* Makes the link; its descriptor is task->child_fds[1]. */
enum kx_rc kx_link_create(struct kx_task *task);
/* The IPC thread must have let go of it (hook task_removed). */
void kx_link_destroy(struct kx_task *task);

#endif /* KX_KERNEL_LINK_H */
