/* SPDX-License-Identifier: Apache-2.0 */

/*
 * sd-bus peer to peer: a method call that carries an array of bytes both ways over a
 * unix socket of its own, no daemon, no authentication exchange that can be left out.
 */

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-id128.h>
#include <unistd.h>

#include "complain.h"
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

/* All that has come, until nothing is left to do. */
static int drain(sd_bus *bus)
{
	int rc;

	do
		rc = sd_bus_process(bus, NULL);
	while (rc > 0);
	return rc;
}

/* A client that is gone is no reason to stop serving the others. */
static void serve_bus(sd_bus *bus, struct pollfd *from)
{
	int rc = drain(bus);
	int events = rc < 0 ? rc : sd_bus_get_events(bus);

	if (events >= 0) {
		from->events = (short)events;
		return;
	}
	if (events != -ECONNRESET && events != -ENOTCONN)
		(void)fail("serving", events);
	from->fd = -1;
}

static void accept_one(int listener, struct pollfd *fds, sd_bus **buses, nfds_t *count)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0 || *count > CLIENTS_MAX || start_server_bus(fd, &buses[*count]) < 0)
		return;
	fds[*count] = (struct pollfd){.fd = fd, .events = POLLIN};
	++*count;
}

static bool serve(const struct kx_peer_job *job, void (*ready)(void *arg), void *arg)
{
	static struct pollfd fds[1 + CLIENTS_MAX];
	static sd_bus *buses[1 + CLIENTS_MAX];
	struct sockaddr_un where = address(job);
	nfds_t count = 1;

	fds[0] = (struct pollfd){.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
				 .events = POLLIN};
	(void)unlink(where.sun_path);
	if (fds[0].fd < 0 || bind(fds[0].fd, (struct sockaddr *)&where, sizeof(where)) != 0 ||
	    listen(fds[0].fd, CLIENTS_MAX) != 0)
		return kx_complain("sd-bus: can't listen: %m");
	ready(arg);
	while (poll(fds, count, -1) > 0 || errno == EINTR) {
		for (nfds_t i = 1; i < count; i++)
			if (fds[i].revents)
				serve_bus(buses[i], &fds[i]);
		if (fds[0].revents)
			accept_one(fds[0].fd, fds, buses, &count);
	}
	return kx_complain("sd-bus: poll: %m");
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
