/* SPDX-License-Identifier: Apache-2.0 */

/* The scripted daemon, and folders for tests. A failing step here ends the test program. */

#include "peer.h"

#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define REQUEST_MAX (64u << 10)
#define DRIP_MS     100

struct kx_peer {
	char folder[64];
	char path[80];
	const struct kx_peer_step *steps;
	unsigned clients;
	int listener;
	int release[2]; /* a pipe: readable once released or ending */
	pthread_t thread;
	pthread_mutex_t mutex; /* guards the rest */
	pthread_cond_t changed;
	unsigned told;
	size_t request_len;
	char request[REQUEST_MAX];
};

static void must(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	abort();
}

/* Whether the pipe became readable before @fd. */
static bool wait_released(const struct kx_peer *peer, int fd)
{
	struct pollfd fds[] = {{peer->release[0], POLLIN, 0}, {fd, POLLIN, 0}};

	must(poll(fds, 2, -1) > 0, "poll");
	return fds[0].revents != 0;
}

static void take_request(struct kx_peer *peer, int fd)
{
	size_t len = 0;

	while (len < REQUEST_MAX && (len == 0 || peer->request[len - 1] != '\0')) {
		ssize_t n = recv(fd, peer->request + len, REQUEST_MAX - len, 0);

		if (n <= 0)
			break;
		len += (size_t)n;
	}
	peer->request_len = len > 0 ? len - 1 : 0;
}

static void drip(const struct kx_peer *peer, int fd, const struct kx_peer_step *step)
{
	struct pollfd fds[] = {{peer->release[0], POLLIN, 0}, {fd, POLLIN | POLLRDHUP, 0}};

	for (size_t i = 0; i < step->len && poll(fds, 2, DRIP_MS) == 0; i++)
		if (send(fd, (const char *)step->bytes + i, 1, MSG_NOSIGNAL) != 1)
			return;
}

static void play(struct kx_peer *peer, int fd)
{
	for (const struct kx_peer_step *step = peer->steps; step->act != KX_PEER_END; step++) {
		switch (step->act) {
		case KX_PEER_READ:
			take_request(peer, fd);
			break;
		case KX_PEER_SEND:
			(void)send(fd, step->bytes, step->len, MSG_NOSIGNAL);
			break;
		case KX_PEER_HOLD:
			(void)wait_released(peer, fd);
			break;
		case KX_PEER_DRIP:
			drip(peer, fd, step);
			break;
		default:
			(void)pthread_mutex_lock(&peer->mutex);
			peer->told++;
			(void)pthread_cond_broadcast(&peer->changed);
			(void)pthread_mutex_unlock(&peer->mutex);
			break;
		}
	}
}

static void *serve(void *self)
{
	struct kx_peer *peer = self;

	for (unsigned i = 0; i < peer->clients && !wait_released(peer, peer->listener); i++) {
		int fd = accept4(peer->listener, NULL, NULL, SOCK_CLOEXEC);

		must(fd >= 0, "accept");
		play(peer, fd);
		(void)close(fd);
	}
	return NULL;
}

struct kx_peer *kx_peer_start(const struct kx_peer_step *steps, unsigned clients)
{
	struct kx_peer *peer = calloc(1, sizeof(*peer));
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	must(peer != NULL, "calloc");
	kx_folder_make(peer->folder);
	(void)snprintf(peer->path, sizeof(peer->path), "%s/AvpCtl", peer->folder);
	strcpy(address.sun_path, peer->path);
	peer->steps = steps;
	peer->clients = clients;
	peer->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(bind(peer->listener, (struct sockaddr *)&address, sizeof(address)) == 0, "bind");
	must(listen(peer->listener, 8) == 0, "listen");
	must(pipe2(peer->release, O_CLOEXEC) == 0, "pipe");
	(void)pthread_mutex_init(&peer->mutex, NULL);
	(void)pthread_cond_init(&peer->changed, NULL);
	must(pthread_create(&peer->thread, NULL, serve, peer) == 0, "thread");
	return peer;
}

void kx_peer_release(struct kx_peer *peer)
{
	must(write(peer->release[1], "", 1) == 1, "pipe");
}

void kx_peer_stop(struct kx_peer *peer)
{
	kx_peer_release(peer);
	(void)pthread_join(peer->thread, NULL);
	(void)pthread_cond_destroy(&peer->changed);
	(void)pthread_mutex_destroy(&peer->mutex);
	(void)close(peer->release[0]);
	(void)close(peer->release[1]);
	(void)close(peer->listener);
	kx_folder_remove(peer->folder);
	free(peer);
}

const char *kx_peer_path(const struct kx_peer *peer)
{
	return peer->path;
}

void kx_peer_wait(struct kx_peer *peer, unsigned times)
{
	(void)pthread_mutex_lock(&peer->mutex);
	while (peer->told < times)
		(void)pthread_cond_wait(&peer->changed, &peer->mutex);
	(void)pthread_mutex_unlock(&peer->mutex);
}

const char *kx_peer_request(const struct kx_peer *peer, size_t *len)
{
	*len = peer->request_len;
	return peer->request;
}

void kx_folder_make(char path[64])
{
	(void)snprintf(path, 64, "/tmp/kx-kav-XXXXXX");
	must(mkdtemp(path) != NULL, "mkdtemp");
}

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	(void)stat;
	(void)type;
	(void)ftw;
	return remove(path);
}

void kx_folder_remove(const char *path)
{
	must(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0, path);
}

const char *kx_in(const char *path, const char *name)
{
	static char buffers[4][512];
	static unsigned next;
	char *buffer = buffers[next++ % 4];

	(void)snprintf(buffer, sizeof(buffers[0]), "%s/%s", path, name);
	return buffer;
}

void kx_write_file(const char *path, const void *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	must(fd >= 0, path);
	must(write(fd, bytes, len) == (ssize_t)len, path);
	(void)close(fd);
}
