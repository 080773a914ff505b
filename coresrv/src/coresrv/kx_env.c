/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A process's side of kl.Env (sdk/sysroot/include/kl/Env.idl): one call before
 * main. The messages are written by hand, as libkos is built before the IDL
 * compiler; tests/env compares them with the compiler's.
 * What it gives as arguments, main() gets instead of those of init.yaml (start_main.c).
 */

#include "kx_env.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <coresrv/sl/sl_api.h>
#include <coresrv/syscalls.h>
#include <coresrv/task/task_api.h>
#include <env/env.h>
#include <nk/arena.h>
#include <nk/transport.h>
#include <services/rtl/nk_msg.h>

#include "env_message.h"
#include "kx_calls.h"
#include "rt.h"

static char **arguments; /* of the Env program; place 0 is for argv[0] */
static size_t argument_count;

/* @bytes: "NAME=value" one behind the other, each with its zero. */
static void set_all(char *bytes, size_t size)
{
	while (size > 0 && memchr(bytes, '\0', size)) {
		size_t length = strlen(bytes) + 1;
		char *equals = strchr(bytes, '=');

		if (equals && equals != bytes) {
			*equals = '\0';
			(void)setenv(bytes, equals + 1, 1);
		}
		bytes += length;
		size -= length;
	}
}

static Retcode ask(Handle handle, nk_iid_t riid, const char *name, struct kx_env_read_res *res,
		   struct nk_arena *res_arena)
{
	char bytes[KX_ENV_NAME_SIZE];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	struct kx_env_read_req req;
	struct SSMsgHdr out;
	struct SSMsgHdr in;

	memset(&req, 0, sizeof(req));
	memset(res, 0, sizeof(*res));
	nk_req_reset(&req);
	nk_req_reset(res);
	nk_msg_set_method_id(&req, riid, KX_ENV_READ);
	if (nk_arena_store(nk_char_t, &arena, &req.name, name, (nk_uint32_t)strlen(name) + 1) !=
		    0 ||
	    PackOutMsg(&out, &req.base_, &arena) != NK_EOK ||
	    PackInMsg(&in, &res->base_, res_arena) != NK_EOK)
		return rcInternalError;
	return Call(handle, &out, &in);
}

/* argv[0] stays what it is; strings one behind the other, each with its zero. */
static void keep_arguments(const char *bytes, size_t size)
{
	char *copy = malloc(size);
	size_t count = 0;

	if (copy)
		memcpy(copy, bytes, size);
	for (size_t i = 0; i < size; i++)
		count += bytes[i] == '\0';
	arguments = copy ? calloc(count + 2, sizeof(*arguments)) : NULL;
	argument_count = 1;
	if (!arguments) {
		free(copy);
		return;
	}
	for (size_t at = 0; at < size && memchr(copy + at, '\0', size - at);
	     at += strlen(copy + at) + 1)
		arguments[argument_count++] = copy + at;
}

char **kx_env_arguments(char *program, int *count)
{
	if (!arguments)
		return NULL;
	arguments[0] = program;
	*count = (int)argument_count;
	return arguments;
}

/* Those who serve this process, its files for instance, go by what it was given, too. */
static void tell(uint32_t op, const char *strings, size_t size)
{
	uint32_t args[KX_CALL_ARGS] = {0};

	(void)kx_rt_kcall(op, args, strings, (uint32_t)size, NULL, NULL);
}

/* False: the Env program has nothing under @name. */
static bool fetch(Handle handle, nk_iid_t riid, const char *name)
{
	char bytes[2 * KX_ENV_PART_SIZE];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	struct kx_env_read_res res;
	nk_uint32_t size = 0;
	bool found = false;
	char *strings;

	if (ask(handle, riid, name, &res, &arena) != rcOk)
		return false;
	strings = nk_arena_get(nk_char_t, &arena, &res.args, &size);
	if (strings && size > 0) {
		keep_arguments(strings, size);
		tell(KX_CALL_TASK_TOLD_ARGS, strings, size);
		found = true;
	}
	strings = nk_arena_get(nk_char_t, &arena, &res.envs, &size);
	if (strings && size > 0) {
		tell(KX_CALL_TASK_TOLD_ENV, strings, size);
		set_all(strings, size);
		found = true;
	}
	return found;
}

static const char *behind_last(const char *text, char mark)
{
	const char *last = strrchr(text, mark);

	return last ? last + 1 : text;
}

/* Programs register vfs.NetVfs as that, as NetVfs, or by the name of its file. */
static void fetch_any(Handle handle, const char *program)
{
	char name[KX_ENV_NAME_SIZE];
	nk_iid_t riid = kx_rt_riid(handle, "kl.Env.env");
	const char *last;
	const char *file;

	if (riid == INVALID_RIID)
		riid = 0;
	if (KnTaskGetName(name, sizeof(name)) != rcOk)
		return;
	last = behind_last(name, '.');
	file = program ? behind_last(program, '/') : last;
	if (fetch(handle, riid, name) || (last != name && fetch(handle, riid, last)))
		return;
	if (strcmp(file, name) != 0 && strcmp(file, last) != 0)
		(void)fetch(handle, riid, file);
}

void kx_env_fetch(const char *program)
{
	int number;
	Handle handle = kx_rt_service(ENV_SERVICE_NAME, false, &number);

	if (handle == INVALID_HANDLE)
		return;
	fetch_any(handle, program);
	tell(KX_CALL_TASK_TOLD, "", 0);
}
