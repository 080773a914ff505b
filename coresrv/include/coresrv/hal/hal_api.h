/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_HAL_HAL_API_H
#define CORESRV_HAL_HAL_API_H

/* Facts about the machine. */

#include <hal/page.h>
#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>

__RTL_BEGIN_DECLS

/*
 * Copies the value of boot variable @name, with its zero, to @value of @size
 * bytes. The environment variable KOSIX_HAL_<NAME> sets it (upper case, other
 * characters than letters and digits as "_"); "board" is RPI4_BCM2711 without.
 *
 * Returns rcOk, or, with *@value as it was: rcInvalidArgument,
 * rcResourceNotFound (not set), rcBufferTooSmall. Does not block.
 */
Retcode KnHalGetEnv(const char *name, char *value, rtl_size_t size);

__RTL_END_DECLS

#endif /* CORESRV_HAL_HAL_API_H */
