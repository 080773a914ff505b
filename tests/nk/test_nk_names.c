/* SPDX-License-Identifier: Apache-2.0 */

/* A program written with NK_USE_UNQUALIFIED_NAMES only, as the teaching projects are. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <kxt/Echo.idl.h>
#include <kxt/EchoTask.edl.h>
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

static nk_err_t echo(struct Echo *self, const Echo_Echo_req *req, const struct nk_arena *in,
		     Echo_Echo_res *res, struct nk_arena *out)
{
	nk_unused(self);
	nk_unused(in);
	nk_unused(out);
	res->number = req->Echo.Echo + 1;
	return NK_EOK;
}

/* Dispatches to the server behind the transport. */
static nk_err_t echo_call(struct nk_transport *self, const struct nk_message *req,
			  const struct nk_arena *in, struct nk_message *res, struct nk_arena *out)
{
	static const struct Echo_ops ops = {.Echo = echo};
	static struct Echo impl = {.ops = &ops};
	EchoTask_entity entity;

	nk_unused(self);
	EchoTask_entity_init(&entity, &impl);
	assert_ptr_equal(entity.Echo, &impl);
	return EchoTask_entity_dispatch(&entity, req, in, res, out);
}

static void a_method_may_have_the_name_of_its_interface(void **state)
{
	static const struct nk_transport_ops ops = {.call = echo_call};
	struct nk_transport transport = {.ops = &ops};
	struct Echo_proxy proxy;
	Echo_Echo_req req;
	Echo_Echo_res res;

	(void)state;
	Echo_proxy_init(&proxy, &transport, EchoTask_Echo_iid);
	nk_req_reset(&req);
	req.Echo.Echo = 4;
	assert_int_equal(Echo_Echo(&proxy.base, &req, NK_NULL, &res, NK_NULL), NK_EOK);
	assert_int_equal(res.number, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_names_reach_the_same_things),
		cmocka_unit_test(a_method_may_have_the_name_of_its_interface),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
