/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_PROVE_TRACE_H
#define KX_PROVE_TRACE_H

/* Entities of a rig under ptrace; needs root, for entities are of another user. */

#include <stdbool.h>
#include <sys/types.h>

/* Children of @kernel whose arguments have @word; returns how many. */
unsigned kx_children(pid_t kernel, const char *word, pid_t *pids, unsigned room);

/* Children of @kernel that are stopped and whose arguments have @word; returns how many. */
unsigned kx_stopped_children(pid_t kernel, const char *word, pid_t *pids, unsigned room);

/* Waits until there are @count of them (a few seconds at most). */
bool kx_await_stopped(pid_t kernel, const char *word, pid_t *pids, unsigned count);

enum kx_step { KX_STEPPED, KX_STEP_DONE, KX_STEP_FAILED };

/*
 * Takes hold of the stopped process @pid and runs @steps instructions of it. KX_STEPPED:
 * it stands before the next one. KX_STEP_DONE: it stopped itself again, or ended, before
 * that; *@steps says after how many.
 */
enum kx_step kx_step_through(pid_t pid, unsigned long *steps);

/* SIGKILL to a process held by kx_step_through(), and its end. */
void kx_kill_traced(pid_t pid);

#endif /* KX_PROVE_TRACE_H */
