/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KSS_AUDIT_H
#define KSS_AUDIT_H

/* What the security module decided, as audit records say it (kl.KlogStorage, Entry.reason). */

enum {
	KSS_AUDIT_POSITION_UNDEFINED = 0,
	KSS_AUDIT_POSITION_GRANT = 1,
	KSS_AUDIT_POSITION_DENY = 2,
};

#endif /* KSS_AUDIT_H */
