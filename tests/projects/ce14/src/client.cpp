/* SPDX-License-Identifier: Apache-2.0 */

#include <cstdio>
#include <cstdlib>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <shouter/IShout.idl.h>

int main(int, char *argv[])
{
	char req_buffer[IShout_Shout_req_arena_size];
	char res_buffer[IShout_Shout_res_arena_size];
	nk_arena req_arena = NK_ARENA_INITIALIZER(req_buffer, req_buffer + sizeof(req_buffer));
	nk_arena res_arena = NK_ARENA_INITIALIZER(res_buffer, res_buffer + sizeof(res_buffer));
	NkKosTransport transport;
	IShout_proxy proxy;
	IShout_Shout_req req;
	IShout_Shout_res res;
	nk_uint32_t length = 0;
	Handle handle = ServiceLocatorConnect("shout");

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	IShout_proxy_init(&proxy, &transport.base, ServiceLocatorGetRiid(handle, "shout"));
	if (NkKosCopyStringToArena(&req_arena, &req.quiet, argv[1]) != NK_EOK ||
	    IShout_Shout(&proxy.base, &req, &req_arena, &res, &res_arena) != NK_EOK)
		return EXIT_FAILURE;
	const nk_char_t *loud = nk_arena_get(nk_char_t, &res_arena, &res.loud, &length);
	std::fprintf(stderr, "client: %s\n", loud ? loud : "nothing");
	return EXIT_SUCCESS;
}
