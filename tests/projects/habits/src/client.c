/* SPDX-License-Identifier: Apache-2.0 */

/* Asks over two channels, and is asked back meanwhile: the channels are a cycle. */

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <kos/thread.h>
#include <stdio.h>

#include <habits/Client.edl.h>
#include <habits/Store.idl.h>

static nk_err_t Back(struct habits_IBack *self, const struct habits_IBack_Back_req *req,
		     const struct nk_arena *req_arena, struct habits_IBack_Back_res *res,
		     struct nk_arena *res_arena)
{
	static nk_uint32_t next = 8;

	res->result = next++;
	return NK_EOK;
}

/* Never returns, and has no return. */
static int serve(void *unused)
{
	static const struct habits_IBack_ops ops = {.Back = Back};
	static struct habits_IBack impl = {.ops = &ops};
	habits_Client_entity entity;
	habits_Client_entity_req req;
	habits_Client_entity_res res;
	NkKosTransport transport;
	ServiceId id;

	NkKosTransport_Init(&transport, ServiceLocatorRegister("back", NULL, 0, &id), NK_NULL, 0);
	habits_Client_entity_init(&entity, &impl);
	for (;;) {
		nk_req_reset(&req);
		nk_transport_recv(&transport.base, &req.base_, NULL);
		habits_Client_entity_dispatch(&entity, &req.base_, NULL, &res.base_, NULL);
		nk_transport_reply(&transport.base, &res.base_, NULL);
	}
}

static void put(const char *name)
{
	char memory[habits_Store_Put_req_arena_size + 64];
	struct nk_arena arena = NK_ARENA_INITIALIZER(memory, memory + sizeof(memory));
	struct habits_Store_Put_req req = {.choice = {.tag_ = habits_Store_Choice_number_tag,
						      .value_.number = habits_Store_All}};
	union habits_Store_res res;
	nk_ptr_t *inner = nk_arena_alloc(nk_ptr_t, &arena, &req.text, 1);
	Handle handle = ServiceLocatorConnect(name);
	struct habits_Store_proxy proxy;
	NkKosTransport transport;
	nk_err_t err;

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	habits_Store_proxy_init(&proxy, &transport.base,
				ServiceLocatorGetRiid(handle, "first.store"));
	NkKosCopyStringToArena(&arena, inner, name);
	err = habits_Store_Put(&proxy.base, &req, &arena, &res.Put, NULL);
	if (err == NK_EOK)
		fprintf(stderr, "client: %u\n", res.Put.res_.result);
	else
		fprintf(stderr, "client: %s\n", err == NK_EPERM ? "refused" : "failed");
}

int main(void)
{
	Tid tid;

	KosThreadCreate(&tid, ThreadPriorityNormal, 0, serve, NULL, 0);
	put("first");
	put("second");
	fprintf(stderr, "client: on " BOARD_NAME "\n");
	return 0;
}
