/* SPDX-License-Identifier: Apache-2.0 */

/* The text of `kosix ps`; see ps.h. */

#include "ps.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "channel.h"
#include "control_time.h"
#include "counters.h"
#include "files.h"
#include "hooks.h"
#include "mailbox.h"
#include "registry.h"
#include "task.h"

/* Filled by the IPC thread; tasks are named by number, because they may end meanwhile. */
struct kx_waits {
	struct kx_job job;
	json_t *list;
	void (*done)(void *context, char *text);
	void *context;
};

static const char *solution_name = "";
static const char *solution_version = "";
static const char *solution_policy = "";

void kx_ps_init(const char *name, const char *version, const char *policy)
{
	solution_name = name;
	solution_version = version;
	solution_policy = policy;
}

static void append(json_t *list, const char *client, const char *server, const char *kind,
		   const char *path, const char *channel)
{
	json_t *name = json_string(channel); /* NULL: an entity's own name, of any bytes */

	json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s,s:o}", "client", client, "server",
					      server, "kind", kind, "path", path, "channel",
					      name ? name : json_string("")));
}

static void add_wait(json_t *list, const struct kx_task *client, const struct kx_task *server,
		     enum kx_wait_kind kind, const char *path, const char *channel)
{
	append(list, client->name, server->name, kind == KX_WAIT_TAKEN ? "taken" : "posted", path,
	       channel);
}

static void add_files_wait(void *list, const char *client, const char *vfs)
{
	append(list, client, vfs, "mounts", "files", "");
}

void kx_waits_add(struct kx_waits *waits, const struct kx_task *client,
		  const struct kx_task *server, enum kx_wait_kind kind, const char *channel)
{
	add_wait(waits->list, client, server, kind, "relay", channel);
}

static const char *state_name(enum kx_task_state state)
{
	static const char *const names[] = {[KX_TASK_CREATED] = "created",
					    [KX_TASK_RUNNING] = "running",
					    [KX_TASK_ENDING] = "ending",
					    [KX_TASK_DEAD] = "dead"};

	return names[state];
}

static json_t *describe_task(struct kx_task *task)
{
	return json_pack("{s:i,s:s,s:s,s:i,s:s,s:i,s:o}", "task", (int)task->number, "name",
			 task->name, "class", task->class_name, "pid", (int)task->pid, "state",
			 state_name(kx_task_state(task)), "handles", (int)task->handle_count,
			 "counters", kx_counters_json(task));
}

/* Calls in the slots of one region. What a client wrote there is a hint about itself. */
static void direct_waits(json_t *list, const struct kx_channel *channel)
{
	struct kx_channel_region *region = channel->region;
	uint32_t state;
	unsigned index;

	for (index = 0; region && index < KX_CHANNEL_SLOTS; index++) {
		state = KX_SLOT_STATE(kx_load(&region->slots[index].w));
		if (state == KX_SLOT_POSTED || state == KX_SLOT_TIMED || state == KX_SLOT_TAKEN)
			add_wait(list, channel->client, channel->server,
				 state == KX_SLOT_TAKEN ? KX_WAIT_TAKEN : KX_WAIT_POSTED, "direct",
				 channel->name);
	}
}

static void task_waits(json_t *list, struct kx_task *task)
{
	uint32_t index;

	for (index = 0; index < task->channel_top; index++) {
		if (task->channels[index] && task->channels[index]->client == task)
			direct_waits(list, task->channels[index]);
	}
}

static char *compose(json_t *waits)
{
	json_t *entities = json_array();
	struct kx_task *task;
	json_t *all;
	char *text;

	cds_list_for_each_entry(task, kx_registry_tasks(), all)
	{
		json_array_append_new(entities, describe_task(task));
		task_waits(waits, task);
	}
	kx_files_waits_of(add_files_wait, waits);
	all = json_pack("{s:s,s:s,s:s,s:b,s:I,s:b,s:o,s:O}", "name", solution_name, "version",
			solution_version, "policy", solution_policy, "mediate_all",
			kx_settings.mediate_all, "uptime_ms",
			(json_int_t)((kx_now_ns() - kx_settings.start_ns) / 1000000), "timed",
			kx_calls_timed(), "entities", entities, "waits", waits);
	text = json_dumps(all, JSON_COMPACT);
	json_decref(all);
	return text;
}

static void run_back(struct kx_job *job)
{
	struct kx_waits *waits = kx_container(job, struct kx_waits, job);

	waits->done(waits->context, compose(waits->list));
	json_decref(waits->list);
	free(waits);
}

static void run_ask(struct kx_job *job)
{
	if (kx_hooks.waits)
		kx_hooks.waits(kx_container(job, struct kx_waits, job));
	job->run = run_back;
	kx_control_post(job);
}

void kx_ps(void (*done)(void *context, char *text), void *context)
{
	struct kx_waits *waits = calloc(1, sizeof(*waits));

	if (waits)
		waits->list = json_array();
	if (!waits || !waits->list) {
		free(waits);
		done(context, NULL);
		return;
	}
	waits->done = done;
	waits->context = context;
	waits->job.run = run_ask;
	kx_ipc_post(&waits->job);
}
