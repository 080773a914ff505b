/* SPDX-License-Identifier: Apache-2.0 */

/*
 * init.yaml to struct kx_init: libyaml's document tree, walked once. What needs
 * all entities at once is in init_check.c.
 */

#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <yaml.h>

#include "init_check.h"
#include "path.h"

struct reader {
	yaml_document_t document;
	struct kx_diagnostics *diagnostics;
	struct kx_init *init;
};

typedef void (*key_reader)(struct reader *r, struct kx_init_entity *entity, yaml_node_t *value);

struct key {
	const char *name;
	key_reader read;
};

static void complain(struct reader *r, bool error, const yaml_node_t *node, const char *text,
		     const char *word)
{
	kx_diagnose(r->diagnostics, error, node->start_mark.line + 1, node->start_mark.column + 1,
		    text, word);
}

/* NULL: no scalar, or one with a zero byte, which no name and no argument can have. */
static const char *scalar(const yaml_node_t *node)
{
	const char *text;

	if (node->type != YAML_SCALAR_NODE)
		return NULL;
	text = (const char *)node->data.scalar.value;
	return strlen(text) == node->data.scalar.length ? text : NULL;
}

/* "key:" with nothing behind it, which is what an empty macro leaves. */
static bool is_null(const yaml_node_t *node)
{
	return scalar(node) && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (!*scalar(node) || !strcmp(scalar(node), "~") || !strcmp(scalar(node), "null"));
}

static bool append(struct kx_strings *strings, const char *text)
{
	char **table = realloc(strings->table, (strings->count + 2) * sizeof(*table));

	if (!table)
		return false;
	strings->table = table;
	table[strings->count] = strdup(text);
	if (!table[strings->count])
		return false;
	table[++strings->count] = NULL;
	return true;
}

static void take_name(struct reader *r, yaml_node_t *value, const char *key, char **out)
{
	if (!scalar(value) || !*scalar(value))
		complain(r, true, value, "\"%s\" must be a name", key);
	else if (strlen(scalar(value)) >= KX_NAME_MAX)
		complain(r, true, value, "\"%s\" is longer than 127 bytes", key);
	else if (*out)
		complain(r, true, value, "\"%s\" is given twice", key);
	else
		*out = strdup(scalar(value));
}

static void read_name(struct reader *r, struct kx_init_entity *entity, yaml_node_t *value)
{
	take_name(r, value, "name", &entity->class_name);
}

static void read_task(struct reader *r, struct kx_init_entity *entity, yaml_node_t *value)
{
	take_name(r, value, "task", &entity->task);
}

static void read_path(struct reader *r, struct kx_init_entity *entity, yaml_node_t *value)
{
	take_name(r, value, "path", &entity->path);
	if (entity->path && !kx_path_is_inside(entity->path))
		complain(r, true, value, "program \"%s\" is outside the image", entity->path);
}

static void read_args(struct reader *r, struct kx_init_entity *entity, yaml_node_t *value)
{
	yaml_node_item_t *item;

	if (is_null(value))
		return;
	if (value->type != YAML_SEQUENCE_NODE) {
		complain(r, true, value, "\"%s\" must be a list", "args");
		return;
	}
	for (item = value->data.sequence.items.start; item < value->data.sequence.items.top;
	     item++) {
		yaml_node_t *node = yaml_document_get_node(&r->document, *item);

		if (!scalar(node))
			complain(r, true, node, "an argument must be text or a number%s", "");
		else if (!append(&entity->args, scalar(node)))
			complain(r, true, node, "out of memory%s", "");
	}
}

static void read_env(struct reader *r, struct kx_init_entity *entity, yaml_node_t *value)
{
	yaml_node_pair_t *pair;
	char text[4096];

	if (is_null(value))
		return;
	if (value->type != YAML_MAPPING_NODE) {
		complain(r, true, value, "\"%s\" must be a map NAME: VALUE", "env");
		return;
	}
	for (pair = value->data.mapping.pairs.start; pair < value->data.mapping.pairs.top; pair++) {
		yaml_node_t *name = yaml_document_get_node(&r->document, pair->key);
		yaml_node_t *node = yaml_document_get_node(&r->document, pair->value);

		if (!scalar(name) || !*scalar(name) || !scalar(node) || strchr(scalar(name), '='))
			complain(r, true, name, "an environment entry must be NAME: VALUE%s", "");
		else if (snprintf(text, sizeof(text), "%s=%s", scalar(name), scalar(node)) >=
				 (int)sizeof(text) ||
			 !append(&entity->env, text))
			complain(r, true, node, "value of \"%s\" is too long", scalar(name));
	}
}

static const char *channel_keys[] = {"target", "id"};

static void read_channel_key(struct reader *r, struct kx_init_connection *connection,
			     yaml_node_t *key, yaml_node_t *value)
{
	const char *name = scalar(key) ? scalar(key) : "";
	const char *meant;

	if (!strcmp(name, "target")) {
		connection->line = value->start_mark.line + 1;
		connection->column = value->start_mark.column + 1;
		take_name(r, value, "target", &connection->target);
	} else if (!strcmp(name, "id") && value->type == YAML_MAPPING_NODE) {
		complain(r, true, value,
			 "\"id\" is a C macro (var, include), which only the einit tool can "
			 "resolve: build an Einit program, or write the channel's name%s",
			 "");
	} else if (!strcmp(name, "id")) {
		take_name(r, value, "id", &connection->id);
	} else {
		meant = kx_did_you_mean(name, channel_keys, 2);
		kx_diagnose(r->diagnostics, false, key->start_mark.line + 1,
			    key->start_mark.column + 1, "unknown key \"%s\" is ignored%s%s%s", name,
			    meant ? "; did you mean \"" : "", meant ? meant : "",
			    meant ? "\"?" : "");
	}
}

static void read_connection(struct reader *r, struct kx_init_entity *entity, yaml_node_t *node)
{
	struct kx_init_connection *table;
	struct kx_init_connection *connection;
	size_t before = r->diagnostics->errors;
	yaml_node_pair_t *pair;

	if (node->type != YAML_MAPPING_NODE) {
		complain(r, true, node, "a connection must have \"target\" and \"id\"%s", "");
		return;
	}
	table = realloc(entity->connections, (entity->connection_count + 1) * sizeof(*table));
	if (!table) {
		complain(r, true, node, "out of memory%s", "");
		return;
	}
	entity->connections = table;
	connection = &table[entity->connection_count++];
	*connection = (struct kx_init_connection){.line = node->start_mark.line + 1,
						  .column = node->start_mark.column + 1};
	for (pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++)
		read_channel_key(r, connection, yaml_document_get_node(&r->document, pair->key),
				 yaml_document_get_node(&r->document, pair->value));
	if (r->diagnostics->errors == before && (!connection->target || !connection->id))
		complain(r, true, node, "connection without \"%s\"",
			 connection->target ? "id" : "target");
}

static void read_connections(struct reader *r, struct kx_init_entity *entity, yaml_node_t *value)
{
	yaml_node_item_t *item;

	if (is_null(value))
		return;
	if (value->type != YAML_SEQUENCE_NODE) {
		complain(r, true, value, "\"%s\" must be a list", "connections");
		return;
	}
	for (item = value->data.sequence.items.start; item < value->data.sequence.items.top; item++)
		read_connection(r, entity, yaml_document_get_node(&r->document, *item));
}

/* Which program hands out dynamic channels: nothing to do here, CM calls name the server. */
static void read_manager(struct reader *r, struct kx_init_entity *entity, yaml_node_t *value)
{
	(void)entity;
	if (!scalar(value))
		complain(r, true, value, "\"%s\" must be true or false",
			 "dynamic_connection_manager");
}

static const struct key keys[] = {
	{"name", read_name},
	{"task", read_task},
	{"path", read_path},
	{"args", read_args},
	{"env", read_env},
	{"connections", read_connections},
	{"cmake_generated_connections", read_connections},
	{"dynamic_connection_manager", read_manager},
};

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

static void unknown_key(struct reader *r, const yaml_node_t *key)
{
	const char *names[KEY_COUNT];
	const char *meant;
	size_t index;

	for (index = 0; index < KEY_COUNT; index++)
		names[index] = keys[index].name;
	meant = kx_did_you_mean(scalar(key) ? scalar(key) : "", names, KEY_COUNT);
	kx_diagnose(r->diagnostics, false, key->start_mark.line + 1, key->start_mark.column + 1,
		    "unknown key \"%s\" is ignored%s%s%s", scalar(key) ? scalar(key) : "",
		    meant ? "; did you mean \"" : "", meant ? meant : "", meant ? "\"?" : "");
}

static void read_key(struct reader *r, struct kx_init_entity *entity, yaml_node_t *key,
		     yaml_node_t *value, unsigned *seen)
{
	size_t index;

	for (index = 0; index < KEY_COUNT; index++) {
		if (!scalar(key) || strcmp(scalar(key), keys[index].name))
			continue;
		if (*seen >> index & 1u) {
			complain(r, true, key, "\"%s\" is given twice", keys[index].name);
			return;
		}
		*seen |= 1u << index;
		keys[index].read(r, entity, value);
		return;
	}
	unknown_key(r, key);
}

static char *last_part(const char *class_name)
{
	const char *dot = strrchr(class_name, '.');

	return strdup(dot ? dot + 1 : class_name);
}

static void read_entity(struct reader *r, struct kx_init_entity *entity, yaml_node_t *node)
{
	size_t before = r->diagnostics->errors;
	yaml_node_pair_t *pair;
	unsigned seen = 0;

	entity->line = node->start_mark.line + 1;
	entity->column = node->start_mark.column + 1;
	if (node->type != YAML_MAPPING_NODE) {
		complain(r, true, node, "an entity must be a map with at least \"%s\"", "name");
		return;
	}
	for (pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++)
		read_key(r, entity, yaml_document_get_node(&r->document, pair->key),
			 yaml_document_get_node(&r->document, pair->value), &seen);
	if (!entity->class_name) {
		if (r->diagnostics->errors == before)
			complain(r, true, node, "entity without \"%s\"", "name");
		return;
	}
	if (!entity->task)
		entity->task = strdup(entity->class_name);
	if (!entity->path)
		entity->path = last_part(entity->class_name);
	if (!entity->task || !entity->path)
		complain(r, true, node, "out of memory%s", "");
}

static void read_entities(struct reader *r, yaml_node_t *list)
{
	size_t count;
	size_t index;

	if (list->type != YAML_SEQUENCE_NODE) {
		complain(r, true, list, "\"%s\" must be a list", "entities");
		return;
	}
	count = (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
	r->init->entities = calloc(count + 1, sizeof(*r->init->entities));
	if (!r->init->entities) {
		complain(r, true, list, "out of memory%s", "");
		return;
	}
	r->init->count = count;
	for (index = 0; index < count; index++)
		read_entity(r, &r->init->entities[index],
			    yaml_document_get_node(&r->document,
						   list->data.sequence.items.start[index]));
}

static void read_root(struct reader *r)
{
	yaml_node_t *root = yaml_document_get_root_node(&r->document);
	yaml_node_t *list = NULL;
	yaml_node_pair_t *pair;

	if (!root || root->type != YAML_MAPPING_NODE) {
		kx_diagnose(r->diagnostics, true, 1, 1,
			    "this is not an init file: it must begin with \"entities:\"");
		return;
	}
	for (pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top; pair++) {
		yaml_node_t *key = yaml_document_get_node(&r->document, pair->key);

		if (scalar(key) && !strcmp(scalar(key), "entities")) {
			if (list)
				complain(r, true, key, "\"entities\" is given twice%s", "");
			list = yaml_document_get_node(&r->document, pair->value);
		} else {
			complain(r, false, key, "unknown key \"%s\" is ignored",
				 scalar(key) ? scalar(key) : "");
		}
	}
	if (list)
		read_entities(r, list);
	else
		kx_diagnose(r->diagnostics, true, 1, 1, "no \"entities\" in this file");
}

/*
 * libyaml's time grows with the square of the depth of brackets. Strings and
 * comments are not told apart here: nobody needs that many open brackets in them.
 */
#define DEPTH_MAX 64
#define FILE_MAX  (16u << 20)
static bool shallow(struct reader *r, const char *text, size_t length)
{
	size_t line = 1;
	int depth = 0;

	for (size_t i = 0; i < length; i++) {
		line += text[i] == '\n';
		depth += (text[i] == '[' || text[i] == '{') - (text[i] == ']' || text[i] == '}');
		depth = depth < 0 ? 0 : depth;
		if (depth > DEPTH_MAX) {
			kx_diagnose(r->diagnostics, true, line, 1,
				    "more than %d brackets in each other: not an init file",
				    DEPTH_MAX);
			return false;
		}
	}
	return true;
}

/* A second document would be lost without a word. */
static void expect_end(struct reader *r, yaml_parser_t *parser)
{
	yaml_document_t more;
	yaml_node_t *root;

	if (!yaml_parser_load(parser, &more)) {
		kx_diagnose(r->diagnostics, true, parser->problem_mark.line + 1,
			    parser->problem_mark.column + 1, "not valid YAML: %s",
			    parser->problem ? parser->problem : "unreadable");
		return;
	}
	root = yaml_document_get_root_node(&more);
	if (root)
		complain(r, true, root, "a second document begins here%s", "");
	yaml_document_delete(&more);
}

static void parse(struct reader *r, const char *text, size_t length)
{
	yaml_parser_t parser;

	if (!shallow(r, text, length))
		return;
	if (!yaml_parser_initialize(&parser)) {
		kx_diagnose(r->diagnostics, true, 0, 0, "out of memory");
		return;
	}
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
	if (!yaml_parser_load(&parser, &r->document)) {
		kx_diagnose(r->diagnostics, true, parser.problem_mark.line + 1,
			    parser.problem_mark.column + 1, "not valid YAML: %s",
			    parser.problem ? parser.problem : "unreadable");
	} else {
		read_root(r);
		yaml_document_delete(&r->document);
		expect_end(r, &parser);
	}
	yaml_parser_delete(&parser);
}

/* The whole file; NULL and errno. A pipe or device might never end: EINVAL. */
static char *read_file(const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status = {0};
	char *text = NULL;
	ssize_t got;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= FILE_MAX) {
		text = malloc((size_t)status.st_size + 1);
		got = text ? read(fd, text, (size_t)status.st_size) : -1;
		*length = got < 0 ? 0 : (size_t)got;
	} else {
		errno = S_ISREG(status.st_mode) ? EFBIG : S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
	}
	(void)close(fd);
	return text;
}

int kx_init_read(const char *path, struct kx_init *init, struct kx_diagnostics *diagnostics)
{
	struct reader r = {.diagnostics = diagnostics, .init = init};
	size_t length;
	char *text = read_file(path, &length);

	*init = (struct kx_init){0};
	diagnostics->file = path;
	if (!text) {
		kx_diagnose(diagnostics, true, 0, 0, "cannot be read: %s",
			    errno == EINVAL ? "not a file" : strerror(errno));
		return -1;
	}
	parse(&r, text, length);
	free(text);
	if (!diagnostics->errors)
		kx_init_check(init, diagnostics);
	if (!diagnostics->errors)
		return 0;
	kx_init_clear(init);
	return -1;
}

static void clear_strings(struct kx_strings *strings)
{
	while (strings->count)
		free(strings->table[--strings->count]);
	free(strings->table);
}

static void clear_entity(struct kx_init_entity *entity)
{
	while (entity->connection_count) {
		entity->connection_count--;
		free(entity->connections[entity->connection_count].target);
		free(entity->connections[entity->connection_count].id);
	}
	free(entity->connections);
	clear_strings(&entity->args);
	clear_strings(&entity->env);
	free(entity->class_name);
	free(entity->task);
	free(entity->path);
}

void kx_init_clear(struct kx_init *init)
{
	while (init->count)
		clear_entity(&init->entities[--init->count]);
	free(init->entities);
	free(init->order);
	*init = (struct kx_init){0};
}
