/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <stdlib.h>
#include <tiny/Server.edl.h>

static nk_err_t ping(struct tiny_IPing *self, const struct tiny_IPing_Ping_req *req,
		     const struct nk_arena *req_arena, struct tiny_IPing_Ping_res *res,
		     struct nk_arena *res_arena)
{
	(void)self;
	(void)req_arena;
	(void)res_arena;
	res->result = req->value + 1;
	return NK_EOK;
}

int main(void)
{
	static const struct tiny_IPing_ops ops = {.Ping = ping};
	struct tiny_IPing impl = {.ops = &ops};
	ServiceId id;
	Handle handle = ServiceLocatorRegister("server", NULL, 0, &id);
	NkKosTransport transport;
	struct tiny_Server_entity entity;
	tiny_Server_entity_req req;
	tiny_Server_entity_res res;

	if (handle == INVALID_HANDLE)
		return EXIT_FAILURE;
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	tiny_Server_entity_init(&entity, &impl);
	for (;;) {
		nk_req_reset(&req);
		if (nk_transport_recv(&transport.base, &req.base_, NULL) != NK_EOK)
			continue;
		tiny_Server_entity_dispatch(&entity, &req.base_, NULL, &res.base_, NULL);
		nk_transport_reply(&transport.base, &res.base_, NULL);
	}
}
