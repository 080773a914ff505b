/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Floors of the kernel's byte streams: a pipe each way, and a pair of
 * connected unix stream sockets. The kernel makes the four copies.
 */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "floor.h"
#include "measure/complain.h"

enum { CLIENT, SERVER };
enum { READ, WRITE };

static bool write_all(int fd, const uint8_t *from, size_t size)
{
	while (size != 0) {
		ssize_t done = write(fd, from, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return kx_complain("stream: write: %m");
		from += done;
		size -= (size_t)done;
	}
	return true;
}

static bool read_all(int fd, uint8_t *into, size_t size)
{
	while (size != 0) {
		ssize_t done = read(fd, into, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return done == 0 ? kx_complain("stream: the other side is gone")
					 : kx_complain("stream: read: %m");
		into += done;
		size -= (size_t)done;
	}
	return true;
}

static bool stream_call(struct kx_party *party)
{
	return write_all(party->fd[CLIENT][WRITE], party->out, party->size) &&
	       read_all(party->fd[CLIENT][READ], party->in, party->size);
}

static bool stream_serve(struct kx_party *party)
{
	return read_all(party->fd[SERVER][READ], party->in, party->size) &&
	       write_all(party->fd[SERVER][WRITE], party->in, party->size);
}

static bool open_pipes(struct kx_party *party)
{
	int forth[2];
	int back[2];

	if (pipe2(forth, O_CLOEXEC) != 0)
		return kx_complain("pipe: %m");
	if (pipe2(back, O_CLOEXEC) != 0) {
		(void)kx_complain("pipe: %m");
		(void)close(forth[0]);
		(void)close(forth[1]);
		return false;
	}
	party->fd[SERVER][READ] = forth[0];
	party->fd[CLIENT][WRITE] = forth[1];
	party->fd[CLIENT][READ] = back[0];
	party->fd[SERVER][WRITE] = back[1];
	return true;
}

static bool open_sockets(struct kx_party *party)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return kx_complain("socketpair: %m");
	for (int side = CLIENT; side <= SERVER; side++) {
		party->fd[side][READ] = ends[side];
		party->fd[side][WRITE] = ends[side];
	}
	return true;
}

static const struct kx_floor pipes = {
	.parties = 2,
	.open = open_pipes,
	.call = stream_call,
	.serve = stream_serve,
};

static const struct kx_floor sockets = {
	.parties = 2,
	.open = open_sockets,
	.call = stream_call,
	.serve = stream_serve,
};

const struct kx_subject kx_floor_pipe = {
	.name = "pipe",
	.what = "a pipe each way",
	.floor = true,
	.fits = kx_floor_fits,
	.prepare = kx_floor_prepare,
	.run_turn = kx_floor_run_turn,
	.finish = kx_floor_finish,
	.self = &pipes,
};

const struct kx_subject kx_floor_socketpair = {
	.name = "socketpair",
	.what = "a pair of unix stream sockets",
	.floor = true,
	.fits = kx_floor_fits,
	.prepare = kx_floor_prepare,
	.run_turn = kx_floor_run_turn,
	.finish = kx_floor_finish,
	.self = &sockets,
};
