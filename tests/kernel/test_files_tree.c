/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Private trees of files: what a VFS program of any number finds in its own, and their end; and
 * what an Env program can say of files.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "channel.h"
#include "files_disk.h"
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

static struct kx_strings strings(char *const table[])
{
	struct kx_strings result = {.table = (char **)(uintptr_t)table};

	while (table[result.count])
		result.count++;
	return result;
}

/* It says itself what it was given; and of its own files the policy is not asked. */
static void what_a_program_says_makes_it_no_server_of_its_own(void **state)
{
	char *const local[] = {"VFS_FILESYSTEM_BACKEND=ramfs", "VFS_NETWORK_BACKEND=server", NULL};
	struct kx_task *task = calloc(1, sizeof(*task));
	struct kx_files_client client = {0};

	(void)state;
	assert_non_null(task);
	task->number = 5;
	task->told_env = strings(local);
	kx_files_find_vfs(task, &client);
	assert_false(client.file.given || client.net.given);
	task->env = strings(local);
	kx_files_find_vfs(task, &client);
	assert_true(client.file.given && client.file.number == 5);
	assert_false(client.net.given);
	free(task);
}

static void a_channel_to_itself_makes_it_none_either(void **state)
{
	char *const named[] = {"VFS_FILESYSTEM_BACKEND=client:self", NULL};
	struct kx_channel *channel = calloc(1, sizeof(*channel));
	struct kx_channel *table[4] = {NULL, NULL, NULL, channel};
	struct kx_task *task = calloc(1, sizeof(*task));
	struct kx_files_client client = {0};

	(void)state;
	assert_true(task && channel);
	(void)snprintf(task->class_name, sizeof(task->class_name), "kl.VfsEntity");
	(void)snprintf(channel->name, sizeof(channel->name), "self");
	channel->client = channel->server = task;
	task->channels = table;
	task->channel_top = 4;
	kx_files_find_vfs(task, &client);
	assert_false(client.file.given || client.net.given);
	task->told_env = strings(named);
	kx_files_find_vfs(task, &client);
	assert_false(client.file.given || client.net.given);
	free(channel);
	free(task);
}

/* A server of another kind, or none at all, would take the files out of the policy. */
static void what_a_program_says_chooses_among_vfs_programs(void **state)
{
	static char *const told[][2] = {
		{"VFS_FILESYSTEM_BACKEND=client:second", NULL},
		{"VFS_FILESYSTEM_BACKEND=client:other", NULL},
		{"VFS_FILESYSTEM_BACKEND=client:nowhere", NULL},
		{"VFS_FILESYSTEM_BACKEND=client", NULL},
	};
	static const char *const names[] = {"first", "second", "other"};
	static const uint32_t expected[] = {2, 1, 1, 1};
	struct kx_channel *channels = calloc(3, sizeof(*channels));
	struct kx_channel *table[3] = {&channels[0], &channels[1], &channels[2]};
	struct kx_task *tasks = calloc(4, sizeof(*tasks));

	(void)state;
	assert_true(tasks && channels);
	for (unsigned i = 0; i < 3; i++) {
		(void)snprintf(tasks[i].class_name, sizeof(tasks[i].class_name), "%s",
			       i == 2 ? "app.Server" : "kl.VfsRamFs");
		tasks[i].number = i + 1;
		(void)snprintf(channels[i].name, sizeof(channels[i].name), "%s", names[i]);
		channels[i].client = &tasks[3];
		channels[i].server = &tasks[i];
	}
	tasks[3].channels = table;
	tasks[3].channel_top = 3;
	for (unsigned i = 0; i < sizeof(told) / sizeof(*told); i++) {
		struct kx_files_client client = {0};

		tasks[3].told_env = strings(told[i]);
		kx_files_find_vfs(&tasks[3], &client);
		assert_true(client.file.given);
		assert_int_equal(client.file.number, expected[i]);
	}
	free(channels);
	free(tasks);
}

static void only_a_vfs_program_mounts_what_an_env_program_gave(void **state)
{
	char *const env[] = {"ROOTFS=own / ext4 0", NULL};
	char *const args[] = {"Program", "-l", "own /a ext4 0", NULL};
	char *const told_env[] = {"ROOTFS=told / ext4 0", NULL};
	char *const told_args[] = {"-l", "told /a ext4 0", NULL};
	struct kx_task *task = calloc(1, sizeof(*task));
	struct kx_files_mounts *mounts;

	(void)state;
	assert_non_null(task);
	task->env = strings(env);
	task->args = strings(args);
	task->told_env = strings(told_env);
	task->told_args = strings(told_args);
	(void)snprintf(task->class_name, sizeof(task->class_name), "some.Program");
	mounts = kx_files_mounts(task);
	assert_non_null(mounts);
	assert_memory_equal(mounts->lines, "lown / ext4 0\0lown /a ext4 0\0", 30);
	kx_files_mounts_free(mounts);
	(void)snprintf(task->class_name, sizeof(task->class_name), "kl.VfsRamFs");
	mounts = kx_files_mounts(task);
	assert_non_null(mounts);
	assert_memory_equal(mounts->lines, "ltold / ext4 0\0ltold /a ext4 0\0", 32);
	kx_files_mounts_free(mounts);
	free(task);
}

/* Its disk is mounted by the helper, when it has been told. */
static void the_mounts_of_a_late_program_wait(void **state)
{
	struct kx_task *vfs = calloc(1, sizeof(*vfs));
	struct kx_files_mounts *mounts;
	char path[PATH_MAX];

	(void)state;
	assert_non_null(vfs);
	vfs->number = 9;
	vfs->asks_env = true;
	(void)snprintf(vfs->class_name, sizeof(vfs->class_name), "kl.VfsRamFs");
	assert_false(kx_files_tree_is_made(9));
	assert_int_equal(kx_files_tree(9, vfs, rom, path), 0);
	assert_true(kx_files_tree_is_made(9) && has(path, "in-image"));
	assert_false(has(path, "on-disk"));
	mounts = kx_files_mounts(vfs);
	assert_non_null(mounts);
	kx_files_tree_mount(9, mounts, rom);
	assert_true(has(path, "on-disk"));
	kx_files_mounts_free(mounts);
	kx_files_tree_drop(9);
	assert_false(kx_files_tree_is_made(9));
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

static unsigned count_folders(const char *path)
{
	DIR *folder = opendir(path);
	unsigned count = 0;
	struct dirent *entry;

	assert_non_null(folder);
	while ((entry = readdir(folder)))
		count += entry->d_name[0] != '.';
	(void)closedir(folder);
	return count;
}

/* Neither for ever nor with anything left, and the next time it works. */
static void without_descriptors_there_is_no_folder(void **state)
{
	struct rlimit before;
	struct rlimit none;
	char path[PATH_MAX];
	int lowest;

	(void)state;
	kx_files_tree_fini(); /* of those before */
	lowest = dup(0);
	assert_true(lowest >= 0 && close(lowest) == 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = (rlim_t)lowest;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(kx_files_tree(1, NULL, rom, path), -EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(kx_files_tree(1, NULL, rom, path), 0);
	kx_files_tree_fini();
	assert_int_not_equal(access(path, F_OK), 0);
	/* Those of lay_out() alone. */
	assert_int_equal(count_folders(temp_path("")), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_disk_is_there_however_many_tasks_there_were),
		cmocka_unit_test(what_a_program_says_makes_it_no_server_of_its_own),
		cmocka_unit_test(a_channel_to_itself_makes_it_none_either),
		cmocka_unit_test(what_a_program_says_chooses_among_vfs_programs),
		cmocka_unit_test(only_a_vfs_program_mounts_what_an_env_program_gave),
		cmocka_unit_test(the_mounts_of_a_late_program_wait),
		cmocka_unit_test(without_descriptors_there_is_no_folder),
		cmocka_unit_test(nothing_is_left_for_clients_of_a_program_that_ended),
	};

	return cmocka_run_group_tests(tests, lay_out, clear_up);
}
