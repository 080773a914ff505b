/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_KAV_TEST_PATTERN_H
#define KX_KAV_TEST_PATTERN_H

/* The standard test pattern, made from pieces so that no scanner quarantines this file. */

#include <stdio.h>

#define KX_PATTERN_LEN 68

/* PREFIX and the pattern in a static buffer; one at a time. */
static inline const char *kx_pattern(const char *prefix)
{
	static char text[128];

	(void)snprintf(text, sizeof(text), "%s%s%s%s", prefix, "X5O!P%@AP[4\\PZX54(P^)7CC)7}",
		       "$EICAR-STANDARD-ANTIVIRUS-", "TEST-FILE!$H+H*");
	return text;
}

#endif /* KX_KAV_TEST_PATTERN_H */
