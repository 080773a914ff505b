/* SPDX-License-Identifier: Apache-2.0 */

/*
 * ZeroMQ REQ/REP over ipc, one I/O thread each. Messages are received in place
 * (zmq_msg_recv) and the server sends back the very message it got.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "measure/complain.h"
#include "peer.h"

struct client {
	size_t size;
	void *socket;
};

static void *open_socket(int type)
{
	void *context = zmq_ctx_new();

	return context ? zmq_socket(context, type) : NULL;
}

static void endpoint(const struct kx_peer_job *job, char *text, size_t size)
{
	(void)snprintf(text, size, "ipc://%s/zeromq", job->folder);
}

static bool fail(const char *what)
{
	return kx_complain("zeromq: %s: %s", what, zmq_strerror(zmq_errno()));
}

static bool serve(const struct kx_peer_job *job, void (*ready)(void *arg), void *arg)
{
	void *socket = open_socket(ZMQ_REP);
	char where[256];
	zmq_msg_t message;

	endpoint(job, where, sizeof(where));
	if (!socket || zmq_bind(socket, where) != 0)
		return fail("bind");
	(void)zmq_msg_init(&message);
	ready(arg);
	/* zmq_msg_send() takes the message and leaves an empty one. */
	while (zmq_msg_recv(&message, socket, 0) >= 0 && zmq_msg_send(&message, socket, 0) >= 0)
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
	client->socket = open_socket(ZMQ_REQ);
	if (client->socket && zmq_connect(client->socket, where) == 0)
		return client;
	(void)fail("connect");
	free(client);
	return NULL;
}

static bool call(void *arg, const void *out, void *in)
{
	const struct client *client = arg;

	return zmq_send(client->socket, out, client->size, 0) >= 0 &&
	       zmq_recv(client->socket, in, client->size, 0) == (int)client->size;
}

const struct kx_peer_module *kx_peer_entry(void)
{
	static char library[32];
	static struct kx_peer_module module = {
		.interface = KX_PEER_INTERFACE,
		.library = library,
		.serve = serve,
		.connect = connect_to,
		.call = call,
	};
	int major;
	int minor;
	int patch;

	zmq_version(&major, &minor, &patch);
	(void)snprintf(library, sizeof(library), "libzmq %d.%d.%d", major, minor, patch);
	return &module;
}
