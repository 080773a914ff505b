/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_DEATH_H
#define KX_DEATH_H

/*
 * The death path. The truth about a death is the pidfd; a control socket that hangs
 * up or speaks while its process lives is a reason to kill, never a death. Control
 * thread; nothing here waits for an entity. For each channel of the dead:
 *
 *   1  state DEAD on the survivor's page
 *   2  fence
 *   3  every unanswered slot is poisoned
 *   4  every sleeper woken
 *   5  the server's bell rung: its Reply fails
 *   6  the IPC thread ends what is relayed over it
 *
 * and for the task, then on the IPC thread:
 *
 *   7  the module is told that its SID is never used again
 *   8  page and link are unmapped, back on the control thread
 */

#include "source.h"

struct kx_task;

/* `ready` of task->pidfd_source: the process ended; reaps it and runs kx_death(). */
void kx_death_pidfd(struct kx_source *source, uint32_t events);

/* `ready` of task->control_source. */
void kx_death_control(struct kx_source *source, uint32_t events);

/* SIGKILL by pidfd. */
void kx_death_kill(struct kx_task *task);

/* Kills, waits for the end, and runs the path: only for a process that cannot be watched. */
void kx_death_now(struct kx_task *task);

/*
 * Everything that follows from the end of @task: its channels are DEAD and their
 * sleepers woken, its resources gone, waiting calls answered; the IPC thread lets
 * go of it; then page and link are unmapped. Idempotent.
 */
void kx_death(struct kx_task *task);

/* Called after each death, by main: NULL for none. */
extern void (*kx_death_observer)(struct kx_task *task);

#endif /* KX_DEATH_H */
