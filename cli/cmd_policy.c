/* SPDX-License-Identifier: Apache-2.0 */

/* kosix policy check|report|graph: what a policy says, without building anything. */

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kx_commands.h"
#include "policy_build.h"
#include "psl.h"

static const char help[] =
	"Usage: kosix policy check|report|graph [--image=IMAGE] [--svg] [-I DIR]...\n"
	"                            [-D NAME[=VALUE]]... POLICY.psl\n"
	"  check   look for mistakes, PAL assertions included\n"
	"  report  which calls travel directly and which are asked, and why; rules that can\n"
	"          never match; methods nobody may call; who may call whom\n"
	"  graph   who may call whom, as DOT (draw it with: dot -Tsvg), or with --svg as a\n"
	"          drawing that needs no other program\n"
	"  --image=IMAGE  finds EDL and used files where the image's own policy found them, and\n"
	"                 has its variables of the preprocessor\n"
	"  -I DIR  search DIR for PSL, EDL, CDL and IDL\n"
	"  -D NAME[=VALUE]  a variable of the preprocessor, before one of that name of the image\n"
	"       kosix policy what-if ...: which decisions of a recorded run would change; see\n"
	"                             kosix policy what-if --help\n"
	"Exit status: 0 the policy is correct, 1 it is not, 2 wrong arguments.\n";

static bool known(const char *action)
{
	return strcmp(action, "check") == 0 || strcmp(action, "report") == 0 ||
	       strcmp(action, "graph") == 0;
}

static int do_action(struct kx_psl *psl, const char *action, const char *policy, bool svg)
{
	bool good = kx_psl_load(psl, policy) && kx_psl_check(psl) && kx_psl_check_tests(psl);
	const struct kx_diag *diag = kx_psl_diag(psl);

	kx_diag_print(diag, stderr, isatty(STDERR_FILENO));
	if (!good)
		return 1;
	if (strcmp(action, "report") == 0)
		kx_psl_report(psl, stdout);
	else if (strcmp(action, "graph") == 0)
		(svg ? kx_psl_graph_svg : kx_psl_graph)(psl, stdout);
	else
		printf("%s: correct, %u warning%s\n", policy, diag->warnings,
		       diag->warnings == 1 ? "" : "s");
	return fflush(stdout) == 0 ? 0 : 1;
}

static int read_and_do(struct kx_psl *psl, int argc, char **argv)
{
	static const struct option options[] = {{"include-dir", required_argument, NULL, 'I'},
						{"define", required_argument, NULL, 'D'},
						{"image", required_argument, NULL, 'i'},
						{"svg", no_argument, NULL, 's'},
						{"help", no_argument, NULL, 'h'},
						{NULL, 0, NULL, 0}};
	const char *image = NULL;
	bool svg = false;
	int option;

	while ((option = getopt_long(argc, argv, "I:D:h", options, NULL)) != -1) {
		if (option == 'h')
			return fputs(help, stdout) < 0;
		if (option == 's')
			svg = true;
		else if (option == 'i')
			image = optarg;
		else if (option == 'I')
			kx_psl_add_dir(psl, optarg);
		else if (option == 'D')
			kx_psl_define(psl, optarg);
		else
			return 2;
	}
	if (optind + 2 != argc || !known(argv[optind])) {
		kx_complain("policy: expected check, report or graph and one policy; see --help");
		return 2;
	}
	if (!kx_policy_read_as(psl, image, true))
		return 2;
	return do_action(psl, argv[optind], argv[optind + 1], svg);
}

int kx_cmd_policy(int argc, char **argv)
{
	struct kx_psl *psl;
	int status;

	if (argc > 1 && strcmp(argv[1], "what-if") == 0)
		return kx_cmd_what_if(argc - 1, argv + 1);
	psl = kx_psl_new();
	if (!psl) {
		kx_complain("no memory");
		return 1;
	}
	status = read_and_do(psl, argc, argv);
	kx_psl_free(psl);
	return status;
}
