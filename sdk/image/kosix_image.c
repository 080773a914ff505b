/* SPDX-License-Identifier: Apache-2.0 */

/*
 * kosix-image: makes and checks the images that `kosix run` starts.
 *
 * Exit status: 0 done, 1 the image cannot be made or is not whole, 2 wrong
 * command line.
 */

#include "image.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "write.h"

static const char help[] =
	"Usage: kosix-image create -o NAME [option]... [FILE]...\n"
	"       kosix-image check NAME\n"
	"       kosix-image list NAME\n"
	"Makes an image (file NAME and folder NAME.d), checks one, or shows what is in it.\n"
	"FILEs that are programs go to bin/, all others are readable at / in every process.\n"
	"\n"
	"  -o, --output NAME        the image\n"
	"      --name TEXT          name in the manifest (default: last part of NAME)\n"
	"      --image-version TEXT version in the manifest (default: 0)\n"
	"      --einit FILE         the Einit program\n"
	"      --init-yaml FILE     the init description, kept for people; the start when there\n"
	"                           is no Einit program\n"
	"      --policy P           allow-all (default), deny-all, or a security module\n"
	"      --processes FILE     what einit --json wrote: programs and classes are checked\n"
	"      --system-programs F  lines CLASS FILE: what a process of that class runs if its\n"
	"                           program is not among the FILEs; FILE is beside F\n"
	"      --class-dir DIR      search class descriptors here (a.b.C is DIR/a/b/C.edl.json)\n"
	"      --class FILE         one class descriptor file\n"
	"      --optional FILE      a FILE that is left out if it does not exist\n"
	"      --disk FILE          a disk for VFS programs: NAME.img is found as device NAME\n"
	"      --depfile FILE       write what was read, as a make rule\n"
	"      --depfile-target T   left side of that rule\n"
	"  -h, --help               this text\n"
	"\n"
	"Exit status: 0 done; 1 the image cannot be made (nothing was written) or is not\n"
	"whole; 2 wrong command line.\n";

bool kx_image_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("kosix-image: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return false;
}

enum option_id {
	OPT_NAME = 256,
	OPT_VERSION,
	OPT_EINIT,
	OPT_INIT_YAML,
	OPT_POLICY,
	OPT_PROCESSES,
	OPT_SYSTEM_PROGRAMS,
	OPT_CLASS_DIR,
	OPT_CLASS,
	OPT_OPTIONAL,
	OPT_DISK,
	OPT_DEPFILE,
	OPT_DEPFILE_TARGET,
};

static const struct option longs[] = {
	{"output", required_argument, NULL, 'o'},
	{"name", required_argument, NULL, OPT_NAME},
	{"image-version", required_argument, NULL, OPT_VERSION},
	{"einit", required_argument, NULL, OPT_EINIT},
	{"init-yaml", required_argument, NULL, OPT_INIT_YAML},
	{"policy", required_argument, NULL, OPT_POLICY},
	{"processes", required_argument, NULL, OPT_PROCESSES},
	{"system-programs", required_argument, NULL, OPT_SYSTEM_PROGRAMS},
	{"class-dir", required_argument, NULL, OPT_CLASS_DIR},
	{"class", required_argument, NULL, OPT_CLASS},
	{"optional", required_argument, NULL, OPT_OPTIONAL},
	{"disk", required_argument, NULL, OPT_DISK},
	{"depfile", required_argument, NULL, OPT_DEPFILE},
	{"depfile-target", required_argument, NULL, OPT_DEPFILE_TARGET},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static void append(const char **list, const char *word)
{
	while (*list)
		list++;
	*list = word;
}

/* False: not an option this program has. */
static bool take_option(struct kx_image_request *request, int option, const char *value)
{
	switch (option) {
	case 'o':
		request->output = value;
		return true;
	case OPT_NAME:
		request->name = value;
		return true;
	case OPT_VERSION:
		request->version = value;
		return true;
	case OPT_EINIT:
		request->einit = value;
		return true;
	case OPT_INIT_YAML:
		request->init_yaml = value;
		return true;
	case OPT_POLICY:
		request->policy = value;
		return true;
	case OPT_PROCESSES:
		request->processes = value;
		return true;
	case OPT_SYSTEM_PROGRAMS:
		request->system_programs = value;
		return true;
	case OPT_CLASS_DIR:
		append(request->class_dirs, value);
		return true;
	case OPT_CLASS:
		append(request->class_files, value);
		return true;
	case OPT_OPTIONAL:
		append(request->optional, value);
		return true;
	case OPT_DISK:
		append(request->disks, value);
		return true;
	case OPT_DEPFILE:
		request->depfile = value;
		return true;
	case OPT_DEPFILE_TARGET:
		request->depfile_target = value;
		return true;
	default:
		return false;
	}
}

static int usage(const char *what)
{
	fprintf(stderr, "kosix-image: %s; see kosix-image --help\n", what);
	return 2;
}

static int create(struct kx_image_request *request, int argc, char **argv)
{
	const char *slash;
	int option;

	while ((option = getopt_long(argc, argv, "o:h", longs, NULL)) != -1) {
		if (option == 'h')
			return fputs(help, stdout) < 0;
		if (!take_option(request, option, optarg))
			return 2;
	}
	for (; optind < argc; optind++)
		append(request->files, argv[optind]);
	if (!request->output)
		return usage("no -o NAME given");
	if (!request->einit && !request->init_yaml)
		return usage("nothing says what to start: give --einit or --init-yaml");
	slash = strrchr(request->output, '/');
	if (!request->name)
		request->name = slash ? slash + 1 : request->output;
	return kx_image_create(request) ? 0 : 1;
}

static int create_with_lists(int argc, char **argv)
{
	struct kx_image_request request = {.version = "0", .policy = "allow-all"};
	const char **lists = calloc(5 * ((size_t)argc + 1), sizeof(*lists));
	int status;

	if (!lists)
		return 1;
	request.files = lists;
	request.optional = lists + (argc + 1);
	request.class_dirs = lists + 2 * (argc + 1);
	request.class_files = lists + 3 * (argc + 1);
	request.disks = lists + 4 * (argc + 1);
	status = create(&request, argc, argv);
	free(lists);
	return status;
}

static int run(int argc, char **argv)
{
	if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return fputs(help, stdout) < 0;
	if (argc < 2)
		return usage("say create, check or list");
	if (strcmp(argv[1], "create") == 0)
		return create_with_lists(argc - 1, argv + 1);
	if (argc != 3)
		return usage("one image name is needed");
	if (strcmp(argv[1], "check") == 0)
		return kx_image_check(argv[2]) ? 0 : 1;
	if (strcmp(argv[1], "list") == 0)
		return kx_image_list(argv[2]) ? 0 : 1;
	return usage("the first word must be create, check or list");
}

int main(int argc, char **argv)
{
	return kx_write_finish("kosix-image", run(argc, argv));
}
