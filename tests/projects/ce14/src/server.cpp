/* SPDX-License-Identifier: Apache-2.0 */

#include <cctype>
#include <cstdlib>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <shouter/Server.edl.h>

static nk_err_t Shout(struct IShout *, const struct IShout_Shout_req *req,
		      const struct nk_arena *req_arena, struct IShout_Shout_res *res,
		      struct nk_arena *res_arena)
{
	nk_uint32_t length = 0;
	const nk_char_t *quiet = nk_arena_get(nk_char_t, req_arena, &req->quiet, &length);
	nk_char_t *loud =
		quiet ? nk_arena_alloc(nk_char_t, res_arena, &res->loud, length) : nullptr;

	if (!loud)
		return NK_EBADMSG;
	for (nk_uint32_t i = 0; i < length; i++)
		loud[i] =
			static_cast<nk_char_t>(std::toupper(static_cast<unsigned char>(quiet[i])));
	return NK_EOK;
}

int main()
{
	static IShout_ops ops = {Shout};
	static IShout impl = {&ops};
	char req_buffer[Server_entity_req_arena_size];
	char res_buffer[Server_entity_res_arena_size];
	nk_arena req_arena = NK_ARENA_INITIALIZER(req_buffer, req_buffer + sizeof(req_buffer));
	nk_arena res_arena = NK_ARENA_INITIALIZER(res_buffer, res_buffer + sizeof(res_buffer));
	NkKosTransport transport;
	ServiceId id;
	Server_entity entity;
	Server_entity_req req;
	Server_entity_res res;

	NkKosTransport_Init(&transport, ServiceLocatorRegister("shout", nullptr, 0, &id), NK_NULL,
			    0);
	Server_entity_init(&entity, &impl);
	nk_req_reset(&req);
	if (nk_transport_recv(&transport.base, &req.base_, &req_arena) != NK_EOK)
		return EXIT_FAILURE;
	Server_entity_dispatch(&entity, &req.base_, &req_arena, &res.base_, &res_arena);
	nk_transport_reply(&transport.base, &res.base_, &res_arena);
	return EXIT_SUCCESS;
}
