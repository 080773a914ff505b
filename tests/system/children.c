/* SPDX-License-Identifier: Apache-2.0 */
#include "children.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

unsigned children(pid_t parent, pid_t *pids, unsigned room)
{
	char path[64];
	unsigned count = 0;
	FILE *list;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)parent, (int)parent);
	list = fopen(path, "r");
	assert_non_null(list);
	while (count < room && fscanf(list, "%d", &pids[count]) == 1)
		count++;
	(void)fclose(list);
	return count;
}
