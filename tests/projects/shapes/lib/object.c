/* SPDX-License-Identifier: Apache-2.0 */
#include "common.h"

int object_value(void)
{
	return 42;
}
