/* SPDX-License-Identifier: Apache-2.0 */
#include "run_delay.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

/* Opened each time, for it is asked rarely: no descriptor is kept. */
bool kx_run_delay(struct kx_run_delay *delay)
{
	struct kx_run_delay now;
	char text[80];
	ssize_t length;
	int fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	length = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	text[length > 0 ? length : 0] = '\0';
	if (sscanf(text, "%" SCNu64 " %" SCNu64, &now.run_ns, &now.wait_ns) != 2)
		return false;
	*delay = now;
	return true;
}
