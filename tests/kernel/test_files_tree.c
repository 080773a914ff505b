/* SPDX-License-Identifier: Apache-2.0 */

/* Private trees of files: what a VFS program of any number finds in its own, and their end. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files_internal.h"
#include "registry.h"
#include "task.h"
#include "temp_file.h"

static char rom[PATH_MAX];

/* A disk "ramdisk0" beside the image's files; TMPDIR is in the same folder. */
static int lay_out(void **state)
{
	(void)state;
	temp_create();
	temp_write("disk/ramdisk0.img/on-disk", "");
	(void)snprintf(rom, sizeof(rom), "%s", temp_write("rom/in-image", ""));
	*strrchr(rom, '/') = '\0';
	return setenv("TMPDIR", temp_path(""), 1);
}

static int clear_up(void **state)
{
	(void)state;
	kx_files_tree_fini();
	temp_remove();
	return 0;
}

static bool has(const char *tree, const char *name)
{
	char path[PATH_MAX + 16];

	(void)snprintf(path, sizeof(path), "%s/%s", tree, name);
	return access(path, F_OK) == 0;
}

/* Mounts at the first look, keeps what is written until the task is dead, then nothing. */
static void live_and_die(const struct kx_task *vfs)
{
	char written[PATH_MAX + 16];
	char path[PATH_MAX];

	assert_int_equal(kx_files_tree(vfs->number, vfs, rom, path), 0);
	assert_true(has(path, "on-disk"));
	(void)snprintf(written, sizeof(written), "%s/written", path);
	assert_int_equal(mkdir(written, 0700), 0);
	assert_int_equal(kx_files_tree(vfs->number, vfs, rom, path), 0);
	assert_true(has(path, "written"));
	kx_files_tree_drop(vfs->number);
	assert_int_not_equal(access(path, F_OK), 0);
}

static void the_disk_is_there_however_many_tasks_there_were(void **state)
{
	static const uint32_t numbers[] = {1,          7, KX_TASKS - 1, KX_TASKS, KX_TASKS + 7,
					   UINT32_MAX, 2};
	struct kx_task *vfs = calloc(1, sizeof(*vfs));

	(void)state;
	assert_non_null(vfs);
	(void)snprintf(vfs->name, sizeof(vfs->name), "ram");
	(void)snprintf(vfs->class_name, sizeof(vfs->class_name), "kl.VfsRamFs");
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		vfs->number = numbers[i];
		live_and_die(vfs);
	}
	free(vfs);
}

/* Also while that program's own tree is being removed: it has nothing to do with it. */
static void nothing_is_left_for_clients_of_a_program_that_ended(void **state)
{
	char path[PATH_MAX];
	int root = kx_files_tree_gone(path);

	(void)state;
	assert_true(root >= 0);
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_equal(mkdirat(root, "made", 0700), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(close(root), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_disk_is_there_however_many_tasks_there_were),
		cmocka_unit_test(nothing_is_left_for_clients_of_a_program_that_ended),
	};

	return cmocka_run_group_tests(tests, lay_out, clear_up);
}
