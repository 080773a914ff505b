/* SPDX-License-Identifier: Apache-2.0 */
#include "complain.h"

#include <stdarg.h>
#include <stdio.h>

bool kx_complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("kosix-bench: ", stderr);
	(void)vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return false;
}
