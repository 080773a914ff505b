/* SPDX-License-Identifier: Apache-2.0 */
#include "complain.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

bool kx_complain(const char *format, ...)
{
	va_list args;
	const int error = errno; /* of the call that failed; %m prints it */

	fputs("kosix-bench: ", stderr);
	errno = error;
	va_start(args, format);
	(void)vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return false;
}
