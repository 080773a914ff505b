/* SPDX-License-Identifier: Apache-2.0 */

/* The epoll loop of `kosix run`, with its timers and signals. */

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "kx_commands.h"
#include "run.h"

#define BATCH 32

static struct epoll_event batch[BATCH];
static int batch_count;
static struct kx_run_source signals;
static struct kx_run_source timer;

int kx_run_watch(struct kx_run_source *source, int fd, void (*ready)(struct kx_run_source *))
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = source};

	source->fd = fd;
	source->ready = ready;
	return epoll_ctl(kx_run.epoll, EPOLL_CTL_ADD, fd, &event);
}

void kx_run_unwatch(struct kx_run_source *source)
{
	int index;

	epoll_ctl(kx_run.epoll, EPOLL_CTL_DEL, source->fd, NULL);
	close(source->fd);
	source->fd = -1;
	for (index = 0; index < batch_count; index++) {
		if (batch[index].data.ptr == source)
			batch[index].data.ptr = NULL;
	}
}

/* timeout(1) sends its signal to us and then to our whole group: it has asked once. */
static bool is_repeated(const struct signalfd_siginfo *info)
{
	static struct signalfd_siginfo last;
	bool repeated = info->ssi_code == SI_USER && info->ssi_pid == last.ssi_pid &&
			info->ssi_signo == last.ssi_signo;

	last = *info;
	return repeated;
}

static void signal_ready(struct kx_run_source *source)
{
	struct signalfd_siginfo info;

	if (read(source->fd, &info, sizeof(info)) != (ssize_t)sizeof(info) || is_repeated(&info))
		return;
	/* Asked twice: at once, whatever the kernel process is doing. */
	if (kx_run.interrupted && kx_run.kernel && !kx_run.kernel_ended)
		kill(kx_run.kernel, SIGKILL);
	if (info.ssi_signo == SIGINT && !kx_run.interrupted)
		kx_complain("ended by Ctrl-C%s", kx_run.ready ? "" : " before it had started");
	kx_run.interrupted = true;
	if (info.ssi_signo == SIGINT)
		kx_run_end_telling_waits();
	else
		kx_run_end();
}

static int watch_signals(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -1 : kx_run_watch(&signals, fd, signal_ready);
}

static void timer_ready(struct kx_run_source *source)
{
	kx_run_unwatch(source);
	kx_run.timed_out = true;
	kx_run_end_telling_waits();
}

static int watch_timer(void)
{
	struct itimerspec when = {0};
	int fd;

	if (kx_run.options.timeout <= 0)
		return 0;
	fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	when.it_value.tv_sec = (time_t)kx_run.options.timeout;
	when.it_value.tv_nsec =
		(long)((kx_run.options.timeout - (double)when.it_value.tv_sec) * 1e9) + 1;
	if (fd < 0 || timerfd_settime(fd, 0, &when, NULL) < 0)
		return -1;
	return kx_run_watch(&timer, fd, timer_ready);
}

static void wait_once(void)
{
	struct kx_run_source *source;
	int index;

	batch_count = epoll_wait(kx_run.epoll, batch, BATCH, -1);
	for (index = 0; index < batch_count; index++) {
		source = batch[index].data.ptr;
		if (source)
			source->ready(source);
	}
	batch_count = 0;
}

int kx_run_loop(void)
{
	kx_run.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (kx_run.epoll < 0 || watch_signals() < 0 || watch_timer() < 0 ||
	    kx_run_start_kernel() < 0 || kx_run_watch_idle() < 0)
		return -1;
	while (!kx_run.kernel_ended || kx_run.sources)
		wait_once();
	return 0;
}
