/* SPDX-License-Identifier: Apache-2.0 */

/*
 * kavclient: one check from the command line. The exit status only says whether there was an
 * answer, whatever it is: that is what Exim's "cmdline" scanner expects.
 */

#include "client/kavclient.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

#define USAGE_STATUS 64

struct arguments {
	const char *options;
	const char *socket;
	int seconds;
	bool shmem;
	bool json;
};

static const char help[] =
	"Usage: kavclient [-o OPTIONS] [-s] [-p SOCKET] [-t SECONDS] FILE...\n"
	"Checks files and folders with libkavclient and prints status and report.\n"
	"\n"
	"  -o, --options=OPTIONS  switches of the scanner without dash, joined by | (I0: only "
	"report)\n"
	"  -s, --shmem            pass the content through shared memory: one file, no -o\n"
	"  -p, --socket=SOCKET    the daemon's socket (default /var/run/AvpCtl)\n"
	"  -t, --timeout=SECONDS  (default 5)\n"
	"  -j, --json             one JSON object instead of text\n"
	"\n"
	"Exit status: 0 there was an answer, clean or not; 1 no answer; 64 wrong arguments.\n";

static int mistake(const char *what)
{
	(void)fprintf(stderr, "kavclient: %s; kavclient --help says how\n", what);
	return USAGE_STATUS;
}

/* A file's content goes straight into the shared memory of @ctx. */
static int check_shared(kav_ctx ctx, const char *file, const char **what)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	struct stat stat;
	void *mem = NULL;
	ssize_t n = 1;

	*what = file;
	if (fd < 0 || fstat(fd, &stat) != 0) {
		if (fd >= 0)
			(void)close(fd);
		return -1;
	}
	*what = NULL;
	if (kav_shmem_init(ctx, &mem, stat.st_size > 0 ? (size_t)stat.st_size : 1, NULL) != 0) {
		(void)close(fd);
		return -1;
	}
	while (len < (size_t)stat.st_size && n > 0) {
		n = read(fd, (char *)mem + len, (size_t)stat.st_size - len);
		len += n > 0 ? (size_t)n : 0;
	}
	(void)close(fd);
	if (n >= 0)
		return kav_shmem_check(ctx, len);
	*what = file;
	return -1;
}

static void print_json_text(const char *text)
{
	(void)putchar('"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			(void)printf("\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			(void)printf("\\u%04x", c);
		else
			(void)putchar(c);
	}
	(void)putchar('"');
}

static void print_result(kav_ctx ctx, bool json)
{
	const char *report = kav_result_get_report(ctx);

	if (!json) {
		(void)printf("Check result: %d\nReport:\n%s", kav_result_get_status(ctx), report);
		return;
	}
	(void)printf("{\"result\": %d, \"report\": ", kav_result_get_status(ctx));
	print_json_text(report);
	(void)printf("}\n");
}

static int check(const struct arguments *arguments, char **files, int count)
{
	const char *options = arguments->options;
	const char *what = NULL;
	kav_ctx ctx = kav_new();
	int rc;

	if (!ctx || kav_set_socketpath(ctx, arguments->socket) != 0) {
		(void)fputs("kavclient: no memory\n", stderr);
		kav_free(ctx);
		return 1;
	}
	(void)kav_set_timeout(ctx, arguments->seconds);
	if (arguments->shmem)
		rc = check_shared(ctx, files[0], &what);
	else if (count == 1 && !options)
		rc = kav_check_file(ctx, files[0]);
	else
		rc = kav_check_files(ctx, (const char *const *)files, count, options);
	if (rc == 0)
		print_result(ctx, arguments->json);
	else if (what)
		(void)fprintf(stderr, "kavclient: %s: %m\n", what);
	else
		kx_kav_command_complain("kavclient",
					arguments->socket ? arguments->socket : "/var/run/AvpCtl",
					ctx, errno);
	kav_free(ctx);
	return rc == 0 ? 0 : 1;
}

static const struct option table[] = {
	{"options", required_argument, NULL, 'o'},
	{"shmem", no_argument, NULL, 's'},
	{"socket", required_argument, NULL, 'p'},
	{"timeout", required_argument, NULL, 't'},
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

/* False: mistake, or help was printed; *@status says which. */
static bool read_arguments(int argc, char **argv, struct arguments *arguments, int *status)
{
	int option;

	while ((option = getopt_long(argc, argv, "o:sp:t:jh", table, NULL)) != -1) {
		switch (option) {
		case 'o':
			arguments->options = optarg;
			break;
		case 's':
			arguments->shmem = true;
			break;
		case 'p':
			arguments->socket = optarg;
			break;
		case 't':
			arguments->seconds = (int)strtol(optarg, NULL, 10);
			break;
		case 'j':
			arguments->json = true;
			break;
		default:
			*status = option == 'h' ? 0 : USAGE_STATUS;
			(void)fputs(help, option == 'h' ? stdout : stderr);
			return false;
		}
	}
	*status = USAGE_STATUS;
	if (optind == argc)
		(void)mistake("nothing to check");
	else if (arguments->seconds < 1)
		(void)mistake("a time-out is a number of seconds, 1 or more");
	else if (arguments->shmem && (argc - optind > 1 || arguments->options))
		(void)mistake("-s takes one file and no -o");
	else
		return true;
	return false;
}

int main(int argc, char **argv)
{
	struct arguments arguments = {.seconds = 5};
	int status;

	if (!read_arguments(argc, argv, &arguments, &status))
		return status;
	return check(&arguments, argv + optind, argc - optind);
}
