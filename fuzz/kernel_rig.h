/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KERNEL_RIG_H
#define KX_KERNEL_RIG_H

/*
 * Both halves of the kernel process in one thread, without processes of entities:
 * mailboxes are run by hand. One rig for the life of the program; what a run makes
 * is taken away by rig_clear().
 */

#include "relay.h"

void rig_open(void);

/* Runs both mailboxes and whatever is ready until nothing is left to do. */
void rig_pump(void);

/* A stopped task, known to both halves. */
struct kx_task *rig_task(const char *name);

/* Ends every task and lets go of all of them. */
void rig_clear(void);

#endif /* KX_KERNEL_RIG_H */
