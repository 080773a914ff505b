/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The solution for other tools: {"processes": [...]}, in order of start. Each
 * process has "name", "class", "path", "args" (without the program), "env" and
 * "connections" with "target" and "id", or "var" and "include".
 */

#include "einit_model.h"

#include <jansson.h>

static json_t *words(const struct kx_einit_word *word)
{
	json_t *list = json_array();

	for (; word; word = word->next)
		json_array_append_new(list, json_string(word->text));
	return list;
}

static json_t *channels(const struct kx_einit_channel *channel)
{
	json_t *list = json_array();

	for (; channel; channel = channel->next) {
		json_t *entry = json_object();

		json_object_set_new(entry, "target", json_string(channel->target));
		if (channel->id)
			json_object_set_new(entry, "id", json_string(channel->id));
		if (channel->var)
			json_object_set_new(entry, "var", json_string(channel->var));
		if (channel->include)
			json_object_set_new(entry, "include", json_string(channel->include));
		json_array_append_new(list, entry);
	}
	return list;
}

void kx_einit_write_json(const struct kx_einit *einit, FILE *out)
{
	json_t *root = json_object();
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < einit->count; i++) {
		const struct kx_einit_task *task = einit->order[i];
		json_t *entry = json_object();

		json_object_set_new(entry, "name", json_string(task->name));
		json_object_set_new(entry, "class", json_string(task->class_name));
		json_object_set_new(entry, "path", json_string(task->path));
		json_object_set_new(entry, "args", words(task->args));
		json_object_set_new(entry, "env", words(task->env));
		json_object_set_new(entry, "connections", channels(task->channels));
		if (task->dcm)
			json_object_set_new(entry, "dynamic_connection_manager", json_true());
		json_array_append_new(list, entry);
	}
	json_object_set_new(root, "processes", list);
	if (json_dumpf(root, out, JSON_INDENT(1)) == 0)
		fputc('\n', out);
	json_decref(root);
}
