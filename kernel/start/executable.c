/* SPDX-License-Identifier: Apache-2.0 */

/* Programs and their sandboxes; see executable.h. */

#include "executable.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exception.h"
#include "files.h"
#include "hooks.h"
#include "log.h"
#include "path.h"
#include "task.h"
#include "tool.h"

struct executable {
	char *path;
	enum kx_tool tool;
	bool files;   /* file and socket calls are caught */
	char *entity; /* it has exceptions of its own, and so a sandbox; NULL: shared by all */
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

static void free_executable(struct executable *executable)
{
	if (executable->sandbox)
		kx_sandbox_destroy(executable->sandbox);
	free(executable->entity);
	free(executable->path);
	free(executable);
}

void kx_executable_fini(void)
{
	struct executable *executable;

	while (executables) {
		executable = executables;
		executables = executable->next;
		free_executable(executable);
	}
	if (isolation)
		kx_isolation_destroy(isolation);
	isolation = NULL;
}

/* No exception is silent. */
static void tell_exceptions(const char *entity, const struct kx_isolation_profile *profile)
{
	char *text = kx_isolation_describe_exceptions(profile);

	kx_log("isolation of %s is loosened: %s", entity, text ? text : "(out of memory)");
	free(text);
}

static struct kx_sandbox *make_sandbox(const struct executable *executable,
				       const struct kx_task *task, char *error, size_t size)
{
	char cause[KX_ISOLATION_ERROR_MAX] = "out of memory";
	const char *program = kx_tool_program(executable->tool, executable->path);
	struct kx_isolation_profile profile;
	struct kx_sandbox *sandbox = NULL;

	kx_isolation_profile_init(&profile, chosen_level);
	if (executable->files)
		profile.allow |= KX_ALLOW_NOTIFY;
	else if (executable->tool == KX_TOOL_NONE)
		profile.allow |= KX_FAIL_FILES;
	if (kx_tool_loosen(executable->tool, executable->path, &profile) < 0 ||
	    kx_exception_loosen(task->name, &profile) < 0 ||
	    kx_sandbox_create(&sandbox, isolation, &profile, program, cause) < 0) {
		(void)snprintf(error, size, "%s", cause);
		sandbox = NULL;
	} else if (executable->tool != KX_TOOL_NONE || executable->entity) {
		tell_exceptions(task->name, &profile);
	}
	kx_isolation_profile_fini(&profile);
	return sandbox;
}

/* Valgrind's own calls would be caught with those of the program. */
static bool catches_files(const struct kx_task *task)
{
	return kx_tool_of(task->name) != KX_TOOL_VALGRIND && kx_files_wanted(task);
}

/* Exceptions widen one entity only, so its sandbox serves no other. */
static bool is_for(const struct executable *executable, const struct kx_task *task)
{
	if (executable->entity)
		return !strcmp(executable->entity, task->name);
	return !kx_exception_is_declared(task->name);
}

static struct executable *find(const struct kx_task *task)
{
	enum kx_tool tool = kx_tool_of(task->name);
	bool files = catches_files(task);
	size_t folder = strlen(kx_settings.program_dir);
	struct executable *executable;

	for (executable = executables; executable; executable = executable->next) {
		if (executable->tool == tool && executable->files == files &&
		    is_for(executable, task) &&
		    !strcmp(executable->path + folder + 1, task->program))
			return executable;
	}
	return NULL;
}

static struct executable *make(const struct kx_task *task, char *error, size_t size)
{
	struct executable *executable = calloc(1, sizeof(*executable));
	bool own = kx_exception_is_declared(task->name);

	if (!executable ||
	    asprintf(&executable->path, "%s/%s", kx_settings.program_dir, task->program) < 0) {
		(void)snprintf(error, size, "out of memory");
		free(executable);
		return NULL;
	}
	executable->tool = kx_tool_of(task->name);
	executable->files = catches_files(task);
	executable->entity = own ? strdup(task->name) : NULL;
	if (!own || executable->entity)
		executable->sandbox = make_sandbox(executable, task, error, size);
	else
		(void)snprintf(error, size, "out of memory");
	if (!executable->sandbox) {
		free_executable(executable);
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

	if (!kx_path_is_inside(task->program)) {
		(void)snprintf(error, size, "program \"%s\" is outside the image", task->program);
		return NULL;
	}
	if (!executable)
		executable = make(task, error, size);
	return executable ? executable->sandbox : NULL;
}
