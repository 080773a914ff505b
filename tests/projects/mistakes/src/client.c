/* SPDX-License-Identifier: Apache-2.0 */

/* Calls a server over the channel of its own name, and never looks why a call fails. */

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <stdio.h>
#include <string.h>

#include <mistakes/ISay.idl.h>

static const char *mistake = "";

static int makes(const char *name)
{
	return strcmp(mistake, name) == 0;
}

static void say(struct mistakes_ISay_proxy *proxy)
{
	char request[mistakes_ISay_Say_req_arena_size];
	char response[mistakes_ISay_Say_res_arena_size];
	struct nk_arena in = NK_ARENA_INITIALIZER(request, request + sizeof(request));
	struct nk_arena out = NK_ARENA_INITIALIZER(response, response + sizeof(response));
	struct mistakes_ISay_Say_req req;
	struct mistakes_ISay_Say_res res;

	for (int i = 0; i < 3; i++) {
		if (!makes("arena-is-not-reset"))
			nk_arena_reset(&in);
		nk_arena_reset(&out);
		nk_arena_store(nk_char_t, &in, &req.text, "eight..", 8);
		if (makes("parameter-is-not-set"))
			memset(&req.text, 0x55, sizeof(req.text));
		mistakes_ISay_Say(&proxy->base, &req, makes("no-request-arena") ? NK_NULL : &in,
				  &res, makes("no-response-arena") ? NK_NULL : &out);
	}
}

static void hush(struct mistakes_ISay_proxy *proxy)
{
	struct mistakes_ISay_Hush_req req;
	struct mistakes_ISay_Hush_res res;

	mistakes_ISay_Hush(&proxy->base, &req, NK_NULL, &res, NK_NULL);
}

int main(int argc, char **argv)
{
	Handle handle = INVALID_HANDLE;
	struct mistakes_ISay_proxy proxy = {0};
	NkKosTransport transport;
	nk_iid_t riid;

	mistake = argc > 1 ? argv[1] : "";
	if (!makes("nothing-is-connected"))
		handle = ServiceLocatorConnect(argc > 2 ? argv[2] : "");
	riid = makes("riid-is-wrong") ? 7 : ServiceLocatorGetRiid(handle, "say");
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	if (!makes("proxy-is-not-initialised"))
		mistakes_ISay_proxy_init(&proxy, &transport.base, riid);
	printf("%s: begins\n", argc > 2 ? argv[2] : "");
	say(&proxy);
	if (makes("method-has-no-handler"))
		hush(&proxy);
	return 0;
}
