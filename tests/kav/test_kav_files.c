/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What the daemon opens and what it does not: names, links, races, other users' files, folders
 * without an end. After each the daemon is alive and answers.
 */

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon.h"
#include "peer.h"

#define REPLY_ROOM KX_REPLY_ROOM
#define NOBODY     65534

static struct kx_daemon daemon_;

static int start(void **state)
{
	static const char *const arguments[] = {"--max-depth=8", "--max-files=50", NULL};

	(void)state;
	kx_daemon_prepare(&daemon_);
	kx_daemon_start(&daemon_, arguments);
	kx_daemon_pattern(&daemon_, "bad", "");
	return 0;
}

static int stop(void **state)
{
	(void)state;
	kx_daemon_remove(&daemon_);
	return 0;
}

static int is_alive(void **state)
{
	uint8_t reply[REPLY_ROOM];

	(void)state;
	return kx_daemon_check(&daemon_, kx_daemon_data(&daemon_, "bad"), reply) == 0x34 ? 0 : -1;
}

static void paths_may_hold_the_bytes_of_lists(void **state)
{
	static const char *const names[] = {"a;b", "a|b", "a\xfe-b", "a}b", "a b", "a\nb"};
	uint8_t reply[REPLY_ROOM];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		kx_daemon_pattern(&daemon_, names[i], "");
		assert_int_equal(
			kx_daemon_check(&daemon_, kx_daemon_data(&daemon_, names[i]), reply), 0x34);
		assert_int_equal(unlink(kx_daemon_data(&daemon_, names[i])), 0);
	}
}

static void what_is_not_a_plain_file_below_the_area_is_not_opened(void **state)
{
	char path[5000];
	uint8_t reply[REPLY_ROOM];

	(void)state;
	assert_int_equal(symlink("bad", kx_daemon_data(&daemon_, "link")), 0);
	assert_int_equal(kx_daemon_check(&daemon_, kx_daemon_data(&daemon_, "link"), reply), 0x31);
	assert_non_null(strstr((char *)reply + 6, "symbolic link"));
	assert_int_equal(mkfifo(kx_daemon_data(&daemon_, "fifo"), 0666), 0);
	assert_int_equal(kx_daemon_check(&daemon_, kx_daemon_data(&daemon_, "fifo"), reply), 0x31);
	assert_int_equal(kx_daemon_check(&daemon_, kx_daemon_data(&daemon_, "../kav.key"), reply),
			 0x31);
	assert_non_null(strstr((char *)reply + 6, "permitted area"));
	(void)snprintf(path, sizeof(path), "%s2", kx_daemon_data(&daemon_, ""));
	assert_int_equal(kx_daemon_check(&daemon_, path, reply), 0x31);
	assert_int_equal(kx_daemon_check(&daemon_, "relative", reply), 0x31);
	assert_int_equal(kx_daemon_check(&daemon_, "/dev/zero", reply), 0x31);
	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[4900] = '\0';
	assert_int_equal(kx_daemon_check(&daemon_, path, reply), 0x31);
	/* Inside a folder they are passed over. */
	assert_int_equal(mkdir(kx_daemon_data(&daemon_, "odd"), 0755), 0);
	assert_int_equal(
		rename(kx_daemon_data(&daemon_, "fifo"), kx_daemon_data(&daemon_, "odd/fifo")), 0);
	assert_int_equal(
		rename(kx_daemon_data(&daemon_, "link"), kx_daemon_data(&daemon_, "odd/link")), 0);
	assert_int_equal(kx_daemon_check(&daemon_, kx_daemon_data(&daemon_, "odd"), reply), 0x30);
}

static atomic_bool racing;

/* The name is in turn a harmless file and a link to what the daemon must not tell about. */
static void *swap(void *path)
{
	char other[300];

	(void)snprintf(other, sizeof(other), "%s.new", (const char *)path);
	for (unsigned i = 0; atomic_load(&racing); i++) {
		if (i % 2)
			kx_write_file(other, "text", 4);
		else
			(void)!symlink("../secret", other);
		(void)rename(other, path);
	}
	return NULL;
}

static void a_race_of_links_reaches_nothing_outside(void **state)
{
	uint8_t reply[REPLY_ROOM];
	char path[256];
	pthread_t thread;

	(void)state;
	kx_daemon_pattern(&daemon_, "../secret", "");
	(void)snprintf(path, sizeof(path), "%s", kx_daemon_data(&daemon_, "race"));
	kx_write_file(path, "text", 4);
	atomic_store(&racing, true);
	assert_int_equal(pthread_create(&thread, NULL, swap, path), 0);
	for (int i = 0; i < 300; i++) {
		unsigned low = kx_daemon_check(&daemon_, path, reply);

		assert_true(low == 0x30 || low == 0x31);
	}
	atomic_store(&racing, false);
	(void)pthread_join(thread, NULL);
}

/* As a user without rights; its exit status is the first byte of the reply. */
static unsigned ask_as_nobody(const char *path)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		uint8_t reply[REPLY_ROOM];

		if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
			_exit(1);
		_exit((int)kx_daemon_check(&daemon_, path, reply));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return (unsigned)WEXITSTATUS(status);
}

static void a_root_daemon_opens_files_as_the_peer(void **state)
{
	uint8_t reply[REPLY_ROOM];

	(void)state;
	if (geteuid() != 0)
		skip();
	kx_daemon_pattern(&daemon_, "private", "");
	assert_int_equal(chmod(kx_daemon_data(&daemon_, "private"), 0600), 0);
	assert_int_equal(ask_as_nobody(kx_daemon_data(&daemon_, "private")), 0x31);
	assert_int_equal(ask_as_nobody(kx_daemon_data(&daemon_, "bad")), 0x34);
	assert_int_equal(kx_daemon_check(&daemon_, kx_daemon_data(&daemon_, "private"), reply),
			 0x34);
	/* A folder nobody may read hides its content from nobody only. */
	assert_int_equal(mkdir(kx_daemon_data(&daemon_, "closed"), 0700), 0);
	kx_daemon_pattern(&daemon_, "closed/bad", "");
	assert_int_equal(ask_as_nobody(kx_daemon_data(&daemon_, "closed")), 0x31);
	assert_int_equal(ask_as_nobody(kx_daemon_data(&daemon_, "closed/bad")), 0x31);
	assert_int_equal(kx_daemon_check(&daemon_, kx_daemon_data(&daemon_, "closed"), reply),
			 0x34);
}

static void deep_and_wide_folders_end(void **state)
{
	char path[512];
	uint8_t reply[REPLY_ROOM];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s", kx_daemon_data(&daemon_, "deep"));
	for (int i = 0; i < 12; i++) {
		assert_int_equal(mkdir(path, 0755), 0);
		(void)strcat(path, "/d");
	}
	assert_int_equal(kx_daemon_check(&daemon_, kx_daemon_data(&daemon_, "deep"), reply), 0x31);
	assert_non_null(strstr((char *)reply + 6, "too deep"));
	assert_int_equal(mkdir(kx_daemon_data(&daemon_, "wide"), 0755), 0);
	for (int i = 0; i < 60; i++) {
		(void)snprintf(path, sizeof(path), "wide/%d", i);
		kx_write_file(kx_daemon_data(&daemon_, path), "", 0);
	}
	assert_int_equal(kx_daemon_check(&daemon_, kx_daemon_data(&daemon_, "wide"), reply), 0x31);
	assert_non_null(strstr((char *)reply + 6, "too many files"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(paths_may_hold_the_bytes_of_lists, NULL, is_alive),
		cmocka_unit_test_setup_teardown(
			what_is_not_a_plain_file_below_the_area_is_not_opened, NULL, is_alive),
		cmocka_unit_test_setup_teardown(a_race_of_links_reaches_nothing_outside, NULL,
						is_alive),
		cmocka_unit_test_setup_teardown(a_root_daemon_opens_files_as_the_peer, NULL,
						is_alive),
		cmocka_unit_test_setup_teardown(deep_and_wide_folders_end, NULL, is_alive),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
