/* SPDX-License-Identifier: Apache-2.0 */

/* Serves as many calls as the limits say, then ends. */

#include <stdio.h>
#include <stdlib.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <counter/Limits.idl.h>
#include <counter/Server.edl.h>

static nk_uint32_t total;

static nk_err_t Add(struct counter_ICount *self, const struct counter_ICount_Add_req *req,
		    const struct nk_arena *req_arena, struct counter_ICount_Add_res *res,
		    struct nk_arena *res_arena)
{
	(void)self;
	(void)req_arena;
	(void)res_arena;
	total += req->step;
	res->total = total;
	return NK_EOK;
}

int main(void)
{
	static const struct counter_ICount_ops ops = {.Add = Add};
	static struct counter_ICount impl = {.ops = &ops};
	NkKosTransport transport;
	ServiceId id;
	Handle handle = ServiceLocatorRegister("count", NULL, 0, &id);
	counter_Count_component component;
	counter_Server_entity entity;
	counter_Server_entity_req req;
	counter_Server_entity_res res;
	unsigned int served = 0;

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	counter_Count_component_init(&component, &impl);
	counter_Server_entity_init(&entity, &component);
	while (served < counter_Limits_Calls) {
		nk_req_reset(&req);
		if (nk_transport_recv(&transport.base, &req.base_, NULL) != NK_EOK)
			continue;
		counter_Server_entity_dispatch(&entity, &req.base_, NULL, &res.base_, NULL);
		nk_transport_reply(&transport.base, &res.base_, NULL);
		served++;
	}
	fprintf(stderr, "server: served %u\n", served);
	return EXIT_SUCCESS;
}
