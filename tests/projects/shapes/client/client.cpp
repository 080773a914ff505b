/* SPDX-License-Identifier: Apache-2.0 */
/* C++20 with C headers; says what its arguments and environment became. */
#include <b/Server.edl.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <m/sub/Ping.idl.h>
#include <m/sub/Sums.idl.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>

#if defined(__cpp_exceptions) || __cplusplus < 202000
#error "EXCEPTIONS:NO, or the target's own standard, was not heeded"
#endif

int main(int argc, char **argv)
{
	Handle channel = ServiceLocatorConnect("a_connection");
	char in_buffer[m_sub_Sums_Echo_req_arena_size];
	char out_buffer[m_sub_Sums_Echo_res_arena_size];
	nk_arena in = NK_ARENA_INITIALIZER(in_buffer, in_buffer + sizeof(in_buffer));
	nk_arena out = NK_ARENA_INITIALIZER(out_buffer, out_buffer + sizeof(out_buffer));
	m_sub_Sums_Echo_req echo_req;
	m_sub_Sums_Echo_res echo_res;
	m_sub_Sums_Add_req add_req;
	m_sub_Sums_Add_res add_res;
	m_sub_Ping_Now_req now_req;
	m_sub_Ping_Now_res now_res;
	m_sub_Sums_proxy sums;
	m_sub_Ping_proxy ping;
	NkKosTransport transport;
	nk_uint32_t size;

	NkKosTransport_Init(&transport, channel, NK_NULL, 0);
	m_sub_Sums_proxy_init(&sums, &transport.base, ServiceLocatorGetRiid(channel, "part.sums"));
	m_sub_Ping_proxy_init(&ping, &transport.base, ServiceLocatorGetRiid(channel, "part.ping"));
	add_req.a = 2;
	add_req.b = 40;
	if (m_sub_Sums_Add(&sums.base, &add_req, NULL, &add_res, NULL) == rcOk)
		std::fprintf(stderr, "client: sum %u\n", add_res.sum);
	std::strcpy(nk_arena_alloc(nk_char_t, &in, &echo_req.text, 6), "hello");
	if (m_sub_Sums_Echo(&sums.base, &echo_req, &in, &echo_res, &out) == rcOk)
		std::fprintf(stderr, "client: %s\n",
			     nk_arena_get(nk_char_t, &out, &echo_res.same, &size));
	m_sub_Ping_Now(&ping.base, &now_req, NULL, &now_res, NULL);
	for (char *argument : std::span(argv + 1, argv + argc))
		std::fprintf(stderr, "client: argument %s\n", argument);
	std::fprintf(stderr, "client: %s %s\n", std::getenv("COLOUR"), std::getenv("SHAPE"));
	return 0;
}
