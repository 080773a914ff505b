/* SPDX-License-Identifier: Apache-2.0 */

#include <stdio.h>

#include <coresrv/nk/transport-kos-security.h>
#include <coresrv/nk/transport-kos.h>

#include <ports/Approve.idl.h>
#include <ports/Verifier.edl.h>

static const char *asked(struct ports_Approve_proxy *proxy, nk_uint32_t port)
{
	struct ports_Approve_Check_req req = {.port = port};
	struct ports_Approve_Check_res res;

	switch (ports_Approve_Check(&proxy->base, &req, NK_NULL, &res, NK_NULL)) {
	case NK_EOK:
		return "granted";
	case NK_EPERM:
		return "denied";
	default:
		return "failed";
	}
}

static const char *named(struct ports_Approve_proxy *proxy, const char *name)
{
	char bytes[16];
	struct nk_arena arena = NK_ARENA_INITIALIZER(bytes, bytes + sizeof(bytes));
	struct ports_Approve_Name_req req;
	struct ports_Approve_Name_res res;

	if (NkKosCopyStringToArena(&arena, &req.name, name) != NK_EOK)
		return "too long";
	return ports_Approve_Name(&proxy->base, &req, &arena, &res, NK_NULL) == NK_EOK ? "granted"
										       : "refused";
}

int main(void)
{
	NkKosSecurityTransport transport;
	struct ports_Approve_proxy proxy;

	if (NkKosSecurityTransport_Init(&transport, NK_NULL, 0) != NK_EOK)
		return 1;
	ports_Approve_proxy_init(&proxy, &transport.base, ports_Verifier_securityIid);
	fprintf(stderr, "verifier: 81 %s, 80 %s\n", asked(&proxy, 81), asked(&proxy, 80));
	fprintf(stderr, "verifier: short %s, long %s\n", named(&proxy, "abc"),
		named(&proxy, "abcdefghij"));
	ports_Approve_proxy_init(&proxy, &transport.base, 7);
	fprintf(stderr, "verifier: no such endpoint %s\n", asked(&proxy, 81));
	NkKosSecurityTransport_Deinit(&transport);
	return 0;
}
