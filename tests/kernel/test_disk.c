/* SPDX-License-Identifier: Apache-2.0 */

/* Names of disks, which entities choose: they name disks of the image and nothing else. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files_disk.h"

static char top[] = "/tmp/kosix-test-disk-XXXXXX";

static void make(const char *name)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/%s", top, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void drop(const char *name)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/%s", top, name);
	assert_int_equal(rmdir(path), 0);
}

/* A folder "disk" of images beside the image's files, and one image that is no part of it. */
static const char *const folders[] = {"rom", "disk", "disk/good.img", "outside.img", "to"};

#define FOLDERS (sizeof(folders) / sizeof(folders[0]))

static void a_name_does_not_lead_out_of_the_image(void **state)
{
	static const char *const names[] = {
		"../outside", "/dev/../outside", "../disk/good", "", ".", "..", ",0"};
	char rom[PATH_MAX];
	char to_path[PATH_MAX];
	int to;

	(void)state;
	(void)snprintf(rom, sizeof(rom), "%s/rom", top);
	(void)snprintf(to_path, sizeof(to_path), "%s/to", top);
	to = open(to_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(to >= 0);
	assert_int_equal(kx_files_disk_unpack("good", false, rom, to), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(kx_files_disk_unpack(names[i], false, rom, to), -ENOENT);
	(void)close(to);
}

static void a_slash_too_many_is_no_part_of_a_folder(void **state)
{
	int root = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_true(root >= 0);
	assert_true(kx_files_make_folders(root, "/a//b/") >= 0);
	(void)close(root);
	drop("a/b");
	drop("a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_does_not_lead_out_of_the_image),
		cmocka_unit_test(a_slash_too_many_is_no_part_of_a_folder),
	};
	int failed;

	if (!mkdtemp(top))
		return 1;
	for (size_t i = 0; i < FOLDERS; i++)
		make(folders[i]);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	for (size_t i = FOLDERS; i > 0; i--)
		drop(folders[i - 1]);
	return rmdir(top) == 0 ? failed : 1;
}
