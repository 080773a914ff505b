/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The kernel process as a child. We are child subreaper: whatever the kernel
 * process leaves behind becomes our child, and is killed and reaped when it is
 * gone. If we are killed, it is told by the parent-death signal.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kx_commands.h"
#include "run.h"

#define REPORT_FD  3
#define PATIENCE_S 10 /* with a kernel process that was asked to end and tells nothing */

static struct kx_run_source kernel_source;
static struct kx_run_source patience;
static unsigned seconds_of_silence;

/* The kernel process's program stands beside ours. */
static int find_program(char *path, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", path, size - 1);
	char *slash;

	if (length <= 0)
		return -1;
	path[length] = '\0';
	slash = strrchr(path, '/');
	if (!slash || (size_t)(slash - path) + sizeof("/kosix-kernel") > size)
		return -1;
	strcpy(slash, "/kosix-kernel");
	return access(path, X_OK);
}

/* Between fork and exec: one thread, so any call is fine; descriptors 0, 1 stay, 2 is @err. */
static void become_kernel(const char *program, char **args, int report, int err, pid_t parent)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	/* Ctrl-C reaches us alone; we pass it on in order. */
	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(err, STDERR_FILENO) < 0 || dup2(report, REPORT_FD) < 0)
		_exit(127);
	if (report == REPORT_FD)
		fcntl(REPORT_FD, F_SETFD, 0);
	execv(program, args);
	dprintf(STDERR_FILENO, "kosix: cannot run %s: %s\n", program, strerror(errno));
	_exit(127);
}

static void reap_kernel(struct kx_run_source *source)
{
	if (waitpid(kx_run.kernel, &kx_run.kernel_status, WNOHANG) != kx_run.kernel)
		return;
	kx_run_unwatch(source);
	kx_run.kernel_ended = true;
	kx_run_kill_rest();
}

static void fill_args(const char **args, const char *program)
{
	static char report_option[] = "--report-fd=3";
	size_t count = 0;
	size_t index;

	args[count++] = program;
	args[count++] = report_option;
	for (index = 0; index < kx_run.options.kernel_arg_count; index++)
		args[count++] = kx_run.options.kernel_args[index];
	args[count++] = "--";
	args[count++] = kx_run.options.image;
	args[count] = NULL;
}

static int watch_kernel(int report, int err)
{
	int pidfd = (int)syscall(SYS_pidfd_open, kx_run.kernel, 0);

	if (pidfd < 0 || kx_run_watch(&kernel_source, pidfd, reap_kernel) < 0 ||
	    kx_run_pass_output(NULL, err, STDERR_FILENO) < 0 || kx_run_watch_reports(report) < 0) {
		kx_complain("cannot watch the kernel process: %s", strerror(errno));
		kill(kx_run.kernel, SIGKILL);
		return -1;
	}
	return 0;
}

int kx_run_start_kernel(void)
{
	const char *args[KX_RUN_KERNEL_ARGS + 5];
	char program[PATH_MAX];
	pid_t parent = getpid();
	int report[2];
	int err[2];

	if (find_program(program, sizeof(program)) < 0) {
		kx_complain("there is no program kosix-kernel beside this one: install both");
		return -1;
	}
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, report) < 0 ||
	    pipe2(err, O_CLOEXEC) < 0) {
		kx_complain("cannot start the kernel process: %s", strerror(errno));
		return -1;
	}
	fill_args(args, program);
	kx_run.kernel = fork();
	if (kx_run.kernel == 0)
		become_kernel(program, (char **)(uintptr_t)args, report[1], err[1], parent);
	close(report[1]);
	close(err[1]);
	if (kx_run.kernel < 0) {
		kx_complain("cannot start the kernel process: %s", strerror(errno));
		return -1;
	}
	return watch_kernel(report[0], err[0]);
}

/* Looks are counted, not the time: a machine that pauses takes it from both of us. */
static void second_passed(struct kx_run_source *source)
{
	uint64_t turns;

	if (read(source->fd, &turns, sizeof(turns)) != (ssize_t)sizeof(turns) ||
	    (!kx_run.kernel_ended && ++seconds_of_silence < PATIENCE_S))
		return;
	kx_run_unwatch(source);
	if (kx_run.kernel_ended)
		return;
	kx_complain("the kernel process was asked to end and has told nothing for %d s: it is "
		    "killed",
		    PATIENCE_S);
	kill(kx_run.kernel, SIGKILL);
}

void kx_run_kernel_told(void)
{
	seconds_of_silence = 0;
}

void kx_run_end(void)
{
	struct itimerspec second = {.it_interval.tv_sec = 1, .it_value.tv_sec = 1};
	int fd;

	if (kx_run.ending || kx_run.kernel_ended || !kx_run.kernel)
		return;
	kx_run.ending = true;
	seconds_of_silence = 0;
	kill(kx_run.kernel, SIGTERM);
	fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (fd >= 0 && timerfd_settime(fd, 0, &second, NULL) == 0)
		kx_run_watch(&patience, fd, second_passed);
}

/* Kills the children that stand in /proc; returns false when there is none. */
static bool kill_children(void)
{
	char path[64];
	bool found = false;
	FILE *list;
	int pid;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	list = fopen(path, "re");
	while (list && fscanf(list, "%d", &pid) == 1) {
		kill(pid, SIGKILL);
		found = true;
	}
	if (list)
		fclose(list);
	return found;
}

void kx_run_kill_rest(void)
{
	/* A killed child may hand its own children to us: until there is none. */
	while (kill_children()) {
		if (waitpid(-1, NULL, 0) < 0 && errno == ECHILD)
			break;
	}
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}
