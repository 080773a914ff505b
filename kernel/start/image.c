/* SPDX-License-Identifier: Apache-2.0 */

/* Images on disk; see image.h. */

#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "class.h"
#include "log.h"
#include "path.h"
#include "registry.h"

struct reader {
	struct kx_image *image;
	struct kx_diagnostics *diagnostics;
	json_t *root;
};

static void error(struct reader *r, const char *format, const char *a, const char *b)
{
	kx_diagnose(r->diagnostics, true, 0, 0, format, a, b);
}

static char *joined(const char *folder, const char *file)
{
	char *path;

	return asprintf(&path, "%s/%s", folder, file) < 0 ? NULL : path;
}

static const char *text_of(struct reader *r, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (value && !json_is_string(value))
		error(r, "\"%s\" is not text%s", key, "");
	return json_string_value(value);
}

static void read_start(struct reader *r)
{
	const json_t *start = json_object_get(r->root, "start");
	const char *einit = text_of(r, start, "einit");
	const char *init = text_of(r, start, "init");

	if (!einit == !init) {
		error(r, "\"start\" must have either \"einit\" or \"init\"%s%s", "", "");
		return;
	}
	if (!kx_path_is_inside(einit ? einit : init)) {
		error(r, "\"start\": \"%s\" is outside the image%s", einit ? einit : init, "");
		return;
	}
	if (einit)
		r->image->einit = strdup(einit);
	else
		r->image->init = joined(r->image->folder, init);
}

static void read_policy(struct reader *r)
{
	const char *policy = text_of(r, r->root, "policy");

	if (!policy)
		error(r,
		      "\"policy\" is missing: say \"allow-all\", \"deny-all\" or the module's "
		      "file%s%s",
		      "", "");
	else if (!strcmp(policy, "allow-all") || !strcmp(policy, "deny-all"))
		r->image->policy = strdup(policy);
	else if (!kx_path_is_inside(policy))
		error(r, "\"policy\": \"%s\" is outside the image%s", policy, "");
	else
		r->image->policy = joined(r->image->folder, policy);
}

static void read_classes(struct reader *r)
{
	json_t *classes = json_object_get(r->root, "classes");
	char cause[KX_CLASS_ERROR_MAX];
	struct kx_class *class_table;
	const char *name;
	json_t *definition;

	if (classes && !json_is_object(classes))
		error(r, "\"classes\" is not an object%s%s", "", "");
	json_object_foreach(classes, name, definition)
	{
		class_table = kx_class_from_json(name, definition, cause);
		if (!class_table)
			error(r, "class \"%s\": %s", name, cause);
		else if (kx_registry_add_class(name, class_table) != KX_RC_OK) {
			error(r, "class \"%s\": name too long, or out of memory%s", name, "");
			free(class_table);
		}
	}
}

static void check_content(struct reader *r, const char *path, const char *name,
			  const char *expected)
{
	char sum[SHA256_DIGEST_STRING_LENGTH];

	if (!SHA256File(path, sum))
		error(r, "file \"%s\" cannot be read: %s", name, strerror(errno));
	else if (strcmp(sum, expected))
		error(r,
		      "file \"%s\" was changed after the image was made (its checksum differs): "
		      "make the image again%s",
		      name, "");
}

static void check_file(struct reader *r, const char *name, const json_t *about)
{
	const char *expected = text_of(r, about, "sha256");
	const json_t *size = json_object_get(about, "size");
	char *path = joined(r->image->folder, name);
	struct stat found;

	if (!kx_path_is_inside(name) || !path)
		error(r, "file \"%s\" is outside the image%s", name, "");
	else if (stat(path, &found) < 0)
		error(r, "file \"%s\" is missing: %s", name, strerror(errno));
	else if (json_is_integer(size) && json_integer_value(size) != found.st_size)
		error(r,
		      "file \"%s\" was changed after the image was made (its size differs): "
		      "make the image again%s",
		      name, "");
	else if (expected)
		check_content(r, path, name, expected);
	else
		error(r, "file \"%s\" has no \"sha256\"%s", name, "");
	free(path);
}

static void read_files(struct reader *r)
{
	json_t *files = json_object_get(r->root, "files");
	const char *name;
	json_t *about;

	if (!json_is_object(files))
		error(r, "\"files\" is missing or not an object%s%s", "", "");
	else if (access(r->image->folder, F_OK) != 0)
		error(r,
		      "the image's folder %s cannot be found (%s): an image is a file and a "
		      "folder, copy both together",
		      r->image->folder, strerror(errno));
	else
		json_object_foreach(files, name, about) check_file(r, name, about);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void read_manifest(struct reader *r, const char *path)
{
	const char *name = text_of(r, r->root, "name");
	const char *version = text_of(r, r->root, "version");
	json_t *format = json_object_get(r->root, "kosix-image");

	if (!json_is_integer(format) || json_integer_value(format) != KX_IMAGE_FORMAT) {
		error(r,
		      "not an image of format 1: \"kosix-image\" is missing or another number%s%s",
		      "", "");
		return;
	}
	r->image->name = strdup(name ? name : base_name(path));
	r->image->version = strdup(version ? version : "");
	if (asprintf(&r->image->folder, "%s.d", path) < 0)
		r->image->folder = NULL;
	if (!r->image->folder || !r->image->name || !r->image->version) {
		error(r, "out of memory%s%s", "", "");
		return;
	}
	r->image->programs = joined(r->image->folder, "bin");
	read_start(r);
	read_policy(r);
	read_classes(r);
	read_files(r);
}

/*
 * libjansson 2.14 writes past the end of a text for which it gets no memory while it reads: it
 * gets it, or this is the end. Nothing is started yet.
 */
static void *memory_or_end(size_t size)
{
	void *memory = malloc(size);

	if (memory)
		return memory;
	kx_log("error: out of memory while the image was read");
	exit(KX_EXIT_NOT_STARTED);
}

static void read_image(struct reader *r, const char *path)
{
	json_error_t where;

	json_set_alloc_funcs(memory_or_end, free);
	r->root = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
	json_set_alloc_funcs(malloc, free);
	if (!r->root) {
		kx_diagnose(r->diagnostics, true, where.line > 0 ? (size_t)where.line : 0,
			    where.column > 0 ? (size_t)where.column : 1, "%s", where.text);
		return;
	}
	read_manifest(r, path);
	json_decref(r->root);
}

/* A plain init file: programs beside it, everything allowed. */
static void read_plain(struct reader *r, const char *path)
{
	const char *name = base_name(path);
	size_t folder = name - path > 1 ? (size_t)(name - path - 1) : (size_t)(name - path);

	/* Many projects call it init.yaml, and nobody named this solution. */
	if (asprintf(&r->image->name, "%s-%d", name, (int)getpid()) < 0)
		r->image->name = NULL;
	r->image->version = strdup("");
	r->image->folder = folder ? strndup(path, folder) : strdup(".");
	r->image->programs = folder ? strndup(path, folder) : strdup(".");
	r->image->init = strdup(path);
	r->image->policy = strdup("allow-all");
}

/* A pipe or device is refused: reading it might take for ever. */
static FILE *open_regular(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	FILE *file = NULL;
	struct stat status;
	int error;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &status) != 0)
		error = errno;
	else if (!S_ISREG(status.st_mode))
		error = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
	else if ((file = fdopen(fd, "r")))
		return file;
	else
		error = errno;
	(void)close(fd);
	errno = error;
	return NULL;
}

/* The first character that is not white space, or -1 when the file cannot be read. */
static int first_character(const char *path)
{
	FILE *file = open_regular(path);
	int found;

	if (!file)
		return -1;
	do {
		found = fgetc(file);
	} while (found == ' ' || found == '\t' || found == '\n' || found == '\r');
	if (found == EOF)
		found = ferror(file) ? -1 : '\0';
	(void)fclose(file);
	return found;
}

/* Only copying can have failed where no error was said. */
static bool is_complete(const struct kx_image *image)
{
	return image->name && image->version && image->folder && image->programs && image->policy &&
	       (image->einit || image->init);
}

int kx_image_read(const char *path, struct kx_image *image, struct kx_diagnostics *diagnostics)
{
	struct reader r = {.image = image, .diagnostics = diagnostics};
	int first = first_character(path);

	*image = (struct kx_image){0};
	diagnostics->file = path;
	if (first < 0)
		error(&r, "cannot be read: %s%s", errno == EINVAL ? "not a file" : strerror(errno),
		      "");
	else if (first == '{')
		read_image(&r, path);
	else
		read_plain(&r, path);
	if (!diagnostics->errors && !is_complete(image))
		error(&r, "out of memory%s%s", "", "");
	if (!diagnostics->errors)
		return 0;
	kx_image_clear(image);
	return -1;
}

void kx_image_clear(struct kx_image *image)
{
	free(image->name);
	free(image->version);
	free(image->folder);
	free(image->programs);
	free(image->einit);
	free(image->init);
	free(image->policy);
	*image = (struct kx_image){0};
}
