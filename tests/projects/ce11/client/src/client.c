/* SPDX-License-Identifier: Apache-2.0 */

/* Adds as often as the limits say; prints the total, its arguments and environment. */

#include <stdio.h>
#include <stdlib.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <counter/ICount.idl.h>
#include <counter/Limits.idl.h>

int tentative;

int main(int argc, const char *argv[])
{
	NkKosTransport transport;
	struct counter_ICount_proxy proxy;
	Handle handle = ServiceLocatorConnect("count");
	nk_iid_t riid = ServiceLocatorGetRiid(handle, "count.interface");
	unsigned int i;

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	counter_ICount_proxy_init(&proxy, &transport.base, riid);
	for (i = 0; i < counter_Limits_Calls; i++) {
		struct counter_ICount_Add_req req = {.step = 2};
		struct counter_ICount_Add_res res;

		if (counter_ICount_Add(&proxy.base, &req, NULL, &res, NULL) != NK_EOK) {
			fprintf(stderr, "client: no answer\n");
			return EXIT_FAILURE;
		}
		fprintf(stderr, "client: total = %u\n", res.total);
	}
	fprintf(stderr, "client: %s %s %s\n", argv[0], argc > 1 ? argv[1] : "-", getenv("COLOUR"));
	return EXIT_SUCCESS;
}
