/* SPDX-License-Identifier: Apache-2.0 */

/*
 * env/env.h: a list of processes, each with its strings as they travel ("one\0two\0"),
 * served over kl.Env. Registration ends before serving begins; one thread.
 */

#include <env/env.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <kl/Env.cdl.h>

#define PROCESSES_MAX 64u
#define NAME_BYTES    (kl_Env_Read_req_name_size)
#define PART_BYTES    (kl_Env_Read_res_envs_size)

struct part {
	char bytes[PART_BYTES];
	nk_uint32_t size;
};

static struct process {
	char name[NAME_BYTES];
	struct part args;
	struct part envs;
} processes[PROCESSES_MAX];

static unsigned count;

static struct process *find(const char *name)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(processes[i].name, name) == 0)
			return &processes[i];
	return NULL;
}

static struct process *find_or_add(const char *name)
{
	struct process *process = find(name);

	if (process)
		return process;
	if (count == PROCESSES_MAX || strlen(name) >= NAME_BYTES) {
		(void)fprintf(stderr, "env: %s is left out: %s\n", name,
			      count == PROCESSES_MAX ? "too many processes" : "too long a name");
		return NULL;
	}
	process = &processes[count++];
	strcpy(process->name, name);
	return process;
}

static void set_part(struct part *part, const char *name, const char *const *strings,
		     rtl_size_t string_count)
{
	part->size = 0;
	for (rtl_size_t i = 0; i < string_count; i++) {
		size_t size = strlen(strings[i]) + 1;

		if (size > sizeof(part->bytes) - part->size) {
			(void)fprintf(stderr, "env: no room for \"%s\" of %s\n", strings[i], name);
			continue;
		}
		memcpy(part->bytes + part->size, strings[i], size);
		part->size += (nk_uint32_t)size;
	}
}

void envRegister(const char *name, const char *const *args, rtl_size_t argCount,
		 const char *const *envs, rtl_size_t envCount)
{
	struct process *process = find_or_add(name);

	if (process && args)
		set_part(&process->args, name, args, argCount);
	if (process && envs)
		set_part(&process->envs, name, envs, envCount);
}

static nk_err_t store(struct nk_arena *arena, nk_ptr_t *place, const struct part *part)
{
	return nk_arena_store(nk_uint8_t, arena, place, (const nk_uint8_t *)part->bytes,
			      part->size) == 0
		       ? NK_EOK
		       : NK_ENOMEM;
}

static nk_err_t read_process(struct kl_Env *self, const struct kl_Env_Read_req *req,
			     const struct nk_arena *req_arena, struct kl_Env_Read_res *res,
			     struct nk_arena *res_arena)
{
	static const struct part nothing;
	const struct process *process;
	nk_uint32_t length = 0;
	const nk_char_t *name = nk_arena_get(nk_char_t, req_arena, &req->name, &length);
	nk_ptr_t args;
	nk_ptr_t envs;

	(void)self;
	if (!name || length == 0 || name[length - 1] != '\0')
		return NK_EINVAL;
	process = find(name);
	if (store(res_arena, &args, process ? &process->args : &nothing) != NK_EOK ||
	    store(res_arena, &envs, process ? &process->envs : &nothing) != NK_EOK)
		return NK_ENOMEM;
	res->args = args;
	res->envs = envs;
	return NK_EOK;
}

static bool serve_one(NkKosTransport *transport, struct kl_Env_component *component)
{
	static char req_bytes[kl_Env_component_req_arena_size];
	static char res_bytes[kl_Env_component_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_INITIALIZER(req_bytes, req_bytes + sizeof(req_bytes));
	struct nk_arena res_arena = NK_ARENA_INITIALIZER(res_bytes, res_bytes + sizeof(res_bytes));
	kl_Env_component_req req;
	kl_Env_component_res res;

	nk_req_reset(&req);
	nk_req_reset(&res);
	if (nk_transport_recv(&transport->base, &req.base_, &req_arena) != NK_EOK)
		return false;
	(void)kl_Env_component_dispatch(component, 0, &req.base_, &req_arena, &res.base_,
					&res_arena);
	(void)nk_transport_reply(&transport->base, &res.base_, &res_arena);
	return true;
}

void envServerRun(void)
{
	static const struct kl_Env_ops ops = {.Read = read_process};
	static struct kl_Env env = {.ops = &ops};
	static struct kl_Env_component component;
	NkKosTransport transport;
	ServiceId id;
	Handle listener = ServiceLocatorRegister(ENV_SERVICE_NAME, NULL, 0, &id);

	if (listener == INVALID_HANDLE) {
		(void)fprintf(stderr, "env: no process has a channel %s to this one\n",
			      ENV_SERVICE_NAME);
		return;
	}
	kl_Env_component_init(&component, &env);
	NkKosTransport_Init(&transport, listener, NK_NULL, 0);
	while (serve_one(&transport, &component))
		;
	(void)fprintf(stderr, "env: channel %s is broken\n", ENV_SERVICE_NAME);
}
