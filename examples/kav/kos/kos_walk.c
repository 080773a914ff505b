/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Files and folders for the scanner that has none: opened here, with this program's own rights.
 * Symbolic links are not followed. Judged objects are cured (I2) or deleted (I3) on request, if
 * the policy lets this program ask the scanner for it.
 */

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kos_call.h"

#define CONTENT_MAX 64

struct walk {
	const struct kx_kav_target *target;
	struct kx_kav_report *report;
	bool cure;
	bool delete_object;
	int state; /* of the scanner, when it has error bits */
};

static void note(struct walk *walk, const char *name, const char *words)
{
	kx_kav_report_note(walk->report, name, words, KX_KAV_NOT_COMPLETE);
}

static int cure_file(const struct walk *walk, int fd, struct kx_kav_judged *judged)
{
	uint8_t content[CONTENT_MAX];
	size_t len = 0;
	int error = kx_kav_kos_cure(walk->target, judged->token, content, sizeof(content), &len);

	if (error != 0)
		return error;
	if (pwrite(fd, content, len, 0) == (ssize_t)len && ftruncate(fd, (off_t)len) == 0)
		judged->verdict.code = KX_KAV_CURED;
	return 0;
}

/*
 * A token stands for one remedy, which the answer does not name: the scanner refuses the other.
 * READ with EPROTO is that refusal; being denied by the policy is an error of the whole check.
 */
static int remedy(const struct walk *walk, const char *path, int fd, struct kx_kav_judged *judged)
{
	int error = 0;

	if (walk->cure) {
		error = cure_file(walk, fd, judged);
		if (error != KAV_ERROR_READ || errno != EPROTO)
			return error;
	}
	if (!walk->delete_object)
		return 0;
	error = kx_kav_kos_delete(walk->target, judged->token);
	if (error == 0 && unlink(path) == 0)
		judged->verdict.code = KX_KAV_DELETED;
	return error == KAV_ERROR_READ && errno == EPROTO ? 0 : error;
}

static int check_open_file(struct walk *walk, const char *path, int fd, uint64_t size)
{
	struct kx_kav_object object = kx_kav_object_fd(fd, size);
	struct kx_kav_judged judged = {0};
	int error = kx_kav_kos_object(walk->target, &object, &judged);

	if (error == 0 && judged.token != 0)
		error = remedy(walk, path, fd, &judged);
	if (error != 0)
		return error;
	if (judged.verdict.code > KX_KAV_CORRUPTED || judged.verdict.code == KX_KAV_DAEMON_DAMAGED)
		walk->state = judged.verdict.code;
	else
		kx_kav_report_add(walk->report, path, &judged.verdict);
	return 0;
}

static int check_file(struct walk *walk, const char *path)
{
	const int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
	int fd = walk->cure ? open(path, O_RDWR | flags) : -1;
	struct stat stat;
	int error = 0;

	if (fd < 0)
		fd = open(path, O_RDONLY | flags); /* it can be judged, if not cured */
	if (fd < 0 || fstat(fd, &stat) != 0)
		note(walk, path, strerrordesc_np(errno));
	else if (S_ISREG(stat.st_mode))
		error = check_open_file(walk, path, fd, (uint64_t)stat.st_size);
	if (fd >= 0) {
		int saved = errno;

		(void)close(fd);
		errno = saved;
	}
	return error;
}

static int check_entry(struct walk *walk, const FTSENT *entry)
{
	switch (entry->fts_info) {
	case FTS_F:
		return check_file(walk, entry->fts_path);
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		note(walk, entry->fts_path, strerrordesc_np(entry->fts_errno));
		return 0;
	case FTS_SL:
	case FTS_SLNONE:
	case FTS_DEFAULT:
		if (entry->fts_level == FTS_ROOTLEVEL)
			note(walk, entry->fts_path, "I/O error: not a regular file or folder");
		return 0;
	default:
		return 0;
	}
}

static int walk_one(struct walk *walk, const char *path)
{
	char *const roots[] = {(char *)path, NULL};
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	int error = 0;
	int saved;

	if (!fts) {
		errno = ENOMEM;
		return KAV_ERROR_MALLOC_FAILURE;
	}
	while (error == 0 && walk->state == 0 && (entry = fts_read(fts)))
		error = check_entry(walk, entry);
	saved = errno;
	(void)fts_close(fts);
	errno = saved;
	return error;
}

static bool has_switch(const char *options, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = options; *at; at += strcspn(at, "|"), at += *at == '|')
		if (strncmp(at, name, len) == 0 && (at[len] == '|' || at[len] == '\0'))
			return true;
	return false;
}

int kx_kav_kos_walk(const struct kx_kav_target *target, const char *const *paths, size_t count,
		    const char *options, struct kx_kav_answer *out)
{
	struct kx_kav_report report = {.max = KX_KAV_KOS_REPORT};
	struct walk walk = {
		.target = target,
		.report = &report,
		.cure = has_switch(options, "I2"),
		.delete_object = has_switch(options, "I3"),
	};
	char why[KX_KAV_NAME_MAX];
	uint32_t state = 0;
	/* First of all, so that a folder without files has an answer of the scanner, too. */
	int error = kx_kav_kos_state(target, &state, why, sizeof(why));

	walk.state = (int)state;
	for (size_t i = 0; error == 0 && walk.state == 0 && i < count; i++)
		error = walk_one(&walk, paths[i]);
	return kx_kav_kos_answer(error, walk.state, &report, out);
}

int kx_kav_kos_answer(int code, int state, struct kx_kav_report *report, struct kx_kav_answer *out)
{
	int saved = errno;

	out->code =
		state > KX_KAV_CORRUPTED || state == KX_KAV_DAEMON_DAMAGED ? state : report->code;
	if (code == 0)
		out->report = kx_kav_report_text(report, &out->report_len);
	kx_kav_report_free(report);
	errno = saved;
	return code;
}
