/* SPDX-License-Identifier: Apache-2.0 */

/* Command socket; see command.h. What `ps` says is made in ps.c. */

#include "command.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "audit_answer.h"
#include "audit_level.h"
#include "board.h"
#include "kx_decimal.h"
#include "object.h"
#include "ps.h"
#include "solution.h"
#include "source.h"

#define REQUEST_MAX 32

struct client {
	struct kx_source source;
	char request[REQUEST_MAX];
	size_t used;
	char *answer; /* NULL until it is there */
	size_t sent;
	bool asked; /* somebody else has it: freed when the answer comes */
	bool gone;
};

static struct kx_source listener = {.fd = -1};
static unsigned client_count;

static void listen_ready(struct kx_source *source, uint32_t events);

static void close_client(struct client *client)
{
	if (!client->gone) {
		kx_source_remove(&client->source);
		close(client->source.fd);
		client->gone = true;
		if (client_count-- == KX_COMMAND_CLIENTS)
			kx_source_change(&listener, EPOLLIN);
	}
	if (client->asked)
		return;
	free(client->answer);
	free(client);
}

static void send_answer(struct client *client)
{
	size_t length = strlen(client->answer);
	ssize_t sent;

	while (client->sent < length) {
		sent = send(client->source.fd, client->answer + client->sent, length - client->sent,
			    MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent < 0 && errno == EAGAIN) {
			kx_source_change(&client->source, EPOLLOUT);
			return;
		}
		if (sent < 0)
			break;
		client->sent += (size_t)sent;
	}
	close_client(client);
}

static void answer(struct client *client, char *text)
{
	client->answer = text;
	if (client->answer && !client->gone)
		send_answer(client);
	else
		close_client(client);
}

static void done(void *context, char *text)
{
	struct client *client = context;

	client->asked = false;
	answer(client, text);
}

/* Whether the request is @word, a blank and a decimal number of at most @most. */
static bool asks_with(const struct client *client, const char *word, uint64_t most,
		      uint64_t *number)
{
	size_t length = strlen(word);

	return !strncmp(client->request, word, length) && client->request[length] == ' ' &&
	       kx_decimal(client->request + length + 1, most, number);
}

static void execute(struct client *client)
{
	uint64_t number;

	if (!strcmp(client->request, "ps")) {
		client->asked = true;
		kx_ps(done, client);
	} else if (!strcmp(client->request, "level")) {
		client->asked = true;
		kx_audit_level_ask(NULL, done, client);
	} else if (asks_with(client, "level", KX_AUDIT_LEVEL_MAX, &number)) {
		client->asked = true;
		kx_audit_level_ask(&(uint32_t){(uint32_t)number}, done, client);
	} else if (!strcmp(client->request, "board")) {
		answer(client, kx_board_describe());
	} else if (asks_with(client, "audit", UINT64_MAX, &number)) {
		answer(client, kx_audit_answer_from(number));
	} else if (asks_with(client, "event", UINT64_MAX, &number)) {
		answer(client, kx_audit_answer_event(number));
	} else if (!strcmp(client->request, "end")) {
		answer(client, strdup("{}\n"));
		kx_solution_end();
	} else {
		answer(client, strdup("{\"error\":\"unknown command\"}\n"));
	}
}

static void client_ready(struct kx_source *source, uint32_t events)
{
	struct client *client = kx_container(source, struct client, source);
	char *newline;
	ssize_t got;

	if (client->answer && !(events & (EPOLLHUP | EPOLLERR))) {
		send_answer(client);
		return;
	}
	got = recv(source->fd, client->request + client->used, REQUEST_MAX - client->used - 1,
		   MSG_DONTWAIT);
	if (got <= 0 || client->asked) {
		close_client(client);
		return;
	}
	client->used += (size_t)got;
	client->request[client->used] = '\0';
	newline = strchr(client->request, '\n');
	if (newline) {
		*newline = '\0';
		execute(client);
	} else if (client->used == REQUEST_MAX - 1) {
		close_client(client);
	}
}

static bool is_allowed(int fd)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 &&
	       (peer.uid == 0 || peer.uid == getuid());
}

static void listen_ready(struct kx_source *source, uint32_t events)
{
	int fd = accept4(source->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct client *client;

	(void)events;
	if (fd < 0)
		return;
	client = is_allowed(fd) ? calloc(1, sizeof(*client)) : NULL;
	if (!client || kx_source_add(&client->source, fd, EPOLLIN, client_ready) < 0) {
		free(client);
		close(fd);
		return;
	}
	if (++client_count == KX_COMMAND_CLIENTS)
		kx_source_change(&listener, 0);
}

static int bind_to(int fd, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "kosix/%u/%s",
			      (unsigned)getuid(), name);

	if (length >= (int)sizeof(address.sun_path) - 1)
		return -ENAMETOOLONG;
	if (bind(fd, (struct sockaddr *)&address,
		 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)) < 0)
		return -errno;
	return listen(fd, KX_COMMAND_CLIENTS) < 0 ? -errno : 0;
}

int kx_command_init(const char *name)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int error;

	if (fd < 0)
		return -errno;
	error = bind_to(fd, name);
	if (!error)
		error = kx_source_add(&listener, fd, EPOLLIN, listen_ready);
	if (error)
		close(fd);
	return error;
}

void kx_command_fini(void)
{
	kx_source_remove(&listener);
	if (listener.fd >= 0)
		close(listener.fd);
	listener.fd = -1;
}
