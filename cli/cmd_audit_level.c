/* SPDX-License-Identifier: Apache-2.0 */

/* kosix audit-level: the audit level of a running solution's policy, shown or changed. */

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "kx_commands.h"
#include "kx_decimal.h"
#include "solution_client.h"

static const char help[] =
	"Usage: kosix audit-level [--solution=NAME] [LEVEL]\n"
	"Shows the audit level of the running solution, or sets it to LEVEL, 0 to 255, from now\n"
	"on. The audit profiles of the policy say what goes on record at each level; denials\n"
	"always do. `audit default` of the policy, `kosix run --audit-level=N` and the rule\n"
	"set_level choose it, too.\n"
	"\n"
	"Calls that are DIRECT are seen by nobody, so a level at which some of them would have to\n"
	"be put on record is refused, unless the solution was started with --audit-level.\n"
	"allow-all, deny-all and modules without set_audit_level have no levels.\n"
	"\n"
	"  --solution=NAME   of this running solution (kosix ps), if there are several\n"
	"  --help            this text\n"
	"\n"
	"Exit status: 0 done, 1 refused or nothing runs, 2 wrong arguments.\n";

static void say_why_not(const char *name, const json_t *answer, int level)
{
	long long stays = json_integer_value(json_object_get(answer, "level"));

	if (!json_is_true(json_object_get(answer, "levels")))
		kx_complain("audit-level: \"%s\" has no audit levels: its security module chooses "
			    "by itself what goes on record; a policy in PSL has levels",
			    name);
	else
		kx_complain("audit-level: \"%s\" stays at level %lld: at level %d calls would have "
			    "to go on record that are DIRECT now; start it with kosix run "
			    "--audit-level=%lld",
			    name, stays, level, stays);
}

/* @level: -1 only shows it. */
static int ask(const char *name, int level)
{
	char command[32];
	json_t *answer;
	bool done;

	(void)snprintf(command, sizeof(command), level < 0 ? "level" : "level %d", level);
	answer = kx_solution_ask(name, command);
	if (!answer) {
		kx_complain("audit-level: no solution named \"%s\" answers; see kosix ps", name);
		return 1;
	}
	done = level < 0 || json_is_true(json_object_get(answer, "set"));
	if (done)
		printf("%s: audit level %lld\n", name,
		       (long long)json_integer_value(json_object_get(answer, "level")));
	else
		say_why_not(name, answer, level);
	json_decref(answer);
	return !done;
}

int kx_cmd_audit_level(int argc, char **argv)
{
	static const struct option options[] = {{"solution", required_argument, NULL, 's'},
						{"help", no_argument, NULL, 'h'},
						{NULL, 0, NULL, 0}};
	const char *name = NULL;
	char *only = NULL;
	uint64_t level = 0;
	int status = 1;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h')
			return fputs(help, stdout) < 0;
		if (option == '?')
			return 2;
		name = optarg;
	}
	if (argc - optind > 1 ||
	    (optind < argc && !kx_decimal(argv[optind], KX_AUDIT_LEVEL_MAX, &level))) {
		kx_complain("audit-level: expected one level, 0 to 255; see --help");
		return 2;
	}
	if (!name)
		name = only = kx_solution_only();
	if (name)
		status = ask(name, optind < argc ? (int)level : -1);
	free(only);
	return status;
}
