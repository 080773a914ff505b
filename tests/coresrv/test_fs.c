/* SPDX-License-Identifier: Apache-2.0 */

/*
 * coresrv/fs/fs_api.h on a folder of this test's own (FS_ROOT, in the build tree).
 * Which files an entity finds at "/" is the isolation's business.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <coresrv/fs/fs_api.h>

#include "kx_fs.h"

#define SIZE (kl_core_FS_SectorSize + 10)

static void blocks_come_back_as_written(void **state)
{
	unsigned char block[kl_core_FS_SectorSize];
	Handle file = INVALID_HANDLE;
	rtl_size_t size = 0;
	rtl_size_t got = 0;

	(void)state;
	assert_int_equal(KnFsOpen("data.bin", &file), rcOk);
	assert_int_not_equal(file, INVALID_HANDLE);
	assert_int_equal(KnFsGetFileSize(file, &size), rcOk);
	assert_int_equal(size, SIZE);
	assert_int_equal(KnFsRead(file, 0, block, &got), rcOk);
	assert_int_equal(got, kl_core_FS_SectorSize);
	assert_int_equal(block[1], 1);
	assert_int_equal(KnFsRead(file, 1, block, &got), rcOk);
	assert_int_equal(got, 10);
	assert_int_equal(block[9], (kl_core_FS_SectorSize + 9) % 256);
	assert_int_equal(KnFsRead(file, 2, block, &got), rcOk);
	assert_int_equal(got, 0);
	assert_int_equal(KnFsClose(file), rcOk);
	assert_int_equal(KnFsClose(file), rcInvalidArgument);
	assert_int_equal(KnFsRead(file, 0, block, &got), rcInvalidArgument);
}

static void odd_names_open_nothing(void **state)
{
	char name[300];
	Handle file = INVALID_HANDLE;

	(void)state;
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(KnFsOpen(name, &file), rcInvalidArgument);
	assert_int_equal(KnFsOpen("etc/passwd", &file), rcInvalidArgument);
	assert_int_equal(KnFsOpen("../data.bin", &file), rcInvalidArgument);
	assert_int_equal(KnFsOpen("", &file), rcInvalidArgument);
	assert_int_equal(KnFsOpen("no.such", &file), rcResourceNotFound);
	assert_int_equal(KnFsOpen("link", &file), rcResourceNotFound);
	assert_int_equal(file, INVALID_HANDLE);
}

static void sixty_four_files_and_no_more(void **state)
{
	Handle files[64];
	Handle more = INVALID_HANDLE;

	(void)state;
	for (int i = 0; i < 64; i++)
		assert_int_equal(KnFsOpen("data.bin", &files[i]), rcOk);
	assert_int_equal(KnFsOpen("data.bin", &more), rcQuotaExceeded);
	for (int i = 0; i < 64; i++)
		assert_int_equal(KnFsClose(files[i]), rcOk);
}

static void files_are_listed_by_name(void **state)
{
	char name[kl_core_FS_NameSize] = "";
	rtl_size_t number = 0;
	rtl_size_t size = 0;
	Handle file = INVALID_HANDLE;

	(void)state;
	assert_int_equal(KnFsCountFiles(&number), rcOk);
	assert_int_equal(number, 2); /* the link is none, nor is the folder */
	assert_int_equal(KnFsGetFsSize(&size), rcOk);
	assert_int_equal(size, SIZE + 3);
	assert_int_equal(KnFsGetFileInfo(0, name, &size), rcOk);
	assert_string_equal(name, "a.txt");
	assert_int_equal(size, 3);
	assert_int_equal(KnFsGetFileInfo(1, name, &size), rcOk);
	assert_string_equal(name, "data.bin");
	assert_int_equal(KnFsGetFileInfo(2, name, &size), rcResourceNotFound);
	assert_int_equal(KnFsGetFileInfo(0, NULL, &size), rcInvalidArgument);
	assert_int_equal(KnFsOpen("data.bin", &file), rcOk);
	assert_int_equal(KnFsGetFileId(file, &number), rcOk);
	assert_int_equal(number, 1);
	assert_int_equal(KnFsClose(file), rcOk);
	assert_int_equal(KnFsGetFileId(file, &number), rcInvalidArgument);
	assert_int_equal(KnFsCountFiles(NULL), rcInvalidArgument);
	assert_int_equal(KnFsChange("other"), rcUnimplemented);
}

/* readdir() is slow; the code under test comes here by the linker's --wrap. */
int __real_scandirat(int folder, const char *name, struct dirent ***list,
		     int (*select)(const struct dirent *),
		     int (*compare)(const struct dirent **, const struct dirent **));
int __wrap_scandirat(int folder, const char *name, struct dirent ***list,
		     int (*select)(const struct dirent *),
		     int (*compare)(const struct dirent **, const struct dirent **));
static unsigned listed;

int __wrap_scandirat(int folder, const char *name, struct dirent ***list,
		     int (*select)(const struct dirent *),
		     int (*compare)(const struct dirent **, const struct dirent **))
{
	listed++;
	return __real_scandirat(folder, name, list, select, compare);
}

static void check_info(rtl_size_t index, const char *expected)
{
	char name[kl_core_FS_NameSize] = "";
	rtl_size_t size = 0;

	assert_int_equal(KnFsGetFileInfo(index, name, &size), rcOk);
	assert_string_equal(name, expected);
}

static void one_look_through_the_files_lists_them_once(void **state)
{
	char name[kl_core_FS_NameSize];
	rtl_size_t size;

	(void)state;
	listed = 0;
	check_info(0, "a.txt");
	check_info(1, "data.bin");
	assert_int_equal(KnFsGetFileInfo(2, name, &size), rcResourceNotFound);
	assert_int_equal(listed, 1);
	/* In any other order the answers are the same. */
	check_info(1, "data.bin");
	check_info(1, "data.bin");
	check_info(0, "a.txt");
	assert_int_equal(listed, 4);
	/* What came since is seen from number 0 on. */
	(void)close(open(FS_ROOT "/Z.new", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	check_info(1, "data.bin");
	check_info(0, "Z.new");
	check_info(1, "a.txt");
	assert_int_equal(unlink(FS_ROOT "/Z.new"), 0);
	check_info(0, "a.txt");
}

static void a_file_has_the_number_of_its_id(void **state)
{
	Handle file = INVALID_HANDLE;
	rtl_size_t number = 0;

	(void)state;
	assert_int_equal(KnFsOpen("data.bin", &file), rcOk);
	check_info(0, "a.txt");
	(void)close(open(FS_ROOT "/Z.new", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	assert_int_equal(KnFsGetFileId(file, &number), rcOk);
	assert_int_equal(number, 2);
	check_info(number, "data.bin");
	assert_int_equal(unlink(FS_ROOT "/Z.new"), 0);
	assert_int_equal(KnFsClose(file), rcOk);
}

static void *list_once(void *rc)
{
	char name[kl_core_FS_NameSize];
	rtl_size_t size;

	*(Retcode *)rc = KnFsGetFileInfo(0, name, &size);
	return NULL;
}

static Handle to_close;

static void *close_once(void *rc)
{
	*(Retcode *)rc = KnFsClose(to_close);
	return NULL;
}

static void *list_cancelled(void *rc)
{
	(void)pthread_cancel(pthread_self()); /* takes effect at the next cancellation point */
	(void)list_once(rc);
	pthread_testcancel();
	return NULL;
}

static void *close_cancelled(void *rc)
{
	(void)pthread_cancel(pthread_self());
	(void)close_once(rc);
	pthread_testcancel();
	return NULL;
}

/* @cancelled ends, and does all of its call before; the next thread does not wait for it. */
static void check_cancelled(void *(*cancelled)(void *))
{
	struct timespec deadline;
	Retcode rc = rcFail;
	pthread_t thread;
	void *result;

	assert_int_equal(pthread_create(&thread, NULL, cancelled, &rc), 0);
	assert_int_equal(pthread_join(thread, &result), 0);
	assert_ptr_equal(result, PTHREAD_CANCELED);
	assert_int_equal(rc, rcOk);
	rc = rcFail;
	assert_int_equal(pthread_create(&thread, NULL, list_once, &rc), 0);
	(void)clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += 5;
	assert_int_equal(pthread_timedjoin_np(thread, NULL, &deadline), 0);
	assert_int_equal(rc, rcOk);
}

static Handle at_hand;

static Retcode open_it(void)
{
	return KnFsOpen("data.bin", &at_hand);
}

static Retcode read_it(void)
{
	static unsigned char block[kl_core_FS_SectorSize];
	rtl_size_t got;

	return KnFsRead(at_hand, 0, block, &got);
}

static Retcode ask_its_size(void)
{
	rtl_size_t size;

	return KnFsGetFileSize(at_hand, &size);
}

static Retcode count_all(void)
{
	rtl_size_t count;

	return KnFsCountFiles(&count);
}

struct use {
	Retcode (*make)(void);
	Retcode rc;
};

static void *use_cancelled(void *context)
{
	struct use *use = context;

	(void)pthread_cancel(pthread_self());
	use->rc = use->make();
	pthread_testcancel();
	return NULL;
}

/* The lowest descriptor that is free. */
static int next_descriptor(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)close(fd);
	return fd;
}

/* Cancelled in a use, a thread has made all of it and leaves no descriptor open. */
static void a_cancelled_thread_leaves_nothing_open(void **state)
{
	struct use uses[] = {
		{open_it, rcFail}, {read_it, rcFail}, {ask_its_size, rcFail}, {count_all, rcFail}};
	int before = next_descriptor();

	(void)state;
	for (size_t i = 0; i < sizeof(uses) / sizeof(*uses); i++) {
		pthread_t thread;
		void *result;

		assert_int_equal(pthread_create(&thread, NULL, use_cancelled, &uses[i]), 0);
		assert_int_equal(pthread_join(thread, &result), 0);
		assert_ptr_equal(result, PTHREAD_CANCELED);
		assert_int_equal(uses[i].rc, rcOk);
	}
	assert_int_equal(KnFsClose(at_hand), rcOk);
	assert_int_equal(next_descriptor(), before);
}

static void a_thread_is_not_cancelled_while_it_lists(void **state)
{
	(void)state;
	check_cancelled(list_cancelled);
}

static void a_thread_is_not_cancelled_while_it_closes(void **state)
{
	(void)state;
	assert_int_equal(KnFsOpen("data.bin", &to_close), rcOk);
	check_cancelled(close_cancelled);
}

/* A file of three bytes, and a folder. */
static bool add_others(void)
{
	int fd = open(FS_ROOT "/a.txt", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	bool ok = fd >= 0 && write(fd, "abc", 3) == 3;

	(void)close(fd);
	return ok && (mkdir(FS_ROOT "/b", 0700) == 0 || errno == EEXIST);
}

static bool make_root(void)
{
	unsigned char bytes[SIZE];
	int fd = open(FS_ROOT "/data.bin", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	bool ok;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)i;
	ok = fd >= 0 && write(fd, bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes);
	(void)close(fd);
	(void)unlink(FS_ROOT "/link");
	(void)unlink(FS_ROOT "/Z.new"); /* of a run that failed */
	kx_fs_root = FS_ROOT;
	return ok && add_others() && symlink("data.bin", FS_ROOT "/link") == 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_come_back_as_written),
		cmocka_unit_test(odd_names_open_nothing),
		cmocka_unit_test(sixty_four_files_and_no_more),
		cmocka_unit_test(files_are_listed_by_name),
		cmocka_unit_test(one_look_through_the_files_lists_them_once),
		cmocka_unit_test(a_file_has_the_number_of_its_id),
		cmocka_unit_test(a_cancelled_thread_leaves_nothing_open),
		cmocka_unit_test(a_thread_is_not_cancelled_while_it_lists),
		cmocka_unit_test(a_thread_is_not_cancelled_while_it_closes),
	};

	if (!make_root())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
