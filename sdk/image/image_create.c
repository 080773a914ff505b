/* SPDX-License-Identifier: Apache-2.0 */

/* Assembles an image. Read image.h first. */

#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "write.h"

struct stage {
	const struct kx_image_request *request;
	char *folder;  /* NAME.d */
	char *staging; /* NAME.d.new */
	json_t *files;
	json_t *sources; /* image path -> file it came from */
	json_t *read;    /* every input, for the depfile */
	json_t *processes;
	json_t *classes;
};

static char *format(const char *pattern, ...) __attribute__((format(printf, 1, 2)));

static char *format(const char *pattern, ...)
{
	va_list args;
	char *text;

	va_start(args, pattern);
	if (vasprintf(&text, pattern, args) < 0)
		text = NULL;
	va_end(args);
	if (!text) {
		fputs("kosix-image: out of memory\n", stderr);
		exit(1);
	}
	return text;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The same file twice in a list is common and fine; two of one name are not. */
static bool is_known(const struct stage *s, const char *place, const char *from, bool *conflict)
{
	const char *other = json_string_value(json_object_get(s->sources, place));
	struct kx_image_file a, b;

	*conflict = false;
	if (!other)
		return false;
	if (strcmp(other, from) == 0)
		return true;
	*conflict = !kx_image_copy(other, NULL, 0, &a) || !kx_image_copy(from, NULL, 0, &b) ||
		    strcmp(a.sha256, b.sha256) != 0;
	if (*conflict)
		kx_image_error("two different files would both be %s:\n  %s\n  %s", place, other,
			       from);
	return true;
}

static bool put_file(struct stage *s, const char *place, const char *from, unsigned int mode)
{
	struct kx_image_file info;
	bool conflict;
	json_t *entry;
	char *to;
	bool ok;

	if (is_known(s, place, from, &conflict))
		return !conflict;
	to = format("%s/%s", s->staging, place);
	ok = kx_image_copy(from, to, mode, &info);
	free(to);
	if (!ok)
		return false;
	entry = json_pack("{s:I, s:s}", "size", (json_int_t)info.size, "sha256", info.sha256);
	json_object_set_new(s->files, place, entry);
	json_object_set_new(s->sources, place, json_string(from));
	json_array_append_new(s->read, json_string(from));
	return true;
}

static bool put_item(struct stage *s, const char *from)
{
	bool program = kx_image_is_program(from);
	char *place = format("%s/%s", program ? "bin" : "rom", base_name(from));
	bool ok = put_file(s, place, from, program ? 0755 : 0644);

	free(place);
	return ok;
}

static bool put_disk(struct stage *s, const char *from)
{
	char *place = format("disk/%s", base_name(from));
	bool ok = put_file(s, place, from, 0644);

	free(place);
	return ok;
}

static bool make_folders(const struct stage *s)
{
	static const char *const parts[] = {"", "/bin", "/rom", "/disk"};
	size_t i;

	if (!kx_image_remove_tree(s->staging))
		return kx_image_error("cannot clear %s: %s", s->staging, strerror(errno));
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		char *path = format("%s%s", s->staging, parts[i]);
		bool ok = mkdir(path, 0755) == 0;

		if (!ok)
			kx_image_error("cannot make %s: %s", path, strerror(errno));
		free(path);
		if (!ok)
			return false;
	}
	return true;
}

static bool put_content(struct stage *s)
{
	const struct kx_image_request *request = s->request;
	const char **file;
	char *place;
	bool ok = true;

	for (file = request->files; ok && *file; file++)
		ok = put_item(s, *file);
	for (file = request->optional; ok && *file; file++)
		if (access(*file, R_OK) == 0)
			ok = put_item(s, *file);
	for (file = request->disks; ok && *file; file++)
		ok = put_disk(s, *file);
	if (ok && request->einit) {
		place = format("bin/%s", base_name(request->einit));
		ok = put_file(s, place, request->einit, 0755);
		free(place);
	}
	if (ok && request->init_yaml)
		ok = put_file(s, "init.yaml", request->init_yaml, 0644);
	if (ok && strcmp(request->policy, "allow-all") != 0 &&
	    strcmp(request->policy, "deny-all") != 0)
		ok = put_file(s, "security.so", request->policy, 0644);
	return ok;
}

static bool read_processes(struct stage *s)
{
	json_error_t error;
	json_t *root;

	if (!s->request->processes)
		return true;
	root = json_load_file(s->request->processes, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		return kx_image_error("%s:%d:%d: %s", s->request->processes, error.line,
				      error.column, error.text);
	s->processes = json_incref(json_object_get(root, "processes"));
	json_decref(root);
	json_array_append_new(s->read, json_string(s->request->processes));
	if (!json_is_array(s->processes))
		return kx_image_error("%s has no list \"processes\"", s->request->processes);
	return true;
}

/* Says what the image does have: most often a name was spelt differently. */
static void missing_program(const struct stage *s, const char *task, const char *path)
{
	const char *place;
	json_t *entry;
	bool any = false;

	kx_image_error("process %s: program %s is not in the image; add it to IMAGE_FILES of the "
		       "image, or correct 'path' in the init description",
		       task, path);
	fputs("  programs in the image:", stderr);
	json_object_foreach(s->files, place, entry)
	{
		if (strncmp(place, "bin/", 4) != 0)
			continue;
		fprintf(stderr, " %s", place + 4);
		any = true;
	}
	fputs(any ? "\n" : " none\n", stderr);
}

/*
 * The SDK's program of system class @class_name, or NULL. Init descriptions name its file as
 * the SDK they were written for does.
 */
static char *system_program(const struct stage *s, const char *class_name)
{
	const char *list = s->request->system_programs;
	FILE *in = list && class_name ? fopen(list, "r") : NULL;
	char class_here[256];
	char file[256];
	char *path = NULL;

	while (in && !path && fscanf(in, "%255s %255s", class_here, file) == 2)
		if (strcmp(class_here, class_name) == 0)
			path = format("%.*s%s", (int)(base_name(list) - list), list, file);
	if (in)
		(void)fclose(in);
	return path;
}

/* False: no such program in the image, and none of the SDK's for that class. */
static bool find_program(struct stage *s, const json_t *process, const char *place)
{
	char *system;
	bool ok;

	if (json_object_get(s->files, place))
		return true;
	system = system_program(s, json_string_value(json_object_get(process, "class")));
	ok = system && put_file(s, place, system, 0755);
	free(system);
	return ok;
}

static bool check_programs(struct stage *s)
{
	const json_t *process;
	bool ok = true;
	size_t i;

	json_array_foreach(s->processes, i, process)
	{
		const char *task = json_string_value(json_object_get(process, "name"));
		const char *path = json_string_value(json_object_get(process, "path"));
		char *place;

		if (!task || !path)
			return kx_image_error("%s: a process without \"name\" or \"path\"",
					      s->request->processes);
		/* It may become the name of a file of the image. */
		if (strchr(path, '/') || strcmp(path, ".") == 0 || strcmp(path, "..") == 0)
			return kx_image_error("process %s: 'path: %s' in the init description is "
					      "no file name; programs are in one folder: write "
					      "what stands behind the last '/'",
					      task, path);
		place = format("bin/%s", path);
		if (!find_program(s, process, place)) {
			missing_program(s, task, path);
			ok = false;
		}
		free(place);
	}
	return ok;
}

static bool is_started(const struct stage *s, const char *program)
{
	const json_t *process;
	size_t i;

	if (s->request->einit && strcmp(base_name(s->request->einit), program) == 0)
		return true;
	json_array_foreach(s->processes, i, process)
	{
		const char *path = json_string_value(json_object_get(process, "path"));

		if (path && strcmp(path, program) == 0)
			return true;
	}
	return false;
}

/* A program of the project that nothing starts: most often its entry was forgotten. */
static void warn_of_idle_programs(const struct stage *s)
{
	const char *place;
	json_t *source;

	json_object_foreach(s->sources, place, source)
	{
		if (strncmp(place, "bin/", 4) != 0 || is_started(s, place + 4) ||
		    strstr(json_string_value(source), "/sysroot-aarch64-kos/"))
			continue;
		fprintf(stderr,
			"kosix-image: warning: program %s is in the image, but no process of the "
			"init description runs it; unless another program starts it, add an entry "
			"with 'path: %s'\n",
			place + 4, place + 4);
	}
}

static json_t *manifest(const struct stage *s)
{
	const struct kx_image_request *request = s->request;
	const char *policy = request->policy;
	json_t *start = json_object();

	if (request->einit)
		json_object_set_new(start, "einit", json_string(base_name(request->einit)));
	else
		json_object_set_new(start, "init", json_string("init.yaml"));
	if (strcmp(policy, "allow-all") != 0 && strcmp(policy, "deny-all") != 0)
		policy = "security.so";
	return json_pack("{s:i, s:s, s:s, s:o, s:s, s:O, s:O}", "kosix-image", KX_IMAGE_FORMAT,
			 "name", request->name, "version", request->version, "start", start,
			 "policy", policy, "classes", s->classes, "files", s->files);
}

/* The manifest goes last: a NAME without its content never exists. */
static bool publish(const struct stage *s)
{
	char *old = format("%s.old", s->folder);
	char *file = format("%s.new", s->request->output);
	json_t *root = manifest(s);
	bool ok = root && json_dump_file(root, file, JSON_INDENT(1) | JSON_SORT_KEYS) == 0;

	json_decref(root);
	if (!ok)
		kx_image_error("cannot write %s: %s", file, strerror(errno));
	if (ok) {
		ok = kx_image_remove_tree(old) &&
		     (rename(s->folder, old) == 0 || errno == ENOENT) &&
		     rename(s->staging, s->folder) == 0 && rename(file, s->request->output) == 0;
		if (!ok)
			kx_image_error("cannot put %s in place: %s", s->request->output,
				       strerror(errno));
		kx_image_remove_tree(old);
	}
	unlink(file);
	free(file);
	free(old);
	return ok;
}

static void put_make_word(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == ' ' || *text == '#')
			fputc('\\', out);
		if (*text == '$')
			fputc('$', out);
		fputc(*text, out);
	}
}

static bool write_depfile(const struct stage *s)
{
	const struct kx_image_request *request = s->request;
	const json_t *path;
	const char *fault;
	FILE *out;
	size_t i;

	if (!request->depfile)
		return true;
	out = fopen(request->depfile, "w");
	if (!out)
		return kx_image_error("cannot write %s: %s", request->depfile, strerror(errno));
	put_make_word(out, request->depfile_target ? request->depfile_target : request->output);
	fputc(':', out);
	json_array_foreach(s->read, i, path)
	{
		fputs(" \\\n  ", out);
		put_make_word(out, json_string_value(path));
	}
	fputc('\n', out);
	fault = kx_write_fclose(out);
	return !fault || kx_image_error("cannot write %s: %s", request->depfile, fault);
}

bool kx_image_create(const struct kx_image_request *request)
{
	struct stage s = {.request = request};
	bool ok;

	s.folder = format("%s.d", request->output);
	s.staging = format("%s.d.new", request->output);
	s.files = json_object();
	s.sources = json_object();
	s.read = json_array();
	ok = make_folders(&s) && put_content(&s) && read_processes(&s) && check_programs(&s);
	if (ok && s.processes) {
		ok = kx_image_check_policy(request->policy, s.processes);
		warn_of_idle_programs(&s);
	}
	if (ok) {
		s.classes = kx_image_classes(request, s.processes, s.read);
		ok = s.classes != NULL;
	}
	ok = ok && write_depfile(&s) && publish(&s);
	if (!ok)
		kx_image_remove_tree(s.staging);
	json_decref(s.classes);
	json_decref(s.processes);
	json_decref(s.read);
	json_decref(s.sources);
	json_decref(s.files);
	free(s.staging);
	free(s.folder);
	return ok;
}
