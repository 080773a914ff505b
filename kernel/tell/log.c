/* SPDX-License-Identifier: Apache-2.0 */

/* One line, one write(); see log.h. */

#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024

/*
 * An entity can make us write lines as fast as it likes, and whoever reads them may
 * have stopped: a line that would block is dropped and counted. Only our own open
 * file can be made non-blocking; stderr's is shared with others.
 */
static int output = STDERR_FILENO;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Atomic unsigned long dropped;

static void open_output(void)
{
	struct stat status;
	int fd = -1;

	if (fstat(STDERR_FILENO, &status) == 0 &&
	    (S_ISFIFO(status.st_mode) || isatty(STDERR_FILENO)))
		fd = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd >= 0)
		output = fd;
}

static bool put(const char *line, size_t length)
{
	ssize_t sent = send(output, line, length, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (sent < 0 && errno == ENOTSOCK)
		sent = write(output, line, length);
	/* Nobody to tell when stderr is gone. */
	return sent >= 0 || errno != EAGAIN;
}

static void tell_dropped(void)
{
	unsigned long count = atomic_exchange(&dropped, 0);
	char line[128];
	int length;

	if (!count)
		return;
	length =
		snprintf(line, sizeof(line), "kosix: %lu line%s not written: nobody read in time\n",
			 count, count == 1 ? " was" : "s were");
	if (!put(line, (size_t)length))
		atomic_fetch_add(&dropped, count);
}

void kx_log_open(void)
{
	(void)pthread_once(&once, open_output);
}

bool kx_log(const char *format, ...)
{
	static const char prefix[] = "kosix: ";
	char line[LINE_MAX_BYTES];
	size_t used = sizeof(prefix) - 1;
	va_list list;
	int length;

	memcpy(line, prefix, used);
	va_start(list, format);
	length = vsnprintf(line + used, sizeof(line) - used - 1, format, list);
	va_end(list);
	if (length < 0)
		return false;
	used += (size_t)length;
	if (used > sizeof(line) - 2)
		used = sizeof(line) - 2;
	line[used++] = '\n';
	kx_log_open();
	tell_dropped();
	if (put(line, used))
		return true;
	atomic_fetch_add(&dropped, 1);
	return false;
}
