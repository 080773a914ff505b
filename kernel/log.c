/* SPDX-License-Identifier: Apache-2.0 */

/* One line, one write(); see log.h. */

#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024

void kx_log(const char *format, ...)
{
	static const char prefix[] = "kosix: ";
	char line[LINE_MAX_BYTES];
	size_t used = sizeof(prefix) - 1;
	va_list list;
	int length;

	memcpy(line, prefix, used);
	va_start(list, format);
	length = vsnprintf(line + used, sizeof(line) - used - 1, format, list);
	va_end(list);
	if (length < 0)
		return;
	used += (size_t)length;
	if (used > sizeof(line) - 2)
		used = sizeof(line) - 2;
	line[used++] = '\n';
	/* Nobody to tell when stderr is gone. */
	if (write(STDERR_FILENO, line, used) < 0)
		return;
}
