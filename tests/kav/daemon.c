/* SPDX-License-Identifier: Apache-2.0 */

/* Starting and ending the real daemon. */

#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/kx_kav_files.h"
#include "pattern.h"
#include "peer.h"
#include "wire/kx_kav_wire.h"

#define ARGUMENTS_MAX 32
#define READY         "ready on"
#define ANSWER_MS     20000

void kx_daemon_prepare(struct kx_daemon *daemon)
{
	char sum[KX_KAV_SUM_MAX];
	char program[KX_KAV_SUM_MAX];
	char manifest[512];
	static const char key[] = "product: kosix-kav\nexpires: 2199-12-31\n";
	size_t len = 0;
	char *text = kx_kav_file_read(KX_TEST_SIGNATURES, &len);

	assert_non_null(text);
	kx_folder_make(daemon->folder);
	assert_int_equal(chmod(daemon->folder, 0755), 0);
	assert_int_equal(mkdir(kx_in(daemon->folder, "run"), 0755), 0);
	assert_int_equal(mkdir(kx_in(daemon->folder, "data"), 0777), 0);
	assert_int_equal(chmod(kx_in(daemon->folder, "data"), 0777), 0);
	assert_int_equal(mkdir(kx_in(daemon->folder, "bases"), 0755), 0);
	kx_write_file(kx_in(daemon->folder, "bases/test.sig"), text, len);
	kx_kav_sum_bytes(text, len, sum);
	assert_true(kx_kav_sum_file(KX_TEST_DAEMON, program));
	(void)snprintf(manifest, sizeof(manifest), "%s  test.sig\n%s  @program\n", sum, program);
	kx_write_file(kx_in(daemon->folder, "bases/MANIFEST"), manifest, strlen(manifest));
	kx_write_file(kx_in(daemon->folder, "kav.key"), key, strlen(key));
	(void)snprintf(daemon->socket, sizeof(daemon->socket), "%s/run/AvpCtl", daemon->folder);
	free(text);
}

/* In the child: never returns. */
static void run_daemon(const struct kx_daemon *daemon, const char *const *arguments, int err)
{
	char places[4][128];
	const char *argv[ARGUMENTS_MAX] = {KX_TEST_DAEMON};
	unsigned n = 1;

	(void)snprintf(places[0], sizeof(places[0]), "-f=%s/run", daemon->folder);
	(void)snprintf(places[1], sizeof(places[1]), "--bases=%s/bases", daemon->folder);
	(void)snprintf(places[2], sizeof(places[2]), "--key=%s/kav.key", daemon->folder);
	(void)snprintf(places[3], sizeof(places[3]), "%s/data", daemon->folder);
	for (unsigned i = 0; i < 3; i++)
		argv[n++] = places[i];
	for (unsigned i = 0; arguments && arguments[i] && n < ARGUMENTS_MAX - 2; i++)
		argv[n++] = arguments[i];
	argv[n++] = places[3];
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)dup2(err, STDERR_FILENO);
	(void)execv(KX_TEST_DAEMON, (char *const *)argv);
	_exit(127);
}

/* Its stderr says when it is ready; the pipe's end says that it could not start. */
static void wait_ready(int fd)
{
	char text[4096];
	size_t len = 0;

	text[0] = '\0';
	while (!strstr(text, READY)) {
		ssize_t n = read(fd, text + len, sizeof(text) - len - 1);

		if (n <= 0)
			(void)fprintf(stderr, "%s", text);
		assert_true(n > 0);
		len += (size_t)n;
		text[len] = '\0';
	}
}

void kx_daemon_start(struct kx_daemon *daemon, const char *const *arguments)
{
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	daemon->pid = fork();
	assert_true(daemon->pid >= 0);
	if (daemon->pid == 0)
		run_daemon(daemon, arguments, ends[1]);
	(void)close(ends[1]);
	wait_ready(ends[0]);
	(void)close(ends[0]);
}

void kx_daemon_end(struct kx_daemon *daemon)
{
	int status = 0;

	assert_int_equal(kill(daemon->pid, SIGTERM), 0);
	assert_int_equal(waitpid(daemon->pid, &status, 0), daemon->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(access(daemon->socket, F_OK), -1);
	assert_int_equal(access(kx_in(daemon->folder, "run/AvpPid"), F_OK), -1);
}

void kx_daemon_remove(struct kx_daemon *daemon)
{
	kx_daemon_end(daemon);
	kx_folder_remove(daemon->folder);
}

const char *kx_daemon_data(const struct kx_daemon *daemon, const char *name)
{
	char inner[256];

	(void)snprintf(inner, sizeof(inner), "data/%s", name);
	return kx_in(daemon->folder, inner);
}

void kx_daemon_pattern(const struct kx_daemon *daemon, const char *name, const char *prefix)
{
	const char *text = kx_pattern(prefix);

	kx_write_file(kx_daemon_data(daemon, name), text, strlen(text));
	assert_int_equal(chmod(kx_daemon_data(daemon, name), 0666), 0);
}

int kx_daemon_connect(const struct kx_daemon *daemon)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, daemon->socket);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* Reads until @need bytes are there; false at the end of file or when nothing comes. */
static bool read_more(int fd, uint8_t *reply, size_t *len, size_t need)
{
	while (*len < need) {
		struct pollfd poll_fd = {fd, POLLIN, 0};
		ssize_t n;

		if (poll(&poll_fd, 1, ANSWER_MS) != 1)
			return false;
		n = recv(fd, reply + *len, need - *len, 0);
		if (n <= 0)
			return false;
		*len += (size_t)n;
	}
	return true;
}

long kx_daemon_ask(int fd, const void *bytes, size_t len, uint8_t *reply, size_t room)
{
	size_t got = 0;

	if (len > 0 && send(fd, bytes, len, MSG_NOSIGNAL) != (ssize_t)len)
		return -1;
	if (!read_more(fd, reply, &got, KX_KAV_HEAD_BYTES))
		return -1;
	if (reply[1] != 0 && !read_more(fd, reply, &got, 6))
		return -1;
	if (reply[1] == KX_KAV_FLAG_REPORT) {
		uint32_t size = kx_kav_load32(reply + 2);

		assert_true(size <= room - 6);
		if (!read_more(fd, reply, &got, 6 + (size_t)size))
			return -1;
	}
	return (long)got;
}

unsigned kx_daemon_check(const struct kx_daemon *daemon, const char *path, uint8_t *reply)
{
	char request[5000];
	int fd = kx_daemon_connect(daemon);
	int n = snprintf(request, sizeof(request), "<0>Nov 21 18:38:33:%s", path) + 1;
	long len = kx_daemon_ask(fd, request, (size_t)n, reply, KX_REPLY_ROOM - 1);

	(void)close(fd);
	assert_true(len >= 2);
	reply[len] = '\0';
	return reply[0];
}
