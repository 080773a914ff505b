/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Loading an engine. When several things are wrong the gravest is the state: the program, then
 * damaged bases, then missing bases, then the key (the order in which clients look at the bits).
 */

#include "kx_kav_engine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kx_kav_files.h"
#include "kx_kav_key.h"
#include "kx_kav_yara.h"
#include "wire/kx_kav_wire.h"

#define YARA_FILES_MAX 64

/* What is being loaded; the first reason of the gravest state is kept. */
struct load {
	const struct kx_kav_engine_files *files;
	struct kx_kav_engine *engine;
	unsigned grave; /* of the state so far */
	bool checked_self;
	size_t yara_count;
	char *yara_files[YARA_FILES_MAX];
};

static unsigned gravity(int state)
{
	switch (state) {
	case KX_KAV_DAEMON_DAMAGED:
		return 4;
	case KX_KAV_BAD_BASES | KX_KAV_NOT_COMPLETE:
		return 3;
	case KX_KAV_NO_BASES | KX_KAV_NOT_COMPLETE:
		return 2;
	default:
		return state != 0;
	}
}

static void note(struct load *load, int state, const char *what, const char *why)
{
	if (gravity(state) <= load->grave)
		return;
	load->grave = gravity(state);
	load->engine->state = state;
	if (snprintf(load->engine->why, sizeof(load->engine->why), "%s: %s", what, why) < 0)
		load->engine->why[0] = '\0'; /* cut is fine: the beginning says most */
}

/* The file @name of the bases, with its sum compared. NULL is noted; free() the text. */
static char *read_verified(struct load *load, const char *name, const char *sum, size_t *len)
{
	char path[KX_KAV_PATH_MAX];
	char found[KX_KAV_SUM_MAX];
	char *text = NULL;

	if (!kx_kav_file_join(path, load->files->bases, name)) {
		note(load, KX_KAV_BAD_BASES | KX_KAV_NOT_COMPLETE, name, "not a file name");
		return NULL;
	}
	text = kx_kav_file_read(path, len);
	if (!text) {
		note(load, KX_KAV_BAD_BASES | KX_KAV_NOT_COMPLETE, path, strerrordesc_np(errno));
		return NULL;
	}
	kx_kav_sum_bytes(text, *len, found);
	if (strcmp(found, sum) == 0)
		return text;
	note(load, KX_KAV_BAD_BASES | KX_KAV_NOT_COMPLETE, path,
	     "its checksum is not the one in " KX_KAV_MANIFEST);
	free(text);
	return NULL;
}

static void add_yara(struct load *load, const char *name)
{
	char path[KX_KAV_PATH_MAX];

	if (load->yara_count == YARA_FILES_MAX || !kx_kav_file_join(path, load->files->bases, name))
		return;
	load->yara_files[load->yara_count] = strdup(path);
	load->yara_count += load->yara_files[load->yara_count] != NULL;
}

static void add_base(struct load *load, const char *name, const char *sum)
{
	char why[KX_KAV_WHY_MAX];
	size_t len = 0;
	char *text = read_verified(load, name, sum, &len);

	if (!text)
		return;
	if (kx_kav_ends_in(name, ".yar"))
		add_yara(load, name);
	else if (!kx_kav_bases_add(&load->engine->bases, name, text, len, why))
		note(load, KX_KAV_BAD_BASES | KX_KAV_NOT_COMPLETE, load->files->bases, why);
	free(text);
}

static void check_self(struct load *load, const char *sum)
{
	char found[KX_KAV_SUM_MAX];

	if (!load->files->program)
		return;
	load->checked_self = true;
	if (!kx_kav_sum_file(load->files->program, found))
		note(load, KX_KAV_DAEMON_DAMAGED, load->files->program, strerrordesc_np(errno));
	else if (strcmp(found, sum) != 0)
		note(load, KX_KAV_DAEMON_DAMAGED, load->files->program,
		     "the program's checksum is not the one in " KX_KAV_MANIFEST);
}

/* One line of MANIFEST; false if it is not one. */
static bool load_line(struct load *load, char *line)
{
	char *rest = NULL;
	char *sum = strtok_r(line, " \t\r", &rest);
	char *name = sum ? strtok_r(NULL, " \t\r", &rest) : NULL;

	if (!sum || sum[0] == '#')
		return true;
	if (!name || strlen(sum) != KX_KAV_SUM_MAX - 1)
		return false;
	name += name[0] == '*'; /* sha256sum's mark for binary files */
	if (strcmp(name, KX_KAV_MANIFEST_SELF) == 0)
		check_self(load, sum);
	else
		add_base(load, name, sum);
	return true;
}

static void load_manifest(struct load *load, char *text)
{
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (!load_line(load, line))
			note(load, KX_KAV_BAD_BASES | KX_KAV_NOT_COMPLETE, KX_KAV_MANIFEST,
			     "a line is not \"SHA-256 NAME\"");
	if (!load->checked_self)
		note(load, KX_KAV_DAEMON_DAMAGED, KX_KAV_MANIFEST,
		     "no checksum of the program (a line named " KX_KAV_MANIFEST_SELF ")");
}

static void load_yara(struct load *load)
{
	char why[KX_KAV_WHY_MAX];

	if (load->yara_count == 0)
		return;
	if (!kx_kav_yara_load(&load->engine->bases.yara, (const char *const *)load->yara_files,
			      load->yara_count, why))
		note(load, KX_KAV_BAD_BASES | KX_KAV_NOT_COMPLETE, load->files->bases, why);
	for (size_t i = 0; i < load->yara_count; i++)
		free(load->yara_files[i]);
}

static void load_bases(struct load *load)
{
	const char *folder = load->files->bases;
	char path[KX_KAV_PATH_MAX];
	size_t len = 0;
	char *text = NULL;

	if (kx_kav_file_join(path, folder, KX_KAV_MANIFEST))
		text = kx_kav_file_read(path, &len);
	if (!text && kx_kav_folder_has(folder, ".sig", ".yar")) {
		note(load, KX_KAV_BAD_BASES | KX_KAV_NOT_COMPLETE, folder,
		     "signatures without a readable " KX_KAV_MANIFEST);
		return;
	}
	if (text)
		load_manifest(load, text);
	free(text);
	load_yara(load);
	if (load->engine->bases.count == 0 && !load->engine->bases.yara)
		note(load, KX_KAV_NO_BASES | KX_KAV_NOT_COMPLETE, folder, "no signatures");
}

static void load_key(struct load *load)
{
	const char *why = NULL;
	size_t len = 0;
	char *text = kx_kav_file_read(load->files->key, &len);

	if (!text)
		note(load, KX_KAV_NO_KEY | KX_KAV_NOT_COMPLETE, load->files->key,
		     strerrordesc_np(errno));
	else if (!kx_kav_key_read(text, len, &load->engine->expires, &why))
		note(load, KX_KAV_NO_KEY | KX_KAV_NOT_COMPLETE, load->files->key, why);
	free(text);
}

struct kx_kav_engine *kx_kav_engine_load(const struct kx_kav_engine_files *files)
{
	struct load load = {.files = files};

	load.engine = calloc(1, sizeof(*load.engine));
	if (!load.engine)
		return NULL;
	atomic_init(&load.engine->refs, 1);
	load.engine->bases.anywhere = files->anywhere;
	load.checked_self = !files->program;
	load_bases(&load);
	load_key(&load);
	return load.engine;
}

struct kx_kav_engine *kx_kav_engine_ref(struct kx_kav_engine *engine)
{
	atomic_fetch_add(&engine->refs, 1);
	return engine;
}

void kx_kav_engine_unref(struct kx_kav_engine *engine)
{
	if (atomic_fetch_sub(&engine->refs, 1) != 1)
		return;
	kx_kav_yara_free(engine->bases.yara);
	kx_kav_bases_free(&engine->bases);
	free(engine);
}

int kx_kav_engine_state(const struct kx_kav_engine *engine, time_t now, const char **why)
{
	*why = engine->why;
	if (engine->state != 0 || now < engine->expires)
		return engine->state;
	*why = "the key has expired";
	return KX_KAV_NO_KEY | KX_KAV_NOT_COMPLETE;
}
