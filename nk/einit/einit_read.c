/* SPDX-License-Identifier: Apache-2.0 */

/*
 * init.yaml to tasks and channels. libyaml parses; this file knows the keys.
 *
 * A key nobody knows is a warning: the CE tools ignore them, and a misspelt
 * "conections" would silently lose a channel.
 */

#include "einit_yaml.h"

#include <string.h>

static void append_word(struct kx_einit_word ***end, struct kx_pool *pool, const char *text)
{
	struct kx_einit_word *word = kx_pool_new(pool, struct kx_einit_word);

	word->text = text;
	**end = word;
	*end = &word->next;
}

static void read_args(const struct kx_einit_reader *r, const yaml_node_t *node,
		      struct kx_einit_task *task)
{
	struct kx_einit_word **end = &task->args;
	struct kx_loc loc = kx_einit_node_loc(r, node);
	const yaml_node_item_t *item;

	if (kx_einit_is_empty(node))
		return;
	if (node->type != YAML_SEQUENCE_NODE) {
		kx_error(r->einit->diag, &loc, "args must be a list: one '- word' a line");
		return;
	}
	if (node->data.sequence.items.top - node->data.sequence.items.start >=
	    (ptrdiff_t)KX_EINIT_MAX_WORDS) {
		kx_error(r->einit->diag, &loc, "more than %u arguments", KX_EINIT_MAX_WORDS - 1);
		return;
	}
	while (*end)
		end = &(*end)->next;
	for (item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++) {
		const char *text = kx_einit_scalar(r, kx_einit_node(r, *item), "an argument");

		if (text)
			append_word(&end, r->einit->pool, text);
	}
}

static int compare_words(const struct kx_einit_word *a, const struct kx_einit_word *b)
{
	return strcmp(a->text, b->text);
}

/* KasperskyOS's einit lists the environment in order of names. */
static void insert_sorted(struct kx_einit_word **list, struct kx_pool *pool, const char *text)
{
	struct kx_einit_word *word = kx_pool_new(pool, struct kx_einit_word);

	word->text = text;
	while (*list && compare_words(*list, word) <= 0)
		list = &(*list)->next;
	word->next = *list;
	*list = word;
}

static void read_env_pair(const struct kx_einit_reader *r, const yaml_node_pair_t *pair,
			  struct kx_einit_task *task)
{
	const yaml_node_t *key = kx_einit_node(r, pair->key);
	const char *name = kx_einit_required(r, key, "the name of an environment variable");
	const char *value = kx_einit_scalar(r, kx_einit_node(r, pair->value),
					    "the value of an environment variable");
	struct kx_loc loc = kx_einit_node_loc(r, key);

	if (!name || !value)
		return;
	if (strchr(name, '=')) {
		kx_error(r->einit->diag, &loc, "'=' in the name of an environment variable");
		return;
	}
	insert_sorted(&task->env, r->einit->pool,
		      kx_pool_format(r->einit->pool, "%s=%s", name, value));
}

static void read_env(const struct kx_einit_reader *r, const yaml_node_t *node,
		     struct kx_einit_task *task)
{
	struct kx_loc loc = kx_einit_node_loc(r, node);
	const yaml_node_pair_t *pair;

	if (kx_einit_is_empty(node))
		return;
	if (node->type != YAML_MAPPING_NODE) {
		kx_error(r->einit->diag, &loc, "env must be a map: one 'NAME: value' a line");
		return;
	}
	if (node->data.mapping.pairs.top - node->data.mapping.pairs.start >=
	    (ptrdiff_t)KX_EINIT_MAX_WORDS) {
		kx_error(r->einit->diag, &loc, "more than %u environment variables",
			 KX_EINIT_MAX_WORDS - 1);
		return;
	}
	for (pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++)
		read_env_pair(r, pair, task);
}

/* id: {var: MACRO, include: header.h} */
static void read_id_map(const struct kx_einit_reader *r, const yaml_node_t *node,
			struct kx_einit_channel *channel)
{
	static const char *const known[] = {"var", "include", NULL};
	struct kx_loc loc = kx_einit_node_loc(r, node);
	const yaml_node_pair_t *pair;

	for (pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
		const yaml_node_t *key = kx_einit_node(r, pair->key);
		const yaml_node_t *value = kx_einit_node(r, pair->value);
		const char *text = kx_einit_scalar(r, key, "a key");

		if (text && strcmp(text, "var") == 0)
			channel->var = kx_einit_required(r, value, "var");
		else if (text && strcmp(text, "include") == 0)
			channel->include = kx_einit_required(r, value, "include");
		else
			kx_einit_unknown_key(r, key, known);
	}
	if (!channel->var)
		kx_error(r->einit->diag, &loc,
			 "id has no 'var'; write a plain name or "
			 "{var: MACRO, include: header.h}");
	else if (strspn(channel->var, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_") != strlen(channel->var))
		kx_error(r->einit->diag, &loc, "'%s' is not the name of a C macro", channel->var);
	if (channel->include && strpbrk(channel->include, "<>\"\n"))
		kx_error(r->einit->diag, &loc,
			 "include must be a bare header name, as in vfs/defs.h");
}

static void read_channel_pair(const struct kx_einit_reader *r, const yaml_node_pair_t *pair,
			      struct kx_einit_channel *channel)
{
	static const char *const known[] = {"target", "id", NULL};
	const yaml_node_t *key = kx_einit_node(r, pair->key);
	const yaml_node_t *value = kx_einit_node(r, pair->value);
	const char *text = kx_einit_scalar(r, key, "a key");

	if (!text)
		return;
	if (strcmp(text, "target") == 0) {
		channel->target = kx_einit_required(r, value, "target");
		channel->target_loc = kx_einit_node_loc(r, value);
	} else if (strcmp(text, "id") == 0) {
		if (value->type == YAML_MAPPING_NODE)
			read_id_map(r, value, channel);
		else
			channel->id = kx_einit_required(r, value, "id");
	} else {
		kx_einit_unknown_key(r, key, known);
	}
}

/* Appends one channel at @end; returns the new end. */
static struct kx_einit_channel **read_channel(const struct kx_einit_reader *r,
					      const yaml_node_t *node,
					      struct kx_einit_channel **end)
{
	struct kx_einit_channel *channel = kx_pool_new(r->einit->pool, struct kx_einit_channel);
	unsigned int errors = r->einit->diag->errors;
	const yaml_node_pair_t *pair;

	channel->loc = kx_einit_node_loc(r, node);
	if (node->type != YAML_MAPPING_NODE) {
		kx_error(r->einit->diag, &channel->loc,
			 "a connection needs 'target: PROCESS' and 'id: NAME'");
		return end;
	}
	for (pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++)
		read_channel_pair(r, pair, channel);
	if (r->einit->diag->errors != errors)
		return end;
	if (!channel->target)
		kx_error(r->einit->diag, &channel->loc,
			 "connection without 'target' (the process name of the server)");
	else if (!channel->id && !channel->var)
		kx_error(r->einit->diag, &channel->loc,
			 "connection without 'id' (the name both sides look it up by)");
	*end = channel;
	return &channel->next;
}

static void read_channels(const struct kx_einit_reader *r, const yaml_node_t *node,
			  struct kx_einit_task *task)
{
	struct kx_einit_channel **end = &task->channels;
	struct kx_loc loc = kx_einit_node_loc(r, node);
	const yaml_node_item_t *item;

	if (kx_einit_is_empty(node))
		return;
	if (node->type != YAML_SEQUENCE_NODE) {
		kx_error(r->einit->diag, &loc, "connections must be a list of '- target: ...'");
		return;
	}
	r->einit->channel_count +=
		(size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
	if (r->einit->channel_count > KX_EINIT_MAX_CHANNELS) {
		kx_error(r->einit->diag, &loc, "more than %u connections", KX_EINIT_MAX_CHANNELS);
		return;
	}
	while (*end)
		end = &(*end)->next;
	for (item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++)
		end = read_channel(r, kx_einit_node(r, *item), end);
}

static bool is_true(const char *text)
{
	return text && (strcmp(text, "true") == 0 || strcmp(text, "yes") == 0 ||
			strcmp(text, "True") == 0 || strcmp(text, "on") == 0);
}

static void read_task_pair(const struct kx_einit_reader *r, const yaml_node_pair_t *pair,
			   struct kx_einit_task *task)
{
	static const char *const known[] = {"name",
					    "task",
					    "path",
					    "args",
					    "env",
					    "connections",
					    "cmake_generated_connections",
					    "dynamic_connection_manager",
					    NULL};
	const yaml_node_t *key = kx_einit_node(r, pair->key);
	const yaml_node_t *value = kx_einit_node(r, pair->value);
	const char *text = kx_einit_scalar(r, key, "a key");

	if (!text)
		return;
	if (strcmp(text, "name") == 0) {
		task->class_name = kx_einit_required(r, value, "name");
		task->class_loc = kx_einit_node_loc(r, value);
	} else if (strcmp(text, "task") == 0) {
		task->name = kx_einit_required(r, value, "task");
		task->name_loc = kx_einit_node_loc(r, value);
	} else if (strcmp(text, "path") == 0) {
		task->path = kx_einit_required(r, value, "path");
	} else if (strcmp(text, "args") == 0) {
		read_args(r, value, task);
	} else if (strcmp(text, "env") == 0) {
		read_env(r, value, task);
	} else if (strcmp(text, "connections") == 0 ||
		   strcmp(text, "cmake_generated_connections") == 0) {
		read_channels(r, value, task);
	} else if (strcmp(text, "dynamic_connection_manager") == 0) {
		task->dcm = is_true(kx_einit_scalar(r, value, text));
	} else {
		kx_einit_unknown_key(r, key, known);
	}
}

static void read_task(const struct kx_einit_reader *r, const yaml_node_t *node)
{
	struct kx_einit_task *task = kx_pool_new(r->einit->pool, struct kx_einit_task);
	struct kx_einit_task **end = &r->einit->tasks;
	unsigned int errors = r->einit->diag->errors;
	struct kx_loc loc = kx_einit_node_loc(r, node);
	const yaml_node_pair_t *pair;

	if (node->type != YAML_MAPPING_NODE) {
		kx_error(r->einit->diag, &loc, "an entity needs at least 'name: CLASS'");
		return;
	}
	for (pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++)
		read_task_pair(r, pair, task);
	if (!task->class_name) {
		if (r->einit->diag->errors == errors)
			kx_error(r->einit->diag, &loc, "entity without 'name' (its EDL class)");
		return;
	}
	while (*end)
		end = &(*end)->next;
	*end = task;
	r->einit->count++;
}

static void read_entities(const struct kx_einit_reader *r, const yaml_node_t *node)
{
	struct kx_loc loc = kx_einit_node_loc(r, node);
	const yaml_node_item_t *item;

	if (kx_einit_is_empty(node)) {
		kx_warning(r->einit->diag, &loc, "the list of entities is empty");
		return;
	}
	if (node->type != YAML_SEQUENCE_NODE) {
		kx_error(r->einit->diag, &loc, "entities must be a list of '- name: CLASS'");
		return;
	}
	if (node->data.sequence.items.top - node->data.sequence.items.start >
	    (ptrdiff_t)KX_EINIT_MAX_TASKS) {
		kx_error(r->einit->diag, &loc, "more than %u entities", KX_EINIT_MAX_TASKS);
		return;
	}
	for (item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++)
		read_task(r, kx_einit_node(r, *item));
}

static void read_root(const struct kx_einit_reader *r)
{
	static const char *const known[] = {"entities", NULL};
	yaml_node_t *root = yaml_document_get_root_node(r->document);
	struct kx_loc loc = {.source = &r->einit->source, .line = 1, .column = 1};
	const yaml_node_pair_t *pair;
	bool found = false;

	if (!root || root->type != YAML_MAPPING_NODE) {
		kx_error(r->einit->diag, &loc, "no 'entities:' list in this file");
		return;
	}
	for (pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top; pair++) {
		const yaml_node_t *key = kx_einit_node(r, pair->key);
		const char *text = kx_einit_scalar(r, key, "a key");

		if (text && strcmp(text, "entities") == 0) {
			found = true;
			read_entities(r, kx_einit_node(r, pair->value));
		} else if (text) {
			kx_einit_unknown_key(r, key, known);
		}
	}
	if (!found)
		kx_error(r->einit->diag, &loc, "no 'entities:' list in this file");
}

/* Whether the line of @loc is indented by tabs. */
static bool begins_with_tab(const struct kx_loc *loc)
{
	const char *text = loc->source->text;
	const char *end = text + loc->source->len;

	for (uint32_t line = 1; text < end && line < loc->line; text++)
		line += *text == '\n';
	while (text < end && *text == ' ')
		text++;
	return text < end && *text == '\t';
}

/* In words for who wrote the file: libyaml's are about where in its grammar it noticed. */
static void report_parser(const struct kx_einit_reader *r, const yaml_parser_t *parser)
{
	const char *context = parser->context ? parser->context : "";
	struct kx_loc loc = kx_einit_mark_loc(r, parser->problem_mark, parser->problem_mark);

	if (strstr(context, "simple key")) {
		loc = kx_einit_mark_loc(r, parser->context_mark, parser->context_mark);
		kx_error(r->einit->diag, &loc,
			 "not YAML: no ': ' (with the blank) behind this key");
	} else if (strstr(context, "block mapping")) {
		kx_error(r->einit->diag, &loc,
			 "not YAML: nothing may begin in this column: the keys of an entry stand "
			 "below each other, and a quote that opens is closed");
	} else if (begins_with_tab(&loc)) {
		kx_error(r->einit->diag, &loc,
			 "not YAML: a tab; lines are indented by blanks only");
	} else {
		kx_error(r->einit->diag, &loc, "not YAML: %s%s%s",
			 parser->problem ? parser->problem : "cannot be read", *context ? " " : "",
			 context);
	}
}

void kx_einit_read(struct kx_einit *einit)
{
	yaml_document_t document;
	struct kx_einit_reader r = {.einit = einit, .document = &document};
	struct kx_loc start = {.source = &einit->source, .line = 1, .column = 1};
	yaml_parser_t parser;

	if (kx_einit_too_deep(&einit->source)) {
		kx_error(einit->diag, &start, "more than %u brackets are open at once",
			 KX_EINIT_MAX_NESTING);
		return;
	}
	kx_einit_yaml_index(&r);
	if (!yaml_parser_initialize(&parser)) {
		kx_error(einit->diag, NULL, "out of memory");
		return;
	}
	yaml_parser_set_input_string(&parser, (const unsigned char *)einit->source.text,
				     einit->source.len);
	if (yaml_parser_load(&parser, &document)) {
		read_root(&r);
		yaml_document_delete(&document);
	} else {
		report_parser(&r, &parser);
	}
	yaml_parser_delete(&parser);
}
