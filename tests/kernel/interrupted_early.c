/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Preloaded: a Ctrl-C that comes while `kosix run` reads its options, and is looked at together
 * with the word that the solution is being started.
 */

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static bool raised;

int isatty(int fd)
{
	(void)fd;
	if (!strcmp(program_invocation_short_name, "kosix"))
		raised = raise(SIGINT) == 0;
	errno = ENOTTY;
	return 0;
}

int epoll_wait(int epoll, struct epoll_event *events, int most, int timeout)
{
	int count;

	do
		count = epoll_pwait(epoll, events, most, timeout, NULL);
	while (raised && count == 1);
	raised = false;
	return count;
}
