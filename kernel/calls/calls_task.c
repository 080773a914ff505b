/* SPDX-License-Identifier: Apache-2.0 */

/* Kernel calls on tasks (entity_api.h); see calls.h. */

#include <stdlib.h>

#include "call_text.h"
#include "calls.h"
#include "files.h"
#include "log.h"
#include "registry.h"
#include "task_start.h"

#define MAX_STRINGS 1024u

static enum kx_rc find_task(struct kx_call_job *job, uint32_t value, struct kx_task **out)
{
	struct kx_object *object;
	enum kx_rc rc = kx_handle_object(job->task, value, KX_OBJECT_TASK, 0, NULL, &object);

	if (rc == KX_RC_OK)
		*out = kx_container(object, struct kx_task, object);
	return rc;
}

/* Nothing is filled in that policy was not asked about. */
static enum kx_rc read_spec(struct kx_call_job *job, struct kx_task_spec *spec)
{
	struct kx_call_text text = kx_call_text(job->bytes, job->len);

	spec->class_name = kx_call_text_next(&text);
	spec->name = spec->class_name ? kx_call_text_next(&text) : NULL;
	spec->program = spec->name ? kx_call_text_next(&text) : NULL;
	if (!spec->program || !*spec->class_name || !*spec->name || !*spec->program)
		return KX_RC_INVALID_ARGUMENT;
	spec->flags = job->args[0];
	spec->parent = job->task;
	if (kx_registry_class(spec->class_name) || text.at == text.end)
		return KX_RC_OK;
	spec->class_table =
		kx_class_from_names(spec->class_name, text.at, (size_t)(text.end - text.at));
	return spec->class_table ? KX_RC_OK : KX_RC_INVALID_ARGUMENT;
}

static enum kx_rc create(struct kx_call_job *job)
{
	struct kx_handle_spec handle_spec = {.rights = KX_RIGHT_ALL};
	struct kx_task_spec spec = {0};
	struct kx_handle *handle;
	struct kx_task *task;
	enum kx_rc rc = read_spec(job, &spec);

	if (rc != KX_RC_OK)
		return rc;
	rc = kx_task_create(&spec, &task);
	if (rc != KX_RC_OK) {
		free(spec.class_table);
		return rc;
	}
	handle_spec.object = &task->object;
	rc = kx_handle_create(job->task, &handle_spec, &handle);
	if (rc == KX_RC_OK)
		job->args[0] = handle->value;
	else
		kx_task_stop(task, 0);
	kx_object_unpin(&task->object);
	return rc;
}

static enum kx_rc set_strings(struct kx_call_job *job, struct kx_task *task,
			      enum kx_rc (*set)(struct kx_task *task, const char *const *strings,
						size_t count))
{
	struct kx_call_text text = kx_call_text(job->bytes, job->len);
	const char **strings;
	const char *found;
	size_t count = 0;
	enum kx_rc rc;

	strings = calloc(MAX_STRINGS, sizeof(*strings));
	if (!strings)
		return KX_RC_OUT_OF_MEMORY;
	for (found = kx_call_text_next(&text); found && count < MAX_STRINGS;
	     found = kx_call_text_next(&text))
		strings[count++] = found;
	rc = found || text.at != text.end ? KX_RC_INVALID_ARGUMENT : set(task, strings, count);
	free(strings);
	return rc;
}

static enum kx_rc set_of_other(struct kx_call_job *job,
			       enum kx_rc (*set)(struct kx_task *task, const char *const *strings,
						 size_t count))
{
	struct kx_task *task;
	enum kx_rc rc = find_task(job, job->args[0], &task);

	return rc == KX_RC_OK ? set_strings(job, task, set) : rc;
}

/* Only of a process that its starter connected to an Env program, and only until it said all. */
static enum kx_rc told(struct kx_call_job *job)
{
	if (job->task->told || !job->task->asks_env)
		return KX_RC_INVALID_OPERATION;
	if (job->op == KX_CALL_TASK_TOLD_ARGS)
		return set_strings(job, job->task, kx_task_told_args);
	if (job->op == KX_CALL_TASK_TOLD_ENV)
		return set_strings(job, job->task, kx_task_told_env);
	job->task->told = true;
	kx_files_told(job->task);
	return KX_RC_OK;
}

static enum kx_rc connect_tasks(struct kx_call_job *job)
{
	struct kx_call_text text = kx_call_text(job->bytes, job->len);
	const char *name = kx_call_text_next(&text);
	struct kx_task *client;
	struct kx_task *server;
	enum kx_rc rc = find_task(job, job->args[0], &client);

	if (rc == KX_RC_OK)
		rc = find_task(job, job->args[1], &server);
	if (rc != KX_RC_OK)
		return rc;
	return name ? kx_task_connect(client, server, name) : KX_RC_INVALID_ARGUMENT;
}

static void started(struct kx_start *start)
{
	struct kx_call_job *job = start->maker;

	if (start->rc == KX_RC_FAIL)
		kx_log("cannot start %s: %s", start->task->name, start->error);
	kx_call_answer(job, start->rc);
	free(start);
}

/* Answers later: the policy is asked first. */
static enum kx_rc run(struct kx_call_job *job)
{
	struct kx_start *start;
	struct kx_task *task;
	enum kx_rc rc = find_task(job, job->args[0], &task);

	if (rc != KX_RC_OK)
		return rc;
	start = calloc(1, sizeof(*start));
	if (!start)
		return KX_RC_OUT_OF_MEMORY;
	start->task = task;
	start->source = job->task;
	start->done = started;
	start->maker = job;
	kx_task_run(start);
	return KX_RC_OK;
}

/* Answers later unless the task has ended. */
static enum kx_rc wait_for(struct kx_call_job *job)
{
	struct kx_task *task;
	enum kx_rc rc = find_task(job, job->args[0], &task);

	if (rc != KX_RC_OK)
		return rc;
	if (kx_task_state(task) != KX_TASK_DEAD) {
		kx_call_wait(job, &task->waits, job->args[1]);
		return KX_RC_OK;
	}
	job->args[0] = (uint32_t)task->exit_code;
	kx_call_answer(job, KX_RC_OK);
	return KX_RC_OK;
}

static enum kx_rc stop(struct kx_call_job *job)
{
	struct kx_task *task;
	enum kx_rc rc = find_task(job, job->args[0], &task);

	if (rc == KX_RC_OK)
		kx_task_stop(task, (int)job->args[1]);
	return rc;
}

static enum kx_rc get_id(struct kx_call_job *job)
{
	struct kx_task *task;
	enum kx_rc rc = find_task(job, job->args[0], &task);

	if (rc == KX_RC_OK)
		job->args[0] = task->number;
	return rc;
}

static enum kx_rc execute(struct kx_call_job *job)
{
	switch (job->op) {
	case KX_CALL_TASK_CREATE:
		return create(job);
	case KX_CALL_TASK_ARGS:
		return set_of_other(job, kx_task_set_args);
	case KX_CALL_TASK_ENV:
		return set_of_other(job, kx_task_set_env);
	case KX_CALL_TASK_TOLD_ARGS:
	case KX_CALL_TASK_TOLD_ENV:
	case KX_CALL_TASK_TOLD:
		return told(job);
	case KX_CALL_TASK_CONNECT:
		return connect_tasks(job);
	case KX_CALL_TASK_STOP:
		return stop(job);
	case KX_CALL_TASK_ID:
		return get_id(job);
	default:
		return KX_RC_UNIMPLEMENTED;
	}
}

void kx_calls_task(struct kx_call_job *job)
{
	bool later = job->op == KX_CALL_TASK_RUN || job->op == KX_CALL_TASK_WAIT;
	enum kx_rc rc;

	if (!later) {
		kx_call_answer(job, execute(job));
		return;
	}
	/* These two answer by themselves when they return KX_RC_OK. */
	rc = job->op == KX_CALL_TASK_RUN ? run(job) : wait_for(job);
	if (rc != KX_RC_OK)
		kx_call_answer(job, rc);
}
