/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "complain.h"
#include "interrupt.h"

#define LINE_MAX_BYTES 8192
#define GRACE_NS       2000000000u

struct running {
	const struct kx_command *command;
	pid_t pid;
	int pidfd;
	int output;
	char text[LINE_MAX_BYTES]; /* read and not yet a whole line */
	size_t length;
};

/* In the child. Our standard error is its standard error. */
_Noreturn static void become(const struct kx_command *command, pid_t parent, int output)
{
	kx_interrupt_restore();
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent &&
	    kx_place_bind(command->place, KX_ROLE_BROKER) &&
	    dup2(output, STDOUT_FILENO) == STDOUT_FILENO)
		(void)execv(command->argv[0], command->argv);
	(void)kx_complain("%s: %s: %m", command->name, command->argv[0]);
	_exit(127);
}

static bool start(struct running *running, const struct kx_command *command)
{
	pid_t parent = getpid();
	int ends[2];

	running->command = command;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return kx_complain("%s: pipe: %m", command->name);
	(void)fflush(NULL); /* else the child would print it again */
	running->pid = fork();
	if (running->pid == 0)
		become(command, parent, ends[1]);
	(void)close(ends[1]);
	running->output = ends[0];
	running->pidfd = running->pid < 0 ? -1 : pidfd_open(running->pid, 0);
	if (running->pidfd >= 0)
		return true;
	(void)kx_complain("%s: can't start: %m", command->name);
	(void)close(ends[0]);
	if (running->pid > 0) {
		(void)kill(running->pid, SIGKILL);
		(void)waitpid(running->pid, NULL, 0);
	}
	return false;
}

/* Sleeps until @fd is readable; false when @deadline has passed or a signal came. */
static bool wait_readable(int fd, uint64_t deadline)
{
	struct pollfd poll = {.fd = fd, .events = POLLIN};
	int ready;

	do {
		uint64_t now = kx_clock_monotonic();

		ready = kx_interrupt_poll(&poll, 1, now < deadline ? deadline - now : 0);
	} while (ready < 0 && errno == EINTR && !kx_interrupted());
	return ready > 0;
}

/* Hands over each whole line in the buffer. */
static enum kx_line hand_over(struct running *running)
{
	const struct kx_command *command = running->command;
	enum kx_line result = KX_LINE_MORE;
	char *newline;

	while (result == KX_LINE_MORE &&
	       (newline = memchr(running->text, '\n', running->length)) != NULL) {
		size_t used = (size_t)(newline - running->text) + 1;

		*newline = '\0';
		result = command->line(command->arg, running->text);
		running->length -= used;
		memmove(running->text, running->text + used, running->length);
	}
	if (running->length < sizeof(running->text))
		return result;
	(void)kx_complain("%s: a line of output is too long", command->name);
	return KX_LINE_BAD;
}

/* Reads until a line decides. */
static bool read_output(struct running *running, uint64_t deadline)
{
	enum kx_line result = KX_LINE_MORE;

	while (result == KX_LINE_MORE) {
		ssize_t got;

		if (!wait_readable(running->output, deadline))
			return kx_interrupted()
				       ? kx_complain("interrupted")
				       : kx_complain(
						 "%s: did not finish in time; the run is given up",
						 running->command->name);
		got = read(running->output, running->text + running->length,
			   sizeof(running->text) - running->length);
		if (got == 0)
			return kx_complain("%s: ended before all results were there",
					   running->command->name);
		if (got < 0 && errno != EINTR)
			return kx_complain("%s: read: %m", running->command->name);
		running->length += got > 0 ? (size_t)got : 0;
		result = hand_over(running);
	}
	return result == KX_LINE_DONE;
}

/* Asks the program to end, then makes it. False if it had to be made. */
static bool stop(const struct running *running)
{
	uint64_t grace = running->command->grace_ns ? running->command->grace_ns : GRACE_NS;
	struct pollfd end = {.fd = running->pidfd, .events = POLLIN};

	(void)pidfd_send_signal(running->pidfd, SIGINT, NULL, 0);
	if (poll(&end, 1, (int)(grace / 1000000u)) > 0)
		return true;
	(void)pidfd_send_signal(running->pidfd, SIGKILL, NULL, 0);
	return kx_complain("%s: did not end when asked, was killed", running->command->name);
}

static void reap(const struct running *running, struct kx_command_use *use)
{
	struct rusage used = {0};
	int status;

	while (wait4(running->pid, &status, 0, &used) < 0 && errno == EINTR)
		;
	use->cpu_ns =
		((uint64_t)used.ru_utime.tv_sec + (uint64_t)used.ru_stime.tv_sec) * 1000000000u +
		((uint64_t)used.ru_utime.tv_usec + (uint64_t)used.ru_stime.tv_usec) * 1000u;
	use->voluntary = (uint64_t)used.ru_nvcsw;
	use->involuntary = (uint64_t)used.ru_nivcsw;
	(void)close(running->pidfd);
	(void)close(running->output);
}

bool kx_command_run(const struct kx_command *command, struct kx_command_use *use)
{
	struct running running = {0};
	uint64_t deadline = kx_clock_monotonic() + command->limit_ns;
	bool ok;

	if (!start(&running, command))
		return false;
	if (command->pid)
		*command->pid = running.pid;
	ok = read_output(&running, deadline);
	ok = stop(&running) && ok;
	reap(&running, use);
	return ok;
}
