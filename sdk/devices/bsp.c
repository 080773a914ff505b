/* SPDX-License-Identifier: Apache-2.0 */

/* bsp/bsp.h: accepts what a board program sets up. */

#include <stdatomic.h>
#include <stdbool.h>

#include <bsp/bsp.h>

#include "board.h"

static atomic_bool ready;

Retcode BspInit(const void *param)
{
	(void)param;
	if (!kx_board_get())
		return rcInvalidArgument;
	atomic_store(&ready, true);
	return rcOk;
}

Retcode BspEnableModule(const char *moduleName)
{
	if (!moduleName || !moduleName[0])
		return rcInvalidArgument;
	return atomic_load(&ready) ? rcOk : rcNotReady;
}

Retcode BspSetConfig(const char *moduleName, const char *configName)
{
	if (!configName || !configName[0])
		return rcInvalidArgument;
	return BspEnableModule(moduleName);
}
