/* SPDX-License-Identifier: Apache-2.0 */
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <stdio.h>
#include <tiny/IPing.idl.h>

int main(void)
{
	Handle handle = ServiceLocatorConnect("server");
	nk_iid_t riid = ServiceLocatorGetRiid(handle, "ping");
	struct tiny_IPing_Ping_req req = {.value = 41};
	struct tiny_IPing_Ping_res res;
	struct tiny_IPing_proxy proxy;
	NkKosTransport transport;

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	tiny_IPing_proxy_init(&proxy, &transport.base, riid);
	if (tiny_IPing_Ping(&proxy.base, &req, NULL, &res, NULL) == rcOk)
		fprintf(stderr, "client: %u\n", (unsigned int)res.result);
	return 0;
}
