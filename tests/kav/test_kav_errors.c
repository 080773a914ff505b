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
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "checks.h"

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
	kav_ctx ctx = kx_context("/tmp/kx-nowhere");

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = (struct rlimit){0, old.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	for (int how = KX_CHECK_FILE; how <= KX_CHECK_FILES; how++)
		kx_expect(ctx, (enum kx_check)how, KAV_ERROR_SOCKET, EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	kav_free(ctx);
}

/* The key file of shared memory needs a descriptor of its own, so there it is made before. */
static void socket_fails_without_descriptors_for_memory(void **state)
{
	struct rlimit old;
	struct rlimit none;
	kav_ctx ctx = kx_context("/tmp/kx-nowhere");
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
	for (int how = 0; how < KX_CHECKS; how++) {
		kav_ctx ctx = kx_context(path);

		kx_expect(ctx, (enum kx_check)how, KAV_ERROR_CONNECT, error);
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
	kav_ctx ctx = kx_context("kos:kav.Scanner");
	void *mem;

	(void)state;
	for (int how = KX_CHECK_FILE; how <= KX_CHECK_MEM; how++)
		kx_expect(ctx, (enum kx_check)how, KAV_ERROR_CONNECT, EPROTONOSUPPORT);
	assert_int_equal(kav_shmem_init(ctx, &mem, 16, NULL), -1);
	assert_int_equal(kav_get_error(ctx), KAV_ERROR_CANT_GET_SHMEM);
	kav_free(ctx);
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
	assert_int_equal(kx_as_nobody(connect_is_denied, kx_in(folder, "AvpCtl")), 0);
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
	ctx = kx_context(address.sun_path);
	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	kx_expect(ctx, KX_CHECK_FILE, KAV_ERROR_CONNECT, EAGAIN);
	assert_true(kx_seconds_since(&from) >= 0.9 && kx_seconds_since(&from) < 5);
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
						    {KX_PEER_SEND, KX_BYTES("\x34\0")},
						    {KX_PEER_END, NULL, 0}};
	struct kx_peer *peer = kx_peer_start(steps, 1);
	struct second_thread first = {.ctx = kx_context(kx_peer_path(peer)), .result = -5};
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
	ctx = kx_context(kx_in(folder, "AvpCtl"));

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
	kav_ctx ctx = kx_context("/tmp/kx-nowhere");

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
	struct kx_peer *peer = kx_peer_start(KX_REPLY("\x30\0"), 1);
	const char *const names[] = {"/a;b|c}"};
	kav_ctx ctx = kx_context(kx_peer_path(peer));
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
	for (int how = 0; how < KX_CHECKS; how++) {
		struct kx_peer *peer = kx_peer_start(steps, 1);
		kav_ctx ctx = kx_context(kx_peer_path(peer));
		sigset_t alarm;
		sigset_t old;

		/* Only this thread takes the signal: the peer's started before with it open. */
		(void)sigemptyset(&alarm);
		(void)sigaddset(&alarm, SIGALRM);
		assert_int_equal(kav_set_timeout(ctx, 60), 0);
		(void)pthread_sigmask(SIG_UNBLOCK, &alarm, &old);
		assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
		kx_expect(ctx, (enum kx_check)how, KAV_ERROR_WAIT_TO_READ, EINTR);
		assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
		(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
		kav_free(ctx);
		kx_peer_stop(peer);
	}
}

static void expect_timeout(const struct kx_peer_step *steps)
{
	for (int how = 0; how < KX_CHECKS; how++) {
		struct kx_peer *peer = kx_peer_start(steps, 1);
		kav_ctx ctx = kx_context(kx_peer_path(peer));
		struct timespec from;

		(void)clock_gettime(CLOCK_MONOTONIC, &from);
		kx_expect(ctx, (enum kx_check)how, KAV_ERROR_READ_TIMEOUT, ETIMEDOUT);
		/* At least the second; the upper bound leaves room for a loaded machine. */
		assert_true(kx_seconds_since(&from) >= 0.99 && kx_seconds_since(&from) < 4);
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
						      {KX_PEER_SEND, KX_BYTES("\x30\x01")},
						      {KX_PEER_HOLD, NULL, 0},
						      {KX_PEER_END, NULL, 0}};
	static const char dots[200];
	static const struct kx_peer_step dripping[] = {
		{KX_PEER_READ, NULL, 0},
		{KX_PEER_SEND, KX_BYTES("\x30\x01\xc8\0\0\0")},
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
	kx_expect_from_peer(closed, KAV_ERROR_READ, EPROTO);
	kx_expect_from_peer(KX_REPLY("\x30"), KAV_ERROR_READ, EPROTO);
	kx_expect_from_peer(KX_REPLY("\x34\x01\x64\0\0\0abc"), KAV_ERROR_READ, EPROTO);
	kx_expect_from_peer(KX_REPLY("\x34\x01\xff\xff\xff\xff"), KAV_ERROR_READ, EPROTO);
	kx_expect_from_peer(KX_REPLY("\x3f\0"), KAV_ERROR_READ, EPROTO);
	kx_expect_from_peer(KX_REPLY("\x39\0"), KAV_ERROR_READ, EPROTO);
	kx_expect_from_peer(KX_REPLY("\x30\x08"), KAV_ERROR_READ, EPROTO);
	kx_expect_from_peer(KX_REPLY("\x35\x02\x04\0"), KAV_ERROR_READ, EPROTO);

	/* Whether the request was sent before the peer closed is a race: either is right. */
	for (int i = 0; i < 20; i++) {
		struct kx_peer *peer = kx_peer_start(unread, 1);
		int error;

		ctx = kx_context(kx_peer_path(peer));
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
	kx_expect_from_peer(steps, KAV_ERROR_READ, ECONNRESET);
}

static void the_daemon_reports_its_own_state(void **state)
{
	(void)state;
	kx_expect_from_peer(KX_REPLY("\x40\0"), KAV_ERROR_BAD_KEYFILE, 0);
	kx_expect_from_peer(KX_REPLY("\x41\x01\x02\0\0\0no"), KAV_ERROR_BAD_KEYFILE, 0);
	kx_expect_from_peer(KX_REPLY("\x70\0"), KAV_ERROR_BASES_NOT_FOUND, 0);
	kx_expect_from_peer(KX_REPLY("\x71\0"), KAV_ERROR_BASES_NOT_FOUND, 0);
	kx_expect_from_peer(KX_REPLY("\x37\0"), KAV_ERROR_INTEGRITY_VIOLATED, 0);
	kx_expect_from_peer(KX_REPLY("\xb0\0"), KAV_ERROR_INTEGRITY_VIOLATED, 0);
	kx_expect_from_peer(KX_REPLY("\xb1\0"), KAV_ERROR_INTEGRITY_VIOLATED, 0);
	/* Several at once: the gravest. */
	kx_expect_from_peer(KX_REPLY("\x81\0"), KAV_ERROR_BASES_NOT_FOUND, 0);
	kx_expect_from_peer(KX_REPLY("\xf1\0"), KAV_ERROR_INTEGRITY_VIOLATED, 0);
	kx_expect_from_peer(KX_REPLY("\x47\0"), KAV_ERROR_INTEGRITY_VIOLATED, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_texts_are_to_the_letter),
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
