/* SPDX-License-Identifier: Apache-2.0 */
#include "greeting.h"

#include <coresrv/task/task_api.h>

const char *greeting(void)
{
	static char name[64];

	return KnTaskGetName(name, sizeof(name)) == rcOk ? name : "nobody";
}
