/* SPDX-License-Identifier: Apache-2.0 */

/* Lives until somebody ends it. */

#include <kos/thread.h>

int main(void)
{
	return (int)KosThreadSleep(INFINITE_TIMEOUT);
}
