/* SPDX-License-Identifier: Apache-2.0 */

/* The class table of an image, from what nk-gen-c --descriptors wrote. */

#include "image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads one descriptor file into @classes. */
static bool add_file(json_t *classes, const char *path, json_t *read)
{
	json_error_t error;
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	const char *name;
	json_t *endpoints;
	json_t *entry;

	if (!root)
		return kx_image_error("%s:%d:%d: %s", path, error.line, error.column, error.text);
	name = json_string_value(json_object_get(root, "class"));
	endpoints = json_object_get(root, "endpoints");
	if (!name || !json_is_array(endpoints)) {
		json_decref(root);
		return kx_image_error("%s has no \"class\" and \"endpoints\"; is it from "
				      "nk-gen-c --descriptors?",
				      path);
	}
	entry = json_object();
	json_object_set(entry, "endpoints", endpoints);
	json_object_set_new(classes, name, entry);
	json_array_append_new(read, json_string(path));
	json_decref(root);
	return true;
}

/* The path of @name's descriptors below @dir: a.b.C is a/b/C.edl.json. */
static char *descriptor_path(const char *dir, const char *name)
{
	size_t n = strlen(dir) + strlen(name) + sizeof("/.edl.json");
	char *path = malloc(n);
	char *at;

	if (!path)
		return NULL;
	snprintf(path, n, "%s/%s.edl.json", dir, name);
	for (at = path + strlen(dir) + 1; *at && strcmp(at, ".edl.json") != 0; at++)
		if (*at == '.')
			*at = '/';
	return path;
}

static bool valid_class(const char *name)
{
	const char *at;

	for (at = name; *at; at++)
		if (*at == '/' || (*at == '.' && (at == name || at[1] == '.' || !at[1])))
			return false;
	return *name != '\0';
}

/* 1 found, 0 not there, -1 a message was printed. */
static int find_class(const struct kx_image_request *request, const char *name, json_t *classes,
		      json_t *read)
{
	const char **dir;

	if (json_object_get(classes, name))
		return 1;
	for (dir = request->class_dirs; *dir; dir++) {
		char *path = descriptor_path(*dir, name);
		int found = 0;

		if (path && access(path, R_OK) == 0)
			found = add_file(classes, path, read) ? 1 : -1;
		free(path);
		if (found)
			return found;
	}
	return 0;
}

static bool need_class(const struct kx_image_request *request, const json_t *process,
		       json_t *classes, json_t *read)
{
	const char *name = json_string_value(json_object_get(process, "class"));
	const char *task = json_string_value(json_object_get(process, "name"));
	int found;

	if (!name || !task)
		return kx_image_error("%s: a process without \"name\" or \"class\"",
				      request->processes);
	if (!valid_class(name))
		return kx_image_error("process %s: '%s' is not a class name", task, name);
	found = find_class(request, name, classes, read);
	if (found == 0)
		kx_image_error("process %s: there are no descriptors of class %s; its EDL must be "
			       "named in nk_build_edl_files or add_nk_edl",
			       task, name);
	return found > 0;
}

json_t *kx_image_classes(const struct kx_image_request *request, const json_t *processes,
			 json_t *read)
{
	json_t *classes = json_object();
	const json_t *process;
	const char **file;
	bool ok = classes != NULL;
	size_t i;

	for (file = request->class_files; ok && *file; file++)
		ok = add_file(classes, *file, read);
	json_array_foreach(processes, i, process) ok =
		ok && need_class(request, process, classes, read);
	if (ok)
		ok = find_class(request, "kl.core.Core", classes, read) >= 0;
	if (!ok) {
		json_decref(classes);
		return NULL;
	}
	return classes;
}
