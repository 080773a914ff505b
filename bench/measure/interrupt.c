/* SPDX-License-Identifier: Apache-2.0 */
#include "interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>

static atomic_int come; /* lock-free, so a handler may write it */
static sigset_t before;

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};

static void note(int number)
{
	(void)number;
	atomic_store(&come, 1);
}

void kx_interrupt_catch(void)
{
	const struct sigaction action = {.sa_handler = note};
	sigset_t set;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct sigaction old;

		/* What was ignored (nohup) stays so. */
		if (sigaction(signals[i], NULL, &old) != 0 || old.sa_handler == SIG_IGN)
			continue;
		(void)sigaction(signals[i], &action, NULL);
		(void)sigaddset(&set, signals[i]);
	}
	(void)sigprocmask(SIG_BLOCK, &set, &before);
}

void kx_interrupt_restore(void)
{
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
}

bool kx_interrupted(void)
{
	return atomic_load(&come) != 0;
}

int kx_interrupt_poll(struct pollfd *fds, nfds_t count, uint64_t ns)
{
	const struct timespec time = {.tv_sec = (time_t)(ns / 1000000000u),
				      .tv_nsec = (long)(ns % 1000000000u)};

	if (kx_interrupted()) {
		errno = EINTR;
		return -1;
	}
	return ppoll(fds, count, &time, &before);
}
