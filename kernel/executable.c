/* SPDX-License-Identifier: Apache-2.0 */

/* Programs and their sandboxes; see executable.h. */

#include "executable.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "hooks.h"
#include "log.h"
#include "task.h"
#include "tool.h"

struct executable {
	char *path;
	enum kx_tool tool;
	bool files; /* file and socket calls are caught */
	struct kx_sandbox *sandbox;
	struct executable *next;
};

static struct kx_isolation *isolation;
static enum kx_isolation_level chosen_level;
static struct executable *executables;

int kx_executable_init(enum kx_isolation_level level, char *text, size_t size)
{
	struct kx_isolation_profile profile;
	char error[KX_ISOLATION_ERROR_MAX] = "";
	int result;

	*text = '\0';
	chosen_level = level;
	isolation = kx_isolation_create(NULL);
	if (!isolation) {
		(void)snprintf(text, size, "out of memory");
		return -1;
	}
	kx_isolation_profile_init(&profile, level);
	result = kx_isolation_check(isolation, &profile, error);
	kx_isolation_profile_fini(&profile);
	(void)snprintf(text, size, "%s", error);
	return result < 0 ? -1 : 0;
}

void kx_executable_fini(void)
{
	struct executable *executable;

	while (executables) {
		executable = executables;
		executables = executable->next;
		kx_sandbox_destroy(executable->sandbox);
		free(executable->path);
		free(executable);
	}
	if (isolation)
		kx_isolation_destroy(isolation);
	isolation = NULL;
}

bool kx_program_is_inside(const char *program)
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

/* No exception is silent. */
static void tell_exceptions(const char *program, const struct kx_isolation_profile *profile)
{
	char *text = kx_isolation_describe_text(isolation, profile);
	char *line;
	char *rest = text;

	kx_log("isolation of %s is loosened for a tool:", program);
	while (rest && (line = strsep(&rest, "\n"))) {
		if (*line)
			kx_log("  %s", line);
	}
	free(text);
}

static struct kx_sandbox *make_sandbox(const char *path, enum kx_tool tool, bool files, char *error,
				       size_t size)
{
	char cause[KX_ISOLATION_ERROR_MAX] = "out of memory";
	struct kx_isolation_profile profile;
	struct kx_sandbox *sandbox = NULL;

	kx_isolation_profile_init(&profile, chosen_level);
	if (files)
		profile.allow |= KX_ALLOW_NOTIFY;
	if (kx_tool_loosen(tool, path, &profile) < 0 ||
	    kx_sandbox_create(&sandbox, isolation, &profile, kx_tool_program(tool, path), cause) <
		    0) {
		(void)snprintf(error, size, "%s", cause);
		sandbox = NULL;
	} else if (tool != KX_TOOL_NONE) {
		tell_exceptions(path, &profile);
	}
	kx_isolation_profile_fini(&profile);
	return sandbox;
}

/* Valgrind's own calls would be caught with those of the program. */
static bool catches_files(const struct kx_task *task)
{
	return kx_tool_of(task->name) != KX_TOOL_VALGRIND && kx_files_wanted(task);
}

static struct executable *find(const struct kx_task *task)
{
	enum kx_tool tool = kx_tool_of(task->name);
	bool files = catches_files(task);
	size_t folder = strlen(kx_settings.program_dir);
	struct executable *executable;

	for (executable = executables; executable; executable = executable->next) {
		if (executable->tool == tool && executable->files == files &&
		    !strcmp(executable->path + folder + 1, task->program))
			return executable;
	}
	return NULL;
}

static struct executable *make(const struct kx_task *task, char *error, size_t size)
{
	struct executable *executable = calloc(1, sizeof(*executable));

	if (!executable ||
	    asprintf(&executable->path, "%s/%s", kx_settings.program_dir, task->program) < 0) {
		(void)snprintf(error, size, "out of memory");
		free(executable);
		return NULL;
	}
	executable->tool = kx_tool_of(task->name);
	executable->files = catches_files(task);
	executable->sandbox =
		make_sandbox(executable->path, executable->tool, executable->files, error, size);
	if (!executable->sandbox) {
		free(executable->path);
		free(executable);
		return NULL;
	}
	executable->next = executables;
	executables = executable;
	return executable;
}

const char *kx_executable_path(const struct kx_task *task)
{
	struct executable *executable = find(task);

	return executable ? executable->path : task->program;
}

const struct kx_sandbox *kx_executable_sandbox(const struct kx_task *task, char *error, size_t size)
{
	struct executable *executable = find(task);

	if (!kx_program_is_inside(task->program)) {
		(void)snprintf(error, size, "program \"%s\" is outside the image", task->program);
		return NULL;
	}
	if (!executable)
		executable = make(task, error, size);
	return executable ? executable->sandbox : NULL;
}
