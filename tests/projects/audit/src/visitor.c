/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <watched/IDoor.idl.h>

int main(void)
{
	Handle handle = ServiceLocatorConnect("door");
	struct watched_IDoor_proxy door;
	NkKosTransport transport;

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	watched_IDoor_proxy_init(&door, &transport.base, ServiceLocatorGetRiid(handle, "door"));
	for (nk_uint32_t key = 1; key <= 4; key++) {
		watched_IDoor_Open_req req = {.key = key};
		watched_IDoor_Open_res res;

		if (watched_IDoor_Open(&door.base, &req, NULL, &res, NULL) != NK_EOK)
			fprintf(stderr, "visitor: %u does not fit\n", key);
	}
	return 0;
}
