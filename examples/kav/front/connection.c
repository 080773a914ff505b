/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One peer. A request ends at a NUL, at end of file, or where it is complete and nothing more
 * came for a moment, since half of the known clients send no NUL. All its bytes must have come
 * before one absolute deadline, however they dribble.
 *
 * A reply leaves in one send() where the socket takes it: some clients read it with one recv().
 */

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "front.h"

#define GRACE_MS     20
#define SEND_MS      5000
#define LINGER_MS    200
#define FIRST_ROOM   4096
#define THREAD_STACK (1u << 20) /* a folder costs one frame with a path in it */

struct kx_kav_connection {
	struct kx_kav_front *front;
	struct kx_kav_connection *next; /* under front->mutex */
	int fd;
	bool one_shot;
	bool eof;
	struct kx_kav_peer peer;
	char *bytes; /* received and not yet used */
	size_t len;
	size_t room;
};

enum outcome {
	OUTCOME_REQUEST, /* complete: *used bytes of the buffer belong to it */
	OUTCOME_END,     /* nothing more to answer: hang up */
	OUTCOME_REFUSED, /* *why; answer and hang up */
};

/* Waits for bytes until @deadline. 1 readable or hung up, 0 time is up, -1 error. */
static int wait_bytes(const struct kx_kav_connection *c, int64_t deadline)
{
	struct pollfd poll_fd = {.fd = c->fd, .events = POLLIN};
	int n;

	do {
		int64_t left = deadline - kx_kav_now();

		n = poll(&poll_fd, 1, left > 0 ? (int)left : 0);
	} while (n < 0 && errno == EINTR);
	return n;
}

static bool grow(struct kx_kav_connection *c)
{
	size_t room = c->room ? 2 * c->room : FIRST_ROOM;
	char *bytes;

	if (c->len < c->room)
		return true;
	if (room > c->front->options.request_max + 1u)
		room = c->front->options.request_max + 1u;
	bytes = realloc(c->bytes, room);
	if (!bytes)
		return false;
	c->bytes = bytes;
	c->room = room;
	return true;
}

/* Takes in what has come. False on errors; end of file is noted in c->eof. */
static bool receive(struct kx_kav_connection *c)
{
	ssize_t n;

	if (!grow(c))
		return false;
	do
		n = recv(c->fd, c->bytes + c->len, c->room - c->len, 0);
	while (n < 0 && errno == EINTR);
	c->eof = n == 0;
	if (n > 0)
		c->len += (size_t)n;
	return n >= 0;
}

/* Whether the buffer holds a whole request; parse errors are left to whoever parses it next. */
static bool complete(struct kx_kav_connection *c, size_t *text, size_t *used)
{
	const char *nul = c->len > 0 ? memchr(c->bytes, '\0', c->len) : NULL;

	*text = nul ? (size_t)(nul - c->bytes) : c->len;
	*used = nul ? *text + 1 : *text;
	return nul || (c->eof && c->len > 0);
}

/* Without a NUL: complete if it parses and no byte follows at once. */
static bool complete_by_silence(struct kx_kav_connection *c, int64_t deadline)
{
	struct kx_kav_request request;
	const char *why;
	enum kx_kav_parse parse = kx_kav_request_parse(c->bytes, c->len, &request, &why);
	int64_t grace = kx_kav_now() + GRACE_MS;

	if (parse == KX_KAV_PARSE_MORE)
		return false;
	if (parse == KX_KAV_PARSE_OK)
		kx_kav_request_free(&request);
	return parse == KX_KAV_PARSE_BAD || wait_bytes(c, grace < deadline ? grace : deadline) == 0;
}

static enum outcome next_request(struct kx_kav_connection *c, size_t *text, size_t *used,
				 const char **why)
{
	const struct kx_kav_options *options = &c->front->options;
	int64_t deadline = kx_kav_now() + 1000LL * options->idle_seconds;
	bool begun = false;

	for (;;) {
		if (c->len > 0 && !begun) {
			begun = true;
			deadline = kx_kav_now() + 1000LL * options->request_seconds;
		}
		if (complete(c, text, used))
			return OUTCOME_REQUEST;
		if (c->eof)
			return OUTCOME_END;
		*why = "larger than this daemon takes";
		if (c->len > options->request_max)
			return OUTCOME_REFUSED;
		if (c->len > 0 && complete_by_silence(c, deadline))
			return OUTCOME_REQUEST;
		*why = "it did not arrive in time";
		if (begun && kx_kav_now() >= deadline)
			return OUTCOME_REFUSED;
		if (wait_bytes(c, deadline) <= 0)
			return begun ? OUTCOME_REFUSED : OUTCOME_END;
		if (!receive(c))
			return OUTCOME_END;
	}
}

/* All bytes before a deadline; a peer that does not read is given up. */
static bool send_all(const struct kx_kav_connection *c, const uint8_t *bytes, size_t len)
{
	int64_t deadline = kx_kav_now() + SEND_MS;

	while (len > 0) {
		struct pollfd poll_fd = {.fd = c->fd, .events = POLLOUT};
		ssize_t n = send(c->fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
			continue;
		}
		if (errno != EAGAIN && errno != EINTR)
			return false;
		if (kx_kav_now() >= deadline || poll(&poll_fd, 1, SEND_MS / 10) < 0)
			return false;
	}
	return true;
}

/* Sends and frees @reply. */
static bool send_reply(const struct kx_kav_connection *c, uint8_t *reply, size_t len)
{
	bool sent = reply && send_all(c, reply, len);

	free(reply);
	return sent;
}

/* Bytes the peer still sends are thrown away, or closing would take the reply from it. */
static void linger(struct kx_kav_connection *c)
{
	int64_t deadline = kx_kav_now() + LINGER_MS;
	char trash[4096];

	(void)shutdown(c->fd, SHUT_WR);
	while (!c->eof && wait_bytes(c, deadline) > 0 && kx_kav_now() < deadline)
		if (recv(c->fd, trash, sizeof(trash), MSG_DONTWAIT) <= 0)
			break;
}

static bool refuse(struct kx_kav_connection *c, const char *why)
{
	size_t len = 0;
	uint8_t *reply = kx_kav_refuse(why, &len);

	(void)send_reply(c, reply, len);
	linger(c);
	return false;
}

/* False: hang up. */
static bool serve_one(struct kx_kav_connection *c)
{
	struct kx_kav_request request;
	const char *why = NULL;
	uint8_t *reply;
	size_t text = 0;
	size_t used = 0;
	size_t len = 0;

	switch (next_request(c, &text, &used, &why)) {
	case OUTCOME_END:
		return false;
	case OUTCOME_REFUSED:
		return refuse(c, why);
	case OUTCOME_REQUEST:
		break;
	}
	switch (kx_kav_request_parse(c->bytes, text, &request, &why)) {
	case KX_KAV_PARSE_OK:
		break;
	case KX_KAV_PARSE_BAD:
		return refuse(c, why);
	case KX_KAV_PARSE_MORE:
		return refuse(c, "incomplete");
	case KX_KAV_PARSE_NOMEM:
		return refuse(c, "no memory");
	}
	reply = kx_kav_answer(c->front, &c->peer, &request, &len);
	kx_kav_request_free(&request);
	c->len -= used;
	memmove(c->bytes, c->bytes + used, c->len);
	if (!send_reply(c, reply, len))
		return false;
	if (c->one_shot)
		linger(c);
	return !c->one_shot;
}

/* @c leaves the list before its descriptor is closed: kx_kav_connections_stop() uses both. */
static void end(struct kx_kav_connection *c)
{
	struct kx_kav_front *front = c->front;
	struct kx_kav_connection **at;

	(void)pthread_mutex_lock(&front->mutex);
	for (at = &front->running; *at != c; at = &(*at)->next)
		;
	*at = c->next;
	(void)close(c->fd);
	free(c->bytes);
	free(c);
	front->count--;
	(void)pthread_cond_signal(&front->ended);
	(void)pthread_mutex_unlock(&front->mutex);
}

static void *run(void *self)
{
	struct kx_kav_connection *c = self;

	while (!atomic_load(&c->front->stopping) && serve_one(c))
		;
	end(c);
	return NULL;
}

/* Tells a peer that is not served why, without waiting for it. */
static void turn_away(int fd, const char *why)
{
	size_t len = 0;
	uint8_t *reply = kx_kav_refuse(why, &len);

	if (reply)
		(void)send(fd, reply, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	free(reply);
	(void)close(fd);
}

/* One user other than root gets at most half of the places. Called with the mutex held. */
static bool has_place_locked(const struct kx_kav_front *front, const struct kx_kav_peer *peer)
{
	unsigned max = front->options.connections;
	unsigned mine = 0;

	for (const struct kx_kav_connection *c = front->running; c; c = c->next)
		mine += c->peer.uid == peer->uid;
	return front->count < max && (peer->uid == 0 || mine < (max + 1) / 2);
}

static bool start_thread_locked(struct kx_kav_connection *c)
{
	pthread_attr_t attr;
	pthread_t thread;
	bool started;

	(void)pthread_attr_init(&attr);
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	(void)pthread_attr_setstacksize(&attr, THREAD_STACK);
	started = pthread_create(&thread, &attr, run, c) == 0;
	(void)pthread_attr_destroy(&attr);
	if (!started)
		return false;
	c->next = c->front->running;
	c->front->running = c;
	c->front->count++;
	return true;
}

void kx_kav_connection_start(struct kx_kav_front *front, int fd, bool one_shot)
{
	struct kx_kav_connection *c = calloc(1, sizeof(*c));
	bool started = false;

	if (!c || !kx_kav_peer_of(fd, &c->peer)) {
		free(c);
		turn_away(fd, "the peer is not known");
		return;
	}
	c->front = front;
	c->fd = fd;
	c->one_shot = one_shot;
	(void)pthread_mutex_lock(&front->mutex);
	if (has_place_locked(front, &c->peer))
		started = start_thread_locked(c);
	(void)pthread_mutex_unlock(&front->mutex);
	if (started)
		return;
	free(c);
	turn_away(fd, "too many connections");
}

void kx_kav_connections_stop(struct kx_kav_front *front)
{
	atomic_store(&front->stopping, true);
	(void)pthread_mutex_lock(&front->mutex);
	for (struct kx_kav_connection *c = front->running; c; c = c->next)
		(void)shutdown(c->fd, SHUT_RD);
	while (front->count > 0)
		(void)pthread_cond_wait(&front->ended, &front->mutex);
	(void)pthread_mutex_unlock(&front->mutex);
}
