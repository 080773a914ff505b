/* SPDX-License-Identifier: Apache-2.0 */
#include "machine.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kx_atomic.h"

static bool has_memfd(void)
{
	int fd = memfd_create("kosix", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return errno != ENOSYS && errno != EINVAL;
	(void)close(fd);
	return true;
}

/* Wrong arguments: a call that exists says so, and does nothing. */
static bool has_pidfd(void)
{
	if (syscall(SYS_pidfd_send_signal, -1, 0, NULL, 0) < 0 && errno == ENOSYS)
		return false;
	return syscall(SYS_pidfd_open, -1, 0) >= 0 || errno != ENOSYS;
}

int kx_machine_check(char *text, size_t size)
{
	const char *missing = !has_memfd()   ? "memfd_create with sealing"
			      : !has_pidfd() ? "pidfd_open and pidfd_send_signal"
					     : NULL;

	*text = '\0';
	if (missing) {
		(void)snprintf(text, size,
			       "this Linux, or a filter around this process, lacks %s; Kosix needs "
			       "Linux 6.1 or later",
			       missing);
		return -1;
	}
	if (!kx_futex_many())
		(void)snprintf(text, size,
			       "this Linux lacks FUTEX_WAITV (5.16): servers that sleep are woken "
			       "through the kernel process");
	return 0;
}
