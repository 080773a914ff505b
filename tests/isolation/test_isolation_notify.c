/* SPDX-License-Identifier: Apache-2.0 */

/* Programs whose file calls the kernel process answers: their start, and who could prevent it. */

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"

static struct fixture_run run;
static char error[KX_ISOLATION_ERROR_MAX];

/*
 * Answers every call caught until the program ends: what names @path gets
 * ENOTSUP from us, the rest goes on. Returns how many were ours.
 */
static int answer_calls(int notify, const char *path)
{
	struct pollfd wait = {.fd = notify, .events = POLLIN};
	int ours = 0;

	while (poll(&wait, 1, 20000) == 1 && (wait.revents & POLLIN)) {
		struct seccomp_notif call = {0};
		struct seccomp_notif_resp answer = {.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
		char name[64];
		char memory[32];
		int fd;

		if (ioctl(notify, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0)
			break;
		(void)snprintf(memory, sizeof(memory), "/proc/%u/mem", call.pid);
		fd = open(memory, O_RDONLY | O_CLOEXEC);
		/* openat and newfstatat name their path second. */
		if (pread(fd, name, sizeof(name), (off_t)call.data.args[1]) > 0 &&
		    strncmp(name, path, sizeof(name)) == 0) {
			answer.flags = 0;
			answer.error = -ENOTSUP;
			ours++;
		}
		(void)close(fd);
		answer.id = call.id;
		(void)ioctl(notify, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
	return ours;
}

/* Sends itself descriptors that it never receives, until no more may be on their way. */
static void fill_what_is_on_its_way(int told)
{
	enum { AT_ONCE = 253 };
	struct rlimit few = {1024, 1024};
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(AT_ONCE * sizeof(int))];
	} control = {.header = {CMSG_LEN(AT_ONCE * sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
	char byte = 0;
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &data,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	int ends[2];

	if (setrlimit(RLIMIT_NOFILE, &few) != 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 ||
	    (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0))
		_exit(1);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* the new user forgot an earlier one */
	for (int i = 0; i < AT_ONCE; i++)
		((int *)(void *)CMSG_DATA(&control.header))[i] = told;
	while (sendmsg(ends[0], &message, MSG_DONTWAIT) == 1)
		;
	byte = errno == ETOOMANYREFS;
	(void)!write(told, &byte, 1);
	(void)pause();
	_exit(0);
}

/* @start is called while an entity's user has all descriptors on their way that it may have. */
static void while_others_fill(void (*start)(void **state), void **state)
{
	struct rlimit saved;
	struct rlimit most;
	char full = 0;
	int told[2];
	pid_t filler;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &saved), 0);
	most = saved;
	most.rlim_cur = saved.rlim_max; /* as the kernel process has it */
	if (most.rlim_max < 4096)
		skip();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &most), 0);
	assert_int_equal(pipe2(told, O_CLOEXEC), 0);
	filler = fork();
	assert_true(filler >= 0);
	if (filler == 0)
		fill_what_is_on_its_way(told[1]);
	assert_int_equal(read(told[0], &full, 1), 1);
	if (full)
		start(state);
	(void)kill(filler, SIGKILL);
	(void)waitpid(filler, NULL, 0);
	(void)close(told[0]);
	(void)close(told[1]);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &saved), 0);
	assert_true(full);
}

static void notify_hands_file_calls_to_the_kernel_process(void **state)
{
	const char *argv[] = {"x", "read=/virtual/a", "stat=/virtual/a", "connect=1", NULL};
	struct kx_isolation *isolation = kx_isolation_create(NULL);
	struct kx_isolation_profile profile;
	struct kx_sandbox *sandbox;
	struct kx_spawned spawned;
	struct kx_spawn_error cause;
	int out[2];
	int fds[3] = {-1};
	struct kx_spawn_request request = {.argv = argv, .fds = fds, .fd_count = 3};
	ssize_t got;

	(void)state;
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	fds[1] = fds[2] = out[1];
	kx_isolation_profile_init(&profile, KX_ISOLATION_DEFAULT);
	profile.allow |= KX_ALLOW_NOTIFY;
	assert_int_equal(kx_sandbox_create(&sandbox, isolation, &profile,
					   fixture_program("entity_exceptions"), error),
			 0);
	request.sandbox = sandbox;
	assert_int_equal(kx_spawn(&request, &spawned, &cause), 0);
	assert_true(spawned.notify_fd >= 0);
	assert_int_equal(answer_calls(spawned.notify_fd, "/virtual/a"), 2);
	assert_int_equal(fixture_wait(&spawned), 0);
	got = read(out[0], run.output, sizeof(run.output) - 1);
	assert_true(got > 0);
	run.output[got] = 0;
	/* ENOTSUP and EOPNOTSUPP are one number; the C library prints the second name. */
	assert_true(strncmp(run.output, "read E", 6) == 0);
	assert_non_null(strstr(run.output, "OPNOTSUPP\nstat "));
	/* socket() is caught as well; told to go on, Landlock stops the connection. */
	assert_null(strstr(run.output, "connect ok"));
	(void)close(spawned.notify_fd);
	(void)close(out[0]);
	(void)close(out[1]);
	kx_sandbox_destroy(sandbox);
	kx_isolation_destroy(isolation);
}

static void entities_cannot_keep_others_from_starting(void **state)
{
	while_others_fill(notify_hands_file_calls_to_the_kernel_process, state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notify_hands_file_calls_to_the_kernel_process),
		cmocka_unit_test(entities_cannot_keep_others_from_starting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
