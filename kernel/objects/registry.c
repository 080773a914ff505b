/* SPDX-License-Identifier: Apache-2.0 */

/* Tasks and classes of the one solution; see registry.h. */

#include "registry.h"

#include <stdlib.h>
#include <string.h>

#include <urcu/hlist.h>

#define NAME_PLACES 1024u

struct known_class {
	char name[KX_NAME_MAX];
	struct kx_class *class_table;
	struct known_class *next;
};

static struct kx_task *tasks[KX_TASKS]; /* by number modulo; rcu */
static uint32_t last_number;
static CDS_LIST_HEAD(all_tasks);
static struct cds_hlist_head by_name[NAME_PLACES];
static uint32_t live;
static struct known_class *classes;

struct kx_task *kx_registry_task(uint32_t number)
{
	struct kx_task *task = rcu_dereference(tasks[number % KX_TASKS]);

	return task && task->number == number ? task : NULL;
}

static struct cds_hlist_head *place_of(const char *name)
{
	uint32_t hash = 0;

	while (*name)
		hash = hash * 31 + (unsigned char)*name++;
	return &by_name[hash % NAME_PLACES];
}

struct kx_task *kx_registry_find(const char *name)
{
	struct kx_task *task;

	cds_hlist_for_each_entry_2(task, place_of(name), named)
	{
		if (kx_task_state(task) != KX_TASK_DEAD && !strcmp(task->name, name))
			return task;
	}
	return NULL;
}

/* The next number whose place is free, 0 if there is none. */
static uint32_t next_number(void)
{
	unsigned tried;

	for (tried = 0; tried < KX_TASKS; tried++) {
		if (++last_number && !tasks[last_number % KX_TASKS])
			return last_number;
	}
	return 0;
}

enum kx_rc kx_registry_add(struct kx_task *task)
{
	if (kx_registry_find(task->name))
		return KX_RC_ALREADY_EXISTS;
	task->number = next_number();
	if (!task->number)
		return KX_RC_QUOTA_EXCEEDED;
	kx_object_pin(&task->object);
	cds_list_add_tail(&task->all, &all_tasks);
	cds_hlist_add_head(&task->named, place_of(task->name));
	rcu_assign_pointer(tasks[task->number % KX_TASKS], task);
	return KX_RC_OK;
}

void kx_registry_remove(struct kx_task *task)
{
	rcu_assign_pointer(tasks[task->number % KX_TASKS], NULL);
	cds_list_del(&task->all);
	cds_hlist_del(&task->named);
	kx_object_unpin(&task->object);
}

struct cds_list_head *kx_registry_tasks(void)
{
	return &all_tasks;
}

uint32_t kx_registry_live(void)
{
	return live;
}

void kx_registry_began(void)
{
	live++;
}

void kx_registry_ended(void)
{
	live--;
}

enum kx_rc kx_registry_add_class(const char *name, struct kx_class *class_table)
{
	struct known_class *known = calloc(1, sizeof(*known));

	if (!known || strlen(name) >= sizeof(known->name)) {
		free(known);
		return KX_RC_OUT_OF_MEMORY;
	}
	memcpy(known->name, name, strlen(name) + 1);
	known->class_table = class_table;
	known->next = classes;
	classes = known;
	return KX_RC_OK;
}

const struct kx_class *kx_registry_class(const char *name)
{
	const struct known_class *known;

	for (known = classes; known; known = known->next) {
		if (!strcmp(known->name, name))
			return known->class_table;
	}
	return NULL;
}

void kx_registry_clear(void)
{
	struct kx_task *task;
	struct kx_task *next;

	cds_list_for_each_entry_safe(task, next, &all_tasks, all) kx_registry_remove(task);
	last_number = 0;
	live = 0;
	while (classes) {
		struct known_class *known = classes;

		classes = known->next;
		free(known->class_table);
		free(known);
	}
}
