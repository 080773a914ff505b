/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Generated C headers in C++17: no extern "C", implementers that inherit from
 * the table of operations, arenas and requests initialised by braces.
 */

#include <cstdio>
#include <cstring>
#include <vector>

#include <kxt/All.idl.h>
#include <kxt/Ping.idl.h>
#include <kxt/Server.edl.h>

#define CHECK(expr)                                                                                \
	do {                                                                                       \
		if (!(expr)) {                                                                     \
			std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #expr);  \
			return 1;                                                                  \
		}                                                                                  \
	} while (0)

namespace
{

nk_err_t send(kxt_Ping *, const kxt_Ping_Send_req *req, const nk_arena *, kxt_Ping_Send_res *res,
	      nk_arena *)
{
	res->result = req->value * 2;
	return NK_EOK;
}

struct Impl : kxt_Ping_ops {
	Impl() : kxt_Ping_ops{}
	{
		Send = send;
	}
};

nk_err_t call(nk_transport *, const nk_message *req, const nk_arena *req_arena, nk_message *res,
	      nk_arena *res_arena)
{
	static Impl impl;
	static kxt_Ping ping = {&impl};

	return kxt_Ping_interface_dispatch(&ping, 7, req, req_arena, res, res_arena);
}

int calls_work()
{
	static const nk_transport_ops ops = {call, nullptr, nullptr, nullptr, nullptr};
	nk_transport transport = {&ops};
	kxt_Ping_proxy proxy;
	kxt_Ping_Send_req req{{}, 21};
	kxt_Ping_Send_res res;

	kxt_Ping_proxy_init(&proxy, &transport, 7);
	CHECK(kxt_Ping_Send(&proxy.base, &req, nullptr, &res, nullptr) == NK_EOK);
	CHECK(res.result == 42);
	CHECK(res.res_.result == 42);
	return 0;
}

int arenas_work()
{
	char bytes[kxt_All_Texts_req_arena_size];
	nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	kxt_All_Texts_req req{};
	nk_uint32_t count = 0;
	std::size_t wide_count = 0;
	const char *text = "hello";

	nk_char_t *out = nk_arena_alloc(nk_char_t, &arena, &req.first, std::strlen(text) + 1);
	CHECK(out != nullptr);
	std::strcpy(out, text);
	CHECK(nk_arena_store(nk_uint8_t, &arena, &req.raw, text, 3) == 0);
	const nk_arena *received = &arena;
	nk_char_t *in = nk_arena_get(nk_char_t, received, &req.first, &count);
	CHECK(in != nullptr && count == 6 && std::strcmp(in, text) == 0);
	CHECK(nk_arena_get(nk_uint8_t, received, &req.raw, &wide_count) != nullptr);
	CHECK(wide_count == 3);
	return 0;
}

/* Where no method has anything variable, the constants are 0 and buffers empty. */
int empty_arenas_work()
{
	std::vector<char> buffer(kxt_Ping_req_arena_size);
	nk_arena arena = NK_ARENA_INITIALIZER(buffer.data(), buffer.data() + buffer.size());
	nk_ptr_t ptr;

	nk_arena_reset(&arena);
	CHECK(nk_arena_alloc(nk_char_t, &arena, &ptr, 1) == nullptr);
	return 0;
}

int entity_names_work()
{
	kxt_Server_entity entity;
	struct kxt_Server_entity *pointer = &entity;
	kxt_Server_entity_req req;
	kxt_Server_component_req *same = &req;

	nk_req_reset(&req);
	kxt_Server_entity_init(pointer, nullptr, nullptr, nullptr);
	CHECK(same->base_.ex.size_ex == sizeof(req));
	CHECK(entity.direct == nullptr);
	return 0;
}

} // namespace

int main()
{
	return calls_work() | arenas_work() | empty_arenas_work() | entity_names_work();
}
