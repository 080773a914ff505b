/* SPDX-License-Identifier: Apache-2.0 */

/*
 * How a start goes and how it fails (I-02): what the program finds, what is
 * left when a phase fails, and that no start costs the size of its parent.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"

static struct fixture_run run;

static int report(enum kx_isolation_level level, const char *const *envp, const int *extra,
		  unsigned int extra_count)
{
	const char *argv[] = {fixture_program("entity_report"), "one", "two", NULL};
	struct kx_isolation *isolation = kx_isolation_create(NULL);
	struct kx_isolation_profile profile;
	int rc;

	kx_isolation_profile_init(&profile, level);
	rc = fixture_start_and_wait(isolation, &profile, argv, envp, extra, extra_count, &run);
	kx_isolation_profile_fini(&profile);
	kx_isolation_destroy(isolation);
	return rc;
}

static void assert_line(const char *line)
{
	if (!strstr(run.output, line))
		fail_msg("no line '%s' in:\n%s", line, run.output);
}

static void program_finds_only_what_was_given(void **state)
{
	const char *envp[] = {"KX_A=1", NULL};
	int extra[2];

	(void)state;
	/* Something that would leak if descriptors, signals or the folder were inherited. */
	assert_true(fcntl(1, F_DUPFD, 700) == 700);
	assert_true(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	assert_int_equal(pipe(extra), 0);
	assert_int_equal(report(KX_ISOLATION_DEFAULT, envp, extra, 2), 0);
	assert_true(WIFEXITED(run.status));
	assert_int_equal(WEXITSTATUS(run.status), 7);
	assert_line("fd 0\nfd 1\nfd 2\nfd 3\nfd 4\narg one\narg two\nenv KX_A=1\ncwd /\n");
	assert_line("core 0\nnofile 1024\ndeath signal 9\nnnp 1\n");
	assert_line("set dumpable 0: 0\nset dumpable 1: -1\nset death signal: -1\nsession own\n");
	if (geteuid() == 0)
		assert_line("uid 65534 65534\ngid 65534 65534 groups 0\n");
	(void)close(700);
	(void)close(extra[0]);
	(void)close(extra[1]);
	(void)signal(SIGPIPE, SIG_DFL);
}

static void level_off_keeps_only_the_hygiene(void **state)
{
	(void)state;
	assert_int_equal(report(KX_ISOLATION_OFF, NULL, NULL, 0), 0);
	assert_line("fd 0\nfd 1\nfd 2\narg one\narg two\ncwd /\n");
	assert_line("death signal 9\nnnp 0\n");
	assert_line("set dumpable 1: 0\n");
}

static void descriptors_may_overlap_their_places(void **state)
{
	int pipe_ends[2];
	int crossed[2];

	(void)state;
	assert_int_equal(pipe(pipe_ends), 0);
	/* Place 3 gets what the parent may hold as 4, and the other way round. */
	crossed[0] = pipe_ends[1];
	crossed[1] = pipe_ends[0];
	assert_int_equal(report(KX_ISOLATION_DEFAULT, NULL, crossed, 2), 0);
	assert_line("fd 0\nfd 1\nfd 2\nfd 3\nfd 4\narg one");
	(void)close(pipe_ends[0]);
	(void)close(pipe_ends[1]);
}

struct attempt {
	struct kx_isolation *isolation;
	struct kx_isolation_profile profile;
	struct kx_sandbox *sandbox;
	struct kx_spawned spawned;
	struct kx_spawn_error error;
	int fds[3];
	size_t descriptors;
	size_t children;
};

static void attempt_prepare(struct attempt *attempt, const char *program)
{
	char error[KX_ISOLATION_ERROR_MAX];

	memset(attempt, 0, sizeof(*attempt));
	attempt->isolation = kx_isolation_create(NULL);
	kx_isolation_profile_init(&attempt->profile, KX_ISOLATION_DEFAULT);
	assert_int_equal(kx_sandbox_create(&attempt->sandbox, attempt->isolation, &attempt->profile,
					   program, error),
			 0);
	attempt->fds[0] = -1;
	attempt->fds[1] = 1;
	attempt->fds[2] = 2;
	attempt->descriptors = fixture_count_fds();
	attempt->children = fixture_count_children();
}

static int attempt_start(struct attempt *attempt)
{
	const char *argv[] = {"x", NULL};
	struct kx_spawn_request request = {
		.sandbox = attempt->sandbox, .argv = argv, .fds = attempt->fds, .fd_count = 3};

	return kx_spawn(&request, &attempt->spawned, &attempt->error);
}

static void attempt_left_nothing(struct attempt *attempt)
{
	assert_int_equal(attempt->spawned.pid, -1);
	assert_int_equal(attempt->spawned.pidfd, -1);
	assert_int_equal(fixture_count_fds(), attempt->descriptors);
	assert_int_equal(fixture_count_children(), attempt->children);
	kx_sandbox_destroy(attempt->sandbox);
	kx_isolation_profile_fini(&attempt->profile);
	kx_isolation_destroy(attempt->isolation);
}

/* Who waits for the end of what an entity writes must not wait for the next start. */
static void what_a_program_was_given_is_kept_by_it_alone(void **state)
{
	struct pollfd wait = {.events = POLLIN};
	struct attempt attempt;
	char byte;
	int out[2];

	(void)state;
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	attempt_prepare(&attempt, fixture_program("entity_tiny"));
	attempt.fds[1] = out[1];
	assert_int_equal(attempt_start(&attempt), 0);
	assert_int_equal(fixture_count_fds(), attempt.descriptors + 1); /* the pidfd */
	(void)close(out[1]);
	wait.fd = out[0];
	do
		assert_int_equal(poll(&wait, 1, 20000), 1);
	while (read(out[0], &byte, 1) == 1);
	assert_int_equal(waitpid(attempt.spawned.pid, NULL, 0), attempt.spawned.pid);
	(void)close(attempt.spawned.pidfd);
	(void)close(out[0]);
	kx_sandbox_destroy(attempt.sandbox);
	kx_isolation_profile_fini(&attempt.profile);
	kx_isolation_destroy(attempt.isolation);
}

static void bad_descriptor_is_named_and_leaves_nothing(void **state)
{
	struct attempt attempt;

	(void)state;
	attempt_prepare(&attempt, fixture_program("entity_report"));
	attempt.fds[1] = 9999;
	assert_int_equal(attempt_start(&attempt), -EBADF);
	assert_int_equal(attempt.error.phase, KX_SPAWN_FDS);
	assert_int_equal(attempt.error.error, EBADF);
	attempt_left_nothing(&attempt);
}

/* kx_sandbox_create() does not judge the processor a program was built for. */
static void failed_exec_is_named_and_leaves_nothing(void **state)
{
	char path[] = "/tmp/kx-test-XXXXXX";
	struct attempt attempt;
	char error[KX_ISOLATION_ERROR_MAX];
	unsigned char image[64 + 56] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
	int fd;

	(void)state;
	attempt_prepare(&attempt, fixture_program("entity_report"));
	fd = mkstemp(path);
	kx_sandbox_destroy(attempt.sandbox);
	/* Type EXEC, machine 0xffff: no processor of ours. */
	image[16] = 2;
	image[18] = image[19] = 0xff;
	image[54] = 56;
	assert_int_equal(write(fd, image, sizeof(image)), sizeof(image));
	assert_int_equal(fchmod(fd, 0755), 0);
	(void)close(fd);
	assert_int_equal(kx_sandbox_create(&attempt.sandbox, attempt.isolation, &attempt.profile,
					   path, error),
			 0);
	(void)unlink(path);
	assert_int_equal(attempt_start(&attempt), -ENOEXEC);
	assert_int_equal(attempt.error.phase, KX_SPAWN_EXEC);
	assert_true(kx_spawn_advice(&attempt.error)[0] != 0);
	attempt_left_nothing(&attempt);
}

static void impossible_limit_is_named_and_leaves_nothing(void **state)
{
	struct attempt attempt;
	char error[KX_ISOLATION_ERROR_MAX];

	(void)state;
	attempt_prepare(&attempt, fixture_program("entity_report"));
	kx_sandbox_destroy(attempt.sandbox);
	/* Above fs.nr_open: refused even to root. */
	attempt.profile.limits[KX_LIMIT_NOFILE].value = (rlim_t)1 << 40;
	assert_int_equal(kx_sandbox_create(&attempt.sandbox, attempt.isolation, &attempt.profile,
					   fixture_program("entity_report"), error),
			 0);
	assert_int_equal(attempt_start(&attempt), -EPERM);
	assert_int_equal(attempt.error.phase, KX_SPAWN_LIMITS);
	attempt_left_nothing(&attempt);
}

static void full_descriptor_table_is_an_error_that_leaves_nothing(void **state)
{
	struct attempt attempt;
	struct rlimit saved;
	struct rlimit tight;

	(void)state;
	attempt_prepare(&attempt, fixture_program("entity_report"));
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &saved), 0);
	tight = saved;
	tight.rlim_cur = 3;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
	assert_int_equal(attempt_start(&attempt), -EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &saved), 0);
	assert_true(kx_spawn_advice(&attempt.error)[0] != 0);
	attempt_left_nothing(&attempt);
}

static void requests_that_make_no_sense_start_nothing(void **state)
{
	struct attempt attempt;
	const char *none[] = {NULL};
	struct kx_spawn_request request = {.argv = none, .fds = attempt.fds, .fd_count = 3};

	(void)state;
	attempt_prepare(&attempt, fixture_program("entity_report"));
	request.sandbox = attempt.sandbox;
	assert_int_equal(kx_spawn(&request, &attempt.spawned, &attempt.error), -EINVAL);
	assert_int_equal(attempt.error.phase, KX_SPAWN_REQUEST);
	request.argv = (const char *const[]){"x", NULL};
	request.fd_count = KX_SPAWN_FDS_MAX + 1;
	assert_int_equal(kx_spawn(&request, &attempt.spawned, &attempt.error), -EINVAL);
	attempt_left_nothing(&attempt);
}

/* Where the clone call cannot make a pidfd, one is opened afterwards. */
static void start_without_clone_pidfd_gives_a_pidfd_too(void **state)
{
	const char *argv[] = {fixture_program("entity_report"), NULL};
	struct kx_isolation_profile profile;
	struct kx_isolation_machine machine;
	struct kx_isolation *isolation;

	(void)state;
	kx_isolation_probe(&machine);
	machine.clone_pidfd = false;
	machine.close_range = false;
	isolation = kx_isolation_create(&machine);
	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	assert_int_equal(fixture_start_and_wait(isolation, &profile, argv, NULL, NULL, 0, &run), 0);
	assert_int_equal(WEXITSTATUS(run.status), 7);
	assert_line("fd 0\nfd 1\nfd 2\ncwd");
	kx_isolation_destroy(isolation);
}

/* Stands for the kernel process: starts one entity and lives until it is killed. */
static void start_and_stay(enum kx_isolation_level level, int out, int control)
{
	const char *argv[] = {"entity_wait", NULL};
	struct kx_isolation *isolation = kx_isolation_create(NULL);
	struct kx_isolation_profile profile;
	struct kx_sandbox *sandbox;
	struct kx_spawned spawned;
	struct kx_spawn_error cause;
	char error[KX_ISOLATION_ERROR_MAX];
	int fds[4] = {-1, out, -1, control};
	struct kx_spawn_request request = {.argv = argv, .fds = fds, .fd_count = 4};

	kx_isolation_profile_init(&profile, level);
	if (kx_sandbox_create(&sandbox, isolation, &profile, fixture_program("entity_wait"),
			      error) != 0)
		_exit(2);
	request.sandbox = sandbox;
	if (kx_spawn(&request, &spawned, &cause) != 0)
		_exit(3);
	/* Only the entity holds the pipe now: its end is the end of the file. */
	(void)close(out);
	for (;;)
		(void)pause();
}

static void entity_dies_with_its_kernel_process(enum kx_isolation_level level)
{
	struct pollfd wait = {.events = POLLIN};
	int control[2];
	int out[2];
	char byte;
	pid_t parent;
	int status;

	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	/* This process keeps the control descriptor open: nothing else ends the entity. */
	assert_int_equal(pipe2(control, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	parent = fork();
	if (parent == 0)
		start_and_stay(level, out[1], control[0]);
	(void)close(out[1]);
	assert_int_equal(read(out[0], &byte, 1), 1);
	assert_int_equal(kill(parent, SIGKILL), 0);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	wait.fd = out[0];
	assert_int_equal(poll(&wait, 1, 20000), 1);
	assert_int_equal(read(out[0], &byte, 1), 0);
	/* The orphan came to this process. */
	assert_true(waitpid(-1, &status, 0) > 0);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	(void)close(out[0]);
	(void)close(control[0]);
	(void)close(control[1]);
}

static void entities_die_with_their_kernel_process(void **state)
{
	(void)state;
	entity_dies_with_its_kernel_process(KX_ISOLATION_OFF);
	entity_dies_with_its_kernel_process(KX_ISOLATION_DEFAULT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(program_finds_only_what_was_given),
		cmocka_unit_test(level_off_keeps_only_the_hygiene),
		cmocka_unit_test(descriptors_may_overlap_their_places),
		cmocka_unit_test(what_a_program_was_given_is_kept_by_it_alone),
		cmocka_unit_test(bad_descriptor_is_named_and_leaves_nothing),
		cmocka_unit_test(failed_exec_is_named_and_leaves_nothing),
		cmocka_unit_test(impossible_limit_is_named_and_leaves_nothing),
		cmocka_unit_test(full_descriptor_table_is_an_error_that_leaves_nothing),
		cmocka_unit_test(requests_that_make_no_sense_start_nothing),
		cmocka_unit_test(start_without_clone_pidfd_gives_a_pidfd_too),
		cmocka_unit_test(entities_die_with_their_kernel_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
