/* SPDX-License-Identifier: Apache-2.0 */

/*
 * init.yaml to tasks and channels. libyaml parses; this file knows the keys.
 *
 * A key nobody knows is a warning: the CE tools ignore them, and a misspelt
 * "conections" would silently lose a channel.
 */

#include "einit_model.h"

#include <string.h>
#include <yaml.h>

#define MAX_NESTING 5000u

struct reader {
	struct kx_einit *einit;
	yaml_document_t *document;
};

/* libyaml counts characters; messages count bytes. */
static uint32_t byte_column(const struct kx_source *source, yaml_mark_t mark)
{
	const char *at = source->text;
	size_t line;
	size_t character;
	const char *start;

	for (line = 0; line < mark.line && at; line++) {
		at = strchr(at, '\n');
		if (at)
			at++;
	}
	if (!at)
		return 1;
	start = at;
	for (character = 0; character < mark.column && *at && *at != '\n'; character++) {
		at++;
		while (((unsigned char)*at & 0xc0) == 0x80)
			at++;
	}
	return (uint32_t)(at - start) + 1;
}

static struct kx_loc mark_loc(const struct reader *r, yaml_mark_t start, yaml_mark_t end)
{
	struct kx_loc loc = {.source = &r->einit->source};

	loc.line = (uint32_t)start.line + 1;
	loc.column = byte_column(loc.source, start);
	loc.end_line = loc.line;
	loc.end_column = loc.column + 1;
	if (end.line == start.line)
		loc.end_column = byte_column(loc.source, end);
	return loc;
}

static struct kx_loc node_loc(const struct reader *r, const yaml_node_t *node)
{
	return mark_loc(r, node->start_mark, node->end_mark);
}

static yaml_node_t *get(const struct reader *r, int index)
{
	return yaml_document_get_node(r->document, index);
}

/* The text of a scalar; "" for an empty value. NULL and a message otherwise. */
static const char *scalar(const struct reader *r, const yaml_node_t *node, const char *what)
{
	struct kx_loc loc = node_loc(r, node);
	const char *text;

	if (node->type != YAML_SCALAR_NODE) {
		kx_error(r->einit->diag, &loc, "%s must be a single value", what);
		return NULL;
	}
	text = (const char *)node->data.scalar.value;
	if (strlen(text) != node->data.scalar.length) {
		kx_error(r->einit->diag, &loc, "%s contains a zero byte", what);
		return NULL;
	}
	if (node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	    (strcmp(text, "~") == 0 || strcmp(text, "null") == 0))
		return "";
	return kx_pool_text(r->einit->pool, text, node->data.scalar.length);
}

static const char *required(const struct reader *r, const yaml_node_t *node, const char *what)
{
	const char *text = scalar(r, node, what);
	struct kx_loc loc = node_loc(r, node);

	if (text && !*text) {
		kx_error(r->einit->diag, &loc, "%s is empty", what);
		return NULL;
	}
	return text;
}

static bool is_empty(const yaml_node_t *node)
{
	return node->type == YAML_SCALAR_NODE && node->data.scalar.length == 0;
}

static void unknown_key(const struct reader *r, const yaml_node_t *key, const char *const *known)
{
	const char *text = scalar(r, key, "a key");
	struct kx_loc loc = node_loc(r, key);
	struct kx_guess guess;

	if (!text)
		return;
	kx_guess_init(&guess, text);
	for (; *known; known++)
		kx_guess_add(&guess, *known);
	kx_warning(r->einit->diag, &loc, "unknown key '%s' is ignored%s", text,
		   kx_guess_text(&guess, r->einit->pool));
}

static void append_word(struct kx_einit_word ***end, struct kx_pool *pool, const char *text)
{
	struct kx_einit_word *word = kx_pool_new(pool, struct kx_einit_word);

	word->text = text;
	**end = word;
	*end = &word->next;
}

static void read_args(const struct reader *r, const yaml_node_t *node, struct kx_einit_task *task)
{
	struct kx_einit_word **end = &task->args;
	struct kx_loc loc = node_loc(r, node);
	const yaml_node_item_t *item;

	if (is_empty(node))
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
		const char *text = scalar(r, get(r, *item), "an argument");

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

static void read_env_pair(const struct reader *r, const yaml_node_pair_t *pair,
			  struct kx_einit_task *task)
{
	const yaml_node_t *key = get(r, pair->key);
	const char *name = required(r, key, "the name of an environment variable");
	const char *value = scalar(r, get(r, pair->value), "the value of an environment variable");
	struct kx_loc loc = node_loc(r, key);

	if (!name || !value)
		return;
	if (strchr(name, '=')) {
		kx_error(r->einit->diag, &loc, "'=' in the name of an environment variable");
		return;
	}
	insert_sorted(&task->env, r->einit->pool,
		      kx_pool_format(r->einit->pool, "%s=%s", name, value));
}

static void read_env(const struct reader *r, const yaml_node_t *node, struct kx_einit_task *task)
{
	struct kx_loc loc = node_loc(r, node);
	const yaml_node_pair_t *pair;

	if (is_empty(node))
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
static void read_id_map(const struct reader *r, const yaml_node_t *node,
			struct kx_einit_channel *channel)
{
	static const char *const known[] = {"var", "include", NULL};
	struct kx_loc loc = node_loc(r, node);
	const yaml_node_pair_t *pair;

	for (pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
		const yaml_node_t *key = get(r, pair->key);
		const yaml_node_t *value = get(r, pair->value);
		const char *text = scalar(r, key, "a key");

		if (text && strcmp(text, "var") == 0)
			channel->var = required(r, value, "var");
		else if (text && strcmp(text, "include") == 0)
			channel->include = required(r, value, "include");
		else
			unknown_key(r, key, known);
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

static void read_channel_pair(const struct reader *r, const yaml_node_pair_t *pair,
			      struct kx_einit_channel *channel)
{
	static const char *const known[] = {"target", "id", NULL};
	const yaml_node_t *key = get(r, pair->key);
	const yaml_node_t *value = get(r, pair->value);
	const char *text = scalar(r, key, "a key");

	if (!text)
		return;
	if (strcmp(text, "target") == 0) {
		channel->target = required(r, value, "target");
		channel->target_loc = node_loc(r, value);
	} else if (strcmp(text, "id") == 0) {
		if (value->type == YAML_MAPPING_NODE)
			read_id_map(r, value, channel);
		else
			channel->id = required(r, value, "id");
	} else {
		unknown_key(r, key, known);
	}
}

/* Appends one channel at @end; returns the new end. */
static struct kx_einit_channel **read_channel(const struct reader *r, const yaml_node_t *node,
					      struct kx_einit_channel **end)
{
	struct kx_einit_channel *channel = kx_pool_new(r->einit->pool, struct kx_einit_channel);
	unsigned int errors = r->einit->diag->errors;
	const yaml_node_pair_t *pair;

	channel->loc = node_loc(r, node);
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

static void read_channels(const struct reader *r, const yaml_node_t *node,
			  struct kx_einit_task *task)
{
	struct kx_einit_channel **end = &task->channels;
	struct kx_loc loc = node_loc(r, node);
	const yaml_node_item_t *item;

	if (is_empty(node))
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
		end = read_channel(r, get(r, *item), end);
}

static bool is_true(const char *text)
{
	return text && (strcmp(text, "true") == 0 || strcmp(text, "yes") == 0 ||
			strcmp(text, "True") == 0 || strcmp(text, "on") == 0);
}

static void read_task_pair(const struct reader *r, const yaml_node_pair_t *pair,
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
	const yaml_node_t *key = get(r, pair->key);
	const yaml_node_t *value = get(r, pair->value);
	const char *text = scalar(r, key, "a key");

	if (!text)
		return;
	if (strcmp(text, "name") == 0) {
		task->class_name = required(r, value, "name");
		task->class_loc = node_loc(r, value);
	} else if (strcmp(text, "task") == 0) {
		task->name = required(r, value, "task");
		task->name_loc = node_loc(r, value);
	} else if (strcmp(text, "path") == 0) {
		task->path = required(r, value, "path");
	} else if (strcmp(text, "args") == 0) {
		read_args(r, value, task);
	} else if (strcmp(text, "env") == 0) {
		read_env(r, value, task);
	} else if (strcmp(text, "connections") == 0 ||
		   strcmp(text, "cmake_generated_connections") == 0) {
		read_channels(r, value, task);
	} else if (strcmp(text, "dynamic_connection_manager") == 0) {
		task->dcm = is_true(scalar(r, value, text));
	} else {
		unknown_key(r, key, known);
	}
}

static void read_task(const struct reader *r, const yaml_node_t *node)
{
	struct kx_einit_task *task = kx_pool_new(r->einit->pool, struct kx_einit_task);
	struct kx_einit_task **end = &r->einit->tasks;
	unsigned int errors = r->einit->diag->errors;
	struct kx_loc loc = node_loc(r, node);
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

static void read_entities(const struct reader *r, const yaml_node_t *node)
{
	struct kx_loc loc = node_loc(r, node);
	const yaml_node_item_t *item;

	if (is_empty(node)) {
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
		read_task(r, get(r, *item));
}

static void read_root(const struct reader *r)
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
		const yaml_node_t *key = get(r, pair->key);
		const char *text = scalar(r, key, "a key");

		if (text && strcmp(text, "entities") == 0) {
			found = true;
			read_entities(r, get(r, pair->value));
		} else if (text) {
			unknown_key(r, key, known);
		}
	}
	if (!found)
		kx_error(r->einit->diag, &loc, "no 'entities:' list in this file");
}

static void report_parser(const struct reader *r, const yaml_parser_t *parser)
{
	struct kx_loc loc = mark_loc(r, parser->problem_mark, parser->problem_mark);

	kx_error(r->einit->diag, &loc, "not YAML: %s%s%s",
		 parser->problem ? parser->problem : "cannot be read", parser->context ? " " : "",
		 parser->context ? parser->context : "");
}

/*
 * libyaml takes time quadratic in the nesting of [ and {. No init description
 * nests deeper than three; thousands of unclosed ones are an attack or noise.
 */
static bool is_too_deep(const struct kx_source *source)
{
	size_t depth = 0;
	size_t i;

	for (i = 0; i < source->len && depth <= MAX_NESTING; i++) {
		char c = source->text[i];

		if (c == '[' || c == '{')
			depth++;
		else if ((c == ']' || c == '}') && depth > 0)
			depth--;
	}
	return depth > MAX_NESTING;
}

void kx_einit_read(struct kx_einit *einit)
{
	yaml_document_t document;
	struct reader r = {.einit = einit, .document = &document};
	struct kx_loc start = {.source = &einit->source, .line = 1, .column = 1};
	yaml_parser_t parser;

	if (is_too_deep(&einit->source)) {
		kx_error(einit->diag, &start, "more than %u brackets are open at once",
			 MAX_NESTING);
		return;
	}
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
