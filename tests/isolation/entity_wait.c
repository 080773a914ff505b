/* SPDX-License-Identifier: Apache-2.0 */

/* Says that it runs, then lives until its control descriptor (3) is closed. */

#include <unistd.h>

/* For a debugger to read. */
volatile int entity_answer = 2;

int main(void)
{
	char byte;

	if (write(1, "r", 1) != 1)
		return 1;
	return (int)read(3, &byte, 1);
}
