/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORESRV_HAL_HAL_API_H
#define CORESRV_HAL_HAL_API_H

/* Facts about the machine. */

#include <hal/page.h>
#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>

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

/* Writes @str to the console, here standard error. rcOk, rcInvalidArgument, rcFail. */
Retcode KnHalDebugWrite(const char *str);

/* How many processors there are. rcOk, or rcInvalidArgument. */
Retcode KnHalGetCpuCount(rtl_uint32_t *count);

/* @size bytes of entropy, from Linux. rcOk, or rcInvalidArgument. */
Retcode KnHalGetEntropy(void *buffer, rtl_size_t size);

/* Nothing to do for programs on Linux: rcOk. */
Retcode KnHalFlushCache(void *addr, rtl_size_t size);

/* A program here cannot read the machine's registers or restart it: rcUnimplemented. */
Retcode KnHalGetPrivReg(rtl_uint32_t reg, rtl_uint32_t reserved, rtl_uint64_t *value);
Retcode KnHalResetSystem(void);

__RTL_END_DECLS

#endif /* CORESRV_HAL_HAL_API_H */
