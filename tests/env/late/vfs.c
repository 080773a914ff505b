/* SPDX-License-Identifier: Apache-2.0 */

/* The kernel process serves its files; it is there to be asked for. */

#include <kos/thread.h>

int main(void)
{
	return (int)KosThreadSleep(INFINITE_TIMEOUT);
}
