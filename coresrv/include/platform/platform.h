/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLATFORM_PLATFORM_H
#define PLATFORM_PLATFORM_H

/*
 * Programs for boards include this; nothing they use of it is public. It brings
 * in the basic types. Board names come from KnHalGetEnv (coresrv/hal/hal_api.h).
 */

#include <hal/page.h>
#include <rtl/compiler.h>
#include <rtl/retcode.h>
#include <rtl/stdbool.h>
#include <rtl/stddef.h>
#include <rtl/stdint.h>

#endif /* PLATFORM_PLATFORM_H */
