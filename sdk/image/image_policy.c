/* SPDX-License-Identifier: Apache-2.0 */

/* Whether the policy of an image knows the processes that are started. */

#include "image.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static bool is_listed(const char *const *classes, const char *name)
{
	while (*classes && strcmp(*classes, name) != 0)
		classes++;
	return *classes != NULL;
}

static bool check_classes(const char *const *classes, const char *policy, const json_t *processes)
{
	bool good = true;
	size_t index;
	json_t *process;

	json_array_foreach(processes, index, process)
	{
		const char *name = json_string_value(json_object_get(process, "name"));
		const char *class_name = json_string_value(json_object_get(process, "class"));

		if (class_name && !is_listed(classes, class_name))
			good = kx_image_error("process %s: class %s is not part of the policy, so "
					      "it could not be started; add 'use EDL %s' to %s",
					      name ? name : "?", class_name, class_name, policy);
	}
	return good;
}

/* Modules that nk-psl-gen-c did not write have no such list. */
bool kx_image_check_policy(const char *module, const json_t *processes)
{
	char *path = realpath(module, NULL);
	void *library = path ? dlopen(path, RTLD_LAZY | RTLD_LOCAL) : NULL;
	const char *const *classes = library ? dlsym(library, "kx_policy_classes") : NULL;
	const char *policy = library ? dlsym(library, "kx_policy_name") : NULL;
	bool good = !classes || check_classes(classes, policy ? policy : module, processes);

	if (library)
		(void)dlclose(library);
	free(path);
	return good;
}
