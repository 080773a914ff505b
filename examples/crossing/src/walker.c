/* SPDX-License-Identifier: Apache-2.0 */

/* Wants to cross twice. */

#include <stdio.h>
#include <stdlib.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <crossing/IButton.idl.h>

int main(void)
{
	Handle channel = ServiceLocatorConnect("controller");
	NkKosTransport transport;
	IButton_proxy button;

	NkKosTransport_Init(&transport, channel, NK_NULL, 0);
	IButton_proxy_init(&button, &transport.base, ServiceLocatorGetRiid(channel, "button"));
	for (int i = 0; i < 2; i++) {
		IButton_Press_req req = {};
		IButton_Press_res res;

		if (IButton_Press(&button.base, &req, NK_NULL, &res, NK_NULL) != NK_EOK) {
			fprintf(stderr, "walker: nobody heard the button\n");
			return EXIT_FAILURE;
		}
		fprintf(stderr, "walker: across\n");
	}
	return EXIT_SUCCESS;
}
