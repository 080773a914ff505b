/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Runs inside a profile and prints what a program finds at its start, one fact
 * a line: descriptors, arguments, environment, folder, identity, limits, signals.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void report_descriptors(void)
{
	struct stat status;

	for (int fd = 0; fd < 1024; fd++) {
		if (fstat(fd, &status) == 0)
			printf("fd %d\n", fd);
	}
}

static void report_signals(void)
{
	struct sigaction action;
	sigset_t mask;

	for (int signal = 1; signal < NSIG; signal++) {
		if (sigaction(signal, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
			printf("signal %d not default\n", signal);
	}
	sigprocmask(SIG_BLOCK, NULL, &mask);
	for (int signal = 1; signal < NSIG; signal++) {
		if (sigismember(&mask, signal) == 1)
			printf("signal %d masked\n", signal);
	}
}

static void report_limit(const char *name, int resource)
{
	struct rlimit limit;

	if (getrlimit((__rlimit_resource_t)resource, &limit) == 0)
		printf("%s %lld\n", name, (long long)limit.rlim_max);
}

int main(int argc, char **argv, char **envp)
{
	char folder[256];
	int death_signal = 0;

	report_descriptors();
	for (int i = 1; i < argc; i++)
		printf("arg %s\n", argv[i]);
	for (; *envp; envp++)
		printf("env %s\n", *envp);
	printf("cwd %s\n", getcwd(folder, sizeof(folder)) ? folder : "?");
	printf("uid %d %d\n", (int)getuid(), (int)geteuid());
	printf("gid %d %d groups %d\n", (int)getgid(), (int)getegid(), getgroups(0, NULL));
	report_limit("core", RLIMIT_CORE);
	report_limit("nofile", RLIMIT_NOFILE);
	report_signals();
	prctl(PR_GET_PDEATHSIG, &death_signal);
	printf("death signal %d\n", death_signal);
	printf("nnp %d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	printf("set dumpable 0: %d\n", prctl(PR_SET_DUMPABLE, 0));
	printf("set dumpable 1: %d\n", prctl(PR_SET_DUMPABLE, 1));
	printf("set death signal: %d\n", prctl(PR_SET_PDEATHSIG, 0));
	printf("session %s\n", getpgrp() == getpid() ? "own" : "not own");
	return 7;
}
