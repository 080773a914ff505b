/* SPDX-License-Identifier: Apache-2.0 */

/* See fixture.h. */

#include "fixture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define BOUND_MS 20000

const char *fixture_program(const char *name)
{
	static char path[4][512];
	static unsigned int turn;
	char *slot = path[turn++ % 4];

	(void)snprintf(slot, sizeof(path[0]), "%s/%s", KX_TEST_PROGRAMS, name);
	return slot;
}

static void collect(int fd, struct fixture_run *run)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	size_t used = 0;
	ssize_t got;

	while (used < sizeof(run->output) - 1 && poll(&wait, 1, BOUND_MS) == 1) {
		got = read(fd, run->output + used, sizeof(run->output) - 1 - used);
		if (got <= 0)
			break;
		used += (size_t)got;
	}
	run->output[used] = 0;
}

int fixture_wait(const struct kx_spawned *spawned)
{
	struct pollfd wait = {.fd = spawned->pidfd, .events = POLLIN};
	int status = -1;

	if (poll(&wait, 1, BOUND_MS) != 1)
		(void)kill(spawned->pid, SIGKILL);
	while (waitpid(spawned->pid, &status, 0) < 0 && errno == EINTR)
		;
	(void)close(spawned->pidfd);
	return status;
}

static int run_sandbox(const struct kx_spawn_request *request, int out_read, int out_write,
		       struct fixture_run *run)
{
	struct kx_spawned spawned;
	struct kx_spawn_error error;
	int rc = kx_spawn(request, &spawned, &error);

	(void)close(out_write);
	if (rc == 0) {
		collect(out_read, run);
		run->status = fixture_wait(&spawned);
	} else {
		(void)snprintf(run->output, sizeof(run->output), "cannot %s: %s",
			       kx_spawn_phase_name(error.phase), strerror(error.error));
	}
	(void)close(out_read);
	return rc;
}

int fixture_start_and_wait(struct kx_isolation *isolation,
			   const struct kx_isolation_profile *profile, const char *const *argv,
			   const char *const *envp, const int *extra, unsigned int extra_count,
			   struct fixture_run *run)
{
	struct kx_sandbox *sandbox = NULL;
	struct kx_spawn_request request = {.argv = argv, .envp = envp};
	int fds[KX_SPAWN_FDS_MAX] = {-1};
	int out[2];
	int rc;

	run->output[0] = 0;
	run->status = -1;
	rc = kx_sandbox_create(&sandbox, isolation, profile, argv[0], run->output);
	if (rc != 0)
		return rc;
	if (pipe2(out, O_CLOEXEC) != 0)
		abort();
	fds[1] = fds[2] = out[1];
	for (unsigned int i = 0; i < extra_count; i++)
		fds[3 + i] = extra[i];
	request.sandbox = sandbox;
	request.fds = fds;
	request.fd_count = 3 + extra_count;
	rc = run_sandbox(&request, out[0], out[1], run);
	kx_sandbox_destroy(sandbox);
	return rc;
}

int fixture_run_simple(const struct kx_isolation_profile *profile, const char *const *argv,
		       struct fixture_run *run)
{
	struct kx_isolation *isolation = kx_isolation_create(NULL);
	int rc;

	if (!isolation)
		return -ENOMEM;
	rc = fixture_start_and_wait(isolation, profile, argv, NULL, NULL, 0, run);
	kx_isolation_destroy(isolation);
	return rc;
}

size_t fixture_count_fds(void)
{
	DIR *folder = opendir("/proc/self/fd");
	size_t count = 0;

	while (folder && readdir(folder))
		count++;
	if (folder)
		(void)closedir(folder);
	return count;
}

size_t fixture_count_children(void)
{
	char path[64];
	char word[32];
	size_t count = 0;
	FILE *list;

	(void)snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	list = fopen(path, "re");
	while (list && fscanf(list, "%31s", word) == 1)
		count++;
	if (list)
		(void)fclose(list);
	return count;
}
