/* SPDX-License-Identifier: Apache-2.0 */

/* Programs and their sandboxes; see executable.h. */

#include "executable.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hooks.h"
#include "task.h"

struct executable {
	char program[KX_NAME_MAX];
	enum kx_tool tool;
	struct kx_sandbox *sandbox;
	struct executable *next;
};

struct tool_choice {
	char name[KX_NAME_MAX];
	enum kx_tool tool;
	struct tool_choice *next;
};

static struct kx_isolation *isolation;
static enum kx_isolation_level chosen_level;
static struct executable *executables;
static struct tool_choice *choices;

int kx_executable_init(enum kx_isolation_level level, char *text, size_t size)
{
	struct kx_isolation_profile profile;
	char error[KX_ISOLATION_ERROR_MAX] = "";
	int result;

	*text = '\0';
	chosen_level = level;
	isolation = kx_isolation_create(NULL);
	if (!isolation) {
		snprintf(text, size, "out of memory");
		return -1;
	}
	kx_isolation_profile_init(&profile, level);
	result = kx_isolation_check(isolation, &profile, error);
	kx_isolation_profile_fini(&profile);
	snprintf(text, size, "%s", error);
	return result < 0 ? -1 : 0;
}

void kx_executable_fini(void)
{
	struct executable *executable;
	struct tool_choice *choice;

	while (executables) {
		executable = executables;
		executables = executable->next;
		kx_sandbox_destroy(executable->sandbox);
		free(executable);
	}
	while (choices) {
		choice = choices;
		choices = choice->next;
		free(choice);
	}
	if (isolation)
		kx_isolation_destroy(isolation);
	isolation = NULL;
}

int kx_executable_tool(const char *name, enum kx_tool tool)
{
	struct tool_choice *choice = calloc(1, sizeof(*choice));

	if (!choice)
		return -1;
	snprintf(choice->name, sizeof(choice->name), "%s", name);
	choice->tool = tool;
	choice->next = choices;
	choices = choice;
	return 0;
}

static enum kx_tool tool_of(const char *name)
{
	const struct tool_choice *choice;

	for (choice = choices; choice; choice = choice->next) {
		if (!strcmp(choice->name, name))
			return choice->tool;
	}
	return KX_TOOL_NONE;
}

static int fill_profile(struct kx_isolation_profile *profile, enum kx_tool tool)
{
	kx_isolation_profile_init(profile, chosen_level);
	switch (tool) {
	case KX_TOOL_DEBUGGER:
		return kx_isolation_allow_debugger(profile);
	case KX_TOOL_SANITIZER:
		return kx_isolation_allow_sanitizer(profile);
	default:
		return 0;
	}
}

/* A program is one file name or a path below the folder of programs, never out of it. */
static bool is_inside(const char *program)
{
	const char *part = program;

	if (*program == '/')
		return false;
	while (part) {
		if (!strncmp(part, "..", 2) && (part[2] == '/' || part[2] == '\0'))
			return false;
		part = strchr(part, '/');
		part = part ? part + 1 : NULL;
	}
	return true;
}

static struct kx_sandbox *make_sandbox(const char *program, enum kx_tool tool, char *error,
				       size_t size)
{
	char cause[KX_ISOLATION_ERROR_MAX] = "out of memory";
	struct kx_isolation_profile profile;
	struct kx_sandbox *sandbox = NULL;
	char path[PATH_MAX];

	if (!is_inside(program)) {
		snprintf(error, size, "program \"%s\" is outside the image", program);
		return NULL;
	}
	snprintf(path, sizeof(path), "%s/%s", kx_settings.program_dir, program);
	if (fill_profile(&profile, tool) < 0 ||
	    kx_sandbox_create(&sandbox, isolation, &profile, path, cause) < 0) {
		snprintf(error, size, "%s", cause);
		sandbox = NULL;
	}
	kx_isolation_profile_fini(&profile);
	return sandbox;
}

const struct kx_sandbox *kx_executable_sandbox(const struct kx_task *task, char *error, size_t size)
{
	enum kx_tool tool = tool_of(task->name);
	struct executable *executable;

	for (executable = executables; executable; executable = executable->next) {
		if (executable->tool == tool && !strcmp(executable->program, task->program))
			return executable->sandbox;
	}
	executable = calloc(1, sizeof(*executable));
	if (!executable) {
		snprintf(error, size, "out of memory");
		return NULL;
	}
	executable->sandbox = make_sandbox(task->program, tool, error, size);
	if (!executable->sandbox) {
		free(executable);
		return NULL;
	}
	strcpy(executable->program, task->program);
	executable->tool = tool;
	executable->next = executables;
	executables = executable;
	return executable->sandbox;
}

bool kx_executable_keeps_session(const struct kx_task *task)
{
	return tool_of(task->name) == KX_TOOL_DEBUGGER;
}

bool kx_executable_keeps_dumpable(const char *name)
{
	return tool_of(name) != KX_TOOL_NONE;
}

char *kx_executable_describe(void)
{
	struct kx_isolation_profile profile;
	char *text;

	kx_isolation_profile_init(&profile, chosen_level);
	text = kx_isolation_describe_json(isolation, &profile);
	kx_isolation_profile_fini(&profile);
	return text;
}
