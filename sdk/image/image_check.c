/* SPDX-License-Identifier: Apache-2.0 */

/* Looks at an image that exists: is it whole, and what is in it. */

#include "image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static json_t *load(const char *image)
{
	json_error_t error;
	json_t *root = json_load_file(image, JSON_REJECT_DUPLICATES, &error);

	if (!root) {
		kx_image_error("%s:%d:%d: %s; is it an image made by kosix-image?", image,
			       error.line, error.column, error.text);
		return NULL;
	}
	if (json_integer_value(json_object_get(root, "kosix-image")) != KX_IMAGE_FORMAT ||
	    !json_is_object(json_object_get(root, "files"))) {
		kx_image_error("%s is not an image of format %d; build it again", image,
			       KX_IMAGE_FORMAT);
		json_decref(root);
		return NULL;
	}
	return root;
}

/* Places come from the manifest: they must stay below NAME.d. */
static bool safe_place(const char *place)
{
	return *place && *place != '/' && strcmp(place, "..") != 0 && !strstr(place, "/../") &&
	       strncmp(place, "../", 3) != 0 &&
	       (strlen(place) < 3 || strcmp(place + strlen(place) - 3, "/..") != 0);
}

static bool check_file(const char *image, const char *place, const json_t *entry)
{
	const char *sha256 = json_string_value(json_object_get(entry, "sha256"));
	json_int_t size = json_integer_value(json_object_get(entry, "size"));
	struct kx_image_file info;
	char *path;
	bool ok;

	if (!sha256 || !safe_place(place))
		return kx_image_error("%s: entry \"%s\" is malformed", image, place);
	if (asprintf(&path, "%s.d/%s", image, place) < 0)
		return false;
	ok = kx_image_copy(path, NULL, 0, &info);
	if (ok && ((json_int_t)info.size != size || strcmp(info.sha256, sha256) != 0))
		ok = kx_image_error("%s was changed after the image was made; build it again",
				    path);
	free(path);
	return ok;
}

static bool find_folder(const char *image)
{
	char *folder;
	bool found;

	if (asprintf(&folder, "%s.d", image) < 0)
		return kx_image_error("out of memory");
	found = access(folder, F_OK) == 0 ||
		kx_image_error("the image's folder %s cannot be found (%s): an image is a file and "
			       "a folder, copy both together",
			       folder, strerror(errno));
	free(folder);
	return found;
}

bool kx_image_check(const char *image)
{
	json_t *root = load(image);
	bool ok = root && find_folder(image);
	const char *place;
	json_t *entry;

	if (ok)
		json_object_foreach(json_object_get(root, "files"), place, entry) ok =
			check_file(image, place, entry) && ok;
	json_decref(root);
	return ok;
}

static const char *text_of(const json_t *root, const char *key)
{
	const char *text = json_string_value(json_object_get(root, key));

	return text ? text : "?";
}

bool kx_image_list(const char *image)
{
	json_t *root = load(image);
	const char *name;
	json_t *entry;

	if (!root)
		return false;
	printf("image    %s\nversion  %s\npolicy   %s\n", text_of(root, "name"),
	       text_of(root, "version"), text_of(root, "policy"));
	json_object_foreach(json_object_get(root, "classes"), name, entry)
		printf("class    %-40s %zu endpoint%s\n", name,
		       json_array_size(json_object_get(entry, "endpoints")),
		       json_array_size(json_object_get(entry, "endpoints")) == 1 ? "" : "s");
	json_object_foreach(json_object_get(root, "files"), name, entry)
		printf("file     %-40s %lld\n", name,
		       (long long)json_integer_value(json_object_get(entry, "size")));
	json_decref(root);
	return true;
}
