/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Stands in for aarch64-kos-gcc, -g++, -clang and -clang++: runs the host
 * compiler with the SDK's include and library paths, and without the flags
 * that only an ARM compiler, or a freestanding KasperskyOS link, understands.
 * The name it is called by chooses the host compiler.
 *
 * Assumes: installed as <SDK>/toolchain/bin/<name>, so that the SDK is two
 * folders up from the real file.
 *
 * What is dropped and added is told by kos_cc_flags.h; this file finds the SDK
 * and the compiler and calls exec.
 */

#include "kos_cc_flags.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The SDK folder, or an empty string if /proc is not there. */
static void find_sdk(char *out, size_t size)
{
	char self[PATH_MAX];
	ssize_t n;
	int up;

	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n < 0)
		n = 0;
	self[n] = '\0';
	for (up = 0; up < 3; up++) {
		char *slash = strrchr(self, '/');

		if (slash)
			*slash = '\0';
	}
	snprintf(out, size, "%s", self);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool ends_with(const char *text, const char *tail)
{
	size_t n = strlen(text);
	size_t m = strlen(tail);

	return n >= m && strcmp(text + n - m, tail) == 0;
}

static bool on_path(const char *program)
{
	const char *path = getenv("PATH");
	char file[PATH_MAX];

	while (path && *path) {
		size_t n = strcspn(path, ":");

		snprintf(file, sizeof(file), "%.*s/%s", (int)n, path, program);
		if (access(file, X_OK) == 0)
			return true;
		path += n + (path[n] == ':');
	}
	return false;
}

/* gcc takes the place of a clang that is not installed: the flags allow both. */
static const char *host_compiler(const char *name, bool *cxx)
{
	const char *env;

	*cxx = ends_with(name, "++");
	env = getenv(*cxx ? "KOSIX_HOST_CXX" : "KOSIX_HOST_CC");
	if (env && *env)
		return env;
	if (strstr(name, "clang") && on_path(*cxx ? "clang++" : "clang"))
		return *cxx ? "clang++" : "clang";
	return *cxx ? "g++" : "gcc";
}

int main(int argc, char **argv)
{
	char sdk[PATH_MAX];
	struct kx_cc_args args;
	const char *compiler;
	bool cxx;

	find_sdk(sdk, sizeof(sdk));
	compiler = host_compiler(base_name(argv[0]), &cxx);
	if (!kx_cc_args_init(&args, compiler, argc)) {
		fprintf(stderr, "%s: out of memory\n", argv[0]);
		return 1;
	}
	args.cxx = cxx;
	args.clang = strstr(compiler, "clang") != NULL;
	if (!kx_cc_translate(&args, sdk, argc, argv)) {
		fprintf(stderr, "%s: out of memory\n", argv[0]);
		return 1;
	}
	execvp(compiler, args.argv);
	fprintf(stderr, "%s: cannot run %s: %s; install gcc and g++ (or clang)\n", argv[0],
		compiler, strerror(errno));
	return 127;
}
