/* SPDX-License-Identifier: Apache-2.0 */

/* Command line of kosix-kernel; see options.h. */

#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exception.h"
#include "files_disk.h"
#include "kx_decimal.h"
#include "kx_limits.h"
#include "tool.h"

static const char help[] =
	"Usage: kosix-kernel [OPTION...] IMAGE\n"
	"The kernel process of one Kosix solution. Usually started by `kosix run`, which\n"
	"passes these options through.\n"
	"\n"
	"IMAGE is an image made by the build, or an init.yaml with its programs beside it.\n"
	"\n"
	"  --policy=MODULE        allow-all, deny-all, or a security module (FILE.so);\n"
	"                         default: what the image names\n"
	"  --audit=FILE|off       denials and what the policy wants on record, as JSON lines;\n"
	"                         made with the first record (default: off)\n"
	"  --audit-level=N        begin at this audit level of the policy, 0 to 255, and allow\n"
	"                         every other later (kosix audit-level)\n"
	"  --record=FILE          every event for `kosix policy what-if`; includes\n"
	"                         --mediate=all\n"
	"  --mediate=direct|all   all: every message through the kernel process, no shared\n"
	"                         memory between entities (default: direct)\n"
	"  --isolation=off|default|strict\n"
	"                         what keeps entities from the machine; strict refuses to\n"
	"                         start when a layer is missing\n"
	"  --debugger=ENTITY      gdb may attach to this entity\n"
	"  --sanitizer=ENTITY     this entity's program was built with ASan, UBSan or TSan\n"
	"  --valgrind=ENTITY      valgrind runs this entity\n"
	"  --allow=ENTITY:WHAT    what this entity may do besides: read:PATH, write:PATH,\n"
	"                         connect:PORT, listen:PORT (TCP), unix (its sockets), sysv\n"
	"                         (shared memory); may be given more than once\n"
	"  --disk=NAME=PATH       what a VFS program mounts as NAME (mmc0): a folder, or an image\n"
	"                         of prepare_hdd_img.sh; copied, so nothing is changed\n"
	"  --spin=adaptive|off    off: waiting parties sleep at once\n"
	"  --message-max=BYTES    largest message, 4 KiB to 16 MiB, K and M allowed\n"
	"                         (default 4M)\n"
	"  --name=NAME            name for `kosix ps` (default: the image's)\n"
	"  --report-fd=N          socket to report to (used by kosix run)\n"
	"  --help                 this text\n"
	"\n"
	"Exit status: 0 the solution ran and ended, 1 the record is not complete, 3 it could not "
	"be started or its\n"
	"security module failed.\n";

enum option_code {
	OPTION_POLICY = 256,
	OPTION_AUDIT,
	OPTION_AUDIT_LEVEL,
	OPTION_RECORD,
	OPTION_MEDIATE,
	OPTION_ISOLATION,
	OPTION_DEBUGGER,
	OPTION_SANITIZER,
	OPTION_VALGRIND,
	OPTION_ALLOW,
	OPTION_DISK,
	OPTION_SPIN,
	OPTION_MESSAGE_MAX,
	OPTION_NAME,
	OPTION_REPORT_FD,
	OPTION_HELP,
};

static const struct option long_options[] = {
	{"policy", required_argument, NULL, OPTION_POLICY},
	{"audit", required_argument, NULL, OPTION_AUDIT},
	{"audit-level", required_argument, NULL, OPTION_AUDIT_LEVEL},
	{"record", required_argument, NULL, OPTION_RECORD},
	{"mediate", required_argument, NULL, OPTION_MEDIATE},
	{"isolation", required_argument, NULL, OPTION_ISOLATION},
	{"debugger", required_argument, NULL, OPTION_DEBUGGER},
	{"sanitizer", required_argument, NULL, OPTION_SANITIZER},
	{"valgrind", required_argument, NULL, OPTION_VALGRIND},
	{"allow", required_argument, NULL, OPTION_ALLOW},
	{"disk", required_argument, NULL, OPTION_DISK},
	{"spin", required_argument, NULL, OPTION_SPIN},
	{"message-max", required_argument, NULL, OPTION_MESSAGE_MAX},
	{"name", required_argument, NULL, OPTION_NAME},
	{"report-fd", required_argument, NULL, OPTION_REPORT_FD},
	{"help", no_argument, NULL, OPTION_HELP},
	{NULL, 0, NULL, 0},
};

/* One of two words; returns false for any third. */
static bool choose(const char *text, const char *no, const char *yes, bool *value)
{
	*value = !strcmp(text, yes);
	return *value || !strcmp(text, no);
}

static bool read_size(const char *text, uint32_t *value)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (end == text || number > KX_MESSAGE_LIMIT)
		return false;
	if (*end == 'K' || *end == 'k')
		number *= 1024;
	else if (*end == 'M' || *end == 'm')
		number *= 1024ul * 1024ul;
	if (*end && end[1])
		return false;
	/* Whole pages, so that the payload of every slot begins on one. */
	*value = (uint32_t)((number + 4095) & ~4095ul);
	return number >= 4096 && number <= KX_MESSAGE_LIMIT;
}

static bool read_fd(const char *text, int *fd)
{
	char *end;
	long number = strtol(text, &end, 10);

	*fd = (int)number;
	return end != text && !*end && number >= 3 && number < 1024;
}

static bool read_level(const char *text, int *level)
{
	uint64_t number = 0;
	bool is_one = kx_decimal(text, KX_AUDIT_LEVEL_MAX, &number);

	*level = (int)number;
	return is_one;
}

static bool take(struct kx_options *options, int code, const char *text)
{
	switch (code) {
	case OPTION_POLICY:
		options->policy = text;
		return true;
	case OPTION_AUDIT:
		options->audit = strcmp(text, "off") ? text : NULL;
		return true;
	case OPTION_AUDIT_LEVEL:
		return read_level(text, &options->audit_level);
	case OPTION_RECORD:
		options->record = text;
		return true;
	case OPTION_MEDIATE:
		return choose(text, "direct", "all", &options->mediate_all);
	case OPTION_ISOLATION:
		return kx_isolation_level_parse(text, &options->isolation);
	case OPTION_DEBUGGER:
		return kx_tool_choose(text, KX_TOOL_DEBUGGER) == 0;
	case OPTION_SANITIZER:
		return kx_tool_choose(text, KX_TOOL_SANITIZER) == 0;
	case OPTION_VALGRIND:
		return kx_tool_choose(text, KX_TOOL_VALGRIND) == 0;
	case OPTION_ALLOW:
		return kx_exception_declare(text) == 0;
	case OPTION_DISK:
		return kx_files_disk_choose(text);
	case OPTION_SPIN:
		return choose(text, "adaptive", "off", &options->spin_off);
	case OPTION_MESSAGE_MAX:
		return read_size(text, &options->message_max);
	case OPTION_NAME:
		options->name = text;
		return true;
	case OPTION_REPORT_FD:
		return read_fd(text, &options->report_fd);
	default:
		return false;
	}
}

/* What might have been said instead. */
static const char *values(int code)
{
	switch (code) {
	case OPTION_AUDIT_LEVEL:
		return "a number from 0 to 255";
	case OPTION_MEDIATE:
		return "direct or all";
	case OPTION_ISOLATION:
		return "off, default or strict";
	case OPTION_ALLOW:
		return "ENTITY:read:/PATH, :write:/PATH, :connect:PORT, :listen:PORT, :unix or "
		       ":sysv";
	case OPTION_DISK:
		return "NAME=PATH";
	case OPTION_SPIN:
		return "adaptive or off";
	case OPTION_MESSAGE_MAX:
		return "4K to 16M";
	case OPTION_REPORT_FD:
		return "a descriptor from 3 to 1023";
	default:
		return "the name of an entity";
	}
}

static int print_help(struct kx_options *options)
{
	options->help = 1;
	/* To a terminal or a pipe that somebody just asked to be written to. */
	return write(STDOUT_FILENO, help, sizeof(help) - 1) < 0 ? -1 : 0;
}

int kx_options_read(int argc, char **argv, struct kx_options *options, char *error, size_t size)
{
	int index = 0;
	int code;

	*options = (struct kx_options){.isolation = KX_ISOLATION_DEFAULT,
				       .message_max = KX_MESSAGE_MAX,
				       .report_fd = -1,
				       .audit_level = -1};
	opterr = 0;
	while ((code = getopt_long(argc, argv, "", long_options, &index)) != -1) {
		if (code == OPTION_HELP)
			return print_help(options);
		if (code == '?') {
			(void)snprintf(error, size,
				       "unknown or incomplete option \"%s\"; see --help",
				       argv[optind - 1]);
			return -1;
		}
		if (!take(options, code, optarg)) {
			(void)snprintf(error, size, "--%s=%.100s: no such value; say %s",
				       long_options[index].name, optarg, values(code));
			return -1;
		}
	}
	if (argc - optind != 1) {
		(void)snprintf(error, size, "%s; see --help",
			       argc == optind ? "no image given" : "more than one image given");
		return -1;
	}
	options->image = argv[optind];
	return 0;
}
