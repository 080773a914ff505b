/* SPDX-License-Identifier: Apache-2.0 */

/* Folders of our own, and programs run while there are any; see psl_cc.h. */

#include "psl_cc.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* What would end us with the folder left behind. One thread compiles, so this may be static. */
static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
static sigset_t before;
static unsigned int held;

static sigset_t ending_set(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(ending) / sizeof(*ending); i++)
		sigaddset(&set, ending[i]);
	return set;
}

void kx_psl_hold_signals(void)
{
	const sigset_t set = ending_set();

	if (held++ == 0)
		sigprocmask(SIG_BLOCK, &set, &before);
}

void kx_psl_release_signals(void)
{
	if (--held == 0)
		sigprocmask(SIG_SETMASK, &before, NULL);
}

bool kx_psl_interrupted(void)
{
	sigset_t pending;

	sigpending(&pending);
	for (size_t i = 0; i < sizeof(ending) / sizeof(*ending); i++)
		if (sigismember(&pending, ending[i]) == 1)
			return true;
	return false;
}

char *kx_psl_scratch(void)
{
	const char *base = getenv("TMPDIR");
	char *folder;

	if (asprintf(&folder, "%s/kosix-psl-XXXXXX", base && *base ? base : "/tmp") < 0)
		return NULL;
	kx_psl_hold_signals();
	if (mkdtemp(folder))
		return folder;
	fprintf(stderr, "cannot make a folder '%s': %s\n", folder, strerror(errno));
	free(folder);
	kx_psl_release_signals();
	return NULL;
}

void kx_psl_scratch_remove(char *folder)
{
	(void)rmdir(folder);
	free(folder);
	kx_psl_release_signals();
}

/* With none of the signals held that end a program: a Ctrl-C is meant for it, too. */
static int start(pid_t *pid, const char *const *argv)
{
	posix_spawnattr_t attributes;
	int error = posix_spawnattr_init(&attributes);

	if (error)
		return error;
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	(void)posix_spawnattr_setsigmask(&attributes, &before);
	error = posix_spawnp(pid, argv[0], NULL, &attributes, (char *const *)(uintptr_t)argv,
			     environ);
	(void)posix_spawnattr_destroy(&attributes);
	return error;
}

/* Until @pid has ended; a signal that asks us to end asks it, and waits for us again behind it. */
static int wait_for(pid_t pid, const sigset_t *set)
{
	int asked = 0;
	int status;
	pid_t ended;

	while ((ended = waitpid(pid, &status, WNOHANG)) == 0) {
		int number = sigwaitinfo(set, NULL);

		if (number > 0 && number != SIGCHLD) {
			asked = number;
			(void)kill(pid, number);
		}
	}
	if (asked)
		(void)raise(asked);
	return ended == pid ? status : -1;
}

/* The exit status, or -1. */
static int run(const char *const *argv)
{
	sigset_t set = ending_set();
	int error, status;
	pid_t pid;

	sigaddset(&set, SIGCHLD);
	error = start(&pid, argv);
	if (error) {
		fprintf(stderr, "cannot run '%s': %s\n", argv[0], strerror(error));
		return -1;
	}
	status = wait_for(pid, &set);
	if (status != -1 && WIFEXITED(status))
		return WEXITSTATUS(status);
	if (status != -1 && !kx_psl_interrupted())
		fprintf(stderr, "'%s' was ended by signal %d\n", argv[0], WTERMSIG(status));
	return -1;
}

int kx_psl_run(const char *const *argv)
{
	const struct sigaction usual = {.sa_handler = SIG_DFL};
	struct sigaction chld;
	sigset_t set, old;
	int status;

	kx_psl_hold_signals();
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &old);
	sigaction(SIGCHLD, &usual, &chld); /* where it is ignored, nobody is told of an end */
	status = run(argv);
	sigaction(SIGCHLD, &chld, NULL);
	sigprocmask(SIG_SETMASK, &old, NULL);
	kx_psl_release_signals();
	return status;
}
