/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KCALL_H
#define KX_KCALL_H

/*
 * Kernel calls as policy sees them: a request to kl.core.Core, endpoint and
 * method named as the KasperskyOS kernel names them. docs/kernel-calls.md is
 * made from this table.
 */

#include <stdbool.h>
#include <stdint.h>

struct kx_kcall_name {
	uint32_t op;                /* enum kx_call_op */
	const char *interface_name; /* "kl.core.Handle" */
	const char *endpoint;       /* "handle" */
	const char *method;         /* "Close" */
	/*
	 * Its "in" parameters, two characters each: h handle, s handle of the task that argument
	 * 2 names (INVALID: of the caller), u UInt32, l UInt64 (low, high), t string, and which
	 * argument or string it is; 8: none, zero or "".
	 */
	const char *params;
};

/* NULL: not asked (KICK, OPEN, CANCEL, DROPPED, ERROR_DENIED belong to a Call that is judged
 * itself). */
const struct kx_kcall_name *kx_kcall_name(uint32_t op);

#endif /* KX_KCALL_H */
