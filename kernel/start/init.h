/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_INIT_H
#define KX_INIT_H

/*
 * init.yaml: which entities a solution has and how they are connected.
 *
 *   entities:
 *     - name: CLASS              EDL class, needed
 *       task: PROCESS            default: CLASS
 *       path: PROGRAM            default: last part of CLASS
 *       args: [..]  env: {..}
 *       connections: [{target: PROCESS, id: NAME}]
 *       cmake_generated_connections: the same, merged
 *       dynamic_connection_manager: true
 *
 * Errors and warnings carry line and column; the file is read to its end, so
 * one look shows all of them. Cycles of connections are fine.
 */

#include <stddef.h>

#include "diagnostics.h"
#include "kx_limits.h"
#include "task.h"

struct kx_init_connection {
	char *target;
	char *id;
	size_t line, column;
	size_t server; /* index of the target among the entities */
};

struct kx_init_entity {
	char *class_name;
	char *task;
	char *path;
	struct kx_strings args; /* without argv[0] */
	struct kx_strings env;  /* "NAME=value" */
	struct kx_init_connection *connections;
	size_t connection_count;
	size_t line, column;
};

struct kx_init {
	struct kx_init_entity *entities;
	size_t count;
	size_t *order; /* indices, servers before clients; cycles broken in file order */
};

/*
 * Reads @path. Blocks on the disk. Returns 0, or -1 when there are errors (then
 * @init is empty); @diagnostics holds them and the warnings, its `file` is set
 * to @path.
 */
int kx_init_read(const char *path, struct kx_init *init, struct kx_diagnostics *diagnostics);

void kx_init_clear(struct kx_init *init);

#endif /* KX_INIT_H */
