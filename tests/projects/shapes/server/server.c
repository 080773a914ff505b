/* SPDX-License-Identifier: Apache-2.0 */
/* Two endpoints of one component; its task file has the name of another's. */
#include "../lib/common.h"

#include <a/Server.edl.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <stdio.h>
#include <string.h>

static nk_err_t add(struct m_sub_Sums *self, const struct m_sub_Sums_Add_req *req,
		    const struct nk_arena *in, struct m_sub_Sums_Add_res *res, struct nk_arena *out)
{
	(void)self;
	(void)in;
	(void)out;
	res->sum = req->a + req->b;
	return NK_EOK;
}

static nk_err_t echo(struct m_sub_Sums *self, const struct m_sub_Sums_Echo_req *req,
		     const struct nk_arena *in, struct m_sub_Sums_Echo_res *res,
		     struct nk_arena *out)
{
	nk_uint32_t size = 0;
	nk_char_t *text = nk_arena_get(nk_char_t, in, &req->text, &size);
	nk_char_t *same = text ? nk_arena_alloc(nk_char_t, out, &res->same, size) : NULL;

	(void)self;
	if (!same)
		return NK_ENOMEM;
	memcpy(same, text, size);
	return NK_EOK;
}

static nk_err_t now(struct m_sub_Ping *self, const struct m_sub_Ping_Now_req *req,
		    const struct nk_arena *in, struct m_sub_Ping_Now_res *res, struct nk_arena *out)
{
	(void)self;
	(void)req;
	(void)in;
	(void)res;
	(void)out;
	fprintf(stderr, "server: ping %d\n", object_value());
	return NK_EOK;
}

int main(int argc, char **argv)
{
	static const struct m_sub_Sums_ops sums_ops = {.Add = add, .Echo = echo};
	static const struct m_sub_Ping_ops ping_ops = {.Now = now};
	static struct m_sub_Sums sums = {.ops = &sums_ops};
	static struct m_sub_Ping ping = {.ops = &ping_ops};
	static char in_buffer[a_Server_entity_req_arena_size];
	static char out_buffer[a_Server_entity_res_arena_size];
	struct nk_arena in = NK_ARENA_INITIALIZER(in_buffer, in_buffer + sizeof(in_buffer));
	struct nk_arena out = NK_ARENA_INITIALIZER(out_buffer, out_buffer + sizeof(out_buffer));
	m_sub_Part_component part;
	a_Server_entity entity;
	a_Server_entity_req req;
	a_Server_entity_res res;
	NkKosTransport transport;
	ServiceId id;

	NkKosTransport_Init(&transport, ServiceLocatorRegister("a_connection", NULL, 0, &id),
			    NK_NULL, 0);
	m_sub_Part_component_init(&part, &sums, &ping);
	a_Server_entity_init(&entity, &part);
	helper_say("server");
	fprintf(stderr, "server: %d arguments, the last is %s\n", argc, argv[argc - 1]);
	for (;;) {
		nk_req_reset(&req);
		nk_arena_reset(&in);
		nk_arena_reset(&out);
		if (nk_transport_recv(&transport.base, &req.base_, &in) == NK_EOK &&
		    a_Server_entity_dispatch(&entity, &req.base_, &in, &res.base_, &out) == NK_EOK)
			nk_transport_reply(&transport.base, &res.base_, &out);
	}
}
