/* SPDX-License-Identifier: Apache-2.0 */

/* The host's compiler on generated C; see psl_cc.h. */

#include "psl_cc.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
	fprintf(stderr, "libksm_kss.a is missing beside this program; install the SDK again\n");
	return false;
}

#define MOST_SOURCES 4u

bool kx_psl_cc(const char *const *sources, const char *output, bool module)
{
	const char *compiler = getenv("KOSIX_CC");
	const char *argv[16 + MOST_SOURCES];
	struct kit kit;
	size_t count = 0;

	if (!find_kit(&kit))
		return false;
	argv[count++] = compiler && *compiler ? compiler : "cc";
	argv[count++] = "-std=gnu11";
	argv[count++] = "-O1";
	argv[count++] = "-pipe";
	argv[count++] = "-w";
	argv[count++] = kit.include[0];
	argv[count++] = kit.include[1];
	if (module) {
		argv[count++] = "-shared";
		argv[count++] = "-fPIC";
	}
	argv[count++] = "-o";
	argv[count++] = output;
	for (size_t i = 0; sources[i] && i < MOST_SOURCES; i++)
		argv[count++] = sources[i];
	argv[count++] = kit.library;
	argv[count++] = "-lpcre2-8";
	argv[count] = NULL;
	if (kx_psl_run(argv) == 0)
		return true;
	if (kx_psl_interrupted())
		return false;
	fprintf(stderr, "%s could not be compiled (compiler: %s; set KOSIX_CC for another)\n",
		module ? "the policy" : "the tests", argv[0]);
	return false;
}

int kx_psl_run_tests(const char *module_c, const char *tests_c)
{
	const char *const sources[] = {module_c, tests_c, NULL};
	char *folder = kx_psl_scratch();
	const char *argv[2] = {NULL, NULL};
	char program[PATH_MAX + 16];
	int status = 1;

	if (!folder)
		return 1;
	(void)snprintf(program, sizeof(program), "%s/tests", folder);
	argv[0] = program;
	(void)fflush(stdout);
	if (kx_psl_cc(sources, program, false))
		status = kx_psl_run(argv) == 0 ? 0 : 1;
	(void)unlink(program);
	kx_psl_scratch_remove(folder);
	return status;
}
