/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Peers and files that mean harm: after each of them the daemon is alive and answers. Nothing
 * here may wait longer than the daemon's own deadlines, which these tests set to one second.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/kavclient.h"
#include "daemon.h"
#include "peer.h"
#include "wire/kx_kav_wire.h"

#define REPLY_ROOM (128u << 10)

#define STAMP       "Nov 21 18:38:33:"
#define CONNECTIONS 8

static struct kx_daemon daemon_;

static int start(void **state)
{
	static const char *const arguments[] = {
		"--request-time=1", "--idle-time=2",  "--max-request=65536", "--max-connections=8",
		"--max-depth=8",    "--max-files=50", "--scan-time=20",      NULL};

	(void)state;
	kx_daemon_prepare(&daemon_);
	kx_daemon_start(&daemon_, arguments);
	kx_write_file(kx_daemon_data(&daemon_, "clean"), "text", 4);
	kx_daemon_pattern(&daemon_, "bad", "");
	return 0;
}

static int stop(void **state)
{
	(void)state;
	kx_daemon_remove(&daemon_);
	return 0;
}

static double now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int is_alive(void **state)
{
	uint8_t reply[REPLY_ROOM];

	(void)state;
	/* Peers of the test before may still have their places for a moment. */
	for (double until = now() + 10; now() < until;)
		if (kx_daemon_check(&daemon_, kx_daemon_data(&daemon_, "bad"), reply) == 0x34)
			return 0;
	return -1;
}

static void expect_refusal(const char *bytes, size_t len, const char *words)
{
	uint8_t reply[REPLY_ROOM] = {0};
	int fd = kx_daemon_connect(&daemon_);
	long got = kx_daemon_ask(fd, bytes, len, reply, sizeof(reply) - 1);

	assert_true(got > 6);
	assert_int_equal(reply[0], 0x31);
	assert_non_null(strstr((char *)reply + 6, words));
	assert_true(recv(fd, reply, 1, 0) <= 0);
	(void)close(fd);
}

#define REFUSED(bytes, words) expect_refusal(bytes, sizeof(bytes) - 1, words)

static void garbage_is_refused(void **state)
{
	(void)state;
	REFUSED("GET / HTTP/1.0\r\n\r\n", "a request starts with <");
	REFUSED("<0>" STAMP "\0", "incomplete");
	REFUSED("\0", "incomplete");
	REFUSED("<3>" STAMP "<zz|1|>", "the key");
	REFUSED("<9>" STAMP "x", "a flag nobody documents");
	REFUSED("<0>" STAMP "\xfe\xfe\0", "incomplete");
	REFUSED("<0>" STAMP "\xfeI0\0", "incomplete");
}

static void half_a_request_is_refused_in_time(void **state)
{
	double from = now();

	(void)state;
	REFUSED("<0>Nov 21", "it did not arrive in time");
	assert_true(now() - from >= 0.9 && now() - from < 5);
}

/* One byte each 100 ms would take 60 s: the deadline is for the whole request. */
static void a_dribbling_peer_gains_no_time(void **state)
{
	double from = now();
	int fd = kx_daemon_connect(&daemon_);
	struct pollfd poll_fd = {fd, POLLIN, 0};
	uint8_t reply[512];
	int sent = 0;

	(void)state;
	assert_int_equal(send(fd, "<3>" STAMP "<", 20, MSG_NOSIGNAL), 20);
	while (poll(&poll_fd, 1, 100) == 0 && sent++ < 600)
		(void)send(fd, "1", 1, MSG_NOSIGNAL);
	assert_true(recv(fd, reply, sizeof(reply), 0) > 0);
	assert_int_equal(reply[0], 0x31);
	assert_true(now() - from < 10);
	(void)close(fd);
}

static void an_oversized_request_is_refused(void **state)
{
	size_t size = 1u << 20;
	char *bytes = malloc(size);
	uint8_t reply[512];
	int fd = kx_daemon_connect(&daemon_);
	ssize_t n;

	(void)state;
	memset(bytes, 'a', size);
	memcpy(bytes, "<0>" STAMP "/", 20);
	/* The daemon stops reading: what was sent then is its business, the answer is ours. */
	(void)send(fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
	n = recv(fd, reply, sizeof(reply), 0);
	assert_true(n > 6);
	assert_int_equal(reply[0], 0x31);
	(void)close(fd);
	free(bytes);
}

static void a_peer_that_does_not_read_is_given_up(void **state)
{
	char request[256];
	int fd = kx_daemon_connect(&daemon_);
	int n = snprintf(request, sizeof(request), "<0>" STAMP "%s",
			 kx_daemon_data(&daemon_, "clean")) +
		1;

	(void)state;
	/* Replies pile up until the daemon can't send; it takes no more requests meanwhile. */
	for (int i = 0; i < 20000; i++)
		if (send(fd, request, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			break;
	assert_int_equal(is_alive(NULL), 0);
	(void)close(fd);
}

static void peers_that_hang_up_early_do_no_harm(void **state)
{
	(void)state;
	for (int i = 0; i < 50; i++) {
		char request[256];
		int fd = kx_daemon_connect(&daemon_);
		int n = snprintf(request, sizeof(request), "<0>" STAMP "%s",
				 kx_daemon_data(&daemon_, "bad")) +
			1;

		(void)send(fd, request, (size_t)(n - i % 2 * 20), MSG_NOSIGNAL);
		(void)close(fd);
	}
}

static void too_many_connections_are_turned_away(void **state)
{
	int fds[CONNECTIONS + 4];
	unsigned refused = 0;

	(void)state;
	for (int i = 0; i < CONNECTIONS + 4; i++)
		fds[i] = kx_daemon_connect(&daemon_);
	for (int i = 0; i < CONNECTIONS + 4; i++) {
		uint8_t reply[512];
		long len = kx_daemon_ask(fds[i], "<4>" STAMP, 20, reply, sizeof(reply));

		refused += len < 0 || reply[0] == 0x31;
	}
	for (int i = 0; i < CONNECTIONS + 4; i++)
		(void)close(fds[i]);
	assert_true(refused >= 4 && refused < CONNECTIONS + 4);
}

static void an_idle_connection_is_closed(void **state)
{
	uint8_t reply[512] = {0x31};
	double from;
	char byte;
	int fd = -1;

	(void)state;
	/* Until it has one of the places, which peers of the test before may still hold. */
	for (int i = 0; i < 1000 && reply[0] == 0x31; i++) {
		if (fd >= 0)
			(void)close(fd);
		fd = kx_daemon_connect(&daemon_);
		(void)kx_daemon_ask(fd, "<4>" STAMP, 20, reply, sizeof(reply));
	}
	from = now();
	assert_int_equal(recv(fd, &byte, 1, 0), 0);
	assert_true(now() - from >= 1.9 && now() - from < 10);
	(void)close(fd);
}

static void shared_memory_of_others_and_wrong_sizes_are_refused(void **state)
{
	char request[64];
	uint8_t reply[512];
	key_t key = ftok(daemon_.folder, 9);
	int id = shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0666);
	struct {
		unsigned key;
		unsigned long size;
		unsigned low;
	} rows[] = {
		{(unsigned)key, 4096, 0x30},
		{(unsigned)key, 4097, 0x31},
		{(unsigned)key, (unsigned long)-1, 0x31},
		{(unsigned)key ^ 1, 16, 0x31},
		{0, 16, 0x31},
		{(unsigned)key, 0, 0x30},
	};
	int fd = kx_daemon_connect(&daemon_);

	(void)state;
	assert_true(id >= 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int n = snprintf(request, sizeof(request), "<3>" STAMP "<%x|%lx|>", rows[i].key,
				 rows[i].size);

		assert_true(kx_daemon_ask(fd, request, (size_t)n, reply, sizeof(reply)) > 2);
		assert_int_equal(reply[0], rows[i].low);
	}
	(void)close(fd);
	(void)shmctl(id, IPC_RMID, NULL);
}

/* The largest resident size of the daemon so far, in KiB. */
static long peak_memory(void)
{
	char path[64];
	char line[256];
	long kib = -1;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)daemon_.pid);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		(void)sscanf(line, "VmHWM: %ld", &kib);
	(void)fclose(file);
	return kib;
}

static void a_file_of_a_gibibyte_needs_little_memory(void **state)
{
	const char *tail = "KOSIX-KAV-"
			   "TEST-ANYWHERE";
	uint8_t reply[REPLY_ROOM];
	int fd = open(kx_daemon_data(&daemon_, "large"), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	(void)state;
	assert_int_equal(ftruncate(fd, 1L << 30), 0);
	assert_int_equal(pwrite(fd, tail, strlen(tail), (1L << 30) - (long)strlen(tail)),
			 strlen(tail));
	(void)close(fd);
	assert_int_equal(kx_daemon_check(&daemon_, kx_daemon_data(&daemon_, "large"), reply), 0x34);
	assert_true(peak_memory() > 0 && peak_memory() < 64 << 10);
	assert_int_equal(unlink(kx_daemon_data(&daemon_, "large")), 0);
}

static void time_for_a_check_is_limited(void **state)
{
	static const char *const arguments[] = {"--scan-time=1", NULL};
	uint8_t reply[REPLY_ROOM];
	double from;
	int fd;

	(void)state;
	kx_daemon_end(&daemon_);
	kx_daemon_start(&daemon_, arguments);
	fd = open(kx_daemon_data(&daemon_, "endless"), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(ftruncate(fd, 1L << 40), 0);
	(void)close(fd);
	from = now();
	assert_int_equal(kx_daemon_check(&daemon_, kx_daemon_data(&daemon_, "endless"), reply),
			 0x31);
	assert_non_null(strstr((char *)reply + 6, "time limit"));
	assert_true(now() - from < 10);
	assert_int_equal(unlink(kx_daemon_data(&daemon_, "endless")), 0);
}

/* A crash leaves files; the next daemon for the folder starts all the same. */
static void files_of_a_dead_daemon_are_no_obstacle(void **state)
{
	uint8_t reply[REPLY_ROOM];
	int status;

	(void)state;
	assert_int_equal(kill(daemon_.pid, SIGKILL), 0);
	assert_int_equal(waitpid(daemon_.pid, &status, 0), daemon_.pid);
	assert_int_equal(access(daemon_.socket, F_OK), 0);
	kx_daemon_start(&daemon_, NULL);
	assert_int_equal(kx_daemon_check(&daemon_, kx_daemon_data(&daemon_, "bad"), reply), 0x34);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(garbage_is_refused, NULL, is_alive),
		cmocka_unit_test_setup_teardown(half_a_request_is_refused_in_time, NULL, is_alive),
		cmocka_unit_test_setup_teardown(a_dribbling_peer_gains_no_time, NULL, is_alive),
		cmocka_unit_test_setup_teardown(an_oversized_request_is_refused, NULL, is_alive),
		cmocka_unit_test_setup_teardown(a_peer_that_does_not_read_is_given_up, NULL,
						is_alive),
		cmocka_unit_test_setup_teardown(peers_that_hang_up_early_do_no_harm, NULL,
						is_alive),
		cmocka_unit_test_setup_teardown(too_many_connections_are_turned_away, NULL,
						is_alive),
		cmocka_unit_test_setup_teardown(an_idle_connection_is_closed, NULL, is_alive),
		cmocka_unit_test_setup_teardown(shared_memory_of_others_and_wrong_sizes_are_refused,
						NULL, is_alive),
		cmocka_unit_test_setup_teardown(a_file_of_a_gibibyte_needs_little_memory, NULL,
						is_alive),
		cmocka_unit_test_setup_teardown(time_for_a_check_is_limited, NULL, is_alive),
		cmocka_unit_test_setup_teardown(files_of_a_dead_daemon_are_no_obstacle, NULL,
						is_alive),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
