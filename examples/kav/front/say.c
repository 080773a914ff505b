/* SPDX-License-Identifier: Apache-2.0 */

/* Small things that all of the front uses: messages and the clock. */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "front.h"

int64_t kx_kav_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void kx_kav_say(const char *form, ...)
{
	char line[1024] = "kavdaemon: ";
	size_t at = strlen(line);
	va_list arguments;
	int n;

	va_start(arguments, form);
	n = vsnprintf(line + at, sizeof(line) - at - 1, form, arguments);
	va_end(arguments);
	at += n < 0 ? 0 : (size_t)n < sizeof(line) - at - 1 ? (size_t)n : sizeof(line) - at - 2;
	line[at++] = '\n';
	(void)!write(STDERR_FILENO, line, at);
}
