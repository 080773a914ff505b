/* SPDX-License-Identifier: Apache-2.0 */

/* Start and end of the one solution; see solution.h. */

#include "solution.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "control.h"
#include "death.h"
#include "executable.h"
#include "log.h"
#include "mailbox.h"
#include "registry.h"
#include "report.h"
#include "task_page.h"
#include "task_start.h"

#define EINIT_CLASS "Einit"

/*
 * Of so many policy is asked at a time; they start in order. One: with 4 a client of a VFS that an
 * Env program configures was once served before (test_more_projects, cause inferred).
 */
#define STARTS_AHEAD 1u

static bool failed;
static bool ending;
static bool started;           /* every start was asked for: no entity left means the end */
static struct kx_task **tasks; /* by index of the init file, pinned */
static size_t task_count;
static size_t next_start; /* position in init->order */
static size_t started_count;
static const struct kx_init *solution;
static struct kx_start starts[STARTS_AHEAD];
static struct kx_job last_job;

static void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void fail(const char *format, ...)
{
	char text[1024];
	va_list list;

	va_start(list, format);
	(void)vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	failed = true;
	kx_report_failed(text);
	kx_solution_end();
}

static const char *reason(enum kx_rc rc)
{
	switch (rc) {
	case KX_RC_OUT_OF_MEMORY:
		return "no memory or descriptors left (see ulimit -v and -n)";
	case KX_RC_SECURITY_DISALLOW:
		return "the security module denied it";
	case KX_RC_QUOTA_EXCEEDED:
		return "a table is full";
	case KX_RC_ALREADY_EXISTS:
		return "it exists already";
	default:
		return "invalid";
	}
}

bool kx_solution_failed(void)
{
	return failed;
}

/* Everything posted to the IPC thread before this has been done. */
static void run_last_back(struct kx_job *job)
{
	(void)job;
	kx_control_stop();
}

static void run_last(struct kx_job *job)
{
	job->run = run_last_back;
	kx_control_post(job);
}

static void finish_if_idle(void)
{
	static bool finished;

	if (finished || kx_task_busy() || !(started || ending))
		return;
	finished = true;
	ending = true;
	/* Entities that were created and never started. */
	while (!cds_list_empty(kx_registry_tasks()))
		kx_task_stop(cds_list_first_entry(kx_registry_tasks(), struct kx_task, all), 0);
	kx_report_done();
	last_job.run = run_last;
	kx_ipc_post(&last_job);
}

static void task_died(struct kx_task *task)
{
	(void)task;
	finish_if_idle();
}

void kx_solution_end(void)
{
	struct kx_task *task;
	struct kx_task *next;

	if (!ending) {
		ending = true;
		cds_list_for_each_entry_safe(task, next, kx_registry_tasks(), all)
		{
			kx_task_page_ending(task);
			kx_task_stop(task, 0);
		}
	}
	finish_if_idle();
}

static bool create_one(const struct kx_init_entity *entity, struct kx_task **out)
{
	struct kx_task_spec spec = {
		.name = entity->task, .class_name = entity->class_name, .program = entity->path};
	const char **args = calloc(entity->args.count + 2, sizeof(*args));
	enum kx_rc rc;
	size_t index;

	if (!args) {
		fail("cannot create \"%s\": out of memory", entity->task);
		return false;
	}
	args[0] = entity->path;
	for (index = 0; index < entity->args.count; index++)
		args[index + 1] = entity->args.table[index];
	rc = kx_task_create(&spec, out);
	if (rc == KX_RC_OK)
		rc = kx_task_set_args(*out, args, entity->args.count + 1);
	if (rc == KX_RC_OK)
		rc = kx_task_set_env(*out, (const char *const *)entity->env.table,
				     entity->env.count);
	free(args);
	if (rc != KX_RC_OK)
		fail("cannot create \"%s\": %s", entity->task, reason(rc));
	return rc == KX_RC_OK;
}

static bool create_all(const struct kx_init *init)
{
	size_t index;

	tasks = calloc(init->count, sizeof(struct kx_task *));
	if (!tasks) {
		fail("out of memory");
		return false;
	}
	task_count = init->count;
	for (index = 0; index < init->count; index++) {
		if (!create_one(&init->entities[init->order[index]], &tasks[init->order[index]]))
			return false;
	}
	return true;
}

static bool connect_one(const struct kx_init *init, size_t client)
{
	const struct kx_init_entity *entity = &init->entities[client];
	const struct kx_init_connection *connection = entity->connections;
	size_t index;
	enum kx_rc rc;

	for (index = 0; index < entity->connection_count; index++, connection++) {
		rc = kx_task_connect(tasks[client], tasks[connection->server], connection->id);
		if (rc == KX_RC_OK)
			continue;
		fail("cannot connect \"%s\" to \"%s\" by channel \"%s\": %s", entity->task,
		     connection->target, connection->id, reason(rc));
		return false;
	}
	return true;
}

static bool connect_all(const struct kx_init *init)
{
	size_t index;

	for (index = 0; index < init->count; index++) {
		if (!connect_one(init, init->order[index]))
			return false;
	}
	return true;
}

static void start_next(struct kx_start *start);

static void one_started(struct kx_start *done)
{
	if (ending) {
		/* Spawned after the end was called for: it goes the same way. */
		kx_task_stop(done->task, 0);
		finish_if_idle();
	} else if (done->rc == KX_RC_OK) {
		started_count++;
		start_next(done);
	} else {
		fail("cannot start \"%s\": %s", done->task->name,
		     done->rc == KX_RC_FAIL ? done->error : reason(done->rc));
	}
}

/* Before the first entity runs: half a solution helps nobody. */
static bool programs_are_there(void)
{
	char error[256] = "";

	for (size_t i = 0; i < solution->count; i++) {
		if (kx_executable_sandbox(tasks[i], error, sizeof(error)))
			continue;
		fail("cannot start \"%s\": %s", tasks[i]->name, error);
		return false;
	}
	return true;
}

static void start_next(struct kx_start *start)
{
	if (next_start < solution->count) {
		start->task = tasks[solution->order[next_start++]];
		start->source = NULL;
		start->done = one_started;
		kx_task_run(start);
	} else if (started_count == solution->count) {
		started = true;
		kx_report_started();
		finish_if_idle();
	}
}

static void start_first(void)
{
	for (size_t i = 0; i < STARTS_AHEAD && !ending; i++)
		if (i == 0 || next_start < solution->count)
			start_next(&starts[i]);
}

static void einit_started(struct kx_start *done)
{
	started = true;
	kx_report_started();
	if (done->rc != KX_RC_OK && !ending)
		fail("cannot start Einit (%s): %s", done->task->program,
		     done->rc == KX_RC_FAIL ? done->error : reason(done->rc));
	else if (ending)
		kx_task_stop(done->task, 0);
	finish_if_idle();
}

static void start_einit(const char *program)
{
	struct kx_task_spec spec = {
		.name = EINIT_CLASS, .class_name = EINIT_CLASS, .program = program};
	enum kx_rc rc;

	tasks = calloc(1, sizeof(struct kx_task *));
	rc = tasks ? kx_task_create(&spec, &tasks[0]) : KX_RC_OUT_OF_MEMORY;
	if (rc != KX_RC_OK) {
		fail("cannot create Einit: %s", reason(rc));
		return;
	}
	task_count = 1;
	starts[0].task = tasks[0];
	starts[0].done = einit_started;
	kx_task_run(&starts[0]);
}

void kx_solution_start(const char *name, const struct kx_image *image, const struct kx_init *init)
{
	kx_death_observer = task_died;
	kx_report_ready(name);
	if (image->einit) {
		start_einit(image->einit);
		return;
	}
	solution = init;
	if (create_all(init) && connect_all(init) && programs_are_there())
		start_first();
}

void kx_solution_clear(void)
{
	while (task_count) {
		if (tasks[--task_count])
			kx_object_unpin(&tasks[task_count]->object);
	}
	free(tasks);
	tasks = NULL;
}
