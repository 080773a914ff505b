/* SPDX-License-Identifier: Apache-2.0 */

/*
 * nng req0/rep0 over ipc. Both sides send and receive nng messages, which the
 * library does not copy; the server sends back the message it got.
 */

#include <nng/nng.h>
#include <nng/protocol/reqrep0/rep.h>
#include <nng/protocol/reqrep0/req.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/complain.h"
#include "peer.h"

struct client {
	size_t size;
	nng_socket socket;
};

static void endpoint(const struct kx_peer_job *job, char *text, size_t size)
{
	(void)snprintf(text, size, "ipc://%s/nng", job->folder);
}

static bool fail(const char *what, int error)
{
	return kx_complain("nng: %s: %s", what, nng_strerror(error));
}

static bool serve(const struct kx_peer_job *job, void (*ready)(void *arg), void *arg)
{
	nng_socket socket;
	nng_msg *message;
	char where[256];
	int error = nng_rep0_open(&socket);

	endpoint(job, where, sizeof(where));
	if (error == 0)
		error = nng_listen(socket, where, NULL, 0);
	if (error != 0)
		return fail("listen", error);
	ready(arg);
	do {
		error = nng_recvmsg(socket, &message, 0);
		if (error == 0)
			error = nng_sendmsg(socket, message, 0);
	} while (error == 0);
	return fail("serving", error);
}

static void *connect_to(const struct kx_peer_job *job)
{
	struct client *client = malloc(sizeof(*client));
	char where[256];
	int error;

	if (!client)
		return NULL;
	endpoint(job, where, sizeof(where));
	client->size = job->size;
	error = nng_req0_open(&client->socket);
	if (error == 0)
		error = nng_dial(client->socket, where, NULL, 0);
	if (error == 0)
		return client;
	(void)fail("dial", error);
	free(client);
	return NULL;
}

static bool call(void *arg, const void *out, void *in)
{
	const struct client *client = arg;
	nng_msg *message;
	bool whole;

	if (nng_msg_alloc(&message, client->size) != 0)
		return false;
	memcpy(nng_msg_body(message), out, client->size);
	if (nng_sendmsg(client->socket, message, 0) != 0) {
		nng_msg_free(message);
		return false;
	}
	if (nng_recvmsg(client->socket, &message, 0) != 0)
		return false;
	whole = nng_msg_len(message) == client->size;
	if (whole)
		memcpy(in, nng_msg_body(message), client->size);
	nng_msg_free(message);
	return whole;
}

const struct kx_peer_module *kx_peer_entry(void)
{
	static char library[32];
	static const struct kx_peer_module module = {
		.interface = KX_PEER_INTERFACE,
		.library = library,
		.serve = serve,
		.connect = connect_to,
		.call = call,
	};

	(void)snprintf(library, sizeof(library), "nng %s", nng_version());
	return &module;
}
