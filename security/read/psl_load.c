/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Sessions, and how policy texts get into them: the file given, the files it
 * uses (once each), the classes they name. Bindings are collected used files
 * first, in textual order; that order only matters for state.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "psl.h"
#include "psl_ginger.h"
#include "psl_session.h"

#define MAX_SOURCE ((size_t)64 * 1024 * 1024)
#define NAME_TABLE 4096u

struct kx_psl_names {
	struct name {
		struct name *next;
		const char *text;
	} * buckets[NAME_TABLE];
};

/* Granted to everybody: what the SDK's nonsecurity.psl means. */
static const char nonsecurity[] =
	"use nk.base._\nexecute { grant () }\nrequest { grant () }\nresponse { grant () }\n"
	"error { grant () }\nsecurity { grant () }\n";

static const struct {
	const char *name;
	unsigned int libraries;
} libraries[] = {
	{"nk.base", KX_PSL_LIB_BASE},
	{"nk.basic", KX_PSL_LIB_BASE | KX_PSL_LIB_BASIC},
	{"nk.pred", KX_PSL_LIB_BASE | KX_PSL_LIB_BASIC},
	{"nk.bool", KX_PSL_LIB_BASE | KX_PSL_LIB_BASIC},
	{"nk.math", KX_PSL_LIB_BASE | KX_PSL_LIB_BASIC},
	{"nk.struct", KX_PSL_LIB_BASE | KX_PSL_LIB_BASIC},
	{"nk.regex", KX_PSL_LIB_REGEX},
	{"nk.hashmap", KX_PSL_LIB_HASHSET},
	{"nk.hashset", KX_PSL_LIB_HASHSET},
	{"nk.staticmap", KX_PSL_LIB_STATICMAP},
	{"nk.flow", KX_PSL_LIB_FLOW},
	{"nk.mic", KX_PSL_LIB_MIC},
};

struct kx_psl *kx_psl_new(void)
{
	struct kx_psl *psl = calloc(1, sizeof(*psl));

	if (!psl)
		return NULL;
	psl->nk = kx_nk_new();
	psl->names = calloc(1, sizeof(*psl->names));
	if (!psl->nk || !psl->names) {
		kx_psl_free(psl);
		return NULL;
	}
	psl->pool = kx_nk_pool(psl->nk);
	psl->diag = kx_nk_diag(psl->nk);
	psl->dirs_end = &psl->dirs;
	psl->files_end = &psl->files;
	psl->objects_end = &psl->objects;
	psl->profiles_end = &psl->profiles;
	psl->asserts_end = &psl->asserts;
	psl->core = -1;
	return psl;
}

void kx_psl_free(struct kx_psl *psl)
{
	if (!psl)
		return;
	kx_nk_free(psl->nk);
	free(psl->names);
	free(psl);
}

struct kx_diag *kx_psl_diag(struct kx_psl *psl)
{
	return psl->diag;
}

uint32_t kx_psl_hash(uint32_t begun, const char *text)
{
	for (; *text; text++)
		begun = (begun ^ (unsigned char)*text) * 16777619u;
	return begun;
}

const char *kx_psl_intern(struct kx_psl *psl, const char *text)
{
	struct name **bucket = &psl->names->buckets[kx_psl_hash(KX_PSL_HASH, text) % NAME_TABLE];
	struct name *name;

	for (name = *bucket; name; name = name->next)
		if (strcmp(name->text, text) == 0)
			return name->text;
	name = kx_pool_new(psl->pool, struct name);
	name->text = kx_pool_text(psl->pool, text, strlen(text));
	name->next = *bucket;
	*bucket = name;
	return name->text;
}

void kx_psl_add_dir(struct kx_psl *psl, const char *dir)
{
	struct kx_psl_dir *entry = kx_pool_new(psl->pool, struct kx_psl_dir);

	entry->path = kx_pool_text(psl->pool, dir, strlen(dir));
	*psl->dirs_end = entry;
	psl->dirs_end = &entry->next;
	kx_nk_add_dir(psl->nk, dir);
}

static size_t name_length(const char *definition)
{
	return strcspn(definition, "=");
}

void kx_psl_define(struct kx_psl *psl, const char *definition)
{
	struct kx_psl_define *define = kx_pool_new(psl->pool, struct kx_psl_define);
	const char *equal = strchr(definition, '=');
	size_t len = name_length(definition);

	define->name = kx_pool_text(psl->pool, definition, len);
	define->value = equal ? kx_pool_text(psl->pool, equal + 1, strlen(equal + 1)) : "1";
	define->next = psl->defines;
	psl->defines = define;
	psl->preprocess = true;
}

void kx_psl_define_default(struct kx_psl *psl, const char *definition)
{
	size_t len = name_length(definition);

	for (const struct kx_psl_define *d = psl->defines; d; d = d->next)
		if (strncmp(d->name, definition, len) == 0 && d->name[len] == '\0')
			return;
	kx_psl_define(psl, definition);
}

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

/* Path of "a.b.C" with @suffix in the first directory that has it, or NULL. */
static const char *find_path(struct kx_psl *psl, const char *name, const char *suffix)
{
	for (const struct kx_psl_dir *dir = psl->dirs; dir; dir = dir->next) {
		char *path = kx_pool_format(psl->pool, "%s/%s", dir->path, name);
		const char *full;

		for (char *p = path + strlen(dir->path); *p; p++)
			if (*p == '.')
				*p = '/';
		full = kx_pool_format(psl->pool, "%s.%s", path, suffix);
		if (is_file(full))
			return full;
	}
	return NULL;
}

static bool read_file(struct kx_psl *psl, const char *path, const struct kx_loc *loc,
		      struct kx_source *source)
{
	FILE *file = fopen(path, "rb");
	size_t room = 65536;
	char *text = kx_pool_alloc(psl->pool, room + 1);
	bool failed;

	if (!file) {
		kx_error(psl->diag, loc, "cannot open '%s': %s", path, strerror(errno));
		return false;
	}
	for (;;) {
		source->len += fread(text + source->len, 1, room - source->len, file);
		if (source->len < room || room >= MAX_SOURCE)
			break;
		char *bigger = kx_pool_alloc(psl->pool, 4 * room + 1);

		memcpy(bigger, text, room);
		text = bigger;
		room *= 4;
	}
	text[source->len] = '\0';
	source->text = text;
	failed = ferror(file) != 0;
	if (failed)
		kx_error(psl->diag, loc, "cannot read '%s': %s", path, strerror(errno));
	(void)fclose(file);
	return !failed;
}

static struct kx_psl_file *add_file(struct kx_psl *psl, const char *name, const char *path)
{
	struct kx_psl_file *file = kx_pool_new(psl->pool, struct kx_psl_file);

	file->name = name;
	file->path = kx_pool_text(psl->pool, path, strlen(path));
	file->source.name = file->path;
	file->source.text = "";
	*psl->files_end = file;
	psl->files_end = &file->next;
	return file;
}

static void dump(struct kx_psl *psl, const struct kx_source *source)
{
	const char *slash = strrchr(source->name, '/');
	const char *path =
		kx_pool_format(psl->pool, "%s/%s", psl->dump_dir, slash ? slash + 1 : source->name);
	FILE *out = fopen(path, "wb");
	bool written = out && fwrite(source->text, 1, source->len, out) == source->len;

	if (out && fclose(out) != 0)
		written = false;
	if (!written)
		kx_error(psl->diag, NULL, "cannot write '%s': %s", path, strerror(errno));
}

static void parse(struct kx_psl *psl, struct kx_psl_file *file)
{
	struct kx_psl_parse run = {
		.pool = psl->pool,
		.diag = psl->diag,
		.file = file,
		.uses_end = &file->uses,
		.bindings_end = &file->bindings,
		.objects_end = &file->objects,
		.profiles_end = &file->profiles,
		.asserts_end = &file->asserts,
	};

	if (psl->preprocess && !kx_psl_ginger(psl, &file->source))
		return;
	if (psl->preprocess && psl->dump_dir)
		dump(psl, &file->source);
	(void)kx_psl_parse_file(&run);
}

static bool use_library(struct kx_psl *psl, const struct kx_psl_use *use)
{
	struct kx_guess guess;

	if (strncmp(use->name.text, "nk.", 3) != 0)
		return false;
	kx_guess_init(&guess, use->name.text);
	for (size_t i = 0; i < sizeof(libraries) / sizeof(*libraries); i++) {
		if (strcmp(use->name.text, libraries[i].name) == 0) {
			psl->libraries |= libraries[i].libraries;
			return true;
		}
		kx_guess_add(&guess, libraries[i].name);
	}
	if (strcmp(use->name.text, "nk.rbac") == 0)
		kx_error(psl->diag, &use->name.loc,
			 "the model Rbac left KasperskyOS after version 0.0 and is not offered");
	else
		kx_error(psl->diag, &use->name.loc, "there is no model library '%s'%s",
			 use->name.text, kx_guess_text(&guess, psl->pool));
	return true;
}

static void add_class(struct kx_psl *psl, const struct kx_psl_word *name,
		      const struct kx_psl_word *as)
{
	struct kx_nk_unit *unit;

	for (uint32_t i = 0; i < psl->class_count; i++)
		if (strcmp(psl->classes[i].name, as->text) == 0) {
			if (psl->classes[i].unit && psl->classes[i].unit->name &&
			    strcmp(psl->classes[i].unit->name, name->text) != 0)
				kx_error(psl->diag, &as->loc,
					 "class '%s' is declared already, with EDL '%s'", as->text,
					 psl->classes[i].unit->name);
			return;
		}
	unit = kx_nk_find(psl->nk, KX_NK_EDL, name->text, &name->loc);
	if (psl->class_count == psl->class_room) {
		struct kx_psl_class *bigger;

		psl->class_room = psl->class_room ? 2 * psl->class_room : 32;
		bigger = kx_pool_alloc(psl->pool, psl->class_room * sizeof(*bigger));
		if (psl->classes)
			memcpy(bigger, psl->classes, psl->class_count * sizeof(*bigger));
		psl->classes = bigger;
	}
	psl->classes[psl->class_count++] = (struct kx_psl_class){
		.name = kx_psl_intern(psl, as->text), .unit = unit, .loc = as->loc};
}

static void collect(struct kx_psl *psl, struct kx_psl_file *file);

static struct kx_psl_file *load(struct kx_psl *psl, const char *name, const char *path,
				const char *text, const struct kx_loc *loc)
{
	struct kx_psl_file *file;

	for (file = psl->files; file; file = file->next)
		if (strcmp(file->path, path) == 0)
			return file;
	file = add_file(psl, name, path);
	if (text) {
		file->source.text = text;
		file->source.len = strlen(text);
	} else if (!read_file(psl, path, loc, &file->source)) {
		return file;
	}
	parse(psl, file);
	return file;
}

/* Often the build makes the policy of a template. */
static void say_missing(struct kx_psl *psl, const struct kx_psl_use *use)
{
	const char *template = find_path(psl, use->name.text, "psl.in");

	if (template)
		kx_error(psl->diag, &use->name.loc,
			 "there is no policy file for '%s' in any -I directory, only its template "
			 "'%s'; name the directory where the build puts what it makes of it",
			 use->name.text, template);
	else
		kx_error(psl->diag, &use->name.loc,
			 "there is no policy file for '%s' in any -I directory; 'use a.b._' reads "
			 "a/b.psl",
			 use->name.text);
}

static void use_policy(struct kx_psl *psl, const struct kx_psl_use *use)
{
	const char *path;

	if (use_library(psl, use))
		return;
	path = find_path(psl, use->name.text, "psl");
	if (path) {
		collect(psl, load(psl, use->name.text, path, NULL, &use->name.loc));
		return;
	}
	if (strcmp(use->name.text, "nonsecurity") == 0) {
		collect(psl, load(psl, use->name.text, "<nonsecurity>", nonsecurity, NULL));
		return;
	}
	if (find_path(psl, use->name.text, "edl")) {
		kx_warning(psl->diag, &use->name.loc,
			   "there is no policy file '%s.psl', only the EDL; read as 'use EDL %s'",
			   use->name.text, use->name.text);
		add_class(psl, &use->name, &use->name);
		return;
	}
	say_missing(psl, use);
}

static void add_binding(struct kx_psl *psl, struct kx_psl_binding *binding)
{
	if (psl->binding_count == psl->binding_room) {
		struct kx_psl_binding **bigger;

		psl->binding_room = psl->binding_room ? 2 * psl->binding_room : 64;
		bigger = kx_pool_alloc(psl->pool,
				       psl->binding_room * sizeof(struct kx_psl_binding *));
		if (psl->bindings)
			memcpy(bigger, psl->bindings,
			       psl->binding_count * sizeof(struct kx_psl_binding *));
		psl->bindings = bigger;
	}
	psl->bindings[psl->binding_count++] = binding;
}

static void set_audit_default(struct kx_psl *psl, const struct kx_psl_file *file)
{
	if (!file->audit_default.text)
		return;
	if (psl->audit_default.text) {
		kx_error(psl->diag, &file->audit_default.loc, "'audit default' is given twice");
		kx_note(psl->diag, &psl->audit_default.loc, "here for the first time");
	}
	psl->audit_default = file->audit_default;
	psl->audit_level = file->audit_level;
}

/* What @file says, behind what the files it uses say. */
static void collect(struct kx_psl *psl, struct kx_psl_file *file)
{
	if (file->collected)
		return;
	file->collected = true;
	for (const struct kx_psl_use *use = file->uses; use; use = use->next) {
		if (use->edl)
			add_class(psl, &use->name, &use->as);
		else
			use_policy(psl, use);
	}
	for (struct kx_psl_binding *b = file->bindings; b; b = b->next)
		add_binding(psl, b);
	*psl->objects_end = file->objects;
	while (*psl->objects_end)
		psl->objects_end = &(*psl->objects_end)->next;
	*psl->profiles_end = file->profiles;
	while (*psl->profiles_end)
		psl->profiles_end = &(*psl->profiles_end)->next;
	*psl->asserts_end = file->asserts;
	while (*psl->asserts_end)
		psl->asserts_end = &(*psl->asserts_end)->next;
	set_audit_default(psl, file);
	if (file->execute_interface.text)
		psl->execute_interface = file->execute_interface;
}

bool kx_psl_load_text(struct kx_psl *psl, const char *path, const char *text)
{
	const char *slash = strrchr(path, '/');
	unsigned int errors = psl->diag->errors;
	struct kx_psl_file *file;

	kx_psl_add_dir(psl, slash ? kx_pool_text(psl->pool, path, (size_t)(slash - path)) : ".");
	file = load(psl, NULL, path, text, NULL);
	/* What people wrote is what messages and rules name. */
	if (psl->source)
		file->source.name = psl->source;
	collect(psl, file);
	return psl->diag->errors == errors;
}

bool kx_psl_expand(struct kx_psl *psl, const char *path, FILE *out)
{
	struct kx_psl_file *file = add_file(psl, path, path);

	return read_file(psl, path, NULL, &file->source) && kx_psl_ginger(psl, &file->source) &&
	       fwrite(file->source.text, 1, file->source.len, out) == file->source.len;
}

bool kx_psl_load(struct kx_psl *psl, const char *path)
{
	return kx_psl_load_text(psl, path, NULL);
}
