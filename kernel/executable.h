/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_EXECUTABLE_H
#define KX_EXECUTABLE_H

/*
 * Programs of entities: where they are, and the sandbox each is started in.
 * One sandbox per program file, plus one for each entity that runs under a tool
 * (debugger, sanitizer, valgrind). Control thread.
 */

#include <stdbool.h>
#include <stddef.h>

#include "isolation/profile.h"

struct kx_task;

enum kx_tool {
	KX_TOOL_NONE,
	KX_TOOL_DEBUGGER,
	KX_TOOL_SANITIZER,
};

/*
 * Before the first start. Returns 0, or -1 with what is missing in @text
 * (@size bytes); @text may hold a warning when 0 is returned.
 */
int kx_executable_init(enum kx_isolation_level level, char *text, size_t size);
void kx_executable_fini(void);

/* Entity @name runs under @tool. Before the first start. -1: out of memory. */
int kx_executable_tool(const char *name, enum kx_tool tool);

/* The sandbox of @task's program; NULL with the cause in @error. */
const struct kx_sandbox *kx_executable_sandbox(const struct kx_task *task, char *error,
					       size_t size);

/* Whether the entity stays in the session of the terminal (under a debugger). */
bool kx_executable_keeps_session(const struct kx_task *task);

/* Whether the runtime of entity @name must leave itself dumpable. */
bool kx_executable_keeps_dumpable(const char *name);

/* What isolation gives an entity without tools, as JSON text; the caller frees it. */
char *kx_executable_describe(void);

#endif /* KX_EXECUTABLE_H */
