/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Which VFS program serves the files of a task and which its sockets: what the
 * environment says (VFS_FILESYSTEM_BACKEND, VFS_NETWORK_BACKEND = "client:NAME"
 * or "client{...}:NAME", NAME being a channel), else its channel _VFS_CONNECTION_ID,
 * else its first one to a VFS program. Control thread.
 */

#include <stdio.h>
#include <string.h>

#include "channel.h"
#include "class.h"
#include "files_internal.h"
#include "kx_calls.h"
#include "task.h"

#define FILE_BACKEND "VFS_FILESYSTEM_BACKEND"
/* _VFS_CONNECTION_ID of vfs/defs.h. */
#define DEFAULT_CHANNEL "kl.VfsEntity"

bool kx_files_is_vfs(const struct kx_task *server)
{
	const struct kx_class *class_table = server->class_table;

	if (strncmp(server->class_name, "kl.Vfs", 6) == 0)
		return true;
	for (uint32_t i = 0; class_table && i < class_table->endpoint_count; i++) {
		if (strcmp(kx_class_text(class_table, kx_class_endpoints(class_table)[i].interface),
			   KX_FILES_INTERFACE) == 0)
			return true;
	}
	return false;
}

bool kx_files_is_late(const struct kx_task *vfs)
{
	return vfs->asks_env && kx_files_is_vfs(vfs);
}

/* Server of the channel @name of @task; NULL as name: of the first channel to a VFS program. */
static const struct kx_task *server_of(const struct kx_task *task, const char *name)
{
	for (uint32_t i = 0; i < task->channel_top; i++) {
		const struct kx_channel *channel = task->channels[i];

		/* Not one that it made to itself: it would be asked without the policy. */
		if (!channel || channel->client != task || channel->server == task)
			continue;
		if (name ? strcmp(channel->name, name) == 0 : kx_files_is_vfs(channel->server))
			return channel->server;
	}
	return NULL;
}

static void fill(struct kx_files_vfs *vfs, const struct kx_task *server)
{
	const struct kx_task *env;

	vfs->given = true;
	vfs->late = kx_files_is_late(server);
	vfs->number = server->number;
	env = vfs->late ? server_of(server, KX_ENV_CHANNEL) : NULL;
	vfs->env = env ? env->number : 0;
	vfs->sid = server->object.sid;
	(void)snprintf(vfs->class_name, sizeof(vfs->class_name), "%s", server->class_name);
	(void)snprintf(vfs->task_name, sizeof(vfs->task_name), "%s", server->name);
	vfs->class_table = server->class_owned ? NULL : server->class_table;
}

static const char *value_of(const char *entry, const char *name)
{
	size_t length = strlen(name);

	return strncmp(entry, name, length) == 0 && entry[length] == '=' ? entry + length + 1
									 : NULL;
}

const char *kx_files_variable(const struct kx_strings *env, const char *name)
{
	for (size_t i = 0; i < env->count; i++) {
		const char *entry = env->table[i];
		const char *value = value_of(entry[0] == '_' ? entry + 1 : entry, name);

		if (value)
			return value;
	}
	return NULL;
}

static bool is_client(const char *backend)
{
	return strncmp(backend, "client", 6) == 0;
}

/*
 * The VFS program that @task was told of by its Env program; NULL: of none. It could say
 * anything: a server of another kind, or none, would take its files out of the policy.
 */
static const struct kx_task *server_told(const struct kx_task *task, const char *name)
{
	const char *backend = kx_files_variable(&task->told_env, name);
	const char *channel = backend && is_client(backend) ? strrchr(backend, ':') : NULL;
	const struct kx_task *server = channel ? server_of(task, channel + 1) : NULL;

	return server && kx_files_is_vfs(server) ? server : NULL;
}

static void find(const struct kx_task *task, const char *name, struct kx_files_vfs *vfs)
{
	const struct kx_task *server = server_told(task, name);
	const char *backend = kx_files_variable(&task->env, name);
	const char *channel;

	if (!server && backend && !is_client(backend)) {
		/* A file system inside the program; sockets come from VFS programs only. */
		if (!strcmp(name, FILE_BACKEND))
			fill(vfs, task);
		return;
	}
	channel = backend ? strrchr(backend, ':') : NULL;
	if (!server)
		server = server_of(task, channel ? channel + 1 : DEFAULT_CHANNEL);
	if (!server && !channel)
		server = server_of(task, NULL);
	if (server)
		fill(vfs, server);
}

void kx_files_find_vfs(const struct kx_task *task, struct kx_files_client *client)
{
	find(task, FILE_BACKEND, &client->file);
	find(task, "VFS_NETWORK_BACKEND", &client->net);
}
