/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The rows of the error table over Call. Each check must end with its error and cause; the last
 * line of output says how many did not.
 */

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/kavclient.h"

#define CONNECTIONS_MORE 17

static unsigned wrong;
static unsigned rows;

static kav_ctx context(const char *name)
{
	kav_ctx ctx = kav_new();
	char path[64];

	(void)snprintf(path, sizeof(path), "kos:%s", name);
	if (!ctx || kav_set_socketpath(ctx, path) != 0 || kav_set_timeout(ctx, 1) != 0)
		abort();
	return ctx;
}

static void row(const char *what, bool good)
{
	rows++;
	wrong += !good;
	(void)fprintf(stderr, "%s %s\n", good ? "ok   " : "WRONG", what);
}

static bool fails(kav_ctx ctx, int rc, int code, int error)
{
	int got = errno;
	bool good = rc == -1 && got == error && kav_get_error(ctx) == code &&
		    kav_result_get_status(ctx) == KAV_STATUS_NOT_CHECKED;

	if (!good)
		(void)fprintf(stderr, "rc %d, error %d, errno %d\n", rc, kav_get_error(ctx), got);
	return good;
}

static int check_shared(kav_ctx ctx)
{
	void *mem;

	if (kav_shmem_init(ctx, &mem, 100000, NULL) != 0)
		return -2;
	memset(mem, 'a', 100000);
	return kav_shmem_check(ctx, 100000);
}

/* The same error by each way to ask: a message, a file, lent memory. */
static void all_ways(const char *name, int code, int error)
{
	char what[128];
	kav_ctx ctx = context(name);
	bool good = fails(ctx, kav_check_mem(ctx, "text", 4), code, error);

	good = fails(ctx, kav_check_file(ctx, "/x"), code, error) && good;
	good = fails(ctx, check_shared(ctx), code, error) && good;
	(void)snprintf(what, sizeof(what), "%s: %s", name, kav_strerror(code));
	row(what, good);
	kav_free(ctx);
}

/* A code only verdicts have. */
static void impossible_code(void)
{
	kav_ctx ctx = context("code");
	bool good = fails(ctx, kav_check_mem(ctx, "text", 4), KAV_ERROR_READ, EPROTO);

	row("a code that no scanner has",
	    fails(ctx, check_shared(ctx), KAV_ERROR_READ, EPROTO) && good);
	kav_free(ctx);
}

static double now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void time_out(void)
{
	kav_ctx ctx = context("silent1");
	double from = now();
	bool good = fails(ctx, kav_check_mem(ctx, "text", 4), KAV_ERROR_READ_TIMEOUT, ETIMEDOUT);

	row("a silent scanner ends in time", good && now() - from >= 0.99 && now() - from < 5);
	kav_free(ctx);
}

struct check {
	kav_ctx ctx;
	int rc;
	int error;
};

static void *check_silent(void *self)
{
	struct check *check = self;

	check->rc = kav_check_mem(check->ctx, "text", 4);
	check->error = kav_get_error(check->ctx);
	return NULL;
}

/* Whoever comes second is refused at once; the first has its own error in the end. */
static void in_progress(void)
{
	struct check mine = {.ctx = context("silent2")};
	struct check other = mine;
	pthread_t thread;

	(void)kav_set_timeout(mine.ctx, 2);
	(void)pthread_create(&thread, NULL, check_silent, &other);
	(void)check_silent(&mine);
	(void)pthread_join(thread, NULL);
	row("a second check meanwhile",
	    mine.rc == -1 && other.rc == -1 &&
		    mine.error + other.error ==
			    KAV_ERROR_CHECK_IN_PROGRESS + KAV_ERROR_READ_TIMEOUT);
	kav_free(mine.ctx);
}

static void death(void)
{
	kav_ctx ctx = context("dies");
	bool good = kav_check_mem(ctx, "text", 4) == 0;

	row("dies: answers once", good);
	row("dies: while it works",
	    fails(ctx, kav_check_mem(ctx, "text", 4), KAV_ERROR_READ, ECONNRESET));
	row("dies: is gone",
	    fails(ctx, kav_check_mem(ctx, "text", 4), KAV_ERROR_CONNECT, ECONNREFUSED));
	kav_free(ctx);
}

static void arguments(void)
{
	const char *const names[] = {"/a", NULL};
	kav_ctx ctx = context("good1");
	void *mem;

	row("no name", fails(ctx, kav_check_file(ctx, NULL), KAV_ERROR_WRITE, EINVAL));
	row("a list with no name",
	    fails(ctx, kav_check_files(ctx, names, 2, NULL), KAV_ERROR_WRITE, EINVAL));
	row("no shared memory",
	    fails(ctx, kav_shmem_check(ctx, 1), KAV_ERROR_NO_SHMEM_INIT, EINVAL));
	row("a missing key file", fails(ctx, kav_shmem_init(ctx, &mem, 16, "/nonexistent/key"),
					KAV_ERROR_CANT_GET_KEY, ENOENT));
	row("no size",
	    fails(ctx, kav_shmem_init(ctx, &mem, 0, NULL), KAV_ERROR_CANT_GET_SHMEM, EINVAL));
	row("an impossible size", fails(ctx, kav_shmem_init(ctx, &mem, (size_t)1 << 62, NULL),
					KAV_ERROR_CANT_GET_SHMEM, ENOMEM));
	row("more than the memory",
	    kav_shmem_init(ctx, &mem, 4096, NULL) == 0 &&
		    fails(ctx, kav_shmem_check(ctx, 4097), KAV_ERROR_BAD_SHMEM_SIZE, EINVAL));
	row("all of the memory", kav_shmem_check(ctx, 4096) == 0);
	row("none of the memory", kav_shmem_check(ctx, 0) == 0);
	row("success clears no error", kav_get_error(ctx) == KAV_ERROR_BAD_SHMEM_SIZE);
	kav_free(ctx);
}

/* The library keeps sixteen connections. */
static void too_many_connections(void)
{
	bool met = false;

	for (int i = 1; i <= CONNECTIONS_MORE && !met; i++) {
		char name[16];
		kav_ctx ctx;

		(void)snprintf(name, sizeof(name), "good%d", i);
		ctx = context(name);
		if (kav_check_mem(ctx, "text", 4) != 0)
			met = errno == EMFILE && kav_get_error(ctx) == KAV_ERROR_SOCKET;
		kav_free(ctx);
	}
	row("more connections than the library keeps", met);
}

int main(void)
{
	all_ways("nowhere", KAV_ERROR_CONNECT, ENOENT);
	all_ways("forbidden", KAV_ERROR_CONNECT, EACCES);
	all_ways("refuse", KAV_ERROR_READ, EPROTO);
	all_ways("text", KAV_ERROR_READ, EPROTO);
	impossible_code();
	time_out();
	in_progress();
	death();
	arguments();
	too_many_connections();
	(void)fprintf(stderr, "%u rows, %u wrong: done\n", rows, wrong);
	return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
