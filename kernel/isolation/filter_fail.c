/* SPDX-License-Identifier: Apache-2.0 */

/*
 * KX_FAIL_FILES: calls that fail with EIO, as on KasperskyOS without a VFS program. What only
 * looks at files is not among them: the loader needs it, and Landlock says what it finds.
 * Also calls that only pretend, and those that do not exist.
 */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>

#include "internal.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const int failing_calls[] = {
	SCMP_SYS(bind),       SCMP_SYS(chdir),     SCMP_SYS(chmod),    SCMP_SYS(connect),
	SCMP_SYS(creat),      SCMP_SYS(fchmodat),  SCMP_SYS(link),     SCMP_SYS(linkat),
	SCMP_SYS(listen),     SCMP_SYS(mkdir),     SCMP_SYS(mkdirat),  SCMP_SYS(rename),
	SCMP_SYS(renameat),   SCMP_SYS(renameat2), SCMP_SYS(rmdir),    SCMP_SYS(socket),
	SCMP_SYS(socketpair), SCMP_SYS(statfs),    SCMP_SYS(symlink),  SCMP_SYS(symlinkat),
	SCMP_SYS(truncate),   SCMP_SYS(unlink),    SCMP_SYS(unlinkat), SCMP_SYS(utimensat),
};

static int fail(scmp_filter_ctx context, int call, unsigned int count,
		const struct scmp_arg_cmp *argument)
{
	int rc = seccomp_rule_add_array(context, SCMP_ACT_ERRNO(EIO), call, count, argument);

	return rc == -EDOM ? 0 : rc; /* a call this processor never had */
}

/* Opening for more than reading: a filter compares for equality only, so a rule for each bit. */
static int fail_open(scmp_filter_ctx context, int call, unsigned int flags)
{
	static const uint64_t bits[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC,
					O_TMPFILE & ~O_DIRECTORY};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < COUNT(bits); i++) {
		struct scmp_arg_cmp bit = {flags, SCMP_CMP_MASKED_EQ, bits[i], bits[i]};

		rc = fail(context, call, 1, &bit);
	}
	return rc;
}

int kx_filter_fail_files(void *context)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < COUNT(failing_calls); i++)
		rc = fail(context, failing_calls[i], 0, NULL);
	if (rc == 0)
		rc = fail_open(context, SCMP_SYS(open), 1);
	return rc == 0 ? fail_open(context, SCMP_SYS(openat), 2) : rc;
}

int kx_filter_other_ways(void *context, unsigned int allow)
{
	int rc;

	if ((allow & (KX_ALLOW_WRITE | KX_ALLOW_NOTIFY)) == 0)
		return 0;
	rc = seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(sendfile), 0);
	if (rc == 0)
		rc = seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(copy_file_range),
				      0);
	if (rc == 0)
		rc = seccomp_rule_add(context, SCMP_ACT_ERRNO(EOPNOTSUPP), SCMP_SYS(fallocate), 0);
	return rc;
}

int kx_filter_pretend(void *context)
{
	static const uint32_t policies[] = {SCHED_OTHER, SCHED_FIFO, SCHED_RR};
	int rc = seccomp_rule_add(context, SCMP_ACT_ERRNO(0), SCMP_SYS(sched_setparam), 0);

	for (size_t i = 0; rc == 0 && i < COUNT(policies); i++) {
		struct scmp_arg_cmp same = {1, SCMP_CMP_MASKED_EQ, UINT32_MAX, policies[i]};

		rc = seccomp_rule_add_array(context, SCMP_ACT_ERRNO(0),
					    SCMP_SYS(sched_setscheduler), 1, &same);
	}
	return rc;
}
