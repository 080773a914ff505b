/* SPDX-License-Identifier: Apache-2.0 */

/* A program written with NK_USE_UNQUALIFIED_NAMES only, as the teaching projects are. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <kxt/Ping.idl.h>
#include <kxt/Server.edl.h>
#include <kxt/Types.idl.h>

/* Traps of public code: both spellings of a type, designated and positional initialisers. */
static nk_err_t ping_send(struct Ping *self, const Ping_Send_req *req, const struct nk_arena *in,
			  Ping_Send_res *res, struct nk_arena *out)
{
	nk_unused(self);
	nk_unused(in);
	nk_unused(out);
	res->result = req->value + Types_NameSize;
	return NK_EOK;
}

static struct Ping *make_ping(void)
{
	static const struct Ping_ops ops = {.Send = ping_send};
	static Ping impl = {.ops = &ops};

	return &impl;
}

static void short_names_reach_the_same_things(void **state)
{
	Ping_component component;
	Ping_component inner;
	Part_component part;
	Server_entity entity;
	Server_entity_req req = {{0}};
	Server_entity_res res;
	char bytes[Server_entity_req_arena_size];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));

	(void)state;
	Ping_component_init(&component, make_ping());
	Ping_component_init(&inner, make_ping());
	Part_component_init(&part, &inner, NULL, NULL);
	Server_entity_init(&entity, &part, &component, NULL);
	nk_req_reset(&req);
	req.ping_ping.Send.value = 10;
	nk_msg_set_method_id(&req, Server_ping_ping_iid, Ping_Send_mid);
	assert_int_equal(Server_entity_dispatch(&entity, &req.base_, &arena, &res.base_, NK_NULL),
			 NK_EOK);
	assert_int_equal(res.ping_ping.Send.result, 42);
	assert_int_equal(sizeof(struct kxt_Ping_Send_req), sizeof(Ping_Send_req));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_names_reach_the_same_things),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
