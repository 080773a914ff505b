/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Creating and starting processes: each function is one kernel call (KX_CALL_TASK_*
 * in abi/kx_calls.h); an Entity is the handle it gave back.
 *
 * The kernel takes the endpoints of a class from the image. They are sent along
 * all the same: an Einit written by hand may start classes the image has not.
 */

#include <coresrv/entity/entity_api.h>
#include <coresrv/task/task_api.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt.h"

struct SKosTask {
	_Atomic uint32_t handle; /* KX_HANDLE_INVALID once closed, see close_ended() */
	char *name;
	/* Under ended_lock: */
	bool ended; /* and somebody waited for it */
	rtl_uint32_t exit_code;
	Entity *next;
};

static pthread_mutex_t ended_lock = PTHREAD_MUTEX_INITIALIZER;
static Entity *ended; /* those with a handle still */

static void note_end(Entity *entity, rtl_uint32_t exit_code)
{
	(void)pthread_mutex_lock(&ended_lock);
	if (!entity->ended) {
		entity->ended = true;
		entity->exit_code = exit_code;
		entity->next = ended;
		ended = entity;
	}
	(void)pthread_mutex_unlock(&ended_lock);
}

/*
 * Hardly any program gives an Entity back (EntityFree), and a process has 4,096 handles:
 * who starts others again and again loses those of the ended ones, when it needs the room
 * and not before, because policy is asked about a close. True: there is room now.
 */
static bool close_ended(void)
{
	bool room = false;

	(void)pthread_mutex_lock(&ended_lock);
	for (; ended; ended = ended->next) {
		uint32_t args[KX_CALL_ARGS] = {atomic_exchange(&ended->handle, KX_HANDLE_INVALID)};

		room |= kx_rt_kcall(KX_CALL_HANDLE_CLOSE, args, NULL, 0, NULL, NULL) == rcOk;
	}
	(void)pthread_mutex_unlock(&ended_lock);
	return room;
}

static Entity self = {.handle = KX_HANDLE_INVALID}; /* EntityGetSelf() */

/* What a process that has ended is not good for any more is an invalid operation. */
static Retcode take_handle(const Entity *entity, uint32_t *handle)
{
	if (!entity)
		return rcInvalidArgument;
	*handle = atomic_load(&entity->handle);
	return *handle == KX_HANDLE_INVALID ? rcInvalidOperation : rcOk;
}

/* Zero-terminated strings one behind the other, as kernel calls take them. */
struct text {
	char *bytes;
	size_t size;
	size_t room;
	bool failed;
};

static void append(struct text *text, const char *word)
{
	size_t n = strlen(word) + 1;

	if (text->size + n > text->room) {
		size_t room = 2 * (text->size + n);
		char *grown = realloc(text->bytes, room);

		if (!grown) {
			text->failed = true;
			return;
		}
		text->bytes = grown;
		text->room = room;
	}
	memcpy(text->bytes + text->size, word, n);
	text->size += n;
}

/* Sends and frees @text. */
static Retcode send_text(uint32_t op, uint32_t args[KX_CALL_ARGS], struct text *text)
{
	uint32_t first = args[0];
	Retcode rc = rcOutOfMemory;

	if (!text->failed)
		rc = kx_rt_kcall(op, args, text->bytes, (uint32_t)text->size, NULL, NULL);
	if (rc == rcQuotaExceeded && op == KX_CALL_TASK_CREATE && close_ended()) {
		args[0] = first;
		rc = kx_rt_kcall(op, args, text->bytes, (uint32_t)text->size, NULL, NULL);
	}
	free(text->bytes);
	return rc;
}

static void append_endpoints(struct text *text, const EntityInfo *info)
{
	char riid[8];
	rtl_uint16_t i;

	for (i = 0; info->endpoints && i < info->max_endpoints; i++) {
		const EndpointInfo *endpoint = &info->endpoints[i];

		if (!endpoint->name || !endpoint->iface_name)
			continue;
		snprintf(riid, sizeof(riid), "%u", (unsigned int)endpoint->riid);
		append(text, endpoint->name);
		append(text, endpoint->iface_name);
		append(text, riid);
	}
}

static Retcode send_strings(uint32_t op, const Entity *entity, const char *const *strings)
{
	struct text text = {0};
	uint32_t args[KX_CALL_ARGS] = {0};
	Retcode rc = strings ? take_handle(entity, &args[0]) : rcInvalidArgument;
	size_t n;

	if (rc != rcOk)
		return rc;
	for (n = 0; strings[n]; n++) {
		if (n == ENTITY_MAX_ARGS) {
			free(text.bytes);
			return rcInvalidArgument;
		}
		append(&text, strings[n]);
	}
	return send_text(op, args, &text);
}

static Entity *make(uint32_t handle, const char *name)
{
	Entity *entity = calloc(1, sizeof(*entity));

	if (entity)
		entity->name = strdup(name);
	if (!entity || !entity->name) {
		free(entity);
		return RTL_NULL;
	}
	atomic_init(&entity->handle, handle);
	return entity;
}

/* Arguments and environment that came inside @info. */
static bool apply_info(Entity *entity, const EntityInfo *info)
{
	if (info->args[0] && EntitySetArgs(entity, (const char **)(size_t)info->args) != rcOk)
		return false;
	return !info->envs[0] || EntitySetEnv(entity, (const char **)(size_t)info->envs) == rcOk;
}

static const char *last_part(const char *class_name)
{
	const char *dot = strrchr(class_name, '.');

	return dot ? dot + 1 : class_name;
}

/* What is left out is filled in here: policy is asked about what will be. */
Entity *EntityInitEx(const EntityInfo *info, const char *name, const char *path)
{
	struct text text = {0};
	uint32_t args[KX_CALL_ARGS] = {0};
	Entity *entity;

	if (!info || !info->eiid)
		return RTL_NULL;
	if (!name || !*name)
		name = info->eiid;
	args[0] = info->flags;
	append(&text, info->eiid);
	append(&text, name);
	append(&text, path && *path ? path : last_part(info->eiid));
	append_endpoints(&text, info);
	if (send_text(KX_CALL_TASK_CREATE, args, &text) != rcOk)
		return RTL_NULL;
	entity = make(args[0], name);
	if (!entity || !apply_info(entity, info))
		return RTL_NULL;
	return entity;
}

Entity *EntityInit(const EntityInfo *info)
{
	return EntityInitEx(info, RTL_NULL, RTL_NULL);
}

Retcode EntitySetArgs(Entity *entity, const char *args[])
{
	return send_strings(KX_CALL_TASK_ARGS, entity, args);
}

Retcode EntitySetEnv(Entity *entity, const char *envs[])
{
	return send_strings(KX_CALL_TASK_ENV, entity, envs);
}

Retcode EntityConnectToService(Entity *client, Entity *server, const char *name)
{
	struct text text = {0};
	uint32_t args[KX_CALL_ARGS] = {0};
	Retcode rc = rcInvalidArgument;

	if (client && server && name && *name)
		rc = take_handle(client, &args[0]);
	if (rc == rcOk)
		rc = take_handle(server, &args[1]);
	if (rc != rcOk)
		return rc;
	append(&text, name);
	return send_text(KX_CALL_TASK_CONNECT, args, &text);
}

Retcode EntityConnect(Entity *client, Entity *server)
{
	return EntityConnectToService(client, server, server ? server->name : RTL_NULL);
}

Retcode EntityRun(Entity *entity)
{
	uint32_t args[KX_CALL_ARGS] = {0};
	Retcode rc = take_handle(entity, &args[0]);

	return rc == rcOk ? kx_rt_kcall(KX_CALL_TASK_RUN, args, NULL, 0, NULL, NULL) : rc;
}

Retcode EntityWait(Entity *entity, rtl_uint32_t timeout, rtl_uint32_t *exitCode)
{
	uint32_t args[KX_CALL_ARGS] = {0, timeout};
	Retcode rc = take_handle(entity, &args[0]);

	if (!entity || entity == &self)
		return rc;
	if (rc == rcOk) {
		rc = kx_rt_kcall(KX_CALL_TASK_WAIT, args, NULL, 0, NULL, NULL);
		if (rc == rcOk)
			note_end(entity, args[0]);
	}
	/* Closed before, or by another thread just now: how it ended is known. */
	if (rc == rcOk || atomic_load(&entity->handle) == KX_HANDLE_INVALID) {
		if (exitCode)
			*exitCode = entity->exit_code;
		return rcOk;
	}
	return rc;
}

Retcode EntityStop(Entity *entity)
{
	uint32_t args[KX_CALL_ARGS] = {0};
	Retcode rc = take_handle(entity, &args[0]);

	if (rc == rcOk)
		rc = kx_rt_kcall(KX_CALL_TASK_STOP, args, NULL, 0, NULL, NULL);
	if (!entity || entity == &self)
		return rc;
	return atomic_load(&entity->handle) == KX_HANDLE_INVALID ? rcOk : rc;
}

Retcode EntityStopAndWait(Entity *entity, rtl_uint32_t timeout, rtl_uint32_t *exitCode)
{
	Retcode rc = EntityStop(entity);

	return rc == rcOk ? EntityWait(entity, timeout, exitCode) : rc;
}

rtl_uint32_t EntityGetId(Entity *entity)
{
	uint32_t args[KX_CALL_ARGS] = {0};

	if (entity == &self)
		return KnTaskGetId();
	if (take_handle(entity, &args[0]) != rcOk ||
	    kx_rt_kcall(KX_CALL_TASK_ID, args, NULL, 0, NULL, NULL) != rcOk)
		return 0;
	return args[0];
}

Handle EntityGetHandle(const Entity *entity)
{
	return entity ? atomic_load(&entity->handle) : INVALID_HANDLE;
}

void EntityFree(Entity *entity)
{
	uint32_t args[KX_CALL_ARGS] = {0};
	Entity **at = &ended;

	if (!entity || entity == &self)
		return;
	(void)pthread_mutex_lock(&ended_lock);
	while (*at && *at != entity)
		at = &(*at)->next;
	if (*at)
		*at = entity->next;
	(void)pthread_mutex_unlock(&ended_lock);
	if (take_handle(entity, &args[0]) == rcOk)
		(void)kx_rt_kcall(KX_CALL_HANDLE_CLOSE, args, NULL, 0, NULL, NULL);
	free(entity->name);
	free(entity);
}

void EntityPut(Entity *entity)
{
	EntityFree(entity);
}

Entity *EntityGetSelf(void)
{
	return kx_rt_attached() ? &self : RTL_NULL;
}
