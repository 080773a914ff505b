/* SPDX-License-Identifier: Apache-2.0 */

/* Preloaded: a Ctrl-C that comes while `kosix run` reads its options. */

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

int isatty(int fd)
{
	(void)fd;
	if (!strcmp(program_invocation_short_name, "kosix"))
		(void)raise(SIGINT);
	errno = ENOTTY;
	return 0;
}
