/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Stands for a system program whose work the kernel process does (files,
 * sockets) or nobody does here (drivers): it registers its channel, and answers
 * every request with an error message, so that a client is refused and never
 * left waiting.
 *
 * Compiled once per program: its channel is called KOSIX_CLASS_NAME, or what the SDK calls
 * it in KosixPrograms.cmake (KOSIX_CHANNEL_NAME).
 */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#ifndef KOSIX_CHANNEL_NAME
#define KOSIX_CHANNEL_NAME KOSIX_CLASS_NAME
#endif

/* Nobody is connected: stay, as the real program would. */
static void wait_for_the_end(void)
{
	for (;;)
		pause();
}

static void serve(Handle handle)
{
	char request_room[4096];
	char reply_room[64];
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

static void *serve_other(void *handle)
{
	serve(*(Handle *)handle);
	return NULL;
}

int main(void)
{
	ServiceId id;
	Handle handle = ServiceLocatorRegister(KOSIX_CLASS_NAME, NULL, 0, &id);
	Handle other = ServiceLocatorRegister(KOSIX_CHANNEL_NAME, NULL, 0, &id);
	pthread_t thread;

	if (handle == INVALID_HANDLE)
		handle = other;
	if (handle == INVALID_HANDLE)
		wait_for_the_end();
	if (other != INVALID_HANDLE && other != handle &&
	    pthread_create(&thread, NULL, serve_other, &other) != 0)
		return EXIT_FAILURE;
	serve(handle);
	return EXIT_SUCCESS;
}
