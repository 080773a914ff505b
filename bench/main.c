/* SPDX-License-Identifier: Apache-2.0 */

/*
 * kosix-bench: what a call costs, beside what the machine makes it cost.
 * Read measure/subject.h for what can be measured, measure/series.h for how, and
 * report/report.h for what comes out.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "measure/clock.h"
#include "measure/complain.h"
#include "measure/interrupt.h"
#include "policy/policy.h"
#include "run.h"
#include "write.h"

/* At the beginning: a measurement may take minutes. */
static bool make_out_folder(const struct kx_options *options)
{
	struct stat found;

	if (!options->out || mkdir(options->out, 0777) == 0)
		return true;
	if (errno == EEXIST && stat(options->out, &found) == 0 && !S_ISDIR(found.st_mode))
		errno = ENOTDIR;
	if (errno == EEXIST && access(options->out, W_OK | X_OK) == 0)
		return true;
	return kx_complain("--out %s: %m", options->out);
}

static int run(int argc, char **argv)
{
	struct kx_options options;

	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		(void)printf("kosix-bench %s\n", KX_VERSION);
		return KX_EXIT_OK;
	}
	if (argc > 1 && strcmp(argv[1], "policy") == 0)
		return kx_bench_policy(argc - 1, argv + 1);
	switch (kx_options_parse(argc, argv, &options)) {
	case KX_PARSE_HELP:
		return KX_EXIT_OK;
	case KX_PARSE_BAD:
		return KX_EXIT_USAGE;
	default:
		break;
	}
	if (!make_out_folder(&options))
		return KX_EXIT_FAILED;
	kx_interrupt_catch();
	kx_clock_init();
	switch (options.command) {
	case KX_COMMAND_STANDARD:
		return kx_run_standard(&options);
	case KX_COMMAND_ANATOMY:
		return kx_run_anatomy(&options);
	case KX_COMMAND_PEERS:
		return kx_run_peers(&options);
	case KX_COMMAND_SCALE:
		return kx_run_scale(&options);
	case KX_COMMAND_COMPARE:
		return kx_report_compare(options.file[0], options.file[1], options.output)
			       ? KX_EXIT_OK
			       : KX_EXIT_FAILED;
	default:
		return kx_run_series(&options);
	}
}

int main(int argc, char **argv)
{
	int status = kx_write_finish("kosix-bench", run(argc, argv));

	/* Also where the reader has gone, of which nothing is said. */
	return ferror(stdout) ? KX_EXIT_FAILED : status;
}
