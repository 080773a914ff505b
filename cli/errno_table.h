/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_CLI_ERRNO_TABLE_H
#define KX_CLI_ERRNO_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* One code somebody may see printed, and what we can say about it. */
struct kx_errno_entry {
	int32_t value;
	const char *name;
	const char *meaning;
	const char *cause; /* what usually leads to it in Kosix */
};

/* Read-only, sorted as a person would read them: Retcode 0..32, then nk_err_t. */
extern const struct kx_errno_entry kx_errno_table[];
extern const size_t kx_errno_count;

#endif /* KX_CLI_ERRNO_TABLE_H */
