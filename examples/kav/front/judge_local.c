/* SPDX-License-Identifier: Apache-2.0 */

/* The engine in the front's own process, replaced as a whole at a reload. */

#include <stdio.h>
#include <stdlib.h>

#include "engine/kx_kav_engine.h"
#include "front.h"
#include "wire/kx_kav_wire.h"

struct local {
	struct kx_kav_judge judge;
	struct kx_kav_engine_files files;
	pthread_mutex_t mutex;
	struct kx_kav_engine *engine; /* under the mutex */
};

static struct kx_kav_engine *current(struct local *local)
{
	struct kx_kav_engine *engine;

	(void)pthread_mutex_lock(&local->mutex);
	engine = kx_kav_engine_ref(local->engine);
	(void)pthread_mutex_unlock(&local->mutex);
	return engine;
}

static int state(struct kx_kav_judge *judge, char *why, size_t room)
{
	struct kx_kav_engine *engine = current((struct local *)judge);
	const char *text;
	int code = kx_kav_engine_state(engine, time(NULL), &text);

	(void)snprintf(why, room, "%s", text);
	kx_kav_engine_unref(engine);
	return code;
}

static void scan(struct kx_kav_judge *judge, const struct kx_kav_object *object,
		 struct kx_kav_verdict *verdict)
{
	struct kx_kav_engine *engine = current((struct local *)judge);

	kx_kav_object_scan(object, &engine->bases, verdict);
	kx_kav_engine_unref(engine);
}

static void tell_state(const struct kx_kav_engine *engine)
{
	const char *why;
	int code = kx_kav_engine_state(engine, time(NULL), &why);

	if (code != 0)
		kx_kav_say("every check will fail with code 0x%02x: %s",
			   (unsigned)(code + KX_KAV_CODE_BASE), why);
	else
		kx_kav_say("%zu signatures loaded%s", engine->bases.count,
			   engine->bases.yara ? ", and YARA rules" : "");
}

static void reload(struct kx_kav_judge *judge)
{
	struct local *local = (struct local *)judge;
	struct kx_kav_engine *engine = kx_kav_engine_load(&local->files);
	struct kx_kav_engine *old;

	if (!engine) {
		kx_kav_say("reload failed, the former bases stay: no memory");
		return;
	}
	tell_state(engine);
	(void)pthread_mutex_lock(&local->mutex);
	old = local->engine;
	local->engine = engine;
	(void)pthread_mutex_unlock(&local->mutex);
	kx_kav_engine_unref(old);
}

static void free_local(struct kx_kav_judge *judge)
{
	struct local *local = (struct local *)judge;

	kx_kav_engine_unref(local->engine);
	(void)pthread_mutex_destroy(&local->mutex);
	free(local);
}

struct kx_kav_judge *kx_kav_judge_local(const struct kx_kav_options *options)
{
	struct local *local = calloc(1, sizeof(*local));

	if (!local)
		return NULL;
	local->judge = (struct kx_kav_judge){state, scan, reload, free_local};
	local->files = (struct kx_kav_engine_files){
		.bases = options->bases,
		.key = options->key,
		.program = "/proc/self/exe",
		.anywhere = options->anywhere,
	};
	local->engine = kx_kav_engine_load(&local->files);
	if (!local->engine) {
		free(local);
		return NULL;
	}
	(void)pthread_mutex_init(&local->mutex, NULL);
	tell_state(local->engine);
	return &local->judge;
}
