/* SPDX-License-Identifier: Apache-2.0 */

/* Raw messages: packed, sent with Call, unpacked. */

#include <cstdio>
#include <cstdlib>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/syscalls.h>
#include <services/rtl/nk_msg.h>

#include "IAsk.idl.h"

static void ask(Handle handle, nk_iid_t riid, nk_uint32_t number, const char *unit)
{
	IAsk_Double_req req{};
	IAsk_Double_res res{};
	char req_room[IAsk_Double_req_arena_size], res_room[IAsk_Double_res_arena_size];
	nk_arena req_arena = NK_ARENA_INITIALIZER(req_room, req_room + sizeof(req_room));
	nk_arena res_arena = NK_ARENA_INITIALIZER(res_room, res_room + sizeof(res_room));
	SMsgHdr out, in;
	nk_uint32_t length = 0;

	nk_req_reset(&req);
	nk_req_reset(&res);
	nk_msg_set_method_id(&req, riid, IAsk_Double_mid);
	req.number = number;
	NkKosCopyStringToArena(&req_arena, &req.unit, unit);
	if (PackOutMsg(&out, &req.base_, &req_arena) != NK_EOK ||
	    PackInMsg(&in, &res.base_, &res_arena) != NK_EOK)
		std::abort();
	if (const Retcode rc = Call(handle, &out, &in); rc != rcOk)
		std::fprintf(stderr, "ask: %s\n", rc == rcSecurityDisallow ? "denied" : "failed");
	else
		std::fprintf(stderr, "ask: %u, %s\n", res.result,
			     nk_arena_get(nk_char_t, &res_arena, &res.text, &length));
}

int main(int argc, char *argv[])
{
	const Handle handle = ServiceLocatorConnect("answers");
	const nk_iid_t riid = ServiceLocatorGetRiid(handle, "ask");

	for (int i = 1; i < argc; i++)
		ask(handle, riid, static_cast<nk_uint32_t>(std::atoi(argv[i])),
		    std::getenv("UNIT"));
	return 0;
}
