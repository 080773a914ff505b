/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Eight threads with a context each, and two with one connection for many requests, while the
 * daemon is ended and started again: a check either has the right answer or fails with CONNECT,
 * WRITE or READ, within its time.
 */

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/kavclient.h"
#include "daemon.h"
#include "pattern.h"
#include "peer.h"

#define THREADS  8
#define RESTARTS 5
#define SECONDS  10

static struct kx_daemon daemon_;
static char bad_path[256];
static char bad_text[128];
static atomic_bool ending;

/* Each thread counts for itself; the main thread reads after joining. */
struct worker {
	pthread_t thread;
	unsigned answered;
	unsigned failed;
	unsigned wrong;
	double slowest;
};

static double now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void count(struct worker *worker, kav_ctx ctx, int rc)
{
	int error = kav_get_error(ctx);

	if (rc == 0) {
		worker->answered++;
		/* 1: the daemon was ending, or had no place for us. */
		if (kav_result_get_status(ctx) != 4 && kav_result_get_status(ctx) != 1)
			worker->wrong++;
		return;
	}
	worker->failed++;
	if (error != KAV_ERROR_CONNECT && error != KAV_ERROR_WRITE && error != KAV_ERROR_READ)
		worker->wrong++;
}

static void *work(void *self)
{
	struct worker *worker = self;
	kav_ctx ctx = kav_new();

	(void)kav_set_socketpath(ctx, daemon_.socket);
	(void)kav_set_timeout(ctx, SECONDS);
	for (unsigned i = 0; !atomic_load(&ending); i++) {
		double from = now();

		if (i % 4 == 0)
			count(worker, ctx, kav_check_mem(ctx, bad_text, KX_PATTERN_LEN));
		else
			count(worker, ctx, kav_check_file(ctx, bad_path));
		if (now() - from > worker->slowest)
			worker->slowest = now() - from;
	}
	kav_free(ctx);
	return NULL;
}

static int try_connect(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, daemon_.socket);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

static void *work_on_one_connection(void *self)
{
	struct worker *worker = self;
	char request[512];
	int n = snprintf(request, sizeof(request), "<0>Nov 21 18:38:33:%s", bad_path) + 1;
	int fd = -1;

	while (!atomic_load(&ending)) {
		uint8_t reply[4096];

		if (fd < 0)
			fd = try_connect();
		if (fd >= 0 && kx_daemon_ask(fd, request, (size_t)n, reply, sizeof(reply)) >= 2) {
			worker->answered++;
			worker->wrong += reply[0] != 0x34 && reply[0] != 0x31;
			continue;
		}
		worker->failed++;
		if (fd >= 0)
			(void)close(fd);
		fd = -1;
	}
	if (fd >= 0)
		(void)close(fd);
	return NULL;
}

/* Until the connection thread has got @answers more: the daemon is in full use. */
static void wait_for_use(void)
{
	for (int i = 0; i < 200; i++) {
		uint8_t reply[4096];
		int fd = kx_daemon_connect(&daemon_);

		(void)kx_daemon_ask(fd, "<4>Nov 21 18:38:33:", 20, reply, sizeof(reply));
		(void)close(fd);
	}
}

static void restarts_cost_checks_but_no_wrong_answer(void **state)
{
	struct worker workers[THREADS + 2] = {0};
	unsigned answered = 0;

	(void)state;
	kx_daemon_prepare(&daemon_);
	kx_daemon_pattern(&daemon_, "bad", "");
	(void)snprintf(bad_path, sizeof(bad_path), "%s", kx_daemon_data(&daemon_, "bad"));
	(void)snprintf(bad_text, sizeof(bad_text), "%s", kx_pattern(""));
	kx_daemon_start(&daemon_, NULL);
	for (int i = 0; i < THREADS + 2; i++)
		assert_int_equal(pthread_create(&workers[i].thread, NULL,
						i < THREADS ? work : work_on_one_connection,
						&workers[i]),
				 0);
	for (int i = 0; i < RESTARTS; i++) {
		wait_for_use();
		kx_daemon_end(&daemon_);
		kx_daemon_start(&daemon_, NULL);
	}
	wait_for_use();
	atomic_store(&ending, true);
	for (int i = 0; i < THREADS + 2; i++) {
		(void)pthread_join(workers[i].thread, NULL);
		assert_int_equal(workers[i].wrong, 0);
		assert_true(workers[i].answered > 0);
		assert_true(workers[i].slowest < SECONDS);
		answered += workers[i].answered;
	}
	print_message("%u checks answered over %d restarts\n", answered, RESTARTS);
	kx_daemon_remove(&daemon_);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(restarts_cost_checks_but_no_wrong_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
