/* SPDX-License-Identifier: Apache-2.0 */

/* AvpDaemonClient: the command mail front ends run; exit status = the daemon's code. */

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "front/paths.h"

#define PROGRAM      "AvpDaemonClient"
#define USAGE_STATUS 64

static const char help[] =
	"Usage: AvpDaemonClient [-f=DIR] PATH...\n"
	"Asks the daemon whose socket is DIR/AvpCtl (default /var/run) to check files and "
	"folders.\n"
	"Prints its report: a line for each object. Other switches are passed over.\n"
	"Exit status: 0 clean, 1 not complete or no daemon, 2 modified virus, 3 suspicious, 4 "
	"virus,\n"
	"5 cured, 6 deleted, 8 corrupted, 16 no key, 64 no bases or wrong arguments, 128 "
	"damaged.\n";

int main(int argc, char **argv)
{
	const char *folder = KX_KAV_DEFAULT_PLACE;
	int count = 0;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			(void)fputs(help, stdout);
			return 0;
		}
		if (strncmp(argv[i], "-f=", 3) == 0)
			folder = argv[i] + 3;
		else if (argv[i][0] != '-')
			argv[count++] = argv[i];
	}
	if (count == 0) {
		(void)fputs(PROGRAM ": nothing to check; give files or folders\n", stderr);
		return USAGE_STATUS;
	}
	return kx_kav_command_check(PROGRAM, folder, (const char *const *)argv, count);
}
