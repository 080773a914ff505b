/* SPDX-License-Identifier: Apache-2.0 */

/* Lines as the command line of kosix-kernel: refused only with a reason, and within bounds. */

#include <getopt.h>

#include "exception.h"
#include "fuzz.h"
#include "kx_limits.h"
#include "options.h"
#include "tool.h"

#define ARGUMENTS 16

static char text[4096]; /* stays: what is chosen points into it */

/* One argument a line. */
static int split(const uint8_t *data, size_t size, char **argv)
{
	char *rest = text;
	int argc = 1;

	size = size < sizeof(text) ? size : sizeof(text) - 1;
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	argv[0] = (char *)(uintptr_t) "kosix-kernel";
	while (argc <= ARGUMENTS && (argv[argc] = strsep(&rest, "\n")))
		argc++;
	argv[argc] = NULL;
	return argc;
}

/* --help, in all its lengths, prints. */
static bool asks_for_help(char **argv)
{
	while (*++argv)
		if (!strncmp(*argv, "--h", 3))
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[ARGUMENTS + 2];
	char error[256] = "";
	struct kx_options options;
	int argc = split(data, size, argv);

	if (asks_for_help(argv))
		return 0;
	optind = 0; /* so that glibc begins anew */
	if (kx_options_read(argc, argv, &options, error, sizeof(error)) == 0) {
		fuzz_require(options.image && !options.help);
		fuzz_require(options.message_max >= 4096 &&
			     options.message_max <= KX_MESSAGE_LIMIT);
		fuzz_require(options.audit_level >= -1 && options.audit_level <= 255);
		fuzz_require(options.report_fd == -1 || options.report_fd > 2);
	} else {
		fuzz_require(error[0]);
	}
	kx_exception_fini();
	kx_tool_fini();
	return 0;
}
