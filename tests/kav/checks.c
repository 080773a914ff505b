/* SPDX-License-Identifier: Apache-2.0 */

/* Checks by every way; assertions are cmocka's. */

#include "checks.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define NOBODY 65534

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

static int check(kav_ctx ctx, enum kx_check how)
{
	switch (how) {
	case KX_CHECK_FILE:
		return kav_check_file(ctx, "/a");
	case KX_CHECK_FILES:
		return check_files(ctx);
	case KX_CHECK_MEM:
		return kav_check_mem(ctx, "text", 4);
	default:
		return check_shmem(ctx);
	}
}

kav_ctx kx_context(const char *path)
{
	kav_ctx ctx = kav_new();

	assert_non_null(ctx);
	assert_int_equal(kav_set_socketpath(ctx, path), 0);
	assert_int_equal(kav_set_timeout(ctx, 1), 0);
	return ctx;
}

void kx_expect(kav_ctx ctx, enum kx_check how, int code, int error)
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
void kx_expect_from_peer(const struct kx_peer_step *steps, int code, int error)
{
	for (int how = 0; how < KX_CHECKS; how++) {
		struct kx_peer *peer = kx_peer_start(steps, 1);
		kav_ctx ctx = kx_context(kx_peer_path(peer));

		kx_expect(ctx, (enum kx_check)how, code, error);
		kav_free(ctx);
		kx_peer_stop(peer);
	}
}

double kx_seconds_since(const struct timespec *from)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - from->tv_sec) + (double)(now.tv_nsec - from->tv_nsec) / 1e9;
}

/* In a child that is not root; its exit status is the number of what went wrong. */
int kx_as_nobody(int (*body)(const char *path), const char *path)
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
