/* SPDX-License-Identifier: Apache-2.0 */

/* Two listeners, one thread each, in turn; one request, response and arena for both. */

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <kos/thread.h>
#include <stdio.h>

#include <habits/IBack.idl.h>
#include <habits/Server.edl.h>

static habits_Server_entity entity;
static habits_Server_entity_req req;
static habits_Server_entity_res res;
static char memory[habits_Server_entity_req_arena_size];
static struct nk_arena arena = NK_ARENA_INITIALIZER(memory, memory + sizeof(memory));

/* The string holds no text but where it is: in another chunk of the arena. */
static nk_err_t Put(struct habits_Store *self, const struct habits_Store_Put_req *request,
		    const struct nk_arena *req_arena, struct habits_Store_Put_res *response,
		    struct nk_arena *res_arena)
{
	nk_size_t size = 0;
	nk_ptr_t *inner = nk_arena_get(nk_char_t, req_arena, &request->text, &size);
	const char *text = inner ? nk_arena_get(nk_char_t, req_arena, inner, &size) : NULL;

	fprintf(stderr, "server: %s\n", text ? text : "no text");
	response->result = request->choice.value_.number;
	return NK_EOK;
}

/* Asks who is being served. */
static nk_uint32_t back(void)
{
	NkKosTransport transport;
	struct habits_IBack_proxy proxy;
	Handle handle = ServiceLocatorConnect("back");
	struct habits_IBack_Back_req ask;
	struct habits_IBack_Back_res answer = {.result = 0};

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	habits_IBack_proxy_init(&proxy, &transport.base, ServiceLocatorGetRiid(handle, "back"));
	habits_IBack_Back(&proxy.base, &ask, NULL, &answer, NULL);
	return answer.result;
}

/* The response changes after the dispatch; the request is read after the reply. */
static int serve(void *name)
{
	NkKosTransport transport;
	ServiceId id;

	NkKosTransport_Init(&transport, ServiceLocatorRegister(name, NULL, 0, &id), NK_NULL, 0);
	nk_req_reset(&req);
	nk_arena_reset(&arena);
	nk_transport_recv(&transport.base, &req.base_, &arena);
	habits_Server_entity_dispatch(&entity, &req.base_, &arena, &res.base_, NULL);
	res.first_store.Put.res_.result += back();
	nk_transport_reply(&transport.base, &res.base_, NULL);
	fprintf(stderr, "server: %s had %#x\n", (char *)name,
		req.first_store.Put.choice.value_.number);
	return 0;
}

int main(void)
{
	static const struct habits_Store_ops ops = {.Put = Put};
	static struct habits_Store impl = {.ops = &ops};
	static habits_Server_component component;
	Tid tid;

	/* Wrong types that work: every component begins with the pointer to what it is made of. */
	habits_Server_component_init(&component, &impl);
	habits_Server_entity_init(&entity, &component);
	serve("first");
	KosThreadCreate(&tid, ThreadPriorityNormal, 0, serve, "second", 0);
	return KosThreadWait(tid, INFINITE_TIMEOUT);
}
