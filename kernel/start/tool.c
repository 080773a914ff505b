/* SPDX-License-Identifier: Apache-2.0 */

/* Tools around single entities; see tool.h. */

#include "tool.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "task.h"

/* The usual command is a script; an entity cannot run an interpreter. */
#define VALGRIND        "/usr/bin/valgrind"
#define VALGRIND_BINARY "/usr/bin/valgrind.bin"

/* Environment variables for a tool, at most. */
#define SANITIZER_VARIABLES 3u

struct choice {
	char name[KX_NAME_MAX];
	enum kx_tool tool;
	struct choice *next;
};

static struct choice *choices;
static char scratch[] = "/tmp/kosix-valgrind-XXXXXX";
static char scratch_variable[sizeof("TMPDIR=") + sizeof(scratch)];

int kx_tool_choose(const char *name, enum kx_tool tool)
{
	struct choice *choice = calloc(1, sizeof(*choice));

	if (!choice)
		return -1;
	(void)snprintf(choice->name, sizeof(choice->name), "%s", name);
	choice->tool = tool;
	choice->next = choices;
	choices = choice;
	return 0;
}

enum kx_tool kx_tool_of(const char *name)
{
	const struct choice *choice;

	for (choice = choices; choice; choice = choice->next) {
		if (!strcmp(choice->name, name))
			return choice->tool;
	}
	return KX_TOOL_NONE;
}

const char *kx_tool_name(size_t index)
{
	const struct choice *choice = choices;

	while (choice && index--)
		choice = choice->next;
	return choice ? choice->name : NULL;
}

const char *kx_tool_program(enum kx_tool tool, const char *program)
{
	if (tool != KX_TOOL_VALGRIND)
		return program;
	return access(VALGRIND_BINARY, X_OK) == 0 ? VALGRIND_BINARY : VALGRIND;
}

/* Made once, writable by entities, which run as another user under root. */
static bool make_scratch(void)
{
	if (*scratch_variable)
		return true;
	if (!mkdtemp(scratch) || chmod(scratch, 0777) < 0)
		return false;
	(void)snprintf(scratch_variable, sizeof(scratch_variable), "TMPDIR=%s", scratch);
	return true;
}

int kx_tool_loosen(enum kx_tool tool, const char *program, struct kx_isolation_profile *profile)
{
	switch (tool) {
	case KX_TOOL_DEBUGGER:
		return kx_isolation_allow_debugger(profile);
	case KX_TOOL_SANITIZER:
		return kx_isolation_allow_sanitizer(profile);
	case KX_TOOL_VALGRIND:
		if (!make_scratch())
			return -errno;
		return kx_isolation_allow_valgrind(profile, program, scratch);
	default:
		return 0;
	}
}

static size_t put(const char **table, size_t count, const char *text)
{
	table[count] = text;
	return count + 1;
}

static void fill_argv(const struct kx_task *task, const char *program, bool valgrind,
		      const char **argv)
{
	size_t count = 0;
	size_t index;

	if (valgrind) {
		count = put(argv, count, VALGRIND);
		count = put(argv, count, "--vgdb=no");
		count = put(argv, count, program);
	} else {
		count = put(argv, count, task->args.count ? task->args.table[0] : task->program);
	}
	for (index = 1; index < task->args.count; index++)
		count = put(argv, count, task->args.table[index]);
	argv[count] = NULL;
}

static bool has_variable(const struct kx_task *task, const char *assignment)
{
	size_t length = strcspn(assignment, "=") + 1;

	for (size_t index = 0; index < task->env.count; index++)
		if (!strncmp(task->env.table[index], assignment, length))
			return true;
	return false;
}

/*
 * A sanitizer that has found something ends its program with an exit status, which main
 * might have returned. With these it is a crash, unless the entity has one of its own: some
 * run times read the options of another sanitizer, too.
 */
static void put_sanitizer(const struct kx_task *task, const char **table, size_t count)
{
	static const char *const found_is_crash[SANITIZER_VARIABLES] = {
		"ASAN_OPTIONS=abort_on_error=1", "UBSAN_OPTIONS=abort_on_error=1",
		"TSAN_OPTIONS=abort_on_error=1:halt_on_error=1"};

	for (size_t index = 0; index < SANITIZER_VARIABLES; index++)
		if (has_variable(task, found_is_crash[index]))
			return;
	for (size_t index = 0; index < SANITIZER_VARIABLES; index++)
		count = put(table, count, found_is_crash[index]);
}

int kx_tool_command(const struct kx_task *task, const char *program,
		    struct kx_tool_command *command)
{
	enum kx_tool tool = kx_tool_of(task->name);
	bool valgrind = tool == KX_TOOL_VALGRIND;
	size_t count = 0;
	size_t index;

	command->argv = calloc(task->args.count + 4, sizeof(*command->argv));
	command->envp = calloc(task->env.count + 1 + SANITIZER_VARIABLES, sizeof(*command->envp));
	if (!command->argv || !command->envp) {
		kx_tool_command_clear(command);
		return -1;
	}
	fill_argv(task, program, valgrind, command->argv);
	for (index = 0; index < task->env.count; index++)
		count = put(command->envp, count, task->env.table[index]);
	if (valgrind)
		put(command->envp, count, scratch_variable);
	if (tool == KX_TOOL_SANITIZER)
		put_sanitizer(task, command->envp, count);
	return 0;
}

void kx_tool_command_clear(struct kx_tool_command *command)
{
	free(command->argv);
	free(command->envp);
	command->argv = command->envp = NULL;
}

static int remove_one(const char *name, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)kind;
	(void)where;
	return remove(name);
}

void kx_tool_fini(void)
{
	struct choice *choice;

	while (choices) {
		choice = choices;
		choices = choice->next;
		free(choice);
	}
	if (*scratch_variable)
		nftw(scratch, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
