/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_REGISTRY_H
#define KX_REGISTRY_H

/*
 * All tasks of the solution, by number and by name, and the class tables by
 * name. One solution per process, so the registry is one static object.
 */

#include <stdint.h>

#include "kx_class.h"
#include "task.h"

/* At one time. Numbers go on to 2^32 and begin again, so that a solution may restart for ever. */
#define KX_TASKS 65536u

/* Both threads (IPC thread inside rcu_read_lock()). NULL: no such task, or it is DEAD. */
struct kx_task *kx_registry_task(uint32_t number);

/* Control thread. The live or not yet started task of that name, or NULL. */
struct kx_task *kx_registry_find(const char *name);

/* Control thread. Gives the next number; KX_RC_ALREADY_EXISTS, KX_RC_QUOTA_EXCEEDED. */
enum kx_rc kx_registry_add(struct kx_task *task);
void kx_registry_remove(struct kx_task *task);

/* Control thread. All tasks that are not DEAD: struct kx_task, by member `all`. */
struct cds_list_head *kx_registry_tasks(void);

/* Control thread. Tasks that are RUNNING or ENDING; who starts and who reaps a process says so. */
uint32_t kx_registry_live(void);
void kx_registry_began(void);
void kx_registry_ended(void);

/* Class tables: set before the threads start, then read-only. The registry frees @class_table;
 * KX_RC_OUT_OF_MEMORY: it stays the caller's. */
enum kx_rc kx_registry_add_class(const char *name, struct kx_class *class_table);
const struct kx_class *kx_registry_class(const char *name);

/* Frees the class tables and forgets everything; tests and the end of the program. */
void kx_registry_clear(void);

#endif /* KX_REGISTRY_H */
