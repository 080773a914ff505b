/* SPDX-License-Identifier: Apache-2.0 */

/* Checks over all entities of an init file; see init_check.h. */

#include "init_check.h"

#include <stdlib.h>
#include <string.h>

static size_t find_task(const struct kx_init *init, const char *task)
{
	size_t index;

	for (index = 0; index < init->count; index++) {
		if (!strcmp(init->entities[index].task, task))
			return index;
	}
	return init->count;
}

static void unknown_target(const struct kx_init *init, const struct kx_init_connection *connection,
			   struct kx_diagnostics *diagnostics)
{
	const char **names = calloc(init->count + 1, sizeof(*names));
	const char *meant = NULL;
	size_t index;

	for (index = 0; names && index < init->count; index++)
		names[index] = init->entities[index].task;
	if (names)
		meant = kx_did_you_mean(connection->target, names, init->count);
	kx_diagnose(diagnostics, true, connection->line, connection->column,
		    "no process is named \"%s\"%s%s%s", connection->target,
		    meant ? "; did you mean \"" : "", meant ? meant : "", meant ? "\"?" : "");
	free(names);
}

static void check_name(struct kx_init *init, size_t index, struct kx_diagnostics *diagnostics)
{
	const struct kx_init_entity *entity = &init->entities[index];
	size_t first = find_task(init, entity->task);

	if (first != index)
		kx_diagnose(diagnostics, true, entity->line, entity->column,
			    "two processes are named \"%s\" (the other is in line %zu): give one "
			    "another \"task\"",
			    entity->task, init->entities[first].line);
}

static int by_id(const void *left, const void *right)
{
	const struct kx_init_connection *a = left;
	const struct kx_init_connection *b = right;

	return strcmp(a->id, b->id);
}

static void check_connections(struct kx_init *init, struct kx_init_entity *entity,
			      struct kx_diagnostics *diagnostics)
{
	struct kx_init_connection *connection = entity->connections;
	size_t index;

	for (index = 0; index < entity->connection_count; index++, connection++) {
		connection->server = find_task(init, connection->target);
		if (connection->server == init->count)
			unknown_target(init, connection, diagnostics);
	}
	if (entity->connection_count)
		qsort(entity->connections, entity->connection_count, sizeof(*connection), by_id);
	for (index = 1; index < entity->connection_count; index++) {
		connection = &entity->connections[index];
		if (!strcmp(connection[-1].id, connection->id))
			kx_diagnose(diagnostics, true, connection->line, connection->column,
				    "\"%s\" has two channels named \"%s\"", entity->task,
				    connection->id);
	}
}

/*
 * Servers before clients: depth first over the connections, with its own stack,
 * because a chain of entities may be long. A cycle ends where it began.
 */
struct frame {
	size_t entity;
	size_t next; /* connection to follow */
};

static size_t visit(const struct kx_init *init, size_t start, struct frame *stack, char *seen,
		    size_t *order, size_t count)
{
	size_t depth = 1;

	stack[0] = (struct frame){.entity = start};
	seen[start] = 1;
	while (depth) {
		struct frame *top = &stack[depth - 1];
		const struct kx_init_entity *entity = &init->entities[top->entity];
		size_t server;

		if (top->next == entity->connection_count) {
			order[count++] = top->entity;
			depth--;
			continue;
		}
		server = entity->connections[top->next++].server;
		if (seen[server])
			continue;
		seen[server] = 1;
		stack[depth++] = (struct frame){.entity = server};
	}
	return count;
}

static void sort_entities(struct kx_init *init, struct kx_diagnostics *diagnostics)
{
	struct frame *stack = calloc(init->count, sizeof(*stack));
	char *seen = calloc(init->count, 1);
	size_t count = 0;
	size_t index;

	init->order = calloc(init->count, sizeof(*init->order));
	if (!stack || !seen || !init->order)
		kx_diagnose(diagnostics, true, 0, 0, "out of memory");
	else
		for (index = 0; index < init->count; index++) {
			if (!seen[index])
				count = visit(init, index, stack, seen, init->order, count);
		}
	free(stack);
	free(seen);
}

void kx_init_check(struct kx_init *init, struct kx_diagnostics *diagnostics)
{
	size_t index;

	if (!init->count) {
		kx_diagnose(diagnostics, true, 1, 1, "\"entities\" is empty: nothing to run");
		return;
	}
	for (index = 0; index < init->count; index++) {
		check_name(init, index, diagnostics);
		check_connections(init, &init->entities[index], diagnostics);
	}
	if (!diagnostics->errors)
		sort_entities(init, diagnostics);
}
