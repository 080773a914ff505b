/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Every error code of libkavclient over the socket, each really provoked, from every function
 * that may return it; and what is not an error. One row of the table in docs/kav.md, one test.
 */

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/kavclient.h"
#include "peer.h"

#define NOBODY 65534

/* How a check is made: the same peer must give the same error to each of them. */
enum check {
	CHECK_FILE,
	CHECK_FILES,
	CHECK_MEM,
	CHECK_SHMEM,
	CHECKS,
};

static int check_files(kav_ctx ctx)
{
	const char *const names[] = {"/a", "/b"};

	return kav_check_files(ctx, names, 2, "I0");
}

static int check_shmem(kav_ctx ctx)
{
	void *mem;

	if (kav_shmem_init(ctx, &mem, 16, NULL) != 0)
		return -2;
	return kav_shmem_check(ctx, 16);
}

static int check(kav_ctx ctx, enum check how)
{
	switch (how) {
	case CHECK_FILE:
		return kav_check_file(ctx, "/a");
	case CHECK_FILES:
		return check_files(ctx);
	case CHECK_MEM:
		return kav_check_mem(ctx, "text", 4);
	default:
		return check_shmem(ctx);
	}
}

static kav_ctx context(const char *path)
{
	kav_ctx ctx = kav_new();

	assert_non_null(ctx);
	assert_int_equal(kav_set_socketpath(ctx, path), 0);
	assert_int_equal(kav_set_timeout(ctx, 1), 0);
	return ctx;
}

static void expect(kav_ctx ctx, enum check how, int code, int error)
{
	errno = 0;
	assert_int_equal(check(ctx, how), -1);
	if (error != 0)
		assert_int_equal(errno, error);
	assert_int_equal(kav_get_error(ctx), code);
	assert_int_equal(kav_result_get_status(ctx), KAV_STATUS_NOT_CHECKED);
	assert_string_equal(kav_result_get_report(ctx), "");
}

/* All four ways against a peer that plays @steps. */
static void expect_from_peer(const struct kx_peer_step *steps, int code, int error)
{
	for (int how = 0; how < CHECKS; how++) {
		struct kx_peer *peer = kx_peer_start(steps, 1);
		kav_ctx ctx = context(kx_peer_path(peer));

		expect(ctx, (enum check)how, code, error);
		kav_free(ctx);
		kx_peer_stop(peer);
	}
}

#define BYTES(text) text, sizeof(text) - 1
#define REPLY(text)                                                                                \
	(const struct kx_peer_step[])                                                              \
	{                                                                                          \
		{KX_PEER_READ, NULL, 0}, {KX_PEER_SEND, BYTES(text)},                              \
		{                                                                                  \
			KX_PEER_END, NULL, 0                                                       \
		}                                                                                  \
	}

static double seconds_of(const struct timespec *from)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - from->tv_sec) + (double)(now.tv_nsec - from->tv_nsec) / 1e9;
}

static void the_texts_are_to_the_letter(void **state)
{
	static const char *const texts[] = {
		"Failed to create a socket to connect to kavdaemon",
		"Failed to connect to kavdaemon",
		"Check is already in progress",
		"Failed to write to kavdaemon",
		"Error waiting for kavdaemon to respond",
		"Timeout waiting for kavdaemon to respond",
		"Failed to read from kavdaemon",
		"Key file not found or expired",
		"Antivirus descriptions not found",
		"Internal integrity was compromised",
		"Failed to get a key for shared memory",
		"Failed to create a keyfile for shared memory",
		"Failed to allocate shared memory",
		"Failed to attach to shared memory segment",
		"Shared memory operations were not initialized",
		"Request to check a shared memory segment larger then allocated size",
		"Memory allocation failed",
	};

	(void)state;
	assert_int_equal(KAV_ERROR_MALLOC_FAILURE, 17);
	for (int code = 1; code <= KAV_ERROR_MALLOC_FAILURE; code++)
		assert_string_equal(kav_strerror(code), texts[code - 1]);
	assert_non_null(kav_strerror(0));
	assert_non_null(kav_strerror(-1));
	assert_non_null(kav_strerror(18));
}

static void socket_fails_without_descriptors(void **state)
{
	struct rlimit old;
	struct rlimit none;
	kav_ctx ctx = context("/tmp/kx-nowhere");

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = (struct rlimit){0, old.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	for (int how = CHECK_FILE; how <= CHECK_FILES; how++)
		expect(ctx, (enum check)how, KAV_ERROR_SOCKET, EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	kav_free(ctx);
}

/* The key file of shared memory needs a descriptor of its own, so there it is made before. */
static void socket_fails_without_descriptors_for_memory(void **state)
{
	struct rlimit old;
	struct rlimit none;
	kav_ctx ctx = context("/tmp/kx-nowhere");
	void *mem;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = (struct rlimit){0, old.rlim_max};
	assert_int_equal(kav_shmem_init(ctx, &mem, 16, NULL), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(kav_shmem_check(ctx, 16), -1);
	assert_int_equal(errno, EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_SOCKET);
	kav_free(ctx);
}

static int listener_at(const char *path, int backlog)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, backlog), 0);
	return fd;
}

static void expect_connect_error(const char *path, int error)
{
	for (int how = 0; how < CHECKS; how++) {
		kav_ctx ctx = context(path);

		expect(ctx, (enum check)how, KAV_ERROR_CONNECT, error);
		kav_free(ctx);
	}
}

static void connect_fails_where_nobody_listens(void **state)
{
	char folder[64];
	char name[200];

	(void)state;
	kx_folder_make(folder);
	expect_connect_error(kx_in(folder, "AvpCtl"), ENOENT);
	(void)close(listener_at(kx_in(folder, "stale"), 1));
	expect_connect_error(kx_in(folder, "stale"), ECONNREFUSED);
	memset(name, 'a', sizeof(name));
	name[0] = '/';
	name[sizeof(name) - 1] = '\0';
	expect_connect_error(name, ENAMETOOLONG);
	kx_folder_remove(folder);
}

/* This program is linked with the library that knows sockets only. */
static void connect_fails_without_the_other_transport(void **state)
{
	kav_ctx ctx = context("kos:kav.Scanner");
	void *mem;

	(void)state;
	for (int how = CHECK_FILE; how <= CHECK_MEM; how++)
		expect(ctx, (enum check)how, KAV_ERROR_CONNECT, EPROTONOSUPPORT);
	assert_int_equal(kav_shmem_init(ctx, &mem, 16, NULL), -1);
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_CANT_GET_SHMEM);
	kav_free(ctx);
}

/* In a child that is not root; its exit status is the number of what went wrong. */
static int as_nobody(int (*body)(const char *path), const char *path)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
			_exit(100);
		_exit(body(path));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int connect_is_denied(const char *path)
{
	kav_ctx ctx = kav_new();

	if (!ctx || kav_set_socketpath(ctx, path) != 0)
		return 1;
	if (kav_check_file(ctx, "/a") != -1 || errno != EACCES)
		return 2;
	return kav_get_error(ctx) == KAV_ERROR_CONNECT ? 0 : 3;
}

static void connect_fails_where_the_modes_say_no(void **state)
{
	char folder[64];
	int fd;

	(void)state;
	kx_folder_make(folder);
	assert_int_equal(chmod(folder, 0755), 0);
	fd = listener_at(kx_in(folder, "AvpCtl"), 1);
	assert_int_equal(chmod(kx_in(folder, "AvpCtl"), 0), 0);
	assert_int_equal(as_nobody(connect_is_denied, kx_in(folder, "AvpCtl")), 0);
	(void)close(fd);
	kx_folder_remove(folder);
}

static void connect_to_a_full_queue_ends_in_time(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timespec from;
	char folder[64];
	kav_ctx ctx;
	int listener;
	int queued[2];

	(void)state;
	kx_folder_make(folder);
	listener = listener_at(kx_in(folder, "AvpCtl"), 0);
	strcpy(address.sun_path, kx_in(folder, "AvpCtl"));
	for (int i = 0; i < 2; i++) {
		queued[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(queued[i], (struct sockaddr *)&address, sizeof(address));
	}
	ctx = context(address.sun_path);
	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	expect(ctx, CHECK_FILE, KAV_ERROR_CONNECT, EAGAIN);
	assert_true(seconds_of(&from) >= 0.9 && seconds_of(&from) < 5);
	kav_free(ctx);
	(void)close(queued[0]);
	(void)close(queued[1]);
	(void)close(listener);
	kx_folder_remove(folder);
}

struct second_thread {
	kav_ctx ctx;
	int result;
	pthread_t thread;
};

static void *check_in_thread(void *self)
{
	struct second_thread *second = self;

	second->result = kav_check_file(second->ctx, "/a");
	return NULL;
}

static void a_second_check_meanwhile_is_refused_and_harms_nothing(void **state)
{
	static const struct kx_peer_step steps[] = {{KX_PEER_READ, NULL, 0},
						    {KX_PEER_TELL, NULL, 0},
						    {KX_PEER_HOLD, NULL, 0},
						    {KX_PEER_SEND, BYTES("\x34\0")},
						    {KX_PEER_END, NULL, 0}};
	struct kx_peer *peer = kx_peer_start(steps, 1);
	struct second_thread first = {.ctx = context(kx_peer_path(peer)), .result = -5};
	const char *const names[] = {"/a"};
	void *mem;

	(void)state;
	assert_int_equal(kav_set_timeout(first.ctx, 60), 0);
	assert_int_equal(kav_shmem_init(first.ctx, &mem, 8, NULL), 0);
	assert_int_equal(pthread_create(&first.thread, NULL, check_in_thread, &first), 0);
	kx_peer_wait(peer, 1);
	assert_int_equal(kav_check_file(first.ctx, "/b"), -1);
	assert_int_equal(kav_get_error(first.ctx), KAV_ERROR_CHECK_IN_PROGRESS);
	assert_int_equal(kav_check_files(first.ctx, names, 1, NULL), -1);
	assert_int_equal(kav_check_mem(first.ctx, "x", 1), -1);
	assert_int_equal(kav_shmem_check(first.ctx, 8), -1);
	assert_int_equal(kav_get_error(first.ctx), KAV_ERROR_CHECK_IN_PROGRESS);
	kx_peer_release(peer);
	(void)pthread_join(first.thread, NULL);
	assert_int_equal(first.result, 0);
	assert_int_equal(kav_result_get_status(first.ctx), KAV_STATUS_VIRUSES_FOUND);
	kav_free(first.ctx);
	kx_peer_stop(peer);
}

/* Takes a connection and closes it once the first bytes of a request are there, unread. */
static void *hang_up_unread(void *self)
{
	int peer = accept(*(int *)self, NULL, NULL);
	struct pollfd poll_fd = {.fd = peer, .events = POLLIN};

	(void)poll(&poll_fd, 1, -1);
	(void)close(peer);
	return NULL;
}

static void write_fails_when_the_peer_never_reads(void **state)
{
	size_t count = 4000;
	const char **names = calloc(count, sizeof(*names));
	char name[1000];
	char folder[64];
	pthread_t thread;
	kav_ctx ctx;
	int listener;

	(void)state;
	memset(name, 'n', sizeof(name));
	name[0] = '/';
	name[sizeof(name) - 1] = '\0';
	for (size_t i = 0; i < count; i++)
		names[i] = name;
	kx_folder_make(folder);
	listener = listener_at(kx_in(folder, "AvpCtl"), 4);
	ctx = context(kx_in(folder, "AvpCtl"));

	/* The queue takes it, nobody reads: time is up. */
	assert_int_equal(kav_check_files(ctx, names, (int)count, NULL), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_WRITE);

	/* The peer hangs up in the middle. (The first connection is still in the queue.) */
	(void)close(accept(listener, NULL, NULL));
	assert_int_equal(pthread_create(&thread, NULL, hang_up_unread, &listener), 0);
	assert_int_equal(kav_check_files(ctx, names, (int)count, NULL), -1);
	(void)pthread_join(thread, NULL);
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_WRITE);
	(void)close(listener);
	free(names);
	kav_free(ctx);
	kx_folder_remove(folder);
}

static void write_fails_for_names_that_cannot_be_sent(void **state)
{
	static const char *const bad[] = {"/a;b", "/a|b", "/a}b", "/a\xfe", "", NULL};
	kav_ctx ctx = context("/tmp/kx-nowhere");

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *const names[] = {"/good", bad[i]};

		assert_int_equal(kav_check_files(ctx, names, 2, NULL), -1);
		assert_int_equal(errno, EINVAL);
		assert_int_equal(kav_get_error(ctx), KAV_ERROR_WRITE);
	}
	assert_int_equal(kav_check_files(ctx, NULL, 1, NULL), -1);
	assert_int_equal(kav_check_files(ctx, bad, 0, NULL), -1);
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_WRITE);
	assert_int_equal(kav_check_file(ctx, NULL), -1);
	assert_int_equal(kav_check_file(ctx, ""), -1);
	assert_int_equal(errno, EINVAL);
	kav_free(ctx);
}

static void one_such_name_goes_in_the_simple_form(void **state)
{
	struct kx_peer *peer = kx_peer_start(REPLY("\x30\0"), 1);
	const char *const names[] = {"/a;b|c}"};
	kav_ctx ctx = context(kx_peer_path(peer));
	const char *request;
	size_t len;

	(void)state;
	assert_int_equal(kav_check_files(ctx, names, 1, NULL), 0);
	request = kx_peer_request(peer, &len);
	assert_int_equal(len, 19 + 7);
	assert_string_equal(request + 19, "/a;b|c}");
	kav_free(ctx);
	kx_peer_stop(peer);
}

static void on_signal(int number)
{
	(void)number;
}

static void a_signal_ends_the_wait(void **state)
{
	static const struct kx_peer_step steps[] = {
		{KX_PEER_READ, NULL, 0}, {KX_PEER_HOLD, NULL, 0}, {KX_PEER_END, NULL, 0}};
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	const struct itimerval soon = {{0, 50000}, {0, 200000}};
	const struct itimerval never = {{0, 0}, {0, 0}};

	(void)state;
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	for (int how = 0; how < CHECKS; how++) {
		struct kx_peer *peer = kx_peer_start(steps, 1);
		kav_ctx ctx = context(kx_peer_path(peer));
		sigset_t alarm;
		sigset_t old;

		/* Only this thread takes the signal: the peer's started before with it open. */
		(void)sigemptyset(&alarm);
		(void)sigaddset(&alarm, SIGALRM);
		assert_int_equal(kav_set_timeout(ctx, 60), 0);
		(void)pthread_sigmask(SIG_UNBLOCK, &alarm, &old);
		assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
		expect(ctx, (enum check)how, KAV_ERROR_WAIT_TO_READ, EINTR);
		assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
		(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
		kav_free(ctx);
		kx_peer_stop(peer);
	}
}

static void expect_timeout(const struct kx_peer_step *steps)
{
	for (int how = 0; how < CHECKS; how++) {
		struct kx_peer *peer = kx_peer_start(steps, 1);
		kav_ctx ctx = context(kx_peer_path(peer));
		struct timespec from;

		(void)clock_gettime(CLOCK_MONOTONIC, &from);
		expect(ctx, (enum check)how, KAV_ERROR_READ_TIMEOUT, ETIMEDOUT);
		/* At least the second; the upper bound leaves room for a loaded machine. */
		assert_true(seconds_of(&from) >= 0.99 && seconds_of(&from) < 4);
		kav_free(ctx);
		kx_peer_stop(peer);
	}
}

static void a_silent_peer_ends_in_time(void **state)
{
	static const struct kx_peer_step silent[] = {
		{KX_PEER_READ, NULL, 0}, {KX_PEER_HOLD, NULL, 0}, {KX_PEER_END, NULL, 0}};

	(void)state;
	expect_timeout(silent);
}

/* Two bytes, then a report that never comes; and one that comes byte by byte. */
static void a_stalled_report_ends_in_time(void **state)
{
	static const struct kx_peer_step stalled[] = {{KX_PEER_READ, NULL, 0},
						      {KX_PEER_SEND, BYTES("\x30\x01")},
						      {KX_PEER_HOLD, NULL, 0},
						      {KX_PEER_END, NULL, 0}};
	static const char dots[200];
	static const struct kx_peer_step dripping[] = {{KX_PEER_READ, NULL, 0},
						       {KX_PEER_SEND, BYTES("\x30\x01\xc8\0\0\0")},
						       {KX_PEER_DRIP, dots, sizeof(dots)},
						       {KX_PEER_END, NULL, 0}};

	(void)state;
	expect_timeout(stalled);
	expect_timeout(dripping);
}

static void read_fails_on_replies_that_are_none(void **state)
{
	static const struct kx_peer_step unread[] = {{KX_PEER_END, NULL, 0}};
	static const struct kx_peer_step closed[] = {{KX_PEER_READ, NULL, 0},
						     {KX_PEER_END, NULL, 0}};
	kav_ctx ctx;

	(void)state;
	expect_from_peer(closed, KAV_ERROR_READ, EPROTO);
	expect_from_peer(REPLY("\x30"), KAV_ERROR_READ, EPROTO);
	expect_from_peer(REPLY("\x34\x01\x64\0\0\0abc"), KAV_ERROR_READ, EPROTO);
	expect_from_peer(REPLY("\x34\x01\xff\xff\xff\xff"), KAV_ERROR_READ, EPROTO);
	expect_from_peer(REPLY("\x3f\0"), KAV_ERROR_READ, EPROTO);
	expect_from_peer(REPLY("\x39\0"), KAV_ERROR_READ, EPROTO);
	expect_from_peer(REPLY("\x30\x08"), KAV_ERROR_READ, EPROTO);
	expect_from_peer(REPLY("\x35\x02\x04\0"), KAV_ERROR_READ, EPROTO);

	/* Whether the request was sent before the peer closed is a race: either is right. */
	for (int i = 0; i < 20; i++) {
		struct kx_peer *peer = kx_peer_start(unread, 1);
		int error;

		ctx = context(kx_peer_path(peer));
		assert_int_equal(kav_check_file(ctx, "/a"), -1);
		error = errno;
		if (kav_get_error(ctx) == KAV_ERROR_READ)
			assert_true(error == ECONNRESET || error == EPROTO);
		else
			assert_int_equal(kav_get_error(ctx), KAV_ERROR_WRITE);
		kav_free(ctx);
		kx_peer_stop(peer);
	}
}

/* Sent, and only then closed without a look at it. */
static void read_fails_when_the_request_is_thrown_away(void **state)
{
	static const struct kx_peer_step steps[] = {{KX_PEER_HOLD, NULL, 0},
						    {KX_PEER_END, NULL, 0}};

	(void)state;
	/* HOLD ends when bytes arrive: they are then unread. */
	expect_from_peer(steps, KAV_ERROR_READ, ECONNRESET);
}

static void the_daemon_reports_its_own_state(void **state)
{
	(void)state;
	expect_from_peer(REPLY("\x40\0"), KAV_ERROR_BAD_KEYFILE, 0);
	expect_from_peer(REPLY("\x41\x01\x02\0\0\0no"), KAV_ERROR_BAD_KEYFILE, 0);
	expect_from_peer(REPLY("\x70\0"), KAV_ERROR_BASES_NOT_FOUND, 0);
	expect_from_peer(REPLY("\x71\0"), KAV_ERROR_BASES_NOT_FOUND, 0);
	expect_from_peer(REPLY("\x37\0"), KAV_ERROR_INTEGRITY_VIOLATED, 0);
	expect_from_peer(REPLY("\xb0\0"), KAV_ERROR_INTEGRITY_VIOLATED, 0);
	expect_from_peer(REPLY("\xb1\0"), KAV_ERROR_INTEGRITY_VIOLATED, 0);
	/* Several at once: the gravest. */
	expect_from_peer(REPLY("\x81\0"), KAV_ERROR_BASES_NOT_FOUND, 0);
	expect_from_peer(REPLY("\xf1\0"), KAV_ERROR_INTEGRITY_VIOLATED, 0);
	expect_from_peer(REPLY("\x47\0"), KAV_ERROR_INTEGRITY_VIOLATED, 0);
}

static void a_key_needs_an_existing_file(void **state)
{
	kav_ctx ctx = context("/tmp/kx-nowhere");
	void *mem = &mem;

	(void)state;
	assert_int_equal(kav_shmem_init(ctx, &mem, 16, "/nonexistent/file"), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_CANT_GET_KEY);
	assert_null(mem);
	kav_free(ctx);
}

static void a_temporary_key_file_needs_its_folder(void **state)
{
	kav_ctx ctx = context("/tmp/kx-nowhere");
	void *mem;

	(void)state;
	assert_int_equal(setenv("TMPDIR", "/nonexistent", 1), 0);
	assert_int_equal(kav_shmem_init(ctx, &mem, 16, NULL), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_CANT_CREATE_KEYFILE);
	assert_int_equal(kav_check_mem(ctx, "x", 1), -1);
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_CANT_CREATE_KEYFILE);
	assert_int_equal(unsetenv("TMPDIR"), 0);
	kav_free(ctx);
}

static void impossible_sizes_get_no_memory(void **state)
{
	char folder[64];
	kav_ctx ctx = context("/tmp/kx-nowhere");
	kav_ctx other = context("/tmp/kx-nowhere");
	void *mem;

	(void)state;
	assert_int_equal(kav_shmem_init(ctx, &mem, 0, NULL), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_CANT_GET_SHMEM);
	assert_int_equal(kav_shmem_init(ctx, &mem, (size_t)1 << 62, NULL), -1);
	assert_int_equal(errno, ENOMEM);
	assert_int_equal(kav_check_mem(ctx, "", 0), -1);
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_CANT_GET_SHMEM);

	/* A segment with that key exists already. */
	kx_folder_make(folder);
	kx_write_file(kx_in(folder, "key"), "", 0);
	assert_int_equal(kav_shmem_init(other, &mem, 16, kx_in(folder, "key")), 0);
	assert_int_equal(kav_shmem_init(ctx, &mem, 16, kx_in(folder, "key")), -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_CANT_GET_SHMEM);
	kav_free(other);
	kav_free(ctx);
	kx_folder_remove(folder);
}

static int attach_is_impossible(const char *path)
{
	const struct rlimit little = {32u << 20, 32u << 20};
	kav_ctx ctx = kav_new();
	void *mem;

	(void)path;
	if (!ctx || setrlimit(RLIMIT_AS, &little) != 0)
		return 1;
	if (kav_shmem_init(ctx, &mem, 64u << 20, NULL) != -1 || errno != ENOMEM)
		return 2;
	if (kav_get_error(ctx) != KAV_ERROR_CANT_ATTACH_SHMEM)
		return 3;
	return kav_shmem_check(ctx, 1) == -1 && kav_get_error(ctx) == KAV_ERROR_NO_SHMEM_INIT ? 0
											      : 4;
}

static void memory_that_cannot_be_mapped_is_told(void **state)
{
	(void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	skip(); /* a sanitizer needs more address space than the limit leaves */
#endif
	assert_int_equal(as_nobody(attach_is_impossible, ""), 0);
}

static void a_check_needs_memory_first(void **state)
{
	kav_ctx ctx = context("/tmp/kx-nowhere");
	void *mem;

	(void)state;
	assert_int_equal(kav_shmem_check(ctx, 1), -1);
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_NO_SHMEM_INIT);
	assert_int_equal(kav_shmem_init(ctx, &mem, 16, NULL), 0);
	kav_shmem_cleanup(ctx);
	kav_shmem_cleanup(ctx);
	assert_int_equal(kav_shmem_check(ctx, 1), -1);
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_NO_SHMEM_INIT);
	kav_free(ctx);
}

static void a_check_fits_the_memory(void **state)
{
	struct kx_peer *peer = kx_peer_start(REPLY("\x30\0"), 2);
	kav_ctx ctx = context(kx_peer_path(peer));
	void *mem;

	(void)state;
	assert_int_equal(kav_shmem_init(ctx, &mem, 4096, NULL), 0);
	assert_int_equal(kav_shmem_check(ctx, 4097), -1);
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_BAD_SHMEM_SIZE);
	assert_int_equal(kav_shmem_check(ctx, 4096), 0);
	assert_int_equal(kav_shmem_check(ctx, 0), 0);
	/* Success never clears the error. */
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_BAD_SHMEM_SIZE);
	kav_free(ctx);
	kx_peer_stop(peer);
}

static void a_new_init_replaces_the_memory(void **state)
{
	kav_ctx ctx = context("/tmp/kx-nowhere");
	void *first;
	void *second;

	(void)state;
	assert_int_equal(kav_shmem_init(ctx, &first, 16, NULL), 0);
	assert_int_equal(kav_shmem_init(ctx, &second, 1u << 20, NULL), 0);
	memset(second, 1, 1u << 20);
	assert_int_equal(kav_shmem_init(ctx, &second, 0, NULL), -1);
	assert_int_equal(kav_shmem_check(ctx, 1), -1);
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_NO_SHMEM_INIT);
	kav_free(ctx);
}

static void settings_are_kept(void **state)
{
	kav_ctx ctx = kav_new();

	(void)state;
	assert_null(kav_get_socketpath(ctx));
	assert_int_equal(kav_get_timeout(ctx), 5);
	assert_int_equal(kav_set_timeout(ctx, 0), -1);
	assert_int_equal(kav_set_timeout(ctx, -1), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(kav_get_timeout(ctx), 5);
	assert_int_equal(kav_set_socketpath(ctx, "/x"), 0);
	assert_string_equal(kav_get_socketpath(ctx), "/x");
	assert_int_equal(kav_set_socketpath(ctx, NULL), 0);
	assert_null(kav_get_socketpath(ctx));
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_NONE);
	assert_int_equal(kav_result_get_status(ctx), KAV_STATUS_NOT_CHECKED);
	assert_string_equal(kav_result_get_report(ctx), "");
	assert_int_equal(kav_result_get_report_len(ctx), 0);
	kav_reset(ctx);
	kav_reset(ctx);
	kav_free(ctx);
	kav_free(NULL);
}

static void a_result_lasts_until_the_next_check(void **state)
{
	struct kx_peer *peer = kx_peer_start(REPLY("\x34\x01\x05\0\0\0a\tb.\n"), 1);
	kav_ctx ctx = context(kx_peer_path(peer));

	(void)state;
	assert_int_equal(kav_check_file(ctx, "/a"), 0);
	assert_int_equal(kav_result_get_status(ctx), 4);
	assert_string_equal(kav_result_get_report(ctx), "a\tb.\n");
	assert_int_equal(kav_result_get_report_len(ctx), 5);
	kx_peer_stop(peer);
	assert_int_equal(kav_check_file(ctx, "/a"), -1);
	assert_int_equal(kav_result_get_status(ctx), KAV_STATUS_NOT_CHECKED);
	assert_string_equal(kav_result_get_report(ctx), "");
	kav_free(ctx);
}

static void relative_names_become_absolute(void **state)
{
	struct kx_peer *peer = kx_peer_start(REPLY("\x30\0"), 1);
	kav_ctx ctx = context(kx_peer_path(peer));
	const char *request;
	char expected[4200];
	char folder[4096];
	size_t len;

	(void)state;
	assert_non_null(getcwd(folder, sizeof(folder)));
	(void)snprintf(expected, sizeof(expected), "%s/some file", folder);
	assert_int_equal(kav_check_file(ctx, "some file"), 0);
	request = kx_peer_request(peer, &len);
	assert_string_equal(request + 19, expected);
	kav_free(ctx);
	kx_peer_stop(peer);
}

/* All of the above made and gave back System V memory: none of ours may be left. */
static void no_shared_memory_is_left(void **state)
{
	struct shm_info info;
	int last = shmctl(0, SHM_INFO, (struct shmid_ds *)&info);

	(void)state;
	for (int i = 0; i <= last; i++) {
		struct shmid_ds segment;

		if (shmctl(i, SHM_STAT, &segment) >= 0)
			assert_int_not_equal(segment.shm_cpid, getpid());
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_texts_are_to_the_letter),
		cmocka_unit_test(settings_are_kept),
		cmocka_unit_test(socket_fails_without_descriptors),
		cmocka_unit_test(socket_fails_without_descriptors_for_memory),
		cmocka_unit_test(connect_fails_where_nobody_listens),
		cmocka_unit_test(connect_fails_without_the_other_transport),
		cmocka_unit_test(connect_fails_where_the_modes_say_no),
		cmocka_unit_test(connect_to_a_full_queue_ends_in_time),
		cmocka_unit_test(a_second_check_meanwhile_is_refused_and_harms_nothing),
		cmocka_unit_test(write_fails_when_the_peer_never_reads),
		cmocka_unit_test(write_fails_for_names_that_cannot_be_sent),
		cmocka_unit_test(one_such_name_goes_in_the_simple_form),
		cmocka_unit_test(a_signal_ends_the_wait),
		cmocka_unit_test(a_silent_peer_ends_in_time),
		cmocka_unit_test(a_stalled_report_ends_in_time),
		cmocka_unit_test(read_fails_on_replies_that_are_none),
		cmocka_unit_test(read_fails_when_the_request_is_thrown_away),
		cmocka_unit_test(the_daemon_reports_its_own_state),
		cmocka_unit_test(a_key_needs_an_existing_file),
		cmocka_unit_test(a_temporary_key_file_needs_its_folder),
		cmocka_unit_test(impossible_sizes_get_no_memory),
		cmocka_unit_test(memory_that_cannot_be_mapped_is_told),
		cmocka_unit_test(a_check_needs_memory_first),
		cmocka_unit_test(a_check_fits_the_memory),
		cmocka_unit_test(a_new_init_replaces_the_memory),
		cmocka_unit_test(a_result_lasts_until_the_next_check),
		cmocka_unit_test(relative_names_become_absolute),
		cmocka_unit_test(no_shared_memory_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
