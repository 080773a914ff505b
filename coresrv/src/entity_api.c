/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Creating and starting processes: each function is one kernel call (KX_CALL_TASK_*
 * in abi/kx_calls.h); an Entity is the handle it gave back.
 *
 * The kernel takes the endpoints of a class from the image. They are sent along
 * all the same: an Einit written by hand may start classes the image has not.
 */

#include <coresrv/entity/entity_api.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt.h"

struct SKosTask {
	uint32_t handle;
	char *name;
};

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
	Retcode rc = rcOutOfMemory;

	if (!text->failed)
		rc = kx_rt_kcall(op, args, text->bytes, (uint32_t)text->size, NULL, NULL);
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
	size_t n;

	if (!entity || !strings)
		return rcInvalidArgument;
	args[0] = entity->handle;
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
	entity->handle = handle;
	return entity;
}

/* Arguments and environment that came inside @info. */
static bool apply_info(Entity *entity, const EntityInfo *info)
{
	if (info->args[0] && EntitySetArgs(entity, (const char **)(size_t)info->args) != rcOk)
		return false;
	return !info->envs[0] || EntitySetEnv(entity, (const char **)(size_t)info->envs) == rcOk;
}

Entity *EntityInitEx(const EntityInfo *info, const char *name, const char *path)
{
	struct text text = {0};
	uint32_t args[KX_CALL_ARGS] = {0};
	Entity *entity;

	if (!info || !info->eiid)
		return RTL_NULL;
	args[0] = info->flags;
	append(&text, info->eiid);
	append(&text, name ? name : "");
	append(&text, path ? path : "");
	append_endpoints(&text, info);
	if (send_text(KX_CALL_TASK_CREATE, args, &text) != rcOk)
		return RTL_NULL;
	entity = make(args[0], name ? name : info->eiid);
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

	if (!client || !server || !name || !*name)
		return rcInvalidArgument;
	args[0] = client->handle;
	args[1] = server->handle;
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

	if (!entity)
		return rcInvalidArgument;
	args[0] = entity->handle;
	return kx_rt_kcall(KX_CALL_TASK_RUN, args, NULL, 0, NULL, NULL);
}

Retcode EntityWait(Entity *entity, rtl_uint32_t timeout, rtl_uint32_t *exitCode)
{
	uint32_t args[KX_CALL_ARGS] = {0};
	Retcode rc;

	if (!entity)
		return rcInvalidArgument;
	args[0] = entity->handle;
	args[1] = timeout;
	rc = kx_rt_kcall(KX_CALL_TASK_WAIT, args, NULL, 0, NULL, NULL);
	if (rc == rcOk && exitCode)
		*exitCode = args[0];
	return rc;
}

Retcode EntityStop(Entity *entity)
{
	uint32_t args[KX_CALL_ARGS] = {0};

	if (!entity)
		return rcInvalidArgument;
	args[0] = entity->handle;
	return kx_rt_kcall(KX_CALL_TASK_STOP, args, NULL, 0, NULL, NULL);
}
