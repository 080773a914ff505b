/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_AUDIT_INSIDE_H
#define KX_AUDIT_INSIDE_H

/* Between audit_log.c and the thread of audit_file.c. */

#include "audit_log.h"

/* As kx_audit_log_get(), but waits for a record; false only after kx_audit_log_end(). */
bool kx_audit_log_wait(uint64_t *position, struct kx_audit_record *copy, uint64_t *lost);

/* From now on somebody waits for every record, and counts what was gone before it came. */
void kx_audit_log_filed(void);

/* No more records come. */
void kx_audit_log_end(void);

/* @count records were not written. */
void kx_audit_log_lost(uint64_t count);

#endif /* KX_AUDIT_INSIDE_H */
