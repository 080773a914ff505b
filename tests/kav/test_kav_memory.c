/* SPDX-License-Identifier: Apache-2.0 */

/* libkavclient's shared memory and its errors, settings and results of contexts. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <unistd.h>

#include <cmocka.h>

#include "checks.h"

static void a_key_needs_an_existing_file(void **state)
{
	kav_ctx ctx = kx_context("/tmp/kx-nowhere");
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
	kav_ctx ctx = kx_context("/tmp/kx-nowhere");
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
	kav_ctx ctx = kx_context("/tmp/kx-nowhere");
	kav_ctx other = kx_context("/tmp/kx-nowhere");
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
	assert_int_equal(kx_as_nobody(attach_is_impossible, ""), 0);
}

static void a_check_needs_memory_first(void **state)
{
	kav_ctx ctx = kx_context("/tmp/kx-nowhere");
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
	struct kx_peer *peer = kx_peer_start(KX_REPLY("\x30\0"), 2);
	kav_ctx ctx = kx_context(kx_peer_path(peer));
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
	kav_ctx ctx = kx_context("/tmp/kx-nowhere");
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
	struct kx_peer *peer = kx_peer_start(KX_REPLY("\x34\x01\x05\0\0\0a\tb.\n"), 1);
	kav_ctx ctx = kx_context(kx_peer_path(peer));

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
	struct kx_peer *peer = kx_peer_start(KX_REPLY("\x30\0"), 1);
	kav_ctx ctx = kx_context(kx_peer_path(peer));
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
		cmocka_unit_test(a_key_needs_an_existing_file),
		cmocka_unit_test(a_temporary_key_file_needs_its_folder),
		cmocka_unit_test(impossible_sizes_get_no_memory),
		cmocka_unit_test(memory_that_cannot_be_mapped_is_told),
		cmocka_unit_test(a_check_needs_memory_first),
		cmocka_unit_test(a_check_fits_the_memory),
		cmocka_unit_test(a_new_init_replaces_the_memory),
		cmocka_unit_test(settings_are_kept),
		cmocka_unit_test(a_result_lasts_until_the_next_check),
		cmocka_unit_test(relative_names_become_absolute),
		cmocka_unit_test(no_shared_memory_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
