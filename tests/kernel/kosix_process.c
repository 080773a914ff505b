/* SPDX-License-Identifier: Apache-2.0 */
#include "kosix_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "temp_file.h"

struct running kosix;

/* A program built with a sanitizer needs more than the default isolation gives. */
#ifdef KX_SANITIZED
#define BASE_ARGS "--isolation=off "
#else
#define BASE_ARGS ""
#endif

void more_args(const char *text)
{
	char all[256];

	snprintf(all, sizeof(all), "%s%s", BASE_ARGS, text);
	assert_int_equal(setenv("KOSIX_RUN_ARGS", all, 1), 0);
}

void start(const char *const *args)
{
	start_program(KX_TEST_PROGRAMS "/kosix", args);
}

void start_program(const char *program, const char *const *args)
{
	const char *argv[24] = {program};
	int out[2];
	int err[2];
	int index;

	for (index = 0; args[index]; index++)
		argv[index + 1] = args[index];
	memset(&kosix, 0, sizeof(kosix));
	assert_int_equal(pipe2(out, O_CLOEXEC) | pipe2(err, O_CLOEXEC), 0);
	kosix.pid = fork();
	if (kosix.pid == 0) {
		/* A test that fails half-way leaves nothing running. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpgid(0, 0);
		dup2(out[1], 1);
		dup2(err[1], 2);
		execv(argv[0], (char **)(uintptr_t)argv);
		_exit(126);
	}
	setpgid(kosix.pid, kosix.pid); /* whichever of the two is first */
	close(out[1]);
	close(err[1]);
	kosix.out = out[0];
	kosix.err = err[0];
}

bool read_more(void)
{
	struct pollfd fds[] = {{.fd = kosix.out, .events = POLLIN},
			       {.fd = kosix.err, .events = POLLIN}};
	ssize_t got;

	if (kosix.out < 0 && kosix.err < 0)
		return false;
	if (poll(fds, 2, 20000) <= 0)
		fail_msg("nothing for 20 s; so far: %s%s", kosix.out_text, kosix.err_text);
	if (fds[0].revents) {
		got = read(kosix.out, kosix.out_text + kosix.out_used,
			   OUTPUT_MAX - 1 - kosix.out_used);
		kosix.out_used += got > 0 ? (size_t)got : 0;
		if (got <= 0) {
			close(kosix.out);
			kosix.out = -1;
		}
	}
	if (fds[1].revents) {
		got = read(kosix.err, kosix.err_text + kosix.err_used,
			   OUTPUT_MAX - 1 - kosix.err_used);
		kosix.err_used += got > 0 ? (size_t)got : 0;
		if (got <= 0) {
			close(kosix.err);
			kosix.err = -1;
		}
	}
	return true;
}

void wait_for_output(const char *text)
{
	while (!strstr(kosix.out_text, text)) {
		if (!read_more())
			fail_msg("ended without \"%s\": %s", text, kosix.err_text);
	}
}

void finish(void)
{
	int status;

	while (read_more())
		;
	assert_int_equal(waitpid(kosix.pid, &status, 0), kosix.pid);
	kosix.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

void run(const char *yaml, const char *option, const char *more)
{
	const char *args[8] = {"run"};
	int count = 1;

	if (option)
		args[count++] = option;
	if (more)
		args[count++] = more;
	args[count++] = temp_write("bin/init.yaml", yaml);
	start(args);
	finish();
}

void err_says(const char *text)
{
	if (!strstr(kosix.err_text, text))
		fail_msg("stderr does not say \"%s\" but: %s", text, kosix.err_text);
}

void put_program(const char *program, const char *name)
{
	char command[600];
	char path[256];

	snprintf(command, sizeof(command), "bin/%s", name);
	snprintf(path, sizeof(path), "%s", temp_path(command));
	snprintf(command, sizeof(command), "%s/%s", KX_TEST_PROGRAMS, program);
	if (link(command, path) == 0)
		return;
	snprintf(command, sizeof(command), "cp %s/%s %s", KX_TEST_PROGRAMS, program, path);
	assert_int_equal(system(command), 0);
}

int kosix_setup(void **state)
{
	(void)state;
	temp_create();
	temp_write("bin/init.yaml", "");
	put_program("kernel_actor", "actor");
	/* An entity runs as another user when the tests run as root. */
	chmod(temp_path("."), 0755);
	more_args("");
	return prctl(PR_SET_CHILD_SUBREAPER, 1);
}

int kosix_teardown(void **state)
{
	(void)state;
	temp_remove();
	return 0;
}
