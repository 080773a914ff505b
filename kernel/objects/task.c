/* SPDX-License-Identifier: Apache-2.0 */

/* Tasks before they run: making, arguments, static channels. Starting is in task_start.c. */

#include "task.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "channel.h"
#include "hooks.h"
#include "kx_calls.h"
#include "link.h"
#include "listener.h"
#include "log.h"
#include "mailbox.h"
#include "registry.h"
#include "task_page.h"
#include "task_start.h"

/* Mapped, not allocated: what of the tables is not used takes no memory. */
struct tables {
	struct kx_listener *listeners[KX_LISTENERS];
	struct kx_handle *handles[KX_HANDLES];
	uint32_t generations[KX_HANDLES];
	struct kx_channel *channels[KX_CHANNELS];
};

#define TABLES_BYTES ((sizeof(struct tables) + 4095) & ~(size_t)4095)

/* Of whoever has none any more; a write to it is a bug. */
static const struct tables no_tables;

struct added_job {
	struct kx_job job;
	struct kx_task *task;
};

static void free_strings(struct kx_strings *strings)
{
	size_t index;

	for (index = 0; index < strings->count; index++)
		free(strings->table[index]);
	free(strings->table);
	*strings = (struct kx_strings){0};
}

static void free_task(struct kx_object *object)
{
	struct kx_task *task = kx_container(object, struct kx_task, object);

	if (task->class_owned)
		free((void *)(uintptr_t)task->class_table);
	free(task);
}

static const struct kx_object_ops task_ops = {.free = free_task};

static void use_tables(struct kx_task *task, struct tables *tables)
{
	task->listeners = tables->listeners;
	task->handles = tables->handles;
	task->channels = tables->channels;
}

static struct kx_task *task_new(const struct kx_task_spec *spec)
{
	struct kx_task *task = calloc(1, sizeof(*task) + strlen(spec->program) + 1);

	if (!task)
		return NULL;
	use_tables(task, (struct tables *)(uintptr_t)&no_tables);
	kx_object_init(&task->object, KX_OBJECT_TASK, &task_ops);
	strcpy(task->name, spec->name);
	strcpy(task->class_name, spec->class_name);
	task->program = strcpy((char *)(task + 1), spec->program);
	task->flags = spec->flags;
	task->bell = task->pidfd = task->control = -1;
	task->child_fds[0] = task->child_fds[1] = task->child_fds[2] = -1;
	atomic_init(&task->state, KX_TASK_CREATED);
	CDS_INIT_LIST_HEAD(&task->users);
	CDS_INIT_LIST_HEAD(&task->waits);
	CDS_INIT_LIST_HEAD(&task->cm);
	CDS_INIT_LIST_HEAD(&task->cm_listeners);
	CDS_INIT_LIST_HEAD(&task->sends);
	return task;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Made one after the other they mostly lie so: then all processors are told once, not thrice. */
static void unmap_together(struct kx_task *task, struct tables *tables)
{
	char *link = (char *)task->link;
	char *page = (char *)task->page;

	if (!link || link + task->link_bytes != page || page + task->page_bytes != (char *)tables) {
		(void)munmap(tables, TABLES_BYTES);
		return;
	}
	(void)munmap(link, task->link_bytes + task->page_bytes + TABLES_BYTES);
	task->link = NULL;
	task->page = NULL;
}

static enum kx_rc make_tables(struct kx_task *task)
{
	struct tables *tables = mmap(NULL, TABLES_BYTES, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (tables == MAP_FAILED)
		return KX_RC_OUT_OF_MEMORY;
	/* Where they are used first: read before, each page would be found twice. */
	tables->handles[0] = NULL;
	tables->channels[0] = NULL;
	tables->generations[0] = 0;
	use_tables(task, tables);
	task->generations = tables->generations;
	return KX_RC_OK;
}

static void release_tables(struct kx_task *task)
{
	struct tables *tables;

	if (!task->generations)
		return;
	tables = kx_container(task->generations, struct tables, generations);
	use_tables(task, (struct tables *)(uintptr_t)&no_tables);
	task->generations = NULL;
	unmap_together(task, tables);
}

void kx_task_release(struct kx_task *task)
{
	int index;

	release_tables(task);
	kx_task_page_destroy(task);
	kx_link_destroy(task);
	close_fd(&task->bell);
	close_fd(&task->control);
	close_fd(&task->pidfd);
	for (index = 0; index < 3; index++)
		close_fd(&task->child_fds[index]);
	free_strings(&task->args);
	free_strings(&task->env);
	free_strings(&task->told_args);
	free_strings(&task->told_env);
}

static enum kx_rc make_descriptors(struct kx_task *task)
{
	int pair[2];

	task->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (task->bell < 0)
		return KX_RC_OUT_OF_MEMORY;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return KX_RC_OUT_OF_MEMORY;
	task->control = pair[0];
	task->child_fds[2] = pair[1];
	return KX_RC_OK;
}

static enum kx_rc furnish(struct kx_task *task)
{
	enum kx_rc rc = make_descriptors(task);

	if (rc == KX_RC_OK)
		rc = make_tables(task);
	if (rc == KX_RC_OK)
		rc = kx_task_page_create(task);
	if (rc == KX_RC_OK)
		rc = kx_link_create(task);
	if (rc != KX_RC_OK)
		kx_task_release(task);
	return rc;
}

/* Control thread: nobody would answer it. Before its task_removed, if it is ending already. */
static void run_refused(struct kx_job *job)
{
	struct added_job *added = kx_container(job, struct added_job, job);

	kx_log("no memory to serve %s: it is ended", added->task->name);
	kx_task_stop(added->task, 1);
	free(added);
}

static void run_added(struct kx_job *job)
{
	struct added_job *added = kx_container(job, struct added_job, job);

	if (!kx_hooks.task_added || kx_hooks.task_added(added->task)) {
		free(added);
		return;
	}
	job->run = run_refused;
	kx_control_post(job);
}

/* The task cannot go before its task_removed job, which comes after this one. */
static bool tell_ipc(struct kx_task *task)
{
	struct added_job *added = calloc(1, sizeof(*added));

	if (!added)
		return false;
	added->task = task;
	added->job.run = run_added;
	kx_ipc_post(&added->job);
	return true;
}

/* Text that can stand in JSON and in a line of the log: an entity chooses it. */
static bool is_text(const char *name)
{
	json_t *text = json_string(name);

	json_decref(text);
	while (text && *name)
		if ((unsigned char)*name++ < ' ')
			return false;
	return text != NULL;
}

static bool name_fits(const char *name)
{
	return *name && strlen(name) < KX_NAME_MAX && is_text(name);
}

static enum kx_rc enter(struct kx_task *task, const struct kx_task_spec *spec)
{
	enum kx_rc rc = kx_registry_add(task);

	if (rc != KX_RC_OK)
		return rc;
	task->class_table = kx_registry_class(task->class_name);
	if (!task->class_table)
		task->class_table = spec->class_table;
	rc = furnish(task);
	if (rc == KX_RC_OK && !tell_ipc(task)) {
		kx_task_release(task);
		rc = KX_RC_OUT_OF_MEMORY;
	}
	if (rc != KX_RC_OK) {
		task->class_table = NULL;
		kx_registry_remove(task);
	}
	return rc;
}

enum kx_rc kx_task_create(const struct kx_task_spec *spec, struct kx_task **out)
{
	struct kx_task *task;
	enum kx_rc rc;

	if (!name_fits(spec->name) || !name_fits(spec->class_name) || !name_fits(spec->program))
		return KX_RC_INVALID_ARGUMENT;
	task = task_new(spec);
	if (!task)
		return KX_RC_OUT_OF_MEMORY;
	rc = enter(task, spec);
	if (rc != KX_RC_OK) {
		kx_object_unpin(&task->object);
		return rc;
	}
	task->class_owned = task->class_table && task->class_table == spec->class_table;
	if (!task->class_owned)
		free(spec->class_table);
	task->parent = spec->parent;
	*out = task;
	return KX_RC_OK;
}

static enum kx_rc copy_strings(struct kx_strings *to, const char *const *from, size_t count)
{
	struct kx_strings copy = {.table = calloc(count + 1, sizeof(char *))};

	if (!copy.table)
		return KX_RC_OUT_OF_MEMORY;
	for (copy.count = 0; copy.count < count; copy.count++) {
		copy.table[copy.count] = strdup(from[copy.count]);
		if (!copy.table[copy.count]) {
			free_strings(&copy);
			return KX_RC_OUT_OF_MEMORY;
		}
	}
	free_strings(to);
	*to = copy;
	return KX_RC_OK;
}

static enum kx_rc set_strings(struct kx_task *task, struct kx_strings *strings,
			      const char *const *from, size_t count)
{
	if (kx_task_state(task) != KX_TASK_CREATED)
		return KX_RC_INVALID_OPERATION;
	return copy_strings(strings, from, count);
}

enum kx_rc kx_task_set_args(struct kx_task *task, const char *const *strings, size_t count)
{
	return set_strings(task, &task->args, strings, count);
}

enum kx_rc kx_task_set_env(struct kx_task *task, const char *const *strings, size_t count)
{
	return set_strings(task, &task->env, strings, count);
}

enum kx_rc kx_task_told_args(struct kx_task *task, const char *const *strings, size_t count)
{
	return copy_strings(&task->told_args, strings, count);
}

enum kx_rc kx_task_told_env(struct kx_task *task, const char *const *strings, size_t count)
{
	return copy_strings(&task->told_env, strings, count);
}

enum kx_rc kx_task_connect(struct kx_task *client, struct kx_task *server, const char *name)
{
	struct kx_listener *listener;
	struct kx_channel *channel;
	enum kx_rc rc;

	if (!name_fits(name))
		return KX_RC_INVALID_ARGUMENT;
	if (kx_task_state(client) != KX_TASK_CREATED || kx_task_state(server) != KX_TASK_CREATED)
		return KX_RC_INVALID_OPERATION;
	if (kx_channel_find(client, server, name))
		return KX_RC_ALREADY_EXISTS;
	listener = kx_listener_find(server, name);
	if (!listener) {
		rc = kx_listener_create(server, name, &listener);
		if (rc != KX_RC_OK)
			return rc;
	}
	rc = kx_channel_create(client, listener, name, &channel);
	if (rc == KX_RC_OK && !strcmp(name, KX_ENV_CHANNEL))
		client->asks_env = true;
	return rc;
}
