/* SPDX-License-Identifier: Apache-2.0 */

/* kosix errno: the command line around kx_errno.h. */

#include <getopt.h>
#include <stdio.h>

#include "kx_commands.h"
#include "kx_errno.h"

static const char help[] =
	"Usage: kosix errno [--json] CODE...\n"
	"       kosix errno [--json] --list\n"
	"Explains return codes: 0x90000015, -1879048171, 2415919125, rcTimeout, NK_EPERM.\n"
	"\n"
	"  --list   all codes there are\n"
	"  --json   one object a code, one a line; with --list an array of them\n"
	"  --help   this text\n"
	"\n"
	"Exit status: 0 all codes are known, 1 a code is well formed but nobody defined it,\n"
	"2 an argument is no code.\n";

int kx_cmd_errno(int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'},
		{"list", no_argument, NULL, 'l'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	bool json = false;
	bool list = false;
	int status = 0;
	int result;
	int code;

	/* "+" and the check below: a negative number is a code, not an option. */
	while (optind < argc &&
	       (argv[optind][0] != '-' || argv[optind][1] < '0' || argv[optind][1] > '9')) {
		code = getopt_long(argc, argv, "+h", options, NULL);
		if (code == -1)
			break;
		json = json || code == 'j';
		list = list || code == 'l';
		if (code == 'h')
			return fputs(help, stdout) < 0;
		if (code == '?')
			return 2;
	}
	if (list)
		return kx_errno_list(stdout, json);
	if (optind == argc) {
		fputs(help, stderr);
		return 2;
	}
	for (; optind < argc; optind++) {
		result = kx_errno_explain(argv[optind], stdout, json);
		status = result > status ? result : status;
	}
	return status;
}
