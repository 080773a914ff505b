/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <rtl/stdio.h>

#include "Answer.edl.h"

static nk_err_t twice(struct IAsk *self, const struct IAsk_Double_req *req,
		      const struct nk_arena *req_arena, struct IAsk_Double_res *res,
		      struct nk_arena *res_arena)
{
	char text[IAsk_Double_res_text_size];
	nk_uint32_t length = 0;

	(void)self;
	res->result = 2 * req->number;
	rtl_snprintf(text, sizeof(text), "in words: %u %s", res->result,
		     nk_arena_get(nk_char_t, req_arena, &req->unit, &length));
	return NkKosCopyStringToArena(res_arena, &res->text, text);
}

int main(void)
{
	static const struct IAsk_ops ops = {.Double = twice};
	struct IAsk impl = {&ops};
	char req_room[Answer_entity_req_arena_size];
	char res_room[Answer_entity_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_INITIALIZER(req_room, req_room + sizeof(req_room));
	struct nk_arena res_arena = NK_ARENA_INITIALIZER(res_room, res_room + sizeof(res_room));
	Answer_entity_req req;
	Answer_entity_res res;
	Answer_entity entity;
	ServiceId id;
	Handle handle = ServiceLocatorRegister("answers", NULL, 0, &id);

	Answer_entity_init(&entity, &impl);
	for (;;) {
		SMsgHdr in;
		SMsgHdr out;

		nk_req_reset(&req);
		nk_arena_reset(&req_arena);
		nk_arena_reset(&res_arena);
		if (PackInMsg(&in, &req.base_, &req_arena) != NK_EOK || Recv(handle, &in) != rcOk)
			continue;
		(void)Answer_entity_dispatch(&entity, &req.base_, &req_arena, &res.base_,
					     &res_arena);
		if (PackOutMsg(&out, &res.base_, &res_arena) != NK_EOK)
			continue;
		out.threadId = in.threadId;
		(void)Reply(in.replyHandle, &out);
	}
}
