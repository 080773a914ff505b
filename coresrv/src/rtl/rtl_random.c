/* SPDX-License-Identifier: Apache-2.0 */

/*
 * rtl/random.h: a 64-bit linear congruential sequence (Knuth's MMIX constants);
 * the upper bits are the result, the lower ones repeat too soon.
 */

#include <stdatomic.h>
#include <stdint.h>

#include <rtl/random.h>

static _Atomic uint64_t sequence = 1;

void rtl_srand(unsigned seed)
{
	atomic_store(&sequence, seed);
}

int rtl_rand(void)
{
	uint64_t now = atomic_load(&sequence);
	uint64_t next;

	do {
		next = now * 6364136223846793005u + 1442695040888963407u;
	} while (!atomic_compare_exchange_weak(&sequence, &now, next));
	return (int)(next >> 33);
}
