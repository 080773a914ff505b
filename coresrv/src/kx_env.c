/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A process's side of kl.Env (sdk/sysroot/include/kl/Env.idl): one call before
 * main. The messages are written by hand, as libkos is built before the IDL
 * compiler; tests/env compares them with the compiler's.
 *
 * Arguments that the program sends are not used: main's count is fixed by then.
 */

#include "kx_env.h"

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
#include "rt.h"

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

static Retcode ask(Handle handle, nk_iid_t riid, struct kx_env_read_res *res,
		   struct nk_arena *res_arena)
{
	char name[KX_ENV_NAME_SIZE];
	char bytes[KX_ENV_NAME_SIZE];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	struct kx_env_read_req req;
	struct SSMsgHdr out;
	struct SSMsgHdr in;
	Retcode rc = KnTaskGetName(name, sizeof(name));

	if (rc != rcOk)
		return rc;
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

void kx_env_fetch(void)
{
	char bytes[2 * KX_ENV_PART_SIZE];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	int number;
	Handle handle = kx_rt_service(ENV_SERVICE_NAME, false, &number);
	struct kx_env_read_res res;
	nk_uint32_t size = 0;
	nk_iid_t riid;
	char *envs;

	if (handle == INVALID_HANDLE)
		return;
	riid = kx_rt_riid(handle, "kl.Env.env");
	if (ask(handle, riid == INVALID_RIID ? 0 : riid, &res, &arena) != rcOk)
		return;
	envs = nk_arena_get(nk_char_t, &arena, &res.envs, &size);
	if (envs)
		set_all(envs, size);
}
