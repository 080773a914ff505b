/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Builds the seccomp filter once per set of exceptions and keeps it as plain
 * BPF. A child loads that array; libseccomp never runs between clone and exec.
 *
 * Rules that say "only to this process" compare with a mark instead of a pid,
 * because the pid exists only in the child. The places of the mark are recorded
 * here; the child replaces them in its own copy.
 */

#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

/* A hash tree instead of a list: the number of comparisons no longer grows with the rules. */
#define KX_SECCOMP_BINARY_TREE 2

static int read_filter(struct kx_filter *filter, int fd)
{
	struct stat status;
	size_t count;

	if (fstat(fd, &status) != 0)
		return -errno;
	count = (size_t)status.st_size / sizeof(*filter->insn);
	if (count == 0 || count > KX_FILTER_INSN_MAX)
		return -E2BIG;
	filter->insn = calloc(count, sizeof(*filter->insn));
	if (!filter->insn)
		return -ENOMEM;
	if (pread(fd, filter->insn, (size_t)status.st_size, 0) != status.st_size)
		return -EIO;
	filter->insn_count = (unsigned short)count;
	return 0;
}

static int find_marks(struct kx_filter *filter)
{
	for (unsigned short i = 0; i < filter->insn_count; i++) {
		if (filter->insn[i].k != KX_FILTER_PID_MARK)
			continue;
		if (filter->pid_count == KX_FILTER_PID_MAX)
			return -E2BIG;
		filter->pid_at[filter->pid_count++] = i;
	}
	return filter->pid_count > 0 ? 0 : -ENOENT;
}

static int export_filter(struct kx_filter *filter, scmp_filter_ctx context)
{
	int fd = memfd_create("kx-filter", MFD_CLOEXEC);
	int rc;

	if (fd < 0)
		return -errno;
	rc = seccomp_export_bpf(context, fd);
	if (rc == 0)
		rc = read_filter(filter, fd);
	(void)close(fd);
	return rc == 0 ? find_marks(filter) : rc;
}

static int build(struct kx_filter *filter, uint64_t exec_secret)
{
	scmp_filter_ctx context = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc;

	if (!context)
		return -ENOMEM;
	/* Calls by the 32-bit or x32 numbers were never meant: end the process. */
	rc = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (rc == 0)
		rc = seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, KX_SECCOMP_BINARY_TREE);
	if (rc == 0)
		rc = kx_filter_add_rules(context, filter->allow, exec_secret);
	if (rc == 0)
		rc = export_filter(filter, context);
	seccomp_release(context);
	return rc;
}

const struct kx_filter *kx_filter_get(struct kx_isolation *isolation, unsigned int allow)
{
	struct kx_filter *filter;

	for (filter = isolation->filters; filter; filter = filter->next) {
		if (filter->allow == allow)
			return filter;
	}
	filter = calloc(1, sizeof(*filter));
	if (!filter)
		return NULL;
	filter->allow = allow;
	if (build(filter, isolation->exec_secret) != 0) {
		free(filter->insn);
		free(filter);
		return NULL;
	}
	filter->next = isolation->filters;
	isolation->filters = filter;
	return filter;
}

void kx_filter_free_all(struct kx_isolation *isolation)
{
	while (isolation->filters) {
		struct kx_filter *filter = isolation->filters;

		isolation->filters = filter->next;
		free(filter->insn);
		free(filter);
	}
}
