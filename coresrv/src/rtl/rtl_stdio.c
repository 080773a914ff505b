/* SPDX-License-Identifier: Apache-2.0 */

/*
 * rtl/stdio.h and rtl/assert.h. Text goes to descriptor 2 in one write per
 * call, past stdio's buffers: it must come out even when the process is about
 * to die.
 */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <rtl/assert.h>
#include <rtl/stdio.h>

int rtl_vprintf(const char *format, va_list args)
{
	return vdprintf(STDERR_FILENO, format, args);
}

int rtl_printf(const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = rtl_vprintf(format, args);
	va_end(args);
	return n;
}

int rtl_vsnprintf(char *str, rtl_size_t size, const char *format, va_list args)
{
	return vsnprintf(str, size, format, args);
}

int rtl_snprintf(char *str, rtl_size_t size, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(str, size, format, args);
	va_end(args);
	return n;
}

__rtl_noreturn void rtl_assert_failed(const char *expr, const char *file, int line,
				      const char *func)
{
	(void)rtl_printf("%s:%d: %s: assertion failed: %s\n", file, line, func, expr);
	abort();
}
