/* SPDX-License-Identifier: Apache-2.0 */

/* Processes, as an Einit program makes them: each function is one kernel call. */

#include <coresrv/entity/entity_api.h>
#include <rtl/if_time.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt.h"

struct SKosTask {
	uint32_t handle;
	char name[KX_NAME_MAX];
};

/* Zero-terminated strings one behind the other. */
struct text {
	char *bytes;
	size_t size;
	bool failed;
};

static void add(struct text *text, const char *string)
{
	size_t length = strlen(string) + 1;
	char *bytes = realloc(text->bytes, text->size + length);

	if (!bytes) {
		text->failed = true;
		return;
	}
	memcpy(bytes + text->size, string, length);
	text->bytes = bytes;
	text->size += length;
}

static Retcode send(uint32_t op, uint32_t args[KX_CALL_ARGS], struct text *text)
{
	Retcode rc = rcOutOfMemory;

	if (!text->failed)
		rc = kx_rt_kcall(op, args, text->bytes, (uint32_t)text->size, NULL, NULL);
	free(text->bytes);
	return rc;
}

/* Last part of a class name: the program's file name by default. */
static const char *program_of(const char *class_name)
{
	const char *dot = strrchr(class_name, '.');

	return dot ? dot + 1 : class_name;
}

Entity *EntityInitEx(const EntityInfo *info, const char *name, const char *path)
{
	struct text text = {0};
	uint32_t args[KX_CALL_ARGS] = {0};
	Entity *entity;
	char riid[8];

	if (!info || !info->eiid)
		return RTL_NULL;
	entity = calloc(1, sizeof(*entity));
	if (!entity)
		return RTL_NULL;
	args[0] = info->flags;
	(void)snprintf(entity->name, sizeof(entity->name), "%s", name ? name : info->eiid);
	add(&text, info->eiid);
	add(&text, entity->name);
	add(&text, path ? path : program_of(info->eiid));
	for (unsigned i = 0; info->endpoints && i < info->max_endpoints; i++) {
		(void)snprintf(riid, sizeof(riid), "%u", info->endpoints[i].riid);
		add(&text, info->endpoints[i].name);
		add(&text, info->endpoints[i].iface_name ? info->endpoints[i].iface_name : "");
		add(&text, riid);
	}
	if (send(KX_CALL_TASK_CREATE, args, &text) != rcOk) {
		free(entity);
		return RTL_NULL;
	}
	entity->handle = args[0];
	return entity;
}

Entity *EntityInit(const EntityInfo *info)
{
	return EntityInitEx(info, RTL_NULL, RTL_NULL);
}

static Retcode set_strings(uint32_t op, Entity *entity, const char *strings[])
{
	struct text text = {0};
	uint32_t args[KX_CALL_ARGS] = {0};

	if (!entity || !strings)
		return rcInvalidArgument;
	args[0] = entity->handle;
	for (unsigned i = 0; strings[i]; i++)
		add(&text, strings[i]);
	return send(op, args, &text);
}

Retcode EntitySetArgs(Entity *entity, const char *args[])
{
	return set_strings(KX_CALL_TASK_ARGS, entity, args);
}

Retcode EntitySetEnv(Entity *entity, const char *envs[])
{
	return set_strings(KX_CALL_TASK_ENV, entity, envs);
}

Retcode EntityConnectToService(Entity *client, Entity *server, const char *name)
{
	struct text text = {0};
	uint32_t args[KX_CALL_ARGS] = {0};

	if (!client || !server || !name)
		return rcInvalidArgument;
	args[0] = client->handle;
	args[1] = server->handle;
	add(&text, name);
	return send(KX_CALL_TASK_CONNECT, args, &text);
}

Retcode EntityConnect(Entity *client, Entity *server)
{
	return server ? EntityConnectToService(client, server, server->name) : rcInvalidArgument;
}

static Retcode simple(uint32_t op, Entity *entity, uint32_t argument, uint32_t *result)
{
	uint32_t args[KX_CALL_ARGS] = {0};
	Retcode rc;

	if (!entity)
		return rcInvalidArgument;
	args[0] = entity->handle;
	args[1] = argument;
	rc = kx_rt_kcall(op, args, NULL, 0, NULL, NULL);
	if (rc == rcOk && result)
		*result = args[0];
	return rc;
}

Retcode EntityRun(Entity *entity)
{
	return simple(KX_CALL_TASK_RUN, entity, 0, NULL);
}
