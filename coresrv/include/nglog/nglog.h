/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NGLOG_NGLOG_H
#define NGLOG_NGLOG_H

/* Set-up of a program's own log. Nothing of it but nglog_init is known to be used. */

#include <rtl/compiler.h>

#define NGLOG_FOREGROUND 0x01 /* to standard error */
#define NGLOG_VERBOSE    0x02

__RTL_BEGIN_DECLS

/* Accepts a program's name and wishes; programs print for themselves. Returns 0. */
int nglog_init(const char *name, int flags, int level);

__RTL_END_DECLS

#endif /* NGLOG_NGLOG_H */
