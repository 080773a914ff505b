/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The clients of the example: classes with different rights, one program. Arguments: what to do, a
 * socket or the class, a folder for objects.
 *
 *   tour    the same checks over the socket and over the connection, then every error code
 *   rights  scans, cures, deletes: what of it works is the policy's business
 *
 * There is one library for all of it: only the socket path differs.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/kavclient.h"
#include "tour.h"

#define CONNECTION "kos:scanner"
#define PATH_ROOM  512

#define LARGE         ((off_t)1 << 30)
#define LARGE_SECONDS 60
#define LARGE_KIB_MAX (64 << 10)

const char *kx_kav_tour_pattern(const char *prefix)
{
	static char text[128];

	/* In pieces, so that no scanner quarantines this program or its source. */
	(void)snprintf(text, sizeof(text), "%s%s%s%s", prefix, "X5O!P%@AP[4\\PZX54(P^)7CC)7}",
		       "$EICAR-STANDARD-ANTIVIRUS-", "TEST-FILE!$H+H*");
	return text;
}

static bool write_file(const char *folder, const char *name, const char *text)
{
	char path[PATH_ROOM];
	int fd;
	bool good;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	if (!good)
		(void)fprintf(stderr, "client: %s: %m\n", path);
	if (fd >= 0)
		(void)close(fd);
	return good;
}

static void show(kav_ctx ctx, const char *what, int rc)
{
	int error = errno;

	if (rc == 0)
		(void)printf("  %-24s result %d\t%s", what, kav_result_get_status(ctx),
			     kav_result_get_report(ctx));
	else
		(void)printf("  %-24s error %d: %s (%s)\n", what, kav_get_error(ctx),
			     kav_strerror(kav_get_error(ctx)), strerrordesc_np(error));
	(void)fflush(stdout);
}

/* Every documented prefix of the test text, in memory; returns how many were judged wrong. */
static unsigned check_prefixes(kav_ctx ctx)
{
	static const struct {
		const char *prefix;
		int status;
	} rows[] = {
		{"", KAV_STATUS_VIRUSES_FOUND},
		{"WARN-", KAV_STATUS_CORRUPTED_VIRUSES_FOUND},
		{"SUSP-", KAV_STATUS_SUSPICIOUS_FOUND},
		{"CORR-", KAV_STATUS_CORRUPTED_FOUND},
		{"ERRO-", KAV_STATUS_SCAN_NOT_COMPLETE},
		{"OTHER", KAV_STATUS_CLEAN},
	};
	unsigned wrong = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text = kx_kav_tour_pattern(rows[i].prefix);

		wrong += kav_check_mem(ctx, text, strlen(text)) != 0 ||
			 kav_result_get_status(ctx) != rows[i].status;
	}
	(void)printf("  %-24s %u judged wrong\n", "all test prefixes", wrong);
	return wrong;
}

/* A gibibyte of nothing with a pattern at its very end. */
static unsigned check_large(kav_ctx ctx, const char *folder)
{
	static const char tail[] = "KOSIX-KAV-"
				   "TEST-ANYWHERE";
	char path[PATH_ROOM];
	struct rusage usage;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/large", folder);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || pwrite(fd, tail, strlen(tail), LARGE - (off_t)strlen(tail)) < 0)
		(void)fprintf(stderr, "client: %s: %m\n", path);
	if (fd >= 0)
		(void)close(fd);
	(void)kav_set_timeout(ctx, LARGE_SECONDS);
	show(ctx, "a file of 1 GiB", kav_check_file(ctx, path));
	(void)unlink(path);
	(void)getrusage(RUSAGE_SELF, &usage);
	(void)printf("  %-24s %ld MiB\n", "most memory so far", usage.ru_maxrss >> 10);
	return kav_result_get_status(ctx) != KAV_STATUS_VIRUSES_FOUND ||
	       usage.ru_maxrss >= LARGE_KIB_MAX;
}

/* The same calls for either way to the scanner; returns how many had the wrong result. */
static unsigned check_everything(const char *path, const char *folder)
{
	static const char text[] = "nothing to see here\n";
	const char *pattern = kx_kav_tour_pattern("");
	char clean[PATH_ROOM];
	char eicar[PATH_ROOM];
	kav_ctx ctx = kav_new();
	unsigned wrong = 0;
	void *mem;

	(void)snprintf(clean, sizeof(clean), "%s/clean.txt", folder);
	(void)snprintf(eicar, sizeof(eicar), "%s/eicar.com", folder);
	if (!ctx || kav_set_socketpath(ctx, path) != 0)
		return 1;
	(void)printf("kav: over %s\n", path);
	show(ctx, "a clean file", kav_check_file(ctx, clean));
	wrong += kav_result_get_status(ctx) != KAV_STATUS_CLEAN;
	show(ctx, "the test file", kav_check_file(ctx, eicar));
	wrong += kav_result_get_status(ctx) != KAV_STATUS_VIRUSES_FOUND;
	show(ctx, "the folder of both", kav_check_file(ctx, folder));
	wrong += kav_result_get_status(ctx) != KAV_STATUS_VIRUSES_FOUND;
	show(ctx, "clean memory", kav_check_mem(ctx, text, strlen(text)));
	wrong += kav_result_get_status(ctx) != KAV_STATUS_CLEAN;
	show(ctx, "the test text in memory", kav_check_mem(ctx, pattern, strlen(pattern)));
	wrong += kav_result_get_status(ctx) != KAV_STATUS_VIRUSES_FOUND;
	if (kav_shmem_init(ctx, &mem, 4096, NULL) == 0) {
		(void)snprintf(mem, 4096, "%s", kx_kav_tour_pattern("SUSP-"));
		show(ctx, "shared memory", kav_shmem_check(ctx, strlen(mem)));
	}
	wrong += kav_result_get_status(ctx) != KAV_STATUS_SUSPICIOUS_FOUND;
	wrong += check_prefixes(ctx);
	wrong += check_large(ctx, folder);
	kav_free(ctx);
	return wrong;
}

static int tour(const char *socket, const char *folder)
{
	unsigned wrong;

	if (!write_file(folder, "clean.txt", "nothing to see here\n") ||
	    !write_file(folder, "eicar.com", kx_kav_tour_pattern("")))
		return EXIT_FAILURE;
	if (!kx_kav_tour_wait(socket)) {
		(void)fprintf(stderr, "client: %s: the front does not answer\n", socket);
		return EXIT_FAILURE;
	}
	wrong = check_everything(socket, folder);
	wrong += check_everything(CONNECTION, folder);
	wrong += kx_kav_tour_errors(folder);
	kx_kav_tour_measure(socket, CONNECTION);
	(void)printf("kav: %u wrong\nkav: done\n", wrong);
	return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Each request needs a right of its own; all three classes run this. */
static int use_rights(const char *class_name, const char *folder)
{
	char sick[PATH_ROOM];
	char doomed[PATH_ROOM];
	const char *const names[] = {sick, doomed};
	kav_ctx ctx = kav_new();

	(void)snprintf(sick, sizeof(sick), "%s/%s.sick", folder, class_name);
	(void)snprintf(doomed, sizeof(doomed), "%s/%s.doomed", folder, class_name);
	(void)mkdir(folder, 0755);
	if (!ctx || kav_set_socketpath(ctx, CONNECTION) != 0 ||
	    !write_file(folder, strrchr(sick, '/') + 1, kx_kav_tour_pattern("CURE-")) ||
	    !write_file(folder, strrchr(doomed, '/') + 1, kx_kav_tour_pattern("DELE-")))
		return EXIT_FAILURE;
	(void)printf("kav: what %s may do\n", class_name);
	show(ctx, "scan", kav_check_mem(ctx, "text", 4));
	show(ctx, "cure", kav_check_files(ctx, &names[0], 1, "I2"));
	show(ctx, "delete", kav_check_files(ctx, &names[1], 1, "I3"));
	kav_free(ctx);
	(void)unlink(sick);
	(void)unlink(doomed);
	return EXIT_SUCCESS;
}

int main(int argc, char *argv[])
{
	if (argc < 4) {
		(void)fprintf(stderr, "client: arguments: tour|rights SOCKET|CLASS FOLDER\n");
		return EXIT_FAILURE;
	}
	if (strcmp(argv[1], "tour") == 0)
		return tour(argv[2], argv[3]);
	if (argc > 4 && kx_kav_tour_nonsense(CONNECTION) != 0)
		return EXIT_FAILURE;
	return use_rights(argv[2], argv[3]);
}
