/* SPDX-License-Identifier: Apache-2.0 */

/*
 * From what was written to what will be done: default names, the server of each
 * channel, the order of start.
 *
 * Order: servers before clients. Tasks are numbered by name; the order is that
 * of the strongly connected components of "client needs server", dependencies
 * first. Independent tasks come out last name first, as in KasperskyOS (the
 * hello_env example starts Hello2 before Hello1).
 */

#include "einit_model.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static int compare_tasks(const void *a, const void *b)
{
	const struct kx_einit_task *const *left = a;
	const struct kx_einit_task *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

static const char *last_part(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && dot[1] ? dot + 1 : name;
}

static void set_defaults(struct kx_einit_task *task)
{
	if (!task->name) {
		task->name = task->class_name;
		task->name_loc = task->class_loc;
	}
	if (!task->path)
		task->path = last_part(task->class_name);
}

static const char *c_identifier(struct kx_pool *pool, const char *name, size_t index)
{
	char *text = kx_pool_format(pool, "%s_%zu", name, index);
	char *at;

	for (at = text; *at; at++)
		if (!isalnum((unsigned char)*at))
			*at = '_';
	return text;
}

/* Numbers the tasks; two of one name cannot be told apart by `target`. */
static void sort_tasks(struct kx_einit *einit)
{
	struct kx_einit_task *task;
	size_t n = 0;
	size_t i;

	einit->sorted =
		kx_pool_alloc(einit->pool, (einit->count + 1) * sizeof(struct kx_einit_task *));
	for (task = einit->tasks; task; task = task->next)
		einit->sorted[n++] = task;
	qsort(einit->sorted, n, sizeof(struct kx_einit_task *), compare_tasks);
	for (i = 0; i < n; i++) {
		task = einit->sorted[i];
		task->index = i;
		task->c_name = c_identifier(einit->pool, task->name, i);
		if (i == 0 || strcmp(einit->sorted[i - 1]->name, task->name) != 0)
			continue;
		kx_error(einit->diag, &task->name_loc,
			 "two processes are called '%s'; give each its own 'task: NAME'",
			 task->name);
		kx_note(einit->diag, &einit->sorted[i - 1]->name_loc, "the other one is here");
	}
}

static struct kx_einit_task *find_task(const struct kx_einit *einit, const char *name)
{
	struct kx_einit_task key = {.name = name};
	struct kx_einit_task *wanted = &key;
	struct kx_einit_task **found;

	found = bsearch(&wanted, einit->sorted, einit->count, sizeof(struct kx_einit_task *),
			compare_tasks);
	return found ? *found : NULL;
}

static void unknown_target(struct kx_einit *einit, const struct kx_einit_channel *channel)
{
	struct kx_guess guess;
	size_t i;

	kx_guess_init(&guess, channel->target);
	for (i = 0; i < einit->count; i++)
		kx_guess_add(&guess, einit->sorted[i]->name);
	for (i = 0; i < einit->count && !guess.best; i++)
		if (strcmp(einit->sorted[i]->class_name, channel->target) == 0)
			guess.best = einit->sorted[i]->name;
	kx_error(einit->diag, &channel->target_loc, "no process is called '%s'%s", channel->target,
		 kx_guess_text(&guess, einit->pool));
}

static bool same_id(const struct kx_einit_channel *a, const struct kx_einit_channel *b)
{
	if (a->id && b->id)
		return strcmp(a->id, b->id) == 0;
	return a->var && b->var && strcmp(a->var, b->var) == 0;
}

/* An equal earlier channel, for a list merged from two; a message if it contradicts. */
static bool is_repeated(struct kx_einit *einit, const struct kx_einit_channel *first,
			const struct kx_einit_channel *channel)
{
	for (; first != channel; first = first->next) {
		if (!same_id(first, channel))
			continue;
		if (strcmp(first->target, channel->target) != 0) {
			kx_error(einit->diag, &channel->loc,
				 "two connections of one process are called '%s'",
				 channel->id ? channel->id : channel->var);
			kx_note(einit->diag, &first->loc, "the other one is here");
		}
		return true;
	}
	return false;
}

static const char *sort_key(const struct kx_einit_channel *channel)
{
	return channel->id ? channel->id : channel->var;
}

static void sort_channels(struct kx_einit_task *task)
{
	struct kx_einit_channel *rest = task->channels;

	task->channels = NULL;
	while (rest) {
		struct kx_einit_channel *channel = rest;
		struct kx_einit_channel **at = &task->channels;

		rest = rest->next;
		while (*at && strcmp(sort_key(*at), sort_key(channel)) <= 0)
			at = &(*at)->next;
		channel->next = *at;
		*at = channel;
	}
}

static void resolve_channels(struct kx_einit *einit, struct kx_einit_task *task)
{
	struct kx_einit_channel **at = &task->channels;

	while (*at) {
		struct kx_einit_channel *channel = *at;

		channel->server = find_task(einit, channel->target);
		if (!channel->server)
			unknown_target(einit, channel);
		if (is_repeated(einit, task->channels, channel))
			*at = channel->next;
		else
			at = &channel->next;
	}
	sort_channels(task);
}

/* Post-order along the reversed edges: from a server to its clients. */
static void visit_clients(const struct kx_einit *einit, struct kx_einit_task *task,
			  struct kx_einit_task **post, size_t *n)
{
	struct kx_einit_channel *channel;
	size_t i;

	task->mark = 1;
	for (i = 0; i < einit->count; i++)
		for (channel = einit->sorted[i]->channels; channel; channel = channel->next)
			if (channel->server == task && !einit->sorted[i]->mark)
				visit_clients(einit, einit->sorted[i], post, n);
	post[(*n)++] = task;
}

/* Pre-order along the edges: what is left unvisited below a task is its cycle. */
static void visit_servers(struct kx_einit *einit, struct kx_einit_task *task, size_t *n)
{
	struct kx_einit_channel *channel;

	task->mark = 2;
	einit->order[(*n)++] = task;
	for (channel = task->channels; channel; channel = channel->next)
		if (channel->server->mark != 2)
			visit_servers(einit, channel->server, n);
}

static void order_tasks(struct kx_einit *einit)
{
	struct kx_einit_task **post;
	size_t n = 0;
	size_t i;

	post = kx_pool_alloc(einit->pool, (einit->count + 1) * sizeof(struct kx_einit_task *));
	einit->order =
		kx_pool_alloc(einit->pool, (einit->count + 1) * sizeof(struct kx_einit_task *));
	for (i = 0; i < einit->count; i++)
		if (!einit->sorted[i]->mark)
			visit_clients(einit, einit->sorted[i], post, &n);
	n = 0;
	for (i = einit->count; i > 0; i--)
		if (post[i - 1]->mark != 2)
			visit_servers(einit, post[i - 1], &n);
}

void kx_einit_resolve(struct kx_einit *einit)
{
	struct kx_einit_task *task;

	for (task = einit->tasks; task; task = task->next)
		set_defaults(task);
	sort_tasks(einit);
	if (einit->diag->errors)
		return;
	for (task = einit->tasks; task; task = task->next)
		resolve_channels(einit, task);
	if (!einit->diag->errors)
		order_tasks(einit);
}
