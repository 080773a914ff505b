/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_STDIO_H
#define RTL_STDIO_H

/*
 * Formatted text without libc's streams. rtl_printf writes to standard error,
 * which works in every entity, in one piece per call.
 */

#include <stdarg.h>

#include <rtl/compiler.h>
#include <rtl/stddef.h>

__RTL_BEGIN_DECLS

/* Prints; returns the number of bytes, or a negative value if nothing was written. */
int rtl_printf(const char *format, ...) __rtl_format_printf(1, 2);
int rtl_vprintf(const char *format, va_list args) __rtl_format_printf(1, 0);

/* As snprintf and vsnprintf of C. */
int rtl_snprintf(char *str, rtl_size_t size, const char *format, ...) __rtl_format_printf(3, 4);
int rtl_vsnprintf(char *str, rtl_size_t size, const char *format, va_list args)
	__rtl_format_printf(3, 0);

__RTL_END_DECLS

#endif /* RTL_STDIO_H */
