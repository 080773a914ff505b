/* SPDX-License-Identifier: Apache-2.0 */
#include "tally.h"

unsigned long tally_up_to(unsigned long n)
{
	return n * (n + 1) / 2;
}
