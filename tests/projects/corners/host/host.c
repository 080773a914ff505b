/* SPDX-License-Identifier: Apache-2.0 */

#include <stdio.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#define NK_USE_UNQUALIFIED_NAMES
#include "Host.edl.h"
#include "made.h"

static nk_err_t greet(__rtl_unused struct Greet *self, const struct Greet_Greet_req *req,
		      const struct nk_arena *in, struct Greet_Greet_res *res,
		      __rtl_unused struct nk_arena *out)
{
	nk_uint32_t length = 0;
	const nk_char_t *who = nk_arena_get(nk_char_t, in, &req->Greet, &length);

	fprintf(stderr, "host: hello %s\n", who);
	res->length = length;
	return NK_EOK;
}

int main(void)
{
	static const struct Greet_ops ops = {.Greet = greet};
	static struct Greet impl = {.ops = &ops};
	ServiceId id;
	NkKosTransport transport;
	Host_entity entity;
	Host_entity_req req;
	Host_entity_res res;
	char bytes[Host_entity_req_arena_size];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));

	NkKosTransport_Init(&transport, ServiceLocatorRegister("greet", NULL, 0, &id), NK_NULL, 0);
	Host_entity_init(&entity, &impl);
	for (;;) {
		nk_req_reset(&req);
		nk_arena_reset(&arena);
		if (nk_transport_recv(&transport.base, &req.base_, &arena) == NK_EOK)
			Host_entity_dispatch(&entity, &req.base_, &arena, &res.base_, RTL_NULL);
		(void)nk_transport_reply(&transport.base, &res.base_, RTL_NULL);
	}
}
