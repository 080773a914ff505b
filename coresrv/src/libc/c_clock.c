/* SPDX-License-Identifier: Apache-2.0 */

/*
 * clock() for programs of the SDK: time since it was first asked, whoever used the
 * processor. KasperskyOS keeps no account of a process's processor time, and public
 * programs wait by looking at clock() until their seconds have passed.
 */

#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

clock_t clock(void)
{
	static _Atomic int64_t first; /* in microseconds, 0: not asked yet */
	struct timespec t;
	int64_t now;
	int64_t none = 0;

	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		return (clock_t)-1;
	now = t.tv_sec * (int64_t)CLOCKS_PER_SEC + t.tv_nsec / (1000000000 / CLOCKS_PER_SEC);
	if (atomic_compare_exchange_strong(&first, &none, now))
		return 0;
	return (clock_t)(now - none);
}
