/* SPDX-License-Identifier: Apache-2.0 */

/*
 * nanomsg NN_REQ/NN_REP over ipc. The server sends back the message it got, which
 * the library then owns (NN_MSG).
 */

#include <nanomsg/nn.h>
#include <nanomsg/reqrep.h>
#include <stdio.h>
#include <stdlib.h>

#include "measure/complain.h"
#include "peer.h"

struct client {
	size_t size;
	int socket;
};

static void endpoint(const struct kx_peer_job *job, char *text, size_t size)
{
	(void)snprintf(text, size, "ipc://%s/nanomsg", job->folder);
}

static bool fail(const char *what)
{
	return kx_complain("nanomsg: %s: %s", what, nn_strerror(nn_errno()));
}

static bool serve(const struct kx_peer_job *job, void (*ready)(void *arg), void *arg)
{
	int socket = nn_socket(AF_SP, NN_REP);
	char where[256];
	void *message;

	endpoint(job, where, sizeof(where));
	if (socket < 0 || nn_bind(socket, where) < 0)
		return fail("bind");
	ready(arg);
	while (nn_recv(socket, &message, NN_MSG, 0) >= 0 &&
	       nn_send(socket, &message, NN_MSG, 0) >= 0)
		;
	return fail("serving");
}

static void *connect_to(const struct kx_peer_job *job)
{
	struct client *client = malloc(sizeof(*client));
	char where[256];

	if (!client)
		return NULL;
	endpoint(job, where, sizeof(where));
	client->size = job->size;
	client->socket = nn_socket(AF_SP, NN_REQ);
	if (client->socket >= 0 && nn_connect(client->socket, where) >= 0)
		return client;
	(void)fail("connect");
	free(client);
	return NULL;
}

static bool call(void *arg, const void *out, void *in)
{
	const struct client *client = arg;

	return nn_send(client->socket, out, client->size, 0) == (int)client->size &&
	       nn_recv(client->socket, in, client->size, 0) == (int)client->size;
}

const struct kx_peer_module *kx_peer_entry(void)
{
	static const struct kx_peer_module module = {
		.interface = KX_PEER_INTERFACE,
		.library = "nanomsg " KX_PEER_VERSION,
		.serve = serve,
		.connect = connect_to,
		.call = call,
	};

	return &module;
}
