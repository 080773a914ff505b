/* SPDX-License-Identifier: Apache-2.0 */

/* Serves until receiving fails for the second time. */

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mistakes/Server.edl.h>

static const char *mistake = "";

static int makes(const char *name)
{
	return strcmp(mistake, name) == 0;
}

static nk_err_t say(struct mistakes_ISay *self, const struct mistakes_ISay_Say_req *req,
		    const struct nk_arena *in, struct mistakes_ISay_Say_res *res,
		    struct nk_arena *out)
{
	(void)self;
	(void)req;
	(void)in;
	if (makes("handler-fails"))
		return NK_ENOMEM;
	if (makes("crashes"))
		abort();
	return nk_arena_store(nk_char_t, out, &res->echo, "echo", 5);
}

/* Hush has no handler in any of them. */
static void serve(NkKosTransport *transport, struct nk_arena *in, struct nk_arena *out)
{
	static const struct mistakes_ISay_ops ops = {.Say = say};
	struct mistakes_ISay impl = {.ops = &ops};
	struct mistakes_Server_entity entity;
	mistakes_Server_entity_req req;
	mistakes_Server_entity_res res;

	mistakes_Server_entity_init(&entity, &impl);
	for (int failures = 0; failures < 2;) {
		if (makes("request-is-not-reset"))
			memset(&req, 0, sizeof(req));
		else
			nk_req_reset(&req);
		nk_arena_reset(in);
		nk_arena_reset(out);
		if (nk_transport_recv(&transport->base, &req.base_, in) != NK_EOK) {
			failures++;
			for (int i = 0; makes("floods") && i < 1000; i++)
				puts("!");
			continue;
		}
		if (makes("nothing-is-dispatched"))
			nk_message_make_req(&res.base_, sizeof(res.base_));
		else
			mistakes_Server_entity_dispatch(&entity, &req.base_, in, &res.base_, out);
		nk_transport_reply(&transport->base, &res.base_, out);
	}
}

int main(int argc, char **argv)
{
	char request[mistakes_Server_entity_req_arena_size];
	char response[mistakes_Server_entity_res_arena_size];
	struct nk_arena in = NK_ARENA_INITIALIZER(request, request + sizeof(request));
	struct nk_arena out = NK_ARENA_INITIALIZER(response, response + sizeof(response));
	NkKosTransport transport = {0};
	ServiceId id;
	Handle handle;

	mistake = argc > 1 ? argv[1] : "";
	if (makes("ends"))
		return 3;
	if (makes("arena-is-small"))
		in.end = request + 4;
	handle = ServiceLocatorRegister(argc > 2 ? argv[2] : "", NULL, 0, &id);
	if (!makes("transport-is-not-initialised"))
		NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	serve(&transport, &in, &out);
	return EXIT_SUCCESS;
}
