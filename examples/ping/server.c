/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The server: answers each number with itself, and dies of SIGKILL while it works
 * on the request whose number its first argument names.
 */

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <ping/Server.edl.h>

struct echo {
	struct Echo base; /* first: the dispatcher knows only this */
	nk_uint64_t served;
	nk_uint64_t dies_at;
};

static nk_err_t echo_send(struct Echo *self, const struct Echo_Send_req *req,
			  const struct nk_arena *req_arena, struct Echo_Send_res *res,
			  struct nk_arena *res_arena)
{
	struct echo *echo = (struct echo *)self;

	(void)req_arena;
	(void)res_arena;
	if (++echo->served == echo->dies_at)
		(void)raise(SIGKILL);
	res->number = req->number;
	return NK_EOK;
}

int main(int argc, char *argv[])
{
	static const struct Echo_ops ops = {.Send = echo_send};
	struct echo echo = {.base = {&ops}, .dies_at = argc > 1 ? strtoull(argv[1], NULL, 10) : 0};
	struct Server_entity entity;
	Server_entity_req req;
	Server_entity_res res;
	NkKosTransport transport;
	ServiceId id;
	Handle listener = ServiceLocatorRegister("ping", NULL, 0, &id);

	if (listener == INVALID_HANDLE) {
		fprintf(stderr, "server: no channel 'ping': is it in init.yaml?\n");
		return EXIT_FAILURE;
	}
	Server_entity_init(&entity, &echo.base);
	NkKosTransport_Init(&transport, listener, NK_NULL, 0);
	for (;;) {
		nk_req_reset(&req);
		if (nk_transport_recv(&transport.base, &req.base_, NK_NULL) != NK_EOK)
			return EXIT_FAILURE;
		Server_entity_dispatch(&entity, &req.base_, NK_NULL, &res.base_, NK_NULL);
		nk_transport_reply(&transport.base, &res.base_, NK_NULL);
	}
}
