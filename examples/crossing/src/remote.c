/* SPDX-License-Identifier: Apache-2.0 */

/* The maintenance access in wrong hands: looks, which is granted, then tries to stop the cars. */

#include <stdio.h>
#include <stdlib.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <crossing/ILamps.idl.h>
#include <crossing/IWatch.idl.h>

static void look(NkKosTransport *transport, nk_iid_t riid)
{
	IWatch_proxy watch;
	IWatch_Look_req req = {};
	IWatch_Look_res res;

	IWatch_proxy_init(&watch, &transport->base, riid);
	if (IWatch_Look(&watch.base, &req, NK_NULL, &res, NK_NULL) == NK_EOK)
		fprintf(stderr, "remote: I may look\n");
}

static void stop(NkKosTransport *transport, nk_iid_t riid)
{
	ILamps_proxy lamps;
	ILamps_Stop_req req = {};
	ILamps_Stop_res res;

	ILamps_proxy_init(&lamps, &transport->base, riid);
	if (ILamps_Stop(&lamps.base, &req, NK_NULL, &res, NK_NULL) != NK_EOK)
		fprintf(stderr, "remote: I may not touch\n");
}

int main(void)
{
	Handle lights = ServiceLocatorConnect("lights");
	NkKosTransport transport;

	NkKosTransport_Init(&transport, lights, NK_NULL, 0);
	look(&transport, ServiceLocatorGetRiid(lights, "watch"));
	stop(&transport, ServiceLocatorGetRiid(lights, "lamps"));
	return EXIT_SUCCESS;
}
