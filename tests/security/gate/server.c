/* SPDX-License-Identifier: Apache-2.0 */

/* Serves until a value of 0 is asked, and tells of replies that were refused. */

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <gate/Server.edl.h>

static bool last;

static nk_err_t ask(struct Gate *self, const struct Gate_Ask_req *req,
		    const struct nk_arena *req_arena, struct Gate_Ask_res *res,
		    struct nk_arena *res_arena)
{
	(void)self;
	(void)req_arena;
	(void)res_arena;
	last = req->value == 0;
	res->result = req->value + 1;
	return NK_EOK;
}

static nk_err_t open_it(struct Gate *self, const struct Gate_Open_req *req,
			const struct nk_arena *req_arena, struct Gate_Open_res *res,
			struct nk_arena *res_arena)
{
	(void)self;
	(void)req_arena;
	(void)res_arena;
	if (req->value > 900) {
		nk_err_reset(res);
		res->err_.reason = req->value;
	} else {
		res->result = req->value;
	}
	return NK_EOK;
}

int main(void)
{
	static const struct Gate_ops ops = {.Ask = ask, .Open = open_it};
	static char bytes[Server_entity_req_arena_size];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	struct Gate gate = {&ops};
	struct Server_entity entity;
	Server_entity_req req;
	Server_entity_res res;
	NkKosTransport transport;
	ServiceId id;
	Handle listener = ServiceLocatorRegister("gate", NULL, 0, &id);
	nk_err_t err;

	Server_entity_init(&entity, &gate);
	NkKosTransport_Init(&transport, listener, NK_NULL, 0);
	while (!last) {
		nk_req_reset(&req);
		nk_arena_reset(&arena);
		if (nk_transport_recv(&transport.base, &req.base_, &arena) != NK_EOK)
			return EXIT_FAILURE;
		Server_entity_dispatch(&entity, &req.base_, &arena, &res.base_, NK_NULL);
		err = nk_transport_reply(&transport.base, &res.base_, NK_NULL);
		if (err != NK_EOK)
			fprintf(stderr, "reply refused: %d\n", err);
	}
	return EXIT_SUCCESS;
}
