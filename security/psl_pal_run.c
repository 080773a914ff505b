/* SPDX-License-Identifier: Apache-2.0 */

/*
 * --tests run: compiles module and tests with the host's compiler and runs
 * them. Header and library are those of the SDK this program lies in, or of
 * the build tree it was built in.
 */

#include "psl_pal_run.h"

#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct kit {
	char include[2][PATH_MAX + 64]; /* -I... */
	char library[PATH_MAX + 64];
};

static bool find_kit(struct kit *kit)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	self[len > 0 ? len : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	(void)snprintf(kit->library, sizeof(kit->library),
		       "%s/../../sysroot-aarch64-kos/lib/libksm_kss.a", self);
	(void)snprintf(kit->include[0], sizeof(kit->include[0]),
		       "-I%s/../../sysroot-aarch64-kos/include", self);
	(void)snprintf(kit->include[1], sizeof(kit->include[1]), "%s", kit->include[0]);
	if (access(kit->library, R_OK) == 0)
		return true;
	(void)snprintf(kit->library, sizeof(kit->library), "%s", KX_BUILD_LIBRARY);
	(void)snprintf(kit->include[0], sizeof(kit->include[0]), "-I%s", KX_BUILD_ABI);
	(void)snprintf(kit->include[1], sizeof(kit->include[1]), "-I%s", KX_BUILD_MODELS);
	if (access(kit->library, R_OK) == 0)
		return true;
	fprintf(stderr, "nk-psl-gen-c: libksm_kss.a is missing beside this program; install the "
			"SDK again\n");
	return false;
}

/* The exit status of a program, or -1. */
static int run(char *const argv[])
{
	pid_t pid;
	int status;
	int error = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);

	if (error) {
		fprintf(stderr, "nk-psl-gen-c: cannot run '%s': %s\n", argv[0], strerror(error));
		return -1;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	fprintf(stderr, "nk-psl-gen-c: '%s' was ended by signal %d\n", argv[0], WTERMSIG(status));
	return -1;
}

static int build_and_run(const struct kit *kit, const char *module, const char *tests,
			 const char *program)
{
	const char *compiler = getenv("KOSIX_CC");
	const char *const build[] = {compiler && *compiler ? compiler : "cc",
				     "-std=gnu11",
				     "-O1",
				     "-w",
				     kit->include[0],
				     kit->include[1],
				     "-o",
				     program,
				     module,
				     tests,
				     kit->library,
				     "-lpcre2-8",
				     NULL};
	const char *const start[] = {program, NULL};

	if (run((char *const *)(uintptr_t)build) != 0) {
		fprintf(stderr,
			"nk-psl-gen-c: the tests could not be compiled (compiler: %s; set "
			"KOSIX_CC for another)\n",
			build[0]);
		return 1;
	}
	return run((char *const *)(uintptr_t)start) == 0 ? 0 : 1;
}

int kx_psl_run_tests(const char *module, const char *tests)
{
	const char *base = getenv("TMPDIR");
	char dir[PATH_MAX];
	char program[PATH_MAX + 16];
	struct kit kit;
	int status;

	if (!find_kit(&kit))
		return 1;
	(void)snprintf(dir, sizeof(dir), "%s/kosix-pal-XXXXXX", base && *base ? base : "/tmp");
	if (!mkdtemp(dir)) {
		fprintf(stderr, "nk-psl-gen-c: cannot make a directory '%s': %s\n", dir,
			strerror(errno));
		return 1;
	}
	(void)snprintf(program, sizeof(program), "%s/tests", dir);
	(void)fflush(stdout);
	status = build_and_run(&kit, module, tests, program);
	(void)unlink(program);
	(void)rmdir(dir);
	return status;
}
