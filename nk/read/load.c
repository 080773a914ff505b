/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Sessions, and how sources get into them: from a path, a text, or a full name
 * looked up in the -I directories. A unit is in the list before it is parsed,
 * so circles of imports end.
 */

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "session.h"

struct kx_nk *kx_nk_new(void)
{
	struct kx_nk *nk = calloc(1, sizeof(*nk));

	if (!nk)
		return NULL;
	kx_pool_init(&nk->pool);
	kx_diag_init(&nk->diag, &nk->pool);
	nk->dirs_end = &nk->dirs;
	nk->units_end = &nk->units;
	return nk;
}

void kx_nk_free(struct kx_nk *nk)
{
	if (!nk)
		return;
	kx_pool_free(&nk->pool);
	free(nk);
}

void kx_nk_add_dir(struct kx_nk *nk, const char *dir)
{
	struct kx_nk_dir *entry = kx_pool_new(&nk->pool, struct kx_nk_dir);

	entry->path = kx_pool_text(&nk->pool, dir, strlen(dir));
	*nk->dirs_end = entry;
	nk->dirs_end = &entry->next;
}

struct kx_nk_unit *kx_nk_units(const struct kx_nk *nk)
{
	return nk->units;
}

struct kx_diag *kx_nk_diag(struct kx_nk *nk)
{
	return &nk->diag;
}

struct kx_pool *kx_nk_pool(struct kx_nk *nk)
{
	return &nk->pool;
}

const char *kx_nk_c_name(struct kx_nk *nk, const char *name)
{
	char *text = kx_pool_text(&nk->pool, name, strlen(name));

	for (char *p = text; *p; p++)
		if (*p == '.')
			*p = '_';
	return text;
}

static bool read_text(struct kx_nk *nk, FILE *file, struct kx_source *source)
{
	char *text = kx_pool_alloc(&nk->pool, KX_NK_MAX_SOURCE / 16 + 1);
	size_t room = KX_NK_MAX_SOURCE / 16;
	size_t len = 0;

	for (;;) {
		size_t got = fread(text + len, 1, room - len, file);

		len += got;
		if (got == 0 || len == KX_NK_MAX_SOURCE)
			break;
		if (len == room) {
			char *bigger = kx_pool_alloc(&nk->pool, 4 * room + 1);

			memcpy(bigger, text, len);
			text = bigger;
			room = 4 * room < KX_NK_MAX_SOURCE ? 4 * room : KX_NK_MAX_SOURCE;
		}
	}
	source->text = text;
	source->len = len;
	text[len] = '\0';
	if (ferror(file)) {
		kx_error(&nk->diag, &(struct kx_loc){.source = source}, "cannot be read: %s",
			 strerror(errno));
		return false;
	}
	if (len == KX_NK_MAX_SOURCE) {
		kx_error(&nk->diag, &(struct kx_loc){.source = source},
			 "is larger than %zu KiB; this is no interface description",
			 KX_NK_MAX_SOURCE / 1024);
		return false;
	}
	return true;
}

static struct kx_nk_unit *add_unit(struct kx_nk *nk, enum kx_nk_kind kind, const char *label)
{
	struct kx_nk_unit *unit = kx_pool_new(&nk->pool, struct kx_nk_unit);

	unit->kind = kind;
	unit->source.name = kx_pool_text(&nk->pool, label, strlen(label));
	unit->source.text = "";
	*nk->units_end = unit;
	nk->units_end = &unit->next;
	return unit;
}

/* Whether the text says its name; what else is wrong with it is in `ok`. */
static bool parse_unit(struct kx_nk *nk, struct kx_nk_unit *unit)
{
	struct kx_nk_parse parse = {.nk = nk, .unit = unit};
	unsigned int errors = nk->diag.errors;

	unit->ok = kx_nk_parse_unit(&parse) && nk->diag.errors == errors;
	unit->bad_syntax = !unit->ok;
	return unit->name != NULL;
}

/* "a.b.C" as "a/b/C.idl". */
static const char *file_of(struct kx_nk *nk, enum kx_nk_kind kind, const char *name)
{
	char *path = kx_pool_format(&nk->pool, "%s.%s", name, kx_nk_kind_name(kind));

	for (size_t i = 0; i < strlen(name); i++)
		if (path[i] == '.')
			path[i] = '/';
	return path;
}

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

/* Reads and parses; NULL if the file cannot even be opened or names nothing. */
static struct kx_nk_unit *load_path(struct kx_nk *nk, enum kx_nk_kind kind, const char *path)
{
	struct kx_nk_unit *unit;
	FILE *file;
	bool read;

	for (unit = nk->units; unit; unit = unit->next)
		if (!unit->is_inline && strcmp(unit->source.name, path) == 0)
			return unit->name ? unit : NULL;
	file = fopen(path, "rb");
	if (!file) {
		kx_error(&nk->diag, NULL, "cannot open '%s': %s", path, strerror(errno));
		return NULL;
	}
	unit = add_unit(nk, kind, path);
	read = read_text(nk, file, &unit->source);
	fclose(file);
	if (!read || !parse_unit(nk, unit))
		return NULL;
	return unit;
}

/* Whether @path ends in the file @wanted. */
static bool path_fits(const char *path, const char *wanted)
{
	size_t have = strlen(path);
	size_t want = strlen(wanted);

	return have >= want && strcmp(path + have - want, wanted) == 0 &&
	       (have == want || path[have - want - 1] == '/');
}

/* The name written in a file decides; a wrong directory may be the build's business. */
static void check_file_name(struct kx_nk *nk, struct kx_nk_unit *unit)
{
	const char *wanted = file_of(nk, unit->kind, unit->name);
	const char *base = strrchr(wanted, '/');

	if (!path_fits(unit->source.name, base ? base + 1 : wanted)) {
		kx_error(&nk->diag, &unit->name_loc,
			 "'%s' must be in a file called '%s'; rename the file or the %s",
			 unit->name, base ? base + 1 : wanted,
			 unit->kind == KX_NK_IDL ? "package" : "class");
		unit->ok = false;
	}
}

static bool kind_of(const char *path, enum kx_nk_kind *kind)
{
	const char *dot = strrchr(path, '.');

	for (int k = KX_NK_IDL; k <= KX_NK_EDL; k++) {
		if (dot && strcmp(dot + 1, kx_nk_kind_name((enum kx_nk_kind)k)) == 0) {
			*kind = (enum kx_nk_kind)k;
			return true;
		}
	}
	return false;
}

struct kx_nk_unit *kx_nk_load_file(struct kx_nk *nk, const char *path)
{
	struct kx_nk_unit *unit;
	enum kx_nk_kind kind;

	if (!kind_of(path, &kind)) {
		kx_error(&nk->diag, NULL, "'%s' is not a .idl, .cdl or .edl file", path);
		return NULL;
	}
	if (!is_file(path) && errno != ENOENT && errno != ENOTDIR) {
		kx_error(&nk->diag, NULL, "'%s' is not a file", path);
		return NULL;
	}
	unit = load_path(nk, kind, path);
	if (!unit)
		return NULL;
	check_file_name(nk, unit);
	kx_nk_check(nk, unit);
	return unit;
}

struct kx_nk_unit *kx_nk_load_text(struct kx_nk *nk, enum kx_nk_kind kind, const char *label,
				   const char *text, size_t len)
{
	struct kx_nk_unit *unit = add_unit(nk, kind, label);

	unit->is_inline = true;
	if (len >= KX_NK_MAX_SOURCE) {
		kx_error(&nk->diag, &(struct kx_loc){.source = &unit->source},
			 "is larger than %zu KiB; this is no interface description",
			 KX_NK_MAX_SOURCE / 1024);
		return NULL;
	}
	unit->source.text = kx_pool_text(&nk->pool, text, len);
	unit->source.len = len;
	if (!parse_unit(nk, unit))
		return NULL;
	kx_nk_check(nk, unit);
	return unit;
}

/* Files of @kind in @dir's folder of the package: perhaps one of them was meant. */
static void guess_files(struct kx_nk *nk, struct kx_guess *guess, enum kx_nk_kind kind,
			const char *dir, const char *package, size_t length)
{
	const char *suffix = kx_nk_kind_name(kind);
	char *folder = kx_pool_text(&nk->pool, package, length);
	DIR *entries;

	for (char *at = folder; *at; at++)
		*at = *at == '.' ? '/' : *at;
	entries = opendir(kx_pool_format(&nk->pool, "%s/%s", dir, folder));
	for (const struct dirent *entry; entries && (entry = readdir(entries));) {
		const char *dot = strrchr(entry->d_name, '.');

		if (dot && strcmp(dot + 1, suffix) == 0)
			kx_guess_add(guess,
				     kx_pool_format(&nk->pool, "%.*s%s%.*s", (int)length, package,
						    length ? "." : "", (int)(dot - entry->d_name),
						    entry->d_name));
	}
	if (entries)
		(void)closedir(entries);
}

/* What to do about a file that no -I directory has. A build may know it, and not find it either. */
static void advise_missing(struct kx_nk *nk, enum kx_nk_kind kind, const char *name,
			   const char *file, size_t package)
{
	const char *suffix = kx_nk_kind_name(kind);
	const char *from = NULL;
	char path[PATH_MAX];

	for (struct kx_nk_dir *d = nk->dirs; d && !from; d = d->next)
		from = kx_copied_from(kx_pool_format(&nk->pool, "%s/%s", d->path, file), path);
	if (from && !is_file(from))
		kx_note(&nk->diag, NULL,
			"CMake was told to take it from '%s', which does not exist: correct the "
			"path",
			from);
	else if (nk->dirs)
		kx_note(&nk->diag, NULL,
			"with CMake, name the file in nk_build_%s_files or add_nk_%s%s%.*s", suffix,
			suffix, package ? ", NK_MODULE " : "", (int)package, name);
}

static void report_missing(struct kx_nk *nk, enum kx_nk_kind kind, const char *name,
			   const char *file, const struct kx_loc *loc)
{
	static const char *const whats[] = {"interface or package", "component", "task class"};
	const char *last = strrchr(name, '.');
	size_t package = last ? (size_t)(last - name) : 0;
	struct kx_guess guess;

	kx_guess_init(&guess, name);
	for (struct kx_nk_unit *u = nk->units; u; u = u->next)
		if (u->kind == kind && u->name)
			kx_guess_add(&guess, u->name);
	for (struct kx_nk_dir *d = nk->dirs; d; d = d->next)
		guess_files(nk, &guess, kind, d->path, name, package);
	kx_error(&nk->diag, loc, "%s '%s' not found: no '%s' in %s%s", whats[kind], name, file,
		 nk->dirs ? "the -I directories" : "the current directory (no -I given)",
		 kx_guess_text(&guess, &nk->pool));
	for (struct kx_nk_dir *d = nk->dirs; d && !nk->dirs_told; d = d->next)
		kx_note(&nk->diag, NULL, "searched '%s'", d->path);
	nk->dirs_told = true;
	advise_missing(nk, kind, name, file, package);
}

static const char *search(struct kx_nk *nk, const char *file)
{
	for (struct kx_nk_dir *d = nk->dirs; d; d = d->next) {
		const char *path = kx_pool_format(&nk->pool, "%s/%s", d->path, file);

		if (is_file(path))
			return path;
	}
	return !nk->dirs && is_file(file) ? file : NULL;
}

struct kx_nk_unit *kx_nk_find(struct kx_nk *nk, enum kx_nk_kind kind, const char *name,
			      const struct kx_loc *loc)
{
	struct kx_nk_unit *unit;
	const char *file, *path;

	for (unit = nk->units; unit; unit = unit->next)
		if (unit->kind == kind && unit->name && strcmp(unit->name, name) == 0)
			return unit;
	file = file_of(nk, kind, name);
	path = search(nk, file);
	if (!path) {
		report_missing(nk, kind, name, file, loc);
		return NULL;
	}
	unit = load_path(nk, kind, path);
	if (!unit)
		return NULL;
	if (strcmp(unit->name, name) != 0) {
		kx_error(&nk->diag, &unit->name_loc,
			 "file was found as '%s' but says '%s'; both must agree", name, unit->name);
		unit->ok = false;
	}
	kx_nk_check(nk, unit);
	return unit;
}
