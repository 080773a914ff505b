/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include <coresrv/nk/transport-kos-dispatch.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <watched/Door.edl.h>

static nk_err_t open_door(struct watched_IDoor *self, const struct watched_IDoor_Open_req *req,
			  const struct nk_arena *req_arena, struct watched_IDoor_Open_res *res,
			  struct nk_arena *res_arena)
{
	(void)self;
	(void)req_arena;
	(void)res;
	(void)res_arena;
	fprintf(stderr, "door: opened with %u\n", req->key);
	return NK_EOK;
}

int main(void)
{
	static const struct watched_IDoor_ops ops = {.Open = open_door};
	struct watched_IDoor door = {&ops};
	watched_Door_entity entity;
	ServiceId id;
	NkKosDispatchInfo info = NK_ENTITY_DISPATCH_INFO_INITIALIZER(watched_Door, entity);

	watched_Door_entity_init(&entity, &door);
	return NkKosDoDispatch(ServiceLocatorRegister("door", NULL, 0, &id), &info) != rcOk;
}
