/* SPDX-License-Identifier: Apache-2.0 */

/*
 * sd-bus peer to peer: a method call that carries an array of bytes both ways over a
 * unix socket of its own, no daemon, no authentication exchange that can be left out.
 * The server is the library's own event loop.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>
#include <systemd/sd-id128.h>
#include <unistd.h>

#include "measure/complain.h"
#include "peer.h"

#define PATH        "/bench"
#define INTERFACE   "bench.Echo"
#define CLIENTS_MAX 256

struct client {
	size_t size;
	sd_bus *bus;
};

static bool fail(const char *what, int error)
{
	return kx_complain("sd-bus: %s: %s", what, strerror(-error));
}

static struct sockaddr_un address(const struct kx_peer_job *job)
{
	struct sockaddr_un where = {.sun_family = AF_UNIX};

	(void)snprintf(where.sun_path, sizeof(where.sun_path), "%.80s/sdbus", job->folder);
	return where;
}

/* The array is appended from where it lies in the request. */
static int echo(sd_bus_message *request, void *arg, sd_bus_error *error)
{
	sd_bus_message *reply = NULL;
	const void *bytes;
	size_t size;
	int rc = sd_bus_message_read_array(request, 'y', &bytes, &size);

	(void)arg;
	(void)error;
	if (rc >= 0)
		rc = sd_bus_message_new_method_return(request, &reply);
	if (rc >= 0)
		rc = sd_bus_message_append_array(reply, 'y', bytes, size);
	if (rc >= 0)
		rc = sd_bus_send(NULL, reply, NULL);
	(void)sd_bus_message_unref(reply);
	return rc;
}

static const sd_bus_vtable methods[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("Echo", "ay", "ay", echo, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END,
};

static int start_server_bus(int fd, sd_bus **bus)
{
	sd_id128_t id;
	int rc = sd_id128_randomize(&id);

	if (rc >= 0)
		rc = sd_bus_new(bus);
	if (rc >= 0)
		rc = sd_bus_set_fd(*bus, fd, fd);
	if (rc >= 0)
		rc = sd_bus_set_server(*bus, 1, id);
	if (rc >= 0)
		rc = sd_bus_set_anonymous(*bus, 1);
	if (rc >= 0)
		rc = sd_bus_set_trusted(*bus, 1);
	if (rc >= 0)
		rc = sd_bus_add_object_vtable(*bus, NULL, PATH, INTERFACE, methods, NULL);
	return rc >= 0 ? sd_bus_start(*bus) : rc;
}

/* A new client gets a bus of its own in the same loop. */
static int accept_one(sd_event_source *source, int listener, uint32_t events, void *arg)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	sd_bus *bus = NULL;
	int rc;

	(void)events;
	(void)arg;
	if (fd < 0)
		return 0;
	rc = start_server_bus(fd, &bus);
	if (rc >= 0)
		rc = sd_bus_attach_event(bus, sd_event_source_get_event(source), 0);
	if (rc < 0)
		(void)fail("accepting", rc); /* the others are served on */
	return 0;
}

static int listen_at(const struct kx_peer_job *job)
{
	struct sockaddr_un where = address(job);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)unlink(where.sun_path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&where, sizeof(where)) != 0 ||
	    listen(fd, CLIENTS_MAX) != 0)
		return -errno;
	return fd;
}

static bool serve(const struct kx_peer_job *job, void (*ready)(void *arg), void *arg)
{
	int listener = listen_at(job);
	sd_event *loop = NULL;
	int rc = listener < 0 ? listener : sd_event_new(&loop);

	if (rc >= 0)
		rc = sd_event_add_io(loop, NULL, listener, EPOLLIN, accept_one, NULL);
	if (rc < 0)
		return fail("listening", rc);
	ready(arg);
	return fail("serving", sd_event_loop(loop));
}

static void *connect_to(const struct kx_peer_job *job)
{
	struct client *client = calloc(1, sizeof(*client));
	char where[256];
	int rc;

	if (!client)
		return NULL;
	client->size = job->size;
	(void)snprintf(where, sizeof(where), "unix:path=%.80s/sdbus", job->folder);
	rc = sd_bus_new(&client->bus);
	if (rc >= 0)
		rc = sd_bus_set_address(client->bus, where);
	if (rc >= 0)
		rc = sd_bus_set_anonymous(client->bus, 1);
	if (rc >= 0)
		rc = sd_bus_set_trusted(client->bus, 1);
	if (rc >= 0)
		rc = sd_bus_start(client->bus);
	if (rc >= 0)
		return client;
	(void)fail("connect", rc);
	free(client);
	return NULL;
}

static bool call(void *arg, const void *out, void *in)
{
	const struct client *client = arg;
	sd_bus_message *request = NULL;
	sd_bus_message *reply = NULL;
	const void *bytes;
	size_t size = 0;
	int rc = sd_bus_message_new_method_call(client->bus, &request, NULL, PATH, INTERFACE,
						"Echo");

	if (rc >= 0)
		rc = sd_bus_message_append_array(request, 'y', out, client->size);
	if (rc >= 0)
		rc = sd_bus_call(client->bus, request, 0, NULL, &reply);
	if (rc >= 0)
		rc = sd_bus_message_read_array(reply, 'y', &bytes, &size);
	if (rc >= 0 && size == client->size)
		memcpy(in, bytes, size);
	(void)sd_bus_message_unref(request);
	(void)sd_bus_message_unref(reply);
	return rc >= 0 ? size == client->size : fail("call", rc);
}

const struct kx_peer_module *kx_peer_entry(void)
{
	static const struct kx_peer_module module = {
		.interface = KX_PEER_INTERFACE,
		.library = "libsystemd " KX_PEER_VERSION,
		.serve = serve,
		.connect = connect_to,
		.call = call,
	};

	return &module;
}
