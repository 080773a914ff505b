/* SPDX-License-Identifier: Apache-2.0 */

/* kavdaemon: server, and client of the server that runs already. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "cmd/command.h"
#include "paths.h"

#define KILL_MS 10000

/* The process that holds the lock of AvpPid in @folder; 0 if none does. */
static pid_t running_daemon(const char *folder)
{
	char path[KX_KAV_SOCKET_PATH];
	char text[32] = "";
	ssize_t n;
	int fd;

	if (!kx_kav_path_in(path, folder, KX_KAV_PID_NAME))
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return 0;
	n = flock(fd, LOCK_SH | LOCK_NB) == 0 ? 0 : read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	return n > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
}

/* SIGTERM, and wait until the process is gone. */
static int kill_daemon(const char *folder)
{
	pid_t pid = running_daemon(folder);
	struct pollfd poll_fd = {.fd = pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1,
				 .events = POLLIN};

	if (pid <= 0) {
		kx_kav_say("no daemon runs for %s", folder);
		return 1;
	}
	if (poll_fd.fd < 0 || kill(pid, SIGTERM) != 0) {
		kx_kav_say("process %d: %m", (int)pid);
		return 1;
	}
	if (poll(&poll_fd, 1, KILL_MS) == 1)
		return 0;
	kx_kav_say("process %d did not end within %d seconds", (int)pid, KILL_MS / 1000);
	return 1;
}

/* The objects of -o{A:B} or of the PATH arguments; returns how many. */
static int list_objects(struct kx_kav_front *front, char **list, const char **objects)
{
	int count = 0;
	char *rest = NULL;

	if (!front->options.objects) {
		for (unsigned i = 0; i < front->area_count; i++)
			objects[count++] = front->areas[i].path[0] ? front->areas[i].path : "/";
		return count;
	}
	*list = strdup(front->options.objects);
	for (char *at = *list ? strtok_r(*list, "{:}", &rest) : NULL;
	     at && count < KX_KAV_AREAS_MAX; at = strtok_r(NULL, "{:}", &rest))
		objects[count++] = at;
	return count;
}

static int act_as_client(struct kx_kav_front *front)
{
	const char *objects[KX_KAV_AREAS_MAX];
	char *list = NULL;
	int count = list_objects(front, &list, objects);
	int status = kx_kav_command_check("kavdaemon", front->options.folder, objects, count);

	free(list);
	return status;
}

/* -q: one request without a socket, as ourselves. */
static int check_once(struct kx_kav_front *front)
{
	struct kx_kav_peer self = {.uid = geteuid()};
	struct kx_kav_check check = {
		.front = front,
		.peer = &self,
		.cure = front->options.may_cure,
		.delete_object = front->options.may_delete,
		.deadline = kx_kav_now() + 1000LL * front->options.scan_seconds,
		.files_left = front->options.files,
		.report.max = front->options.report_max,
	};
	const char *objects[KX_KAV_AREAS_MAX];
	char why[KX_KAV_WHY_MAX];
	char *list = NULL;
	size_t len = 0;
	int state = front->judge->state(front->judge, why, sizeof(why));
	int count = list_objects(front, &list, objects);
	char *text;

	for (int i = 0; state == 0 && i < count; i++)
		kx_kav_check_path(&check, objects[i]);
	text = kx_kav_report_text(&check.report, &len);
	(void)fputs(text ? text : "", stdout);
	free(text);
	free(list);
	kx_kav_report_free(&check.report);
	if (state != 0)
		kx_kav_say("%s", why);
	return state != 0 ? state : check.report.code;
}

/* The first process returns when the second says by closing the pipe that it is ready. */
static bool go_to_background(int *ready)
{
	int ends[2];
	char byte = 1;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	child = fork();
	if (child < 0)
		return false;
	(void)close(ends[child > 0]);
	if (child > 0)
		_exit(read(ends[0], &byte, 1) == 1 && byte == 0 ? 0 : 1);
	(void)setsid();
	*ready = ends[1];
	return true;
}

static int serve(struct kx_kav_front *front)
{
	char zero = 0;
	int ready = -1;

	if (front->options.background && !go_to_background(&ready)) {
		kx_kav_say("--background: %m");
		return 1;
	}
	if (!kx_kav_front_open(front))
		return 1;
	if (ready >= 0) {
		(void)!write(ready, &zero, 1);
		(void)close(ready);
	}
	kx_kav_front_run(front);
	return 0;
}

int main(int argc, char **argv)
{
	static struct kx_kav_front front;
	int status;

	kx_kav_options_read(argc, argv, &front.options, front.areas, &front.area_count);
	if (front.options.kill)
		return kill_daemon(front.options.folder);
	if (!front.options.once && running_daemon(front.options.folder) > 0)
		return act_as_client(&front);
	front.judge = kx_kav_judge_local(&front.options);
	if (!front.judge) {
		kx_kav_say("no memory");
		return 1;
	}
	status = front.options.once ? check_once(&front) : serve(&front);
	front.judge->free(front.judge);
	return status;
}
