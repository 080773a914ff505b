/* SPDX-License-Identifier: Apache-2.0 */

/*
 * uart/uart.h over descriptors: a pseudo-terminal (whose other end stays open
 * here, so that it never hangs up), a pipe to itself, or a real device. All are
 * non-blocking; waiting is done in poll(), which a thread can be ended in.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <uart/uart.h>

#include "board.h"
#include "board_kernel.h"

/* How long a real device may refuse to take a byte. */
#define DEVICE_WRITE_MS 1000

struct line {
	bool open;               /* lock */
	enum kx_board_line kind; /* while open: constant, like the descriptors */
	int in;
	int out;       /* -1: what is written is lost */
	int other_end; /* kept open, so that the line never hangs up; or -1 */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct line lines[KX_BOARD_UARTS];
static const struct kx_board *board; /* lock; NULL: UartInit has not been called */

Retcode UartInit(void)
{
	const struct kx_board *found = kx_board_get();

	if (!found)
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	board = found;
	(void)pthread_mutex_unlock(&lock);
	return rcOk;
}

static bool make_raw(int fd)
{
	struct termios mode;

	if (tcgetattr(fd, &mode) != 0)
		return false;
	cfmakeraw(&mode);
	return tcsetattr(fd, TCSANOW, &mode) == 0;
}

static bool open_pty(struct line *line, const char *name)
{
	char other[64];
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return false;
	if (grantpt(fd) != 0 || unlockpt(fd) != 0 || ptsname_r(fd, other, sizeof(other)) != 0)
		goto undo_pty;
	line->other_end = open(other, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (line->other_end < 0)
		goto undo_pty;
	if (!make_raw(line->other_end))
		goto undo_other_end;
	line->in = fd;
	line->out = fd;
	(void)fprintf(stderr, "%s: open %s to talk to it\n", name, other);
	return true;

undo_other_end:
	(void)close(line->other_end);
undo_pty:
	(void)close(fd);
	return false;
}

static bool open_loopback(struct line *line)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return false;
	line->in = ends[0];
	line->out = ends[1];
	line->other_end = -1;
	return true;
}

/* A line that nothing is connected to: writing succeeds, reading waits. */
static bool open_nothing(struct line *line, const char *name)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return false;
	line->in = ends[0];
	line->other_end = ends[1];
	line->out = -1;
	(void)fprintf(stderr,
		      "%s: nothing is connected; the board file (KOSIX_BOARD) can make it a "
		      "loopback\n",
		      name);
	return true;
}

static bool open_device(struct line *line, const char *path)
{
	int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return false;
	if (isatty(fd) && !make_raw(fd)) {
		(void)close(fd);
		return false;
	}
	line->in = fd;
	line->out = fd;
	line->other_end = -1;
	return true;
}

static bool open_line(struct line *line, const char *name, const struct kx_board_uart *wanted)
{
	switch (line->kind) {
	case KX_BOARD_PTY: /* which an entity cannot have */
		return open_pty(line, name) || (kx_board_is_shared() && open_nothing(line, name));
	case KX_BOARD_LOOPBACK:
		return open_loopback(line);
	case KX_BOARD_DEVICE:
		return open_device(line, wanted->path);
	case KX_BOARD_ABSENT:
		break;
	}
	return false;
}

static Retcode open_port_locked(const char *name, UartHandle *handle)
{
	struct line *line;
	int port;

	if (!board)
		return rcNotReady;
	port = kx_board_port(name, "uart", KX_BOARD_UARTS);
	if (port < 0)
		return rcDeviceNotFound;
	line = &lines[port];
	if (line->open)
		return rcBusy;
	line->kind = board->from_file ? board->uarts[port].line : KX_BOARD_PTY;
	if (!open_line(line, name, &board->uarts[port])) {
		(void)fprintf(stderr, "%s: %s\n", name,
			      line->kind == KX_BOARD_ABSENT ? "not in the board file (KOSIX_BOARD)"
							    : "Linux does not open it");
		return rcDeviceNotFound;
	}
	line->open = true;
	*handle = line;
	return rcOk;
}

Retcode UartOpenPort(const char *name, UartHandle *handle)
{
	Retcode rc;

	if (!name || !handle)
		return rcInvalidArgument;
	(void)pthread_mutex_lock(&lock);
	rc = open_port_locked(name, handle);
	(void)pthread_mutex_unlock(&lock);
	return rc;
}

/* The open line behind @handle, or NULL. */
static struct line *line_of(UartHandle handle)
{
	struct line *found = NULL;

	(void)pthread_mutex_lock(&lock);
	for (unsigned i = 0; i < KX_BOARD_UARTS; i++)
		if (handle == &lines[i] && lines[i].open)
			found = &lines[i];
	(void)pthread_mutex_unlock(&lock);
	return found;
}

static Retcode close_locked(struct line *line)
{
	if (!line->open)
		return rcInvalidArgument;
	line->open = false;
	(void)close(line->in);
	if (line->out >= 0 && line->out != line->in)
		(void)close(line->out);
	if (line->other_end >= 0)
		(void)close(line->other_end);
	return rcOk;
}

Retcode UartClosePort(UartHandle handle)
{
	Retcode rc = rcInvalidArgument;

	(void)pthread_mutex_lock(&lock);
	for (unsigned i = 0; i < KX_BOARD_UARTS; i++)
		if (handle == &lines[i])
			rc = close_locked(&lines[i]);
	(void)pthread_mutex_unlock(&lock);
	return rc;
}

/* Waits for @events, at most @msec (-1: for ever). False: time is over or the line broke. */
static bool await(int fd, short events, int msec)
{
	struct pollfd poller = {.fd = fd, .events = events};
	int n;

	do {
		n = poll(&poller, 1, msec);
	} while (n < 0 && errno == EINTR);
	return n > 0;
}

/* One read of at least a byte; blocks. Returns how many, 0 if the line broke. */
static size_t read_some(struct line *line, rtl_uint8_t *buffer, rtl_size_t size)
{
	ssize_t n;

	for (;;) {
		n = read(line->in, buffer, size);
		if (n >= 0)
			return (size_t)n;
		if (errno != EINTR && errno != EAGAIN)
			return 0;
		if (errno == EAGAIN && !await(line->in, POLLIN, -1))
			return 0;
	}
}

Retcode UartRead(UartHandle handle, rtl_uint8_t *buffer, rtl_size_t size, void *reserved,
		 rtl_size_t *done)
{
	struct line *line = line_of(handle);
	rtl_size_t got = 0;
	size_t n = 1;

	if (!line || (!buffer && size > 0) || reserved)
		return rcInvalidArgument;
	while (got < size && n > 0) {
		n = read_some(line, buffer + got, size - got);
		got += n;
	}
	if (done)
		*done = got;
	return got == size ? rcOk : rcFail;
}

Retcode UartReadByte(UartHandle handle, rtl_uint8_t *byte)
{
	return byte ? UartRead(handle, byte, 1, RTL_NULL, RTL_NULL) : rcInvalidArgument;
}

/* One write. Returns how many bytes are gone, sent or lost; 0 if the line broke. */
static size_t write_some(struct line *line, const rtl_uint8_t *buffer, rtl_size_t size)
{
	ssize_t n;

	if (line->out < 0)
		return size;
	for (;;) {
		n = write(line->out, buffer, size);
		if (n > 0)
			return (size_t)n;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			return 0;
		if (line->kind != KX_BOARD_DEVICE)
			return size;
		if (!await(line->out, POLLOUT, DEVICE_WRITE_MS))
			return 0;
	}
}

Retcode UartWrite(UartHandle handle, const rtl_uint8_t *buffer, rtl_size_t size, void *reserved,
		  rtl_size_t *done)
{
	struct line *line = line_of(handle);
	rtl_size_t gone = 0;
	size_t n = 1;

	if (!line || (!buffer && size > 0) || reserved)
		return rcInvalidArgument;
	while (gone < size && n > 0) {
		n = write_some(line, buffer + gone, size - gone);
		gone += n;
	}
	if (done)
		*done = gone;
	return gone == size ? rcOk : rcFail;
}

Retcode UartWriteByte(UartHandle handle, rtl_uint8_t byte)
{
	return UartWrite(handle, &byte, 1, RTL_NULL, RTL_NULL);
}
