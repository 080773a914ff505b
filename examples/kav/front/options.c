/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The command line: kavdaemon's documented switches (single dash, also with several letters and
 * "="), and long options for what they can't say. Unknown short switches are passed over, as
 * front ends give many that mean nothing here; unknown long options are mistakes.
 */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "front.h"
#include "paths.h"

#define USAGE_STATUS 64

enum {
	OPT_BASES = 256,
	OPT_KEY,
	OPT_ONE_SHOT,
	OPT_ONE_SHOT_SOCKET,
	OPT_CURE,
	OPT_DELETE,
	OPT_ANYWHERE,
	OPT_CONNECTIONS,
	OPT_REQUEST_MAX,
	OPT_REPORT_MAX,
	OPT_DEPTH,
	OPT_FILES,
	OPT_REQUEST_SECONDS,
	OPT_SCAN_SECONDS,
	OPT_IDLE_SECONDS,
	OPT_MEMORY_OFFSET,
	OPT_BACKGROUND,
	OPT_HELP,
	OPT_IGNORED,
};

static const struct option table[] = {
	{"bases", required_argument, NULL, OPT_BASES},
	{"key", required_argument, NULL, OPT_KEY},
	{"one-shot", no_argument, NULL, OPT_ONE_SHOT},
	{"one-shot-socket", required_argument, NULL, OPT_ONE_SHOT_SOCKET},
	{"cure", no_argument, NULL, OPT_CURE},
	{"delete", no_argument, NULL, OPT_DELETE},
	{"anywhere", required_argument, NULL, OPT_ANYWHERE},
	{"max-connections", required_argument, NULL, OPT_CONNECTIONS},
	{"max-request", required_argument, NULL, OPT_REQUEST_MAX},
	{"max-report", required_argument, NULL, OPT_REPORT_MAX},
	{"max-depth", required_argument, NULL, OPT_DEPTH},
	{"max-files", required_argument, NULL, OPT_FILES},
	{"request-time", required_argument, NULL, OPT_REQUEST_SECONDS},
	{"scan-time", required_argument, NULL, OPT_SCAN_SECONDS},
	{"idle-time", required_argument, NULL, OPT_IDLE_SECONDS},
	{"memory-offset", required_argument, NULL, OPT_MEMORY_OFFSET},
	{"background", no_argument, NULL, OPT_BACKGROUND},
	{"help", no_argument, NULL, OPT_HELP},
	{"f", required_argument, NULL, 'f'},
	{"k", no_argument, NULL, 'k'},
	{"ka", no_argument, NULL, 'k'},
	{"q", no_argument, NULL, 'q'},
	{"v", no_argument, NULL, 'v'},
	{"dl", no_argument, NULL, OPT_IGNORED},
	{"WU", optional_argument, NULL, OPT_IGNORED},
	{0},
};

static const char help[] =
	"Usage: kavdaemon [SWITCH...] [PATH...]\n"
	"Serves the kavdaemon protocol on a UNIX socket. PATH: folders whose content may be "
	"checked\n"
	"(default: /). Where a daemon for -f=DIR runs already, asks it to check PATH instead.\n"
	"\n"
	"  -f=DIR                 where AvpCtl and AvpPid are (default /var/run)\n"
	"  -o{PATH[:PATH...]}     what to check (client role)\n"
	"  -q                     check the objects of -o and end, without a socket\n"
	"  -k, -ka                end the daemon of -f=DIR\n"
	"  -v                     print the version\n"
	"  --bases=DIR --key=FILE signatures with MANIFEST; key with its expiry date\n"
	"  --one-shot             close each connection after one reply\n"
	"  --one-shot-socket=PATH a second socket that does so\n"
	"  --cure --delete        grant these actions; without them objects are only reported\n"
	"  --anywhere=KIB         look for test patterns anywhere in the first KIB (default 0: "
	"off)\n"
	"  --max-connections=N    at once, one user at most half of them (64)\n"
	"  --max-request=BYTES    (262144)    --max-report=BYTES  (65536)\n"
	"  --max-depth=N          (32)        --max-files=N       (100000)\n"
	"  --request-time=S       (5)         --scan-time=S       (60)       --idle-time=S (300)\n"
	"  --memory-offset=BYTES  where data begin in shared memory (0)\n"
	"  --background           return when the socket is ready\n"
	"SIGHUP loads bases and key again; SIGTERM and SIGINT end the daemon.\n"
	"Exit status: server 0 after SIGTERM, 1 could not start, 64 wrong arguments; client role "
	"and\n"
	"-q the code of the check: 0 clean, 1 not complete, 2 modified, 3 suspicious, 4 virus, 5 "
	"cured,\n"
	"6 deleted, 7 program damaged, 8 corrupted, 16 no key, 64 no bases, 128 bases damaged.\n";

static void __attribute__((noreturn)) mistake(const char *what, const char *why)
{
	(void)fprintf(stderr, "kavdaemon: %s: %s; kavdaemon --help lists the switches\n", what,
		      why);
	exit(USAGE_STATUS);
}

static uint64_t number(const char *text, uint64_t min, uint64_t max)
{
	char *end = NULL;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || text[0] == '-' || value < min ||
	    value > max)
		mistake(text, "not a number, or not one that makes sense there");
	return value;
}

static bool read_limit(int option, struct kx_kav_options *o)
{
	switch (option) {
	case OPT_CONNECTIONS:
		o->connections = (unsigned)number(optarg, 1, 4096);
		return true;
	case OPT_REQUEST_MAX:
		o->request_max = (unsigned)number(optarg, 64, 64u << 20);
		return true;
	case OPT_REPORT_MAX:
		o->report_max = (unsigned)number(optarg, 256, 4u << 20);
		return true;
	case OPT_DEPTH:
		o->depth = (unsigned)number(optarg, 1, 64);
		return true;
	case OPT_FILES:
		o->files = (unsigned)number(optarg, 1, UINT32_MAX);
		return true;
	case OPT_REQUEST_SECONDS:
		o->request_seconds = (unsigned)number(optarg, 1, 3600);
		return true;
	case OPT_SCAN_SECONDS:
		o->scan_seconds = (unsigned)number(optarg, 1, 86400);
		return true;
	case OPT_IDLE_SECONDS:
		o->idle_seconds = (unsigned)number(optarg, 1, 86400);
		return true;
	case OPT_ANYWHERE:
		o->anywhere = number(optarg, 0, 1u << 20) << 10;
		return true;
	case OPT_MEMORY_OFFSET:
		o->memory_offset = number(optarg, 0, 1u << 20);
		return true;
	default:
		return false;
	}
}

static void read_switch(int option, struct kx_kav_options *o)
{
	switch (option) {
	case 'f':
		o->folder = optarg + (optarg[0] == '=');
		break;
	case 'o':
		o->objects = optarg;
		break;
	case 'k':
		o->kill = true;
		break;
	case 'q':
		o->once = true;
		break;
	case OPT_BASES:
		o->bases = optarg;
		break;
	case OPT_KEY:
		o->key = optarg;
		break;
	case OPT_ONE_SHOT:
		o->one_shot = true;
		break;
	case OPT_ONE_SHOT_SOCKET:
		o->one_shot_socket = optarg;
		break;
	case OPT_CURE:
		o->may_cure = true;
		break;
	case OPT_DELETE:
		o->may_delete = true;
		break;
	case OPT_BACKGROUND:
		o->background = true;
		break;
	default:
		break;
	}
}

static void add_area(struct kx_kav_area *areas, unsigned *count, char *path)
{
	size_t len = strlen(path);
	struct kx_kav_area area;

	if (path[0] != '/')
		mistake(path, "a permitted area is given by an absolute path");
	if (*count == KX_KAV_AREAS_MAX)
		mistake(path, "more permitted areas than 64");
	area.fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (area.fd < 0) {
		(void)fprintf(stderr, "kavdaemon: %s: %m; give folders that exist\n", path);
		exit(1);
	}
	while (len > 0 && path[len - 1] == '/')
		path[--len] = '\0';
	area.path = path;
	areas[(*count)++] = area;
}

/* Where a build leaves key and bases: beside the folder of the program. */
static const char *beside_program(const char *name)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *made = NULL;

	path[n > 0 ? n : 0] = '\0';
	for (unsigned i = 0; i < 2 && strrchr(path, '/'); i++)
		*strrchr(path, '/') = '\0';
	return asprintf(&made, "%s/kav/%s", path, name) < 0 ? name : made;
}

void kx_kav_options_read(int argc, char **argv, struct kx_kav_options *options,
			 struct kx_kav_area *areas, unsigned *area_count)
{
	static char everything[] = "/";
	int option;

	*options = (struct kx_kav_options){
		.folder = KX_KAV_DEFAULT_PLACE,
		.connections = 64,
		.request_max = 256u << 10,
		.report_max = 64u << 10,
		.depth = 32,
		.files = 100000,
		.request_seconds = 5,
		.scan_seconds = 60,
		.idle_seconds = 300,
	};
	opterr = 0;
	while ((option = getopt_long_only(argc, argv, "o:", table, NULL)) != -1) {
		if (option == OPT_HELP || option == 'v') {
			(void)fputs(option == 'v' ? "kosix-kavdaemon 0.1.0\n" : help, stdout);
			exit(0);
		}
		if (option == '?' && strncmp(argv[optind - 1], "--", 2) == 0)
			mistake(argv[optind - 1], "no such option, or its value is missing");
		if (!read_limit(option, options))
			read_switch(option, options);
	}
	if (!options->bases)
		options->bases = beside_program("bases");
	if (!options->key)
		options->key = beside_program("kav.key");
	for (int i = optind; i < argc; i++)
		add_area(areas, area_count, argv[i]);
	if (*area_count == 0)
		add_area(areas, area_count, everything);
}
