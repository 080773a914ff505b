/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A unix stream socket and poll, without a library: what a program does that wants
 * no dependency. Also what the tests load.
 */

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "measure/complain.h"
#include "peer.h"

#define CLIENTS_MAX 256

struct client {
	size_t size;
	int fd;
};

static struct sockaddr_un address(const struct kx_peer_job *job)
{
	struct sockaddr_un where = {.sun_family = AF_UNIX};

	(void)snprintf(where.sun_path, sizeof(where.sun_path), "%.80s/unix", job->folder);
	return where;
}

static bool write_all(int fd, const uint8_t *from, size_t size)
{
	while (size != 0) {
		ssize_t done = send(fd, from, size, MSG_NOSIGNAL);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		from += done;
		size -= (size_t)done;
	}
	return true;
}

static bool read_all(int fd, uint8_t *into, size_t size)
{
	while (size != 0) {
		ssize_t done = recv(fd, into, size, MSG_WAITALL);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		into += done;
		size -= (size_t)done;
	}
	return true;
}

static int listen_at(const struct kx_peer_job *job)
{
	struct sockaddr_un where = address(job);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)unlink(where.sun_path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&where, sizeof(where)) != 0 ||
	    listen(fd, CLIENTS_MAX) != 0)
		return -1;
	return fd;
}

/* A client that is gone is no reason to stop serving the others. */
static void answer(struct pollfd *from, uint8_t *buffer, size_t size)
{
	if (read_all(from->fd, buffer, size) && write_all(from->fd, buffer, size))
		return;
	(void)close(from->fd);
	from->fd = -1;
}

static bool serve(const struct kx_peer_job *job, void (*ready)(void *arg), void *arg)
{
	static struct pollfd fds[1 + CLIENTS_MAX];
	uint8_t *buffer = malloc(job->size);
	nfds_t count = 1;

	fds[0] = (struct pollfd){.fd = listen_at(job), .events = POLLIN};
	if (fds[0].fd < 0 || !buffer)
		return kx_complain("unix: can't listen: %m");
	ready(arg);
	while (poll(fds, count, -1) > 0 || errno == EINTR) {
		for (nfds_t i = 1; i < count; i++)
			if (fds[i].revents)
				answer(&fds[i], buffer, job->size);
		if (fds[0].revents && count < 1 + CLIENTS_MAX)
			fds[count++] = (struct pollfd){.fd = accept(fds[0].fd, NULL, NULL),
						       .events = POLLIN};
	}
	return kx_complain("unix: poll: %m");
}

static void *connect_to(const struct kx_peer_job *job)
{
	struct sockaddr_un where = address(job);
	struct client *client = malloc(sizeof(*client));

	if (!client)
		return NULL;
	client->size = job->size;
	client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->fd >= 0 && connect(client->fd, (struct sockaddr *)&where, sizeof(where)) == 0)
		return client;
	(void)kx_complain("unix: connect: %m");
	free(client);
	return NULL;
}

static bool call(void *arg, const void *out, void *in)
{
	const struct client *client = arg;

	return write_all(client->fd, out, client->size) && read_all(client->fd, in, client->size);
}

const struct kx_peer_module *kx_peer_entry(void)
{
	static const struct kx_peer_module module = {
		.interface = KX_PEER_INTERFACE,
		.library = "no library",
		.serve = serve,
		.connect = connect_to,
		.call = call,
	};

	return &module;
}
