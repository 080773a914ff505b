/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a machine can lack: system calls, descriptors, memory, folders. A solution must
 * end at once with exit status 3 and a line that says what is missing, or run; and in
 * both cases leave nothing behind.
 */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"

#define STRANGERS 100

/* --- poorer machines ------------------------------------------------------------------------- */

static int absent_call;

/* A machine without one system call, for the kernel process and all it starts. */
static void without_call(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (!filter || seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), absent_call, 0) != 0 ||
	    seccomp_load(filter) != 0)
		_exit(99);
	seccomp_release(filter);
}

/* Runs scenario @name on a machine without @call; @says must stand in the output. */
static void run_without(int call, const char *name, unsigned passes, const char *says)
{
	static const char *const none[] = {NULL};
	static struct rig rig;
	char server[64];
	char client[64];
	const char *entities[] = {server, client, NULL};

	(void)snprintf(server, sizeof(server), "server t.Server %s server", name);
	(void)snprintf(client, sizeof(client), "client t.Client %s client", name);
	absent_call = call;
	rig_child = without_call;
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, none);
	rig_child = NULL;
	if (!rig_wait(&rig, "PASS ", passes) || !strstr(rig.text, says))
		fail_msg("%s without call %d: %s", name, call, rig.text);
	rig_end(&rig);
}

static void without_landlock_it_runs_and_says_so(void **state)
{
	(void)state;
	run_without(SCMP_SYS(landlock_create_ruleset), "exchange", 1, "Landlock");
}

static void without_futex_waitv_everything_still_wakes(void **state)
{
	static const char *const names[] = {"exchange", "timeouts",    "interrupts",
					    "threads",  "client_ends", "dies_received"};
	static const unsigned passes[] = {1, 2, 2, 1, 2, 2};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		run_without(SCMP_SYS(futex_waitv), names[i], passes[i], "FUTEX_WAITV");
}

/* What nothing works without: refused, and named. */
static void too_old_a_machine_is_told_what_is_missing(void **state)
{
	static const struct {
		int call;
		const char *name;
	} needed[] = {
		{SCMP_SYS(memfd_create), "memfd_create"},
		{SCMP_SYS(pidfd_send_signal), "pidfd"},
		{SCMP_SYS(pidfd_open), "pidfd"},
	};
	static struct rig rig;

	(void)state;
	put("init.yaml", PROGRAM("part"), 0644);
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		absent_call = needed[i].call;
		rig_child = without_call;
		run_file(&rig, "init.yaml", NULL);
		rig_child = NULL;
		expect_refused(&rig, needed[i].name, needed[i].name, "Linux");
	}
}

/* --- limits
 * ------------------------------------------------------------------------------------------ */

static int limit_resource;
static rlim_t limit_value;

static void with_limit(void)
{
	struct rlimit limit = {limit_value, limit_value};

	if (setrlimit(limit_resource, &limit) != 0)
		_exit(98);
}

/*
 * Every number of descriptors from too few for anything to enough: it starts and
 * runs, or says what there was not enough of. Never half.
 */
static void few_descriptors_start_all_or_nothing(void **state)
{
	static struct rig rig;
	unsigned started = 0;

	(void)state;
	put("init.yaml",
	    TEXT("entities:\n- {name: A, path: part, args: [none, x]}\n"
		 "- {name: B, path: part, args: [none, x]}\n"
		 "- {name: C, path: part, args: [none, x], connections: [{target: A, id: t}]}\n"),
	    0644);
	limit_resource = RLIMIT_NOFILE;
	for (limit_value = 4; limit_value <= 64; limit_value += 2) {
		unsigned ran;

		rig_child = with_limit;
		run_file(&rig, "init.yaml", NULL);
		rig_child = NULL;
		ran = rig_count(&rig, "FAIL no scenario");
		if (WIFEXITED(rig.status) && WEXITSTATUS(rig.status) == 0 && ran == 3) {
			started++;
			continue;
		}
		if (!WIFEXITED(rig.status) || WEXITSTATUS(rig.status) == 0 ||
		    (limit_value > 6 && rig.length == 0))
			fail_msg("%u descriptors: status 0x%x, %u ran: %s", (unsigned)limit_value,
				 (unsigned)rig.status, ran, rig.text);
	}
	assert_true(started > 0);
}

/* Files of no size: memory is made of files here, so nothing can start. */
static void no_file_size_ends_with_a_reason(void **state)
{
	static struct rig rig;

	(void)state;
	put("init.yaml", PROGRAM("part"), 0644);
	limit_resource = RLIMIT_FSIZE;
	limit_value = 0;
	rig_child = with_limit;
	run_file(&rig, "init.yaml", NULL);
	rig_child = NULL;
	expect_refused(&rig, "RLIMIT_FSIZE", "cannot create", "ulimit");
}

static void little_address_space_ends_with_a_reason(void **state)
{
	static const rlim_t sizes[] = {19u << 20, 20u << 20, 21u << 20,  24u << 20, 28u << 20,
				       32u << 20, 40u << 20, 128u << 20, 1u << 30};
	static struct rig rig;

	(void)state;
#ifdef KX_SANITIZED
	skip(); /* a sanitizer alone reserves more than that */
#endif
	put("init.yaml", PROGRAM("part"), 0644);
	limit_resource = RLIMIT_AS;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		limit_value = sizes[i];
		rig_child = with_limit;
		run_file(&rig, "init.yaml", NULL);
		rig_child = NULL;
		expect_refused(&rig, "RLIMIT_AS", "emory", "ulimit -v");
	}
}

/* One entity uses up its share of memory objects: it is told, nobody else notices. */
static void memory_objects_have_a_quota(void **state)
{
	static const char *const none[] = {NULL};
	static const char *const entities[] = {"server t.Server hoard server",
					       "hoarder t.Client hoard client",
					       "other t.Client after client", NULL};
	static struct rig rig;

	(void)state;
	limit_resource = RLIMIT_NOFILE;
	limit_value = 512;
	rig_child = with_limit;
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, none);
	rig_child = NULL;
	if (!rig_wait(&rig, "PASS ", 2))
		fail_msg("%s", rig.text);
	rig_end(&rig);
}

static void what_has_no_handle_has_a_quota_too(void **state)
{
	static const char *const none[] = {NULL};
	static const char *const entities[] = {"server t.Server quotas server",
					       "client t.Client quotas client", NULL};
	static struct rig rig;

	(void)state;
	rig_image(&rig, entities, NULL, "security.so");
	rig_start(&rig, none);
	if (!rig_wait(&rig, "PASS ", 1))
		fail_msg("%s", rig.text);
	rig_end(&rig);
}

/* --- what stands in /dev/shm, /tmp and the environment does not matter
 * ------------------------------ */

static void private_mounts(void)
{
	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		_exit(97);
}

static void tiny_shm(void)
{
	private_mounts();
	if (mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=64k") != 0)
		_exit(97);
}

static void unreadable_shm(void)
{
	private_mounts();
	if (mount("tmpfs", "/dev/shm", "tmpfs", MS_RDONLY, "size=4k,mode=0") != 0)
		_exit(97);
}

/* A /dev with what every program wants, and no shm in it. */
static void no_shm(void)
{
	static const char *const kept[] = {"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"};
	int fds[4];
	char path[32];

	private_mounts();
	for (int i = 0; i < 4; i++)
		fds[i] = open(kept[i], O_PATH | O_CLOEXEC);
	if (mount("tmpfs", "/dev", "tmpfs", 0, "size=64k,mode=755") != 0)
		_exit(97);
	for (int i = 0; i < 4; i++) {
		(void)close(open(kept[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fds[i]);
		if (mount(path, kept[i], NULL, MS_BIND, NULL) != 0)
			_exit(97);
		(void)close(fds[i]);
	}
	if (access("/dev/shm", F_OK) == 0)
		_exit(95);
}

static void read_only_root(void)
{
	private_mounts();
	if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) != 0)
		_exit(97);
	if (open(RIG_SCRATCH "/x", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0 || errno != EROFS)
		_exit(95);
}

static void read_only_tmp(void)
{
	private_mounts();
	(void)unsetenv("TMPDIR");
	if (mount("tmpfs", "/tmp", "tmpfs", MS_RDONLY, "size=64k") != 0)
		_exit(97);
}

static void full_tmp(void)
{
	char block[4096] = {0};
	int fd;

	private_mounts();
	(void)unsetenv("TMPDIR");
	if (mount("tmpfs", "/tmp", "tmpfs", 0, "size=64k") != 0)
		_exit(97);
	fd = open("/tmp/full", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	while (write(fd, block, sizeof(block)) > 0)
		;
	(void)close(fd);
}

static void empty_environment(void)
{
	(void)clearenv();
}

static void no_writable_folder(void)
{
	(void)clearenv();
	if (chdir("/proc") != 0)
		_exit(96);
}

static void exchange_under(void (*child)(void))
{
	static const char *const none[] = {NULL};
	static const char *const entities[] = {"server t.Server exchange server",
					       "client t.Client exchange client", NULL};
	static struct rig rig;

	rig_image(&rig, entities, NULL, "security.so");
	rig_child = child;
	rig_start(&rig, none);
	rig_child = NULL;
	if (!rig_wait(&rig, "PASS ", 1))
		fail_msg("%s", rig.text);
	rig_end(&rig);
}

/* Its files were to stand in /tmp: it does not start without them, and says why. */
static void files_under(void (*child)(void))
{
	static const char *const none[] = {NULL};
	static const char *const entities[] = {"ram kl.VfsRamFs nothing server",
					       "user t.User >ram alone client", NULL};
	static struct rig rig;
	char path[320];
	FILE *note;

	rig_image(&rig, entities, NULL, "security.so");
	(void)snprintf(path, sizeof(path), "%s.d/rom", rig.image);
	assert_int_equal(mkdir(path, 0755), 0);
	(void)snprintf(path, sizeof(path), "%s.d/rom/note", rig.image);
	note = fopen(path, "we");
	assert_non_null(note);
	assert_true(fputs("read me\n", note) >= 0 && fclose(note) == 0);
	rig_child = child;
	rig_start(&rig, none);
	rig_child = NULL;
	if (!rig_wait_end(&rig) || !WIFEXITED(rig.status) || WEXITSTATUS(rig.status) != 3 ||
	    !strstr(rig.text, "files of "))
		fail_msg("status 0x%x: %s", (unsigned)rig.status, rig.text);
	rig_end(&rig);
}

static void odd_folders_and_environment_do_not_matter(void **state)
{
	(void)state;
	exchange_under(empty_environment);
	exchange_under(no_writable_folder);
}

static void shared_memory_and_temporary_folders_do_not_matter(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip(); /* mounting needs root */
	exchange_under(tiny_shm);
	exchange_under(unreadable_shm);
	exchange_under(no_shm);
	exchange_under(read_only_root);
	/* The scratch folder may lie below /tmp; then it would be covered. */
	if (strncmp(RIG_SCRATCH, "/tmp/", 5) == 0)
		return;
	exchange_under(read_only_tmp);
	exchange_under(full_tmp);
	files_under(read_only_tmp);
	files_under(full_tmp);
}

/* One of many strangers' files with long names: together more than any fixed room. */
static const char *stranger(int number)
{
	static char path[256];

	(void)snprintf(path, sizeof(path), "/dev/shm/stranger-%d-%0200d", (int)getpid(), number);
	return path;
}

static int remove_strangers(void **state)
{
	(void)state;
	for (int i = 0; i < STRANGERS; i++)
		(void)unlink(stranger(i));
	return 0;
}

static void strangers_files_in_shared_memory_do_not_matter(void **state)
{
	(void)state;
	for (int i = 0; i < STRANGERS; i++)
		assert_int_equal(close(open(stranger(i), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), 0);
	exchange_under(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_landlock_it_runs_and_says_so),
		cmocka_unit_test(without_futex_waitv_everything_still_wakes),
		cmocka_unit_test(too_old_a_machine_is_told_what_is_missing),
		cmocka_unit_test(few_descriptors_start_all_or_nothing),
		cmocka_unit_test(no_file_size_ends_with_a_reason),
		cmocka_unit_test(little_address_space_ends_with_a_reason),
		cmocka_unit_test(memory_objects_have_a_quota),
		cmocka_unit_test(what_has_no_handle_has_a_quota_too),
		cmocka_unit_test(odd_folders_and_environment_do_not_matter),
		cmocka_unit_test(shared_memory_and_temporary_folders_do_not_matter),
		cmocka_unit_test_teardown(strangers_files_in_shared_memory_do_not_matter,
					  remove_strangers),
	};

	if (getenv("ONLY"))
		cmocka_set_test_filter(getenv("ONLY"));
	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
