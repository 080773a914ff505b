/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_BASICS_H
#define KX_BASICS_H

/*
 * What Linux does for an entity without the kernel process: memory and standard
 * error. On KasperskyOS these are kernel calls that policy decides, so it is asked
 * once, when the entity starts, on its behalf. (Threads are asked by libkos when the
 * first of them is made: KX_CALL_THREAD.)
 */

#include <stdbool.h>

struct kx_task;

/*
 * IPC thread, after the execute event was granted. False: policy grants @task no
 * memory, so it cannot start. Sets task->silent if it grants no standard error.
 */
bool kx_basics_granted(struct kx_task *task);

#endif /* KX_BASICS_H */
