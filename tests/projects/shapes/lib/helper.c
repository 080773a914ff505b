/* SPDX-License-Identifier: Apache-2.0 */
/* A library that needs generated headers and names no nk target. */
#include "common.h"

#include <m/sub/Sums.idl.h>
#include <stdio.h>

void helper_say(const char *who)
{
	fprintf(stderr, "%s: at most %u characters\n", who, (unsigned)types_Types_TextMax);
}
