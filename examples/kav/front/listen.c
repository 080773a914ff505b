/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Sockets, pid file, signals. AvpPid is locked for the life of the daemon, so of two daemons for
 * one folder the second knows, whatever files a crash has left.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "front.h"
#include "paths.h"

#define BACKLOG    64
#define FILES_WANT 8192

/* Every connection may hold one descriptor for each level of folders. */
static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= FILES_WANT)
		return;
	limit.rlim_cur = limit.rlim_max < FILES_WANT ? limit.rlim_max : FILES_WANT;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static bool open_pid_file(struct kx_kav_front *front)
{
	char path[KX_KAV_SOCKET_PATH];
	char text[32];
	int fd;
	int n;

	if (!kx_kav_path_in(path, front->options.folder, KX_KAV_PID_NAME))
		return false;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0) {
		kx_kav_say("%s: %m; choose another folder with -f=DIR", path);
		return false;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		kx_kav_say("%s: a daemon for this folder is running already; end it with -k", path);
		(void)close(fd);
		return false;
	}
	n = snprintf(text, sizeof(text), "%d\n", (int)getpid());
	if (ftruncate(fd, 0) != 0 || write(fd, text, (size_t)n) != n)
		kx_kav_say("%s: %m", path);
	front->pid_file = fd;
	return true;
}

/*
 * Every local user may connect: what a peer may do is decided by who it is. The mode comes from
 * the mask, because a sandbox that grants names in one folder grants no chmod. One thread yet.
 */
static int bind_for_all(int fd, const struct sockaddr_un *address)
{
	mode_t mask = umask(0111);
	int rc = bind(fd, (const struct sockaddr *)address, sizeof(*address));

	(void)umask(mask);
	return rc;
}

static int open_listener(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || strlen(path) >= sizeof(address.sun_path)) {
		errno = fd < 0 ? errno : ENAMETOOLONG;
		kx_kav_say("%s: %m", path);
		if (fd >= 0)
			(void)close(fd);
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path));
	(void)unlink(path); /* left by a daemon that is gone: we hold the lock */
	if (bind_for_all(fd, &address) != 0 || listen(fd, BACKLOG) != 0) {
		kx_kav_say("%s: %m", path);
		(void)close(fd);
		return -1;
	}
	return fd;
}

static void close_files(struct kx_kav_front *front)
{
	char path[KX_KAV_SOCKET_PATH];

	for (unsigned i = 0; i < KX_KAV_LISTENERS_MAX; i++)
		if (front->listeners[i] >= 0)
			(void)close(front->listeners[i]);
	if (front->listeners[0] >= 0 &&
	    kx_kav_path_in(path, front->options.folder, KX_KAV_SOCKET_NAME))
		(void)unlink(path);
	if (front->listeners[1] >= 0)
		(void)unlink(front->options.one_shot_socket);
	if (kx_kav_path_in(path, front->options.folder, KX_KAV_PID_NAME))
		(void)unlink(path);
	(void)close(front->pid_file);
	if (front->reserve >= 0)
		(void)close(front->reserve);
	for (unsigned i = 0; i < front->area_count; i++)
		(void)close(front->areas[i].fd);
}

/* Before anything is made that a signal's default action would leave behind. */
static void block_signals(sigset_t *signals)
{
	(void)sigemptyset(signals);
	(void)sigaddset(signals, SIGHUP);
	(void)sigaddset(signals, SIGINT);
	(void)sigaddset(signals, SIGTERM);
	(void)pthread_sigmask(SIG_BLOCK, signals, NULL);
	(void)signal(SIGPIPE, SIG_IGN); /* whoever reads our stderr may go */
}

bool kx_kav_front_open(struct kx_kav_front *front)
{
	const struct kx_kav_options *options = &front->options;
	char path[KX_KAV_SOCKET_PATH];
	sigset_t signals;
	bool good;

	block_signals(&signals);
	raise_file_limit();
	front->listeners[0] = front->listeners[1] = front->reserve = -1;
	if (!open_pid_file(front))
		return false;
	good = kx_kav_path_in(path, options->folder, KX_KAV_SOCKET_NAME);
	if (good)
		front->listeners[0] = open_listener(path);
	if (options->one_shot_socket)
		front->listeners[1] = open_listener(options->one_shot_socket);
	good = front->listeners[0] >= 0 && (!options->one_shot_socket || front->listeners[1] >= 0);
	front->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
	(void)pthread_mutex_init(&front->mutex, NULL);
	(void)pthread_cond_init(&front->ended, NULL);
	if (!good)
		close_files(front);
	return good;
}

/* No descriptor left: give up the reserve to take the peer and turn it away, or we would spin. */
static void take_and_hang_up(struct kx_kav_front *front, int listener)
{
	int fd;

	(void)close(front->reserve);
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd >= 0)
		(void)close(fd);
	front->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void accept_from(struct kx_kav_front *front, unsigned which)
{
	int fd = accept4(front->listeners[which], NULL, NULL, SOCK_CLOEXEC);

	if (fd >= 0)
		kx_kav_connection_start(front, fd, which == 1 || front->options.one_shot);
	else if (errno == EMFILE || errno == ENFILE)
		take_and_hang_up(front, front->listeners[which]);
}

/* False: the daemon is to end. */
static bool on_signal(struct kx_kav_front *front, int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return true;
	if (info.ssi_signo != SIGHUP)
		return false;
	front->judge->reload(front->judge);
	return true;
}

void kx_kav_front_run(struct kx_kav_front *front)
{
	struct pollfd fds[1 + KX_KAV_LISTENERS_MAX];
	sigset_t signals;
	bool more = true;

	block_signals(&signals);
	fds[0] = (struct pollfd){signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK), POLLIN, 0};
	for (unsigned i = 0; i < KX_KAV_LISTENERS_MAX; i++)
		fds[1 + i] = (struct pollfd){front->listeners[i], POLLIN, 0};
	kx_kav_say("ready on %s/%s", front->options.folder, KX_KAV_SOCKET_NAME);
	while (more) {
		if (poll(fds, 1 + KX_KAV_LISTENERS_MAX, -1) < 0 && errno != EINTR)
			break;
		for (unsigned i = 0; i < KX_KAV_LISTENERS_MAX; i++)
			if (fds[1 + i].revents & POLLIN)
				accept_from(front, i);
		if (fds[0].revents & POLLIN)
			more = on_signal(front, fds[0].fd);
	}
	(void)close(fds[0].fd);
	kx_kav_connections_stop(front);
	close_files(front);
	(void)pthread_cond_destroy(&front->ended);
	(void)pthread_mutex_destroy(&front->mutex);
}
