/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KLOG_SYSTEM_AUDIT_H
#define KLOG_SYSTEM_AUDIT_H

/* The audit program (Klog): takes audit records from the kernel, gives them to a storage program.
 */

#include <nk/types.h>
#include <rtl/compiler.h>

/* Channel to the audit program, for init.yaml: {var: ..., include: klog/system_audit.h}. */
#define KLOG_SERVER_CONNECTION_ID "kl.Klog"

__RTL_BEGIN_DECLS

/*
 * Hands audit records over as they come; a main() returns what this returns.
 *
 * @ids  KLOG_SERVER_CONNECTION_ID ":" and the channel to the storage program,
 *       KLOG_STORAGE_SERVER_CONNECTION_ID (klog_storage/client.h)
 * @iid  of the audit program's own endpoint; not used, nothing is asked of it
 *
 * Returns 1, after a line on standard error, if the kernel refuses the records, or
 * the storage program cannot be reached or refuses one. Blocks.
 */
int klog_system_audit_run(const char *ids, nk_iid_t iid);

__RTL_END_DECLS

#endif /* KLOG_SYSTEM_AUDIT_H */
