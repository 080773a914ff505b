/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_AUDIT_H
#define KX_AUDIT_H

/*
 * The record of decisions. Denials always; grants where the policy asks for it.
 * IPC thread only; never blocks: a record that cannot be kept is counted.
 */

#include "audit_lines.h"
#include "kosix/security_module.h"

/* @lines: of whoever caused the decision, by name @name. */
void kx_audit(const struct kx_event *event, enum kx_verdict verdict, const struct kx_trail *trail,
	      struct kx_audit_lines *lines, const char *name);

#endif /* KX_AUDIT_H */
