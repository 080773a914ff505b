/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Stands for a system program whose work the kernel process does (files,
 * sockets) or nobody does here (drivers): it registers its channel, and answers
 * every request with an error message, so that a client is refused and never
 * left waiting.
 *
 * Compiled once per program, with KOSIX_CLASS_NAME as the name of the channel.
 */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

/* Nobody is connected: stay, as the real program would. */
static void wait_for_the_end(void)
{
	for (;;)
		pause();
}

static void serve(Handle handle)
{
	static char request_room[4096];
	static char reply_room[64];
	NkKosTransport transport;
	union {
		struct nk_message base_;
		char bytes[4096];
	} request;
	struct {
		struct nk_message base_;
	} reply;
	struct nk_arena request_arena =
		NK_ARENA_INITIALIZER(request_room, request_room + sizeof(request_room));
	struct nk_arena reply_arena =
		NK_ARENA_INITIALIZER(reply_room, reply_room + sizeof(reply_room));

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	for (;;) {
		nk_req_reset(&request);
		nk_arena_reset(&request_arena);
		if (nk_transport_recv(&transport.base, &request.base_, &request_arena) != NK_EOK)
			continue;
		nk_err_reset(&reply);
		nk_arena_reset(&reply_arena);
		nk_transport_reply(&transport.base, &reply.base_, &reply_arena);
	}
}

int main(void)
{
	ServiceId id;
	Handle handle;

	handle = ServiceLocatorRegister(KOSIX_CLASS_NAME, NULL, 0, &id);
	if (handle == INVALID_HANDLE)
		wait_for_the_end();
	serve(handle);
	return EXIT_SUCCESS;
}
