/* SPDX-License-Identifier: Apache-2.0 */

/* One process, eight endpoints of two libraries, one loop. */

#include <cstdio>
#include <cstdlib>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <layers/Hub.edl.h>

#include "clock.hpp"
#include "store.h"

static_assert(layers_Hub_iidMax == 8, "2 x (left, right, all), clock, wall");

int main()
{
	Clock clock{1}, wall{1000};
	layers_Hub_entity entity;
	layers_Hub_entity_req req;
	layers_Hub_entity_res res;
	char req_room[layers_Hub_entity_req_arena_size];
	char res_room[layers_Hub_entity_res_arena_size];
	nk_arena req_arena = NK_ARENA_INITIALIZER(req_room, req_room + sizeof(req_room));
	nk_arena res_arena = NK_ARENA_INITIALIZER(res_room, res_room + sizeof(res_room));
	NkKosTransport transport;
	ServiceId id;

	layers_Hub_entity_init(&entity, store_make(), store_make(), &clock, &wall);
	NkKosTransport_Init(&transport, ServiceLocatorRegister("hub", nullptr, 0, &id), nullptr, 0);
	std::fprintf(stderr, "hub: %s, %s\n", std::getenv("HUB_NAME"), std::getenv("HUB_LIST"));
	for (;;) {
		nk_req_reset(&req);
		nk_arena_reset(&req_arena);
		nk_arena_reset(&res_arena);
		if (nk_transport_recv(&transport.base, &req.base_, &req_arena) != NK_EOK)
			continue;
		layers_Hub_entity_dispatch(&entity, &req.base_, &req_arena, &res.base_, &res_arena);
		nk_transport_reply(&transport.base, &res.base_, &res_arena);
	}
}
