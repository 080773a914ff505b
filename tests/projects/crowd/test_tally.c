/* SPDX-License-Identifier: Apache-2.0 */
#include "tally.h"

int main(void)
{
	return tally_up_to(0) == 0 && tally_up_to(4) == 10 ? 0 : 1;
}
