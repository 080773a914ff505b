/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_DECIMAL_H
#define KX_DECIMAL_H

/* Numbers as the command socket of a solution and the options of `kosix` have them. */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* Greatest audit level: what set_level of a policy takes, a UInt8. */
#define KX_AUDIT_LEVEL_MAX 255u

/* All of @text as a decimal number of at most @most; no sign, no blanks, nothing behind it. */
static inline bool kx_decimal(const char *text, uint64_t most, uint64_t *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*number = strtoull(text, &end, 10);
	return !*end && !errno && *number <= most;
}

#endif /* KX_DECIMAL_H */
