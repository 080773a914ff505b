/* SPDX-License-Identifier: Apache-2.0 */

/* kosix: finds the subcommand. What each does is in cmd_NAME.c. */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kx_commands.h"
#include "write.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
};

static const struct command commands[] = {
	{"run", kx_cmd_run, "run a solution: an image, or an init.yaml"},
	{"ps", kx_cmd_ps, "show the entities of a running solution and who waits for whom"},
	{"board", kx_cmd_board, "show the pins of a running solution's board"},
	{"policy", kx_cmd_policy, "check a policy, or say what it allows"},
	{"explain", kx_cmd_explain, "say why the policy denied an event"},
	{"audit-level", kx_cmd_audit_level,
	 "show or change what a running solution puts on record"},
	{"errno", kx_cmd_errno, "explain a return code"},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

void kx_complain(const char *format, ...)
{
	va_list list;

	fputs("kosix: ", stderr);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
}

static int help(FILE *out, int status)
{
	size_t index;

	fputs("Usage: kosix COMMAND [ARGUMENT...]\n"
	      "Runs KasperskyOS solutions as ordinary Linux processes.\n\n",
	      out);
	for (index = 0; index < COMMAND_COUNT; index++)
		fprintf(out, "  %-11s %s\n", commands[index].name, commands[index].summary);
	fputs("\n`kosix COMMAND --help` says more, exit statuses included; `kosix --version`\n"
	      "which release this is. Exit status: that of the command; 3 if there is\n"
	      "no such command.\n",
	      out);
	return status;
}

/* getopt begins its complaints with argv[0]: what was typed, not "run". */
static int run_command(const struct command *command, int argc, char **argv)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "kosix %s", command->name);
	argv[0] = name;
	return command->run(argc, argv);
}

static int run(int argc, char **argv)
{
	size_t index;

	if (argc < 2)
		return help(stderr, 3);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return help(stdout, 0);
	if (!strcmp(argv[1], "--version"))
		return printf("kosix %s\n", KX_VERSION) < 0;
	for (index = 0; index < COMMAND_COUNT; index++) {
		if (!strcmp(argv[1], commands[index].name))
			return run_command(&commands[index], argc - 1, argv + 1);
	}
	kx_complain("unknown command \"%s\"", argv[1]);
	return help(stderr, 3);
}

int main(int argc, char **argv)
{
	return kx_write_finish("kosix", run(argc, argv));
}
