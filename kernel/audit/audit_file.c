/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The audit file: records as lines of JSON. A thread of its own writes it, so
 * that no disk holds a decision up; what it cannot write is counted.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit_inside.h"
#include "decide.h"
#include "log.h"

static struct {
	char *path; /* NULL: no file is wanted */
	FILE *out;  /* NULL until the first record */
	pthread_t thread;
} file;

/*
 * Takes the file away that stands at @path; another run of this image may have begun one: it
 * keeps its own, whole, without the name. 0 also if there is none. A device or a pipe
 * is not ours to replace.
 */
static int make_room(const char *path)
{
	struct stat status;

	if (lstat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
		kx_log("the audit file %s is a device, a pipe or a link, and is not replaced: name "
		       "another with --audit",
		       path);
		return -EEXIST;
	}
	return unlink(path) == 0 || errno == ENOENT ? 0 : -errno;
}

static bool open_file(void)
{
	int fd;

	if (file.out)
		return true;
	(void)make_room(file.path);
	fd = open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0)
		file.out = fdopen(fd, "w");
	if (file.out)
		return true;
	kx_log("cannot write the audit file %s: %s; its records are lost, see --audit", file.path,
	       strerror(errno));
	if (fd >= 0)
		(void)close(fd);
	return false;
}

static bool write_line(const char *json)
{
	return fputs(json, file.out) >= 0 && fputc('\n', file.out) != EOF;
}

static void *write_records(void *unused)
{
	struct kx_audit_record record;
	uint64_t position = 0;
	uint64_t lost = 0;
	bool good = true;

	while (kx_audit_log_wait(&position, &record, &lost)) {
		good = good && open_file();
		if (good && lost)
			good = fprintf(file.out, "{\"lost\":%" PRIu64 "}\n", lost) > 0;
		/* One flush a record: a reader beside us, and a crash, find whole lines. */
		good = good && write_line(record.json) && fflush(file.out) == 0;
		kx_audit_log_lost(lost + !good);
		kx_audit_record_clear(&record);
	}
	return unused;
}

int kx_audit_file_open(const char *path)
{
	int error = make_room(path);

	if (error)
		return error;
	file.path = strdup(path);
	if (!file.path)
		return -ENOMEM;
	error = pthread_create(&file.thread, NULL, write_records, NULL);
	if (error) {
		free(file.path);
		file.path = NULL;
	} else {
		kx_audit_log_filed();
	}
	return -error;
}

static void write_end(void)
{
	struct kx_decide_counts counts = kx_decide_counts();
	struct kx_audit_counts audit = kx_audit_log_counts();

	fprintf(file.out,
		"{\"end\":true,\"decisions\":%" PRIu64 ",\"granted\":%" PRIu64
		",\"denied\":%" PRIu64 ",\"malformed\":%" PRIu64 ",\"records\":%" PRIu64
		",\"lost\":%" PRIu64 "}\n",
		counts.granted + counts.denied, counts.granted, counts.denied, counts.malformed,
		audit.records, audit.lost);
	if (fclose(file.out) != 0)
		kx_log("cannot write the audit file %s: %s", file.path, strerror(errno));
	file.out = NULL;
}

void kx_audit_file_close(void)
{
	if (!file.path)
		return;
	kx_audit_log_end();
	(void)pthread_join(file.thread, NULL);
	if (file.out)
		write_end();
	free(file.path);
	file.path = NULL;
}
