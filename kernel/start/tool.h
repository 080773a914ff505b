/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_TOOL_H
#define KX_TOOL_H

/*
 * Entities that run under a tool: gdb attaches, the program was built with a
 * sanitizer, or valgrind runs it. One option of the kernel process each; the
 * isolation of that one entity is loosened, which is logged at its start.
 * Control thread.
 */

#include <stdbool.h>
#include <stddef.h>

#include "isolation/profile.h"

struct kx_task;

enum kx_tool {
	KX_TOOL_NONE,
	KX_TOOL_DEBUGGER,
	KX_TOOL_SANITIZER,
	KX_TOOL_VALGRIND,
};

/* Entity @name runs under @tool. Before the first start. -1: out of memory. */
int kx_tool_choose(const char *name, enum kx_tool tool);

/* The tool of entity @name. */
enum kx_tool kx_tool_of(const char *name);

/* The entity of the choice @index; NULL: there are no more. */
const char *kx_tool_name(size_t index);

/* What is executed for @task: its program at @program, or the tool in front of it. */
const char *kx_tool_program(enum kx_tool tool, const char *program);

/* Adds the tool's exceptions to @profile. 0 or a negative errno. */
int kx_tool_loosen(enum kx_tool tool, const char *program, struct kx_isolation_profile *profile);

/* argv and environment of a start; NULL-terminated. */
struct kx_tool_command {
	const char **argv;
	const char **envp;
};

/*
 * Fills @command for @task with its program at @program: argv is the task's own
 * unless valgrind stands in front. The texts stay @task's and @program's; the
 * tables are freed by kx_tool_command_clear(). -1: out of memory.
 */
int kx_tool_command(const struct kx_task *task, const char *program,
		    struct kx_tool_command *command);
void kx_tool_command_clear(struct kx_tool_command *command);

/* Forgets the choices and removes valgrind's scratch folder. */
void kx_tool_fini(void);

#endif /* KX_TOOL_H */
