/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_AUDIT_LINES_H
#define KX_AUDIT_LINES_H

/*
 * Which audit records are also lines of the log. An entity can be denied something as fast
 * as it likes, and whoever reads the log has other things to read: of the decisions that one
 * entity causes, and of what it reports about others, at most KX_AUDIT_LINES_AT_ONCE are
 * shown at once and KX_AUDIT_LINES_A_SECOND after that. What is left out is counted, and said
 * with the next line that is shown or when the entity has gone. A record is made all the same
 * (audit_log.h). IPC thread only.
 */

#include <stdbool.h>
#include <stdint.h>

#define KX_AUDIT_LINES_AT_ONCE  200u
#define KX_AUDIT_LINES_A_SECOND 20u

/* What one entity may still have shown; begins as zeros. */
struct kx_audit_lines {
	uint64_t busy_until_ns; /* its lines so far, one after the other at that rate */
	unsigned long left_out;
};

/* Is a line shown at @now_ns? If not it is counted. */
bool kx_audit_lines_take(struct kx_audit_lines *lines, uint64_t now_ns);

/* Says how many were left out since the last time that this was said, if any. */
void kx_audit_lines_tell(struct kx_audit_lines *lines, const char *name);

#endif /* KX_AUDIT_LINES_H */
