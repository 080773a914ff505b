/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KSS_SERVICES_H
#define KSS_SERVICES_H

/* What a security module may call. */

#include <kss/types.h>
#include <nk/types.h>
#include <rtl/compiler.h>

__RTL_BEGIN_DECLS

/* A line to the solution's log; as printf. Returns the number of bytes. */
int printk(const char *format, ...) __rtl_format_printf(1, 2);

/* A number no other event has. */
nk_uint64_t kss_alloc_call_id(void);

/* Accepted and not used: the kernel process writes the records of its own. */
void kss_audit_log(const void *header, nk_size_t hdrsize, const void *data, nk_size_t size);

__RTL_END_DECLS

#endif /* KSS_SERVICES_H */
