/* SPDX-License-Identifier: Apache-2.0 */

/* Few lines of the log about many decisions; see audit_lines.h. */

#include "audit_lines.h"

#include "log.h"

#define LINE_NS    (1000000000ull / KX_AUDIT_LINES_A_SECOND)
#define AT_ONCE_NS (KX_AUDIT_LINES_AT_ONCE * LINE_NS)

bool kx_audit_lines_take(struct kx_audit_lines *lines, uint64_t now_ns)
{
	uint64_t from = lines->busy_until_ns > now_ns ? lines->busy_until_ns : now_ns;

	if (from + LINE_NS > now_ns + AT_ONCE_NS) {
		lines->left_out++;
		return false;
	}
	lines->busy_until_ns = from + LINE_NS;
	return true;
}

void kx_audit_lines_tell(struct kx_audit_lines *lines, const char *name)
{
	if (lines->left_out &&
	    kx_log("%lu more decision%s caused by %s %s not shown", lines->left_out,
		   lines->left_out == 1 ? "" : "s", name, lines->left_out == 1 ? "was" : "were"))
		lines->left_out = 0;
}
