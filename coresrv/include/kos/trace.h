/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOS_TRACE_H
#define KOS_TRACE_H

/*
 * One line on standard error: level, tag, text. TAG is a string, the format a
 * literal without a newline. A name that the program defines itself stays its own.
 */

#include <stdio.h>

#define KOS_TRACE_LINE_(level, tag, format, ...)                                                   \
	((void)fprintf(stderr, "[" level "] %s: " format "\n", tag, ##__VA_ARGS__))

#ifndef INFO
#define INFO(tag, format, ...) KOS_TRACE_LINE_("INFO", tag, format, ##__VA_ARGS__)
#endif
#ifndef WARN
#define WARN(tag, format, ...) KOS_TRACE_LINE_("WARN", tag, format, ##__VA_ARGS__)
#endif
#ifndef ERR
#define ERR(tag, format, ...) KOS_TRACE_LINE_("ERR", tag, format, ##__VA_ARGS__)
#endif
#ifndef ERROR
#define ERROR(tag, format, ...) KOS_TRACE_LINE_("ERROR", tag, format, ##__VA_ARGS__)
#endif
#ifndef DEBUG
#define DEBUG(tag, format, ...) KOS_TRACE_LINE_("DEBUG", tag, format, ##__VA_ARGS__)
#endif

#endif /* KOS_TRACE_H */
