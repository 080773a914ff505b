/* SPDX-License-Identifier: Apache-2.0 */

/* C++17 without saying so. */

#include <cstdio>
#include <optional>
#include <string_view>

#include <coresrv/cm/cm_api.h>
static constexpr auto nowhere = INVALID_RIID; // before sl_api.h

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#define NK_USE_UNQUALIFIED_NAMES
#include "made.h"
#include <corners/Greet.idl.h>

static std::optional<nk_uint32_t> greet(Greet_proxy &proxy, std::string_view who)
{
	char bytes[Greet_Greet_req_arena_size];
	nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	Greet_Greet_req req;
	Greet_Greet_res res;

	nk_req_reset(&req);
	if (NkKosCopyStringToArena(&arena, &req.Greet, who.data()) != NK_EOK ||
	    Greet_Greet(&proxy.base, &req, &arena, &res, nullptr) != NK_EOK)
		return std::nullopt;
	return res.length;
}

int main()
{
	const Handle channel = ServiceLocatorConnect("greet");
	const nk_iid_t riid = ServiceLocatorGetRiid(channel, "Greet");
	NkKosTransport transport;
	Greet_proxy proxy;

	NkKosTransport_Init(&transport, channel, nullptr, 0);
	Greet_proxy_init(&proxy, &transport.base, riid);
	if (const auto length = greet(proxy, "world"); length && riid != nowhere)
		std::fprintf(stderr, "guest: %u bytes\n", *length);
}
