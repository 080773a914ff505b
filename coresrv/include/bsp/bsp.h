/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BSP_BSP_H
#define BSP_BSP_H

/*
 * Board support: which hardware modules are on and how their pins are set up.
 * A stand-in: nothing has to be switched on, so every name is accepted.
 */

#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>

typedef Retcode BspError;

#define BSP_EOK rcOk

__RTL_BEGIN_DECLS

/*
 * Comes before the others. @param is not used. rcOk; rcInvalidArgument if the
 * board file (environment variable KOSIX_BOARD) has a mistake, which is said on
 * standard error.
 */
Retcode BspInit(const void *param);

/* Switches a module on. rcOk, rcInvalidArgument, or rcNotReady without BspInit. */
Retcode BspEnableModule(const char *moduleName);

/* Chooses a module's pins, e.g. "gpio0", "RPI4_BCM2711.default". As BspEnableModule. */
Retcode BspSetConfig(const char *moduleName, const char *configName);

__RTL_END_DECLS

#endif /* BSP_BSP_H */
